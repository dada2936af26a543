"""Reading the form of a questionnaire: a level, why and evidence for every item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from features.records.schema import ITEMS

if TYPE_CHECKING:
    from features.self_assessment import Answer

PARTS = ("level", "why", "evidence")


def typed(form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what stands in the fields of every item, as text with plain line ends."""
    return {
        item: {part: str(form.get(f"{part}.{item}") or "").replace("\r\n", "\n").strip() for part in PARTS}
        for item in ITEMS
    }


def answers(fields: Mapping[str, Mapping[str, str]]) -> tuple[dict[str, Answer], list[str]]:
    """Return the answers that the fields make, and what is wrong with the others."""
    from features.self_assessment import Answer, AssessmentRefused
    from features.self_assessment.checks import parse_link

    found, faults = {}, []
    for item, field in fields.items():
        if not any(field.values()):
            continue
        if field["level"] not in {"1", "2", "3", "4", "5"}:
            faults.append(f"{item}: level: found nothing; allowed: a whole number from 1 to 5")
            continue
        try:
            links = tuple(parse_link(line) for line in field["evidence"].splitlines() if line.strip())
        except AssessmentRefused as error:
            faults += [f"{item}: {fault}" for fault in error.faults]
            continue
        found[item] = Answer(int(field["level"]), field["why"], links)
    return found, faults


def as_typed(given: Mapping[str, Answer]) -> dict[str, dict[str, str]]:
    """Return answers as the fields show them."""
    return {
        item: {
            "level": str(answer.level),
            "why": answer.why,
            "evidence": "\n".join(f"{link.title} | {link.link}" for link in answer.evidence),
        }
        for item, answer in given.items()
    }
