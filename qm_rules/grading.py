"""The official grade of one evidence: its level, what binds it, and what each higher level needs.

Decisions where the specification leaves room:
- `incomplete` means that anything at all is not supplied, also by `performance_only`; `at_most` then says
  what the supplied part allows, every dimension at its best.
- `gaps` name what is below a level; what was not supplied is not known to be below anything and is not named.
  `has` is the value shown (null where none was computed), for an item its level; an inadmissible Cpk has the
  value that was given. A loss that is not tracked needs ">= 0" for level 2: any rate will do, once it is
  known.
- By `level2_loss: literal` an indicator that does not support level 2 has a gap to it, although it is better.
- `binding` lists what stands at the level of the grade exactly, by every aggregation; it may then be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from qm_rules.evidence.document import Evidence
from qm_rules.evidence.values import months_of
from qm_rules.indicators import Indicator, Judged, cpk, ftq, loss, sigma
from qm_rules.json_types import Json, JsonObject
from qm_rules.notes import Note, missing_statistics, notes_of
from qm_rules.pack.contents import Pack
from qm_rules.pack.loading import load_pack
from qm_rules.pack.policy import Policy
from qm_rules.rulebook import HIGHEST, Rulebook, rulebook


class Gap(NamedTuple):
    """What one indicator or item still needs for a level: `has` must become `operator` `needs`."""

    to_level: int
    indicator: str
    has: str | None
    operator: str
    needs: str


class Grade(NamedTuple):
    """The official grade. `level` is None while something is not supplied; `at_most` is still possible then.

    `levels` are the own levels of all indicators and items, None where not supplied, in the tables' order.
    """

    evidence: Evidence
    book: Rulebook
    level: int | None
    status: str
    at_most: int
    dimensions: dict[str, int | None]
    indicators: dict[str, Indicator]
    levels: tuple[int | None, ...]
    notes: tuple[Note, ...]

    @property
    def enterprise_id(self) -> str:
        """The enterprise that is graded."""
        return self.evidence.enterprise_id

    @property
    def level_id(self) -> str | None:
        """The level's id, e.g. `assurance`."""
        return None if self.level is None else self.book.names[self.level][0]

    @property
    def level_name(self) -> str | None:
        """The level's official name, e.g. 保证级."""
        return None if self.level is None else self.book.names[self.level][1]

    @property
    def own(self) -> dict[str, int | None]:
        """The own level of every indicator, then of every item; None where not supplied."""
        return dict(zip(self.book.order, self.levels, strict=True))

    @property
    def items(self) -> dict[str, int | None]:
        """The level of every management item, None where not supplied."""
        return dict(zip(self.book.items, self.levels[len(self.indicators) :], strict=True))

    @property
    def binding(self) -> tuple[str, ...]:
        """Everything whose own level equals the grade's (or what is still possible)."""
        at_most = self.at_most
        pairs = zip(self.book.order, self.levels, strict=True)
        return tuple([name for name, level in pairs if level == at_most])

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """For every higher level, every indicator or item that does not support it."""
        known = [(name, level) for name, level in self.own.items() if level is not None]
        return tuple(
            self._gap(to_level, name, level)
            for to_level in range(self.at_most + 1, HIGHEST + 1)
            for name, level in known
            if not self.book.supports(name, level, to_level)
        )

    def _gap(self, to_level: int, name: str, level: int) -> Gap:
        ladder = self.book.ladders.get(name)
        if ladder is None:
            return Gap(to_level, name, str(level), ">=", str(to_level))
        step = ladder.asked[to_level]
        return Gap(to_level, name, self.indicators[name].value, step.operator, step.needs)

    def to_dict(self) -> JsonObject:
        """Return the answer as documented."""
        return {
            "enterprise_id": self.enterprise_id,
            "window": dict(self.evidence.document["window"]),
            "level": self.level,
            "level_id": self.level_id,
            "level_name": self.level_name,
            "status": self.status,
            "at_most": self.at_most,
            "dimensions": dict(self.dimensions),
            "indicators": {name: indicator._asdict() for name, indicator in self.indicators.items()},
            "binding": list(self.binding),
            "gaps": [gap._asdict() for gap in self.gaps],
            "notes": [dict(note) for note in self.notes],
            "pack": {"id": self.book.pack.id, "sha256": self.book.pack.sha256},
            "policy": dict(self.book.policy),
            "evidence_sha256": self.evidence.sha256,
        }


def grade(
    evidence: Evidence, *, pack: Pack | None = None, policy: Policy | None = None, notes: Iterable[Note] = ()
) -> Grade:
    """Return the official grade under a pack (None: the newest) and a policy (None: the pack's defaults).

    `notes` are facts that only the records show, e.g. `{"code": "uninspected_process", "indicator":
    "ftq"}` with `product_id` and `process_id`. Raises PolicyError for a policy that the pack does not know.
    """
    return grade_by(rulebook(pack or load_pack(), policy or Policy()), evidence, notes)


def grade_by(book: Rulebook, evidence: Evidence, notes: Iterable[Note] = ()) -> Grade:
    """Return the grade under a compiled rulebook."""
    document = evidence.document
    judged = judge(book, document)
    indicators = {name: indicator for name, (indicator, _) in judged.items()}
    management = document.get("management", {})
    levels = (*[found.level for found in indicators.values()], *map(management.get, book.items))
    incomplete = None in levels
    possible = book.dimensions(levels)
    at_most = book.together(possible)
    window = document["window"]
    is_short = len(months_of(window["start"], window["end"])) < book.window_months
    missing = missing_statistics(document)
    return Grade(
        evidence=evidence,
        book=book,
        level=None if incomplete else at_most,
        status="incomplete" if incomplete else "provisional" if is_short or missing else "final",
        at_most=at_most,
        dimensions=book.known(levels, possible) if incomplete else {**possible},
        indicators=indicators,
        levels=levels,
        notes=notes_of(judged, missing, is_short, tuple(notes)),
    )


def judge(book: Rulebook, document: Mapping[str, Json]) -> dict[str, Judged]:
    """Return each indicator with its note codes, in order."""
    ladders = book.ladders
    losses, output = document.get("losses", {}), document.get("output_value")
    output_value = None if output is None else Decimal(output).as_integer_ratio()
    return {
        "sigma": sigma(document.get("deliveries"), ladders["sigma"]),
        "cpk": cpk(document.get("capability"), ladders["cpk"], book.min_values, book.few_values),
        "ftq": ftq(document.get("first_pass"), ladders["ftq"]),
        "internal_loss": loss(losses.get("internal"), output_value, ladders["internal_loss"]),
        "external_loss": loss(losses.get("external"), output_value, ladders["external_loss"]),
    }
