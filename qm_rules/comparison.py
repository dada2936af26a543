"""One evidence under every reading of the document: what would change if another one were taken."""

from __future__ import annotations

from qm_rules.evidence import Evidence
from qm_rules.grading import Grade, grade
from qm_rules.json_types import JsonObject
from qm_rules.pack import Pack
from qm_rules.policy import Policy

COMPARED = ("level", "level_id", "level_name", "status", "at_most", "dimensions", "binding")


def readings(evidence: Evidence, pack: Pack, policy: Policy) -> list[tuple[dict[str, str], Grade]]:
    """Return each combination of readings that the policy leaves open, itself first, with its grade."""
    compared = [name for name, setting in pack.policies.items() if setting.reading]
    grades = [grade(evidence, pack=pack, policy=reading) for reading in policy.readings(pack.policies)]
    return [({name: found.book.policy[name] for name in compared}, found) for found in grades]


def comparison(evidence: Evidence, pack: Pack, policy: Policy) -> JsonObject:
    """Return the readings as one answer; everything that does not depend on them stands once."""
    graded = readings(evidence, pack, policy)
    answers = [(reading, found.to_dict()) for reading, found in graded]
    first = answers[0][1]
    return {
        "enterprise_id": first["enterprise_id"],
        "window": first["window"],
        "pack": first["pack"],
        "evidence_sha256": first["evidence_sha256"],
        "readings": [
            {"policy": reading, **{key: found[key] for key in COMPARED}} for reading, found in answers
        ],
    }
