"""One evidence under every reading of the document: what would change if another one were taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from qm_rules.evidence.document import Evidence
from qm_rules.grading import Grade, grade
from qm_rules.json_types import JsonObject
from qm_rules.notes import Note
from qm_rules.pack.contents import Pack
from qm_rules.pack.policy import Policy

COMPARED = ("level", "level_id", "level_name", "status", "at_most", "dimensions", "binding")


class Reading(NamedTuple):
    """One reading with its grade, beside the first one, which was asked for.

    `departs` are the policies in which it differs from the first; `changed` says whether it gives another
    level (or, of an incomplete grade, allows another). `decisive` are those of its departures that do so:
    the fewest that give this level. `changed_by` says by what: the indicators whose own level, or support of
    a level, they judge otherwise; or, where only the aggregation differs, what binds now.
    """

    policy: dict[str, str]
    grade: Grade
    departs: tuple[str, ...]
    changed: bool
    decisive: tuple[str, ...]
    changed_by: tuple[str, ...]


def readings(evidence: Evidence, pack: Pack, policy: Policy, notes: Iterable[Note] = ()) -> list[Reading]:
    """Return each combination of readings that the policy leaves open, itself first, with its grade."""
    compared = [name for name, setting in pack.policies.items() if setting.reading]
    given = tuple(notes)
    grades = [
        grade(evidence, pack=pack, policy=reading, notes=given) for reading in policy.readings(pack.policies)
    ]
    first = {name: grades[0].book.policy[name] for name in compared}
    graded = [_reading(found, grades[0], first) for found in grades]
    least = [_least(one, graded) for one in graded]
    return [
        one._replace(decisive=fewest.decisive, changed_by=fewest.changed_by)
        for one, fewest in zip(graded, least, strict=True)
    ]


def comparison(evidence: Evidence, pack: Pack, policy: Policy, notes: Iterable[Note] = ()) -> JsonObject:
    """Return the readings as one answer; everything that does not depend on them stands once."""
    graded = readings(evidence, pack, policy, notes)
    first = graded[0].grade.to_dict()
    return {
        "enterprise_id": first["enterprise_id"],
        "window": first["window"],
        "pack": first["pack"],
        "evidence_sha256": first["evidence_sha256"],
        "readings": [_plain(reading) for reading in graded],
    }


def least_departures(graded: Iterable[Reading]) -> list[Reading]:
    """Return the readings that change the level, without those that only add departures to one of them.

    A reading is left out if another departs in fewer of the same policies, to the same values, and gives
    the same level.
    """
    changed = [reading for reading in graded if reading.changed]
    return [one for one in changed if one.decisive == one.departs]


def _reading(found: Grade, first: Grade, asked: dict[str, str]) -> Reading:
    policy = {name: found.book.policy[name] for name in asked}
    departs = tuple(name for name, value in policy.items() if value != asked[name])
    changed = found.at_most != first.at_most
    if not changed:
        return Reading(policy, found, departs, changed, (), ())
    return Reading(policy, found, departs, changed, departs, _changed_by(found, first))


def _changed_by(found: Grade, first: Grade) -> tuple[str, ...]:
    otherwise = tuple(
        name
        for name, level in found.own.items()
        if level is not None and _supported(found, name, level) != _supported(first, name, first.own[name])
    )
    return otherwise or found.binding or _holding(found)


def _holding(found: Grade) -> tuple[str, ...]:
    """Return what does not support the next level (nothing stands at this one: the hole of `literal`)."""
    known = [(name, level) for name, level in found.own.items() if level is not None]
    return tuple(name for name, level in known if not found.book.supports(name, level, found.at_most + 1))


def _least(one: Reading, graded: Iterable[Reading]) -> Reading:
    """Return the reading of the same level with the fewest of the same departures."""
    return min([one, *(other for other in graded if _goes_further(one, other))], key=lambda r: len(r.departs))


def _supported(graded: Grade, name: str, level: int | None) -> list[bool]:
    return [level is not None and graded.book.supports(name, level, to_level) for to_level in range(1, 6)]


def _goes_further(one: Reading, other: Reading) -> bool:
    fewer = set(other.departs) < set(one.departs)
    return (
        fewer
        and other.grade.at_most == one.grade.at_most
        and all(one.policy[name] == other.policy[name] for name in other.departs)
    )


def _plain(reading: Reading) -> JsonObject:
    found = reading.grade.to_dict()
    shown = {key: found[key] for key in COMPARED}
    changes = {"decisive": list(reading.decisive), "changed_by": list(reading.changed_by)}
    return {"policy": reading.policy, **shown, "changed": reading.changed, **changes}
