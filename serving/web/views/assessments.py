"""Self-assessments on a page: the list, and one with the annex's words, answers, evidence and history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from features.self_assessment.checks import is_web_address
from features.self_assessment.questionnaire import Question, Wording, questionnaire
from qm_rules import load_pack
from serving.web.language import Language
from serving.web.views.words import Row, item_name, level_name

SHOWN_VALUE = 160
"""A longer value of a change is cut short on the page; the API has it whole."""
PARTS = ("level", "why", "evidence", "found", "reason")


def list_view(
    t: Language, rows: Iterable[Row], enterprises: Mapping[str, Row], enterprise: str | None
) -> dict[str, Any]:
    """Return what the list shows; `enterprise` says that it is of one only."""
    return {
        "rows": [_line(t, row, enterprises) for row in rows],
        "enterprise": _enterprise(enterprise, enterprises.get(enterprise, {})) if enterprise else None,
    }


def _line(t: Language, row: Row, enterprises: Mapping[str, Row]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "url": f"/assessments/{row['id']}",
        "enterprise": _enterprise(row["enterprise_id"], enterprises.get(row["enterprise_id"], {})),
        "round": t.period(row["as_of"]),
        "kind": t(f"assess.kind.{row['kind']}"),
        "state": row["state"],
        "state_text": t(f"assess.state.{row['state']}"),
        "answered": t("assess.answered", count=row["answered"], all=row["items"]),
        "declared": _by(t, row["declared_by"], row["declared_on"]),
        "reviewed": _by(t, row["reviewed_by"], row["reviewed_on"]),
    }


def _by(t: Language, who: str | None, on: str | None) -> str:
    return t("assess.by", who=who, day=t.period(on)) if who and on else t("none.dash")


def _enterprise(enterprise_id: str, row: Row) -> dict[str, str]:
    return {
        "id": enterprise_id,
        "name": row.get("name") or enterprise_id,
        "url": f"/enterprises/{quote(enterprise_id, safe='')}",
        "list": f"/assessments?enterprise={quote(enterprise_id, safe='')}",
    }


def assessment_view(t: Language, found: Row, history: Iterable[Row], enterprise: Row) -> dict[str, Any]:
    """Return what the page of one assessment shows."""
    asked = questionnaire(load_pack(found["edition"]))
    items = {row["item"]: row for row in found["items"]}
    return {
        "a": found,
        "enterprise": _enterprise(found["enterprise_id"], enterprise),
        "state_text": t(f"assess.state.{found['state']}"),
        "facts": _facts(t, found),
        "sentences": _sentences(t, found),
        "groups": [
            {
                "id": group.id,
                "name": t(f"dimension.{group.id}"),
                "questions": [_question(t, one, items[one.id]) for one in group.questions],
            }
            for group in asked.groups
        ],
        "governs": asked.governs.en if t.code == "en" else "",
        "history": [_change(t, row) for row in history],
    }


def _facts(t: Language, found: Row) -> list[str]:
    return [
        t("assess.round", month=t.period(found["as_of"])),
        t(f"assess.kind.{found['kind']}"),
        t("assess.version", number=found["version"]),
        t("assess.edition", edition=found["edition"], sha=found["pack_sha256"][:12]),
    ]


def _sentences(t: Language, found: Row) -> list[str]:
    """Return what is to be said about the state: who declared, who reviewed, what counts."""
    said = [t("assess.begun", who=found["created_by"])]
    if declared := found["declared"]:
        day = t.period(declared["on"])
        said.append(t("assess.declared", who=declared["by"], role=declared["role"], day=day))
    if review := found["reviewed"]:
        day = t.period(review["on"])
        said.append(t("assess.reviewed", who=review["by"], organisation=review["organisation"], day=day))
    counted = "draft" if not found["declared"] else "counted" if found["recorded"] else "waiting"
    return [*said, t(f"assess.counts.{counted}"), t("assess.claims")]


def _question(t: Language, question: Question, row: Row) -> dict[str, Any]:
    return {
        "id": question.id,
        "name": item_name(t, question.id),
        "level": row["level"],
        "found": row["found"],
        "differs": row["found"] is not None and row["found"] != row["level"],
        "reason": row["reason"],
        "why": row["why"],
        "wordings": [_wording(t, one, row) for one in question.wordings],
        "evidence": [{**link, "web": is_web_address(link["link"])} for link in row["evidence"]],
    }


def _wording(t: Language, wording: Wording, row: Row) -> dict[str, Any]:
    return {
        "level": wording.level,
        "name": level_name(t, wording.level),
        "official": wording.quote.zh,
        "english": wording.quote.en if t.code == "en" else "",
        "clause": wording.clause.zh if t.code == "zh" else wording.clause.en,
        "chosen": wording.level == row["level"],
        "found": row["found"] is not None and wording.level == row["found"] != row["level"],
    }


def _change(t: Language, row: Row) -> dict[str, str]:
    return {
        "at": row["at"].replace("T", " ").removesuffix("+00:00"),
        "who": row["who"],
        "version": str(row["version"]),
        "act": t.either(f"assess.act.{row['action']}", row["action"]),
        "field": _field(t, row["field"]),
        "old": _value(t, row["old"], row["field"]),
        "new": _value(t, row["new"], row["field"]),
    }


def _field(t: Language, field: str) -> str:
    item, _, part = field.partition(".")
    if part in PARTS:
        return t("assess.field.of", item=item_name(t, item), part=t(f"assess.field.{part}"))
    return t.either(f"assess.field.{field}", field)


def _value(t: Language, value: Any, field: str) -> str:  # noqa: ANN401 - JSON
    if value is None or value == []:
        return t("none.dash")
    if field == "state":
        return t.either(f"assess.state.{value}", str(value))
    if isinstance(value, list):
        value = "; ".join(" | ".join(one) if isinstance(one, list) else str(one) for one in value)
    text = str(value)
    return text if len(text) <= SHOWN_VALUE else f"{text[:SHOWN_VALUE]}…"
