"""The official grade on a page: the sentence, the ladder, the dimensions, the notes."""

from __future__ import annotations

from typing import Any

from qm_rules import load_pack
from serving.web.language import Language
from serving.web.scales import INDICATORS, LEVELS
from serving.web.views.asked import asked_views, governs
from serving.web.views.words import Row, item_name, item_names, level_name, note_text, window_text

NAMED = 4
"""So many binding items are named in the sentence; all of them are marked below it."""


def grade_view(t: Language, grade: Row, evidence: Row) -> dict[str, Any]:
    """Return what the grade section shows."""
    return {
        "sentence": sentence(t, grade, evidence),
        "ladder": ladder(t, grade),
        "dimensions": [dimension_view(t, grade, evidence, name) for name in load_pack().dimensions],
        "asked": asked_views(t, grade, evidence),
        "governs": governs(t),
        "notes": list(dict.fromkeys(note_text(t, note) for note in grade["notes"])),
        "fine": t(
            "grade.fine",
            pack=grade["pack"]["id"],
            aggregation=t.either(f"aggregation.{grade['policy']['aggregation']}", ""),
            evidence=grade["evidence_sha256"][:12],
        ),
    }


def sentence(t: Language, grade: Row, evidence: Row) -> str:
    """Return the grade in a few sentences: what it is, what decides it, how far the next level is."""
    level = grade["level"] or grade["at_most"]
    parts = [
        t(
            f"grade.sentence.{grade['status']}",
            window=window_text(t, grade["window"]),
            level=level_name(t, level),
            missing=item_names(t, missing_items(grade, evidence)),
        )
    ]
    if level < LEVELS[-1] and grade["binding"]:
        items = list(grade["binding"])
        key = "grade.sentence.binding.many" if len(items) > NAMED else "grade.sentence.binding"
        names = item_names(t, items, NAMED)
        parts.append(t(key, items=names, count=len(items), rest=len(items) - NAMED))
    between = "" if t.code == "zh" else " "
    return between.join(parts)


def ladder(t: Language, grade: Row) -> list[dict[str, Any]]:
    """Return the five steps, with where the enterprise stands."""
    level = grade["level"]
    steps = []
    for step in LEVELS:
        state = "done" if level and step < level else "here" if step == level else "ahead"
        steps.append(
            {
                "level": step,
                "name": level_name(t, step),
                "state": state,
                "note": _step_note(t, step, grade),
            }
        )
    return steps


def _step_note(t: Language, step: int, grade: Row) -> str:
    level, most = grade["level"], grade["at_most"]
    if level is None:
        return t("grade.ceiling") if step == most else ""
    if step == level:
        return t("grade.here")
    missing = sum(1 for gap in grade["gaps"] if gap["to_level"] == step)
    return t("grade.next", count=missing) if step == level + 1 else ""


def dimension_view(t: Language, grade: Row, evidence: Row, dimension: str) -> dict[str, Any]:
    """Return one of the four dimensions with the level of everything in it."""
    return {
        "id": dimension,
        "name": t(f"dimension.{dimension}"),
        "level": grade["dimensions"][dimension],
        "members": [
            _item_view(t, grade, evidence, item) for item in load_pack().dimensions[dimension].members
        ],
    }


def _item_view(t: Language, grade: Row, evidence: Row, item: str) -> dict[str, Any]:
    return {
        "name": item_name(t, item),
        "level": item_level(grade, evidence, item),
        "binding": item in grade["binding"],
        "missing": t("grade.missing"),
    }


def item_level(grade: Row, evidence: Row, item: str) -> int | None:
    """Return the level of an indicator or a management item, None if it was not supplied."""
    if item in INDICATORS:
        level: int | None = grade["indicators"][item]["level"]
        return level
    return (evidence.get("management") or {}).get(item)


def missing_items(grade: Row, evidence: Row) -> list[str]:
    """Return every indicator and item that was not supplied, in official order."""
    members = [item for dimension in load_pack().dimensions.values() for item in dimension.members]
    return [item for item in members if item_level(grade, evidence, item) is None]
