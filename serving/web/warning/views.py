"""What the page of warnings shows: rows in words, filters, and how often such warnings are false."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import serving.warnings
from serving.warnings.finding import CHANCES, Kind
from serving.web.language import Language
from serving.web.warning.words import said

if TYPE_CHECKING:
    from serving.warnings.keeping import Warned

STATES = ("open", "acknowledged", "resolved")
Row = Mapping[str, Any]


def row_view(t: Language, one: Warned, names: Mapping[str, Row], chance: float) -> dict[str, Any]:
    """Return one warning as the page shows it."""
    words = said(t, one.kind, one.enterprise_id, one.facts, chance)
    enterprise = names.get(one.enterprise_id or "", {})
    return {
        "id": one.id,
        "kind": str(one.kind),
        "kind_text": t(f"warn.kind.{one.kind}"),
        "tag": "forecast" if one.kind in CHANCES else "",
        "state": one.state,
        "title": words.title,
        "detail": words.detail,
        "url": words.url,
        "who": enterprise.get("name") or one.enterprise_id or t("warn.everybody"),
        "enterprise_id": one.enterprise_id,
        "enterprise_url": f"/enterprises/{quote(one.enterprise_id, safe='')}" if one.enterprise_id else None,
        "since": t("warn.since", date=t.period(one.raised_at[:10])),
        "period": t.period(one.period),
        "acknowledged": _acknowledged(t, one),
        "note": one.note,
        "resolved": t("warn.resolved", date=t.period(one.resolved_at[:10])) if one.resolved_at else None,
        "version": one.version,
    }


def _acknowledged(t: Language, one: Warned) -> str | None:
    if one.acknowledged_at is None:
        return None
    return t("warn.acknowledged", who=one.acknowledged_by, date=t.period(one.acknowledged_at[:10]))


def chosen(found: Iterable[Warned], state: str, kind: str, enterprise: str) -> list[Warned]:
    """Return the warnings of one state, kind and enterprise (blank: any)."""
    return [
        one
        for one in found
        if one.state == state and kind in ("", one.kind) and enterprise in ("", one.enterprise_id)
    ]


def tabs(t: Language, found: Sequence[Warned], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the three states with how many warnings each has."""
    views = []
    for state in STATES:
        count = len(chosen(found, state, asked["kind"], asked["enterprise"]))
        kept = {name: value for name, value in {**asked, "state": state}.items() if value}
        views.append(
            {
                "url": f"/warnings?{urlencode(kept)}",
                "text": t(f"warn.state.{state}"),
                "count": t.number(count),
                "active": state == asked["state"],
            }
        )
    return views


def looks_view(t: Language, looks: Mapping[str, Row]) -> list[dict[str, str]]:
    """Return, by kind, when it was looked at last and at what."""
    views = []
    for kind in Kind:
        look = looks.get(kind)
        if look is None:
            views.append(
                {"kind": t(f"warn.kind.{kind}"), "at": t("none.dash"), "what": t(f"warn.look.{kind}.not")}
            )
            continue
        numbers = {key: t.number(value) for key, value in look.items() if isinstance(value, int)}
        at = f"{t.period(look['at'][:10])} {look['at'][11:16]} UTC"
        views.append(
            {
                "kind": t(f"warn.kind.{kind}"),
                "at": at,
                "what": t(f"warn.look.{kind}", **_ready(kind, numbers)),
            }
        )
    return views


_BLANKS = {
    Kind.CHART: ("charts", "enterprises", "too_short"),
    Kind.FORECAST: ("forecasts",),
    Kind.LEVEL: ("enterprises",),
    Kind.DRIFT: ("tests",),
    Kind.STALE: ("enterprises",),
}


def _ready(kind: Kind, numbers: Mapping[str, str]) -> dict[str, str]:
    return {name: numbers.get(name, "0") for name in _BLANKS[kind]}


@cache
def measured() -> dict[str, Any]:
    """Return what `tests/benchmarks/judge_warnings.py` measured and wrote down."""
    file = Path(serving.warnings.__file__).with_name("measured.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def honesty(t: Language, false_alarm: float) -> dict[str, Any]:
    """Return how often a chart warning is false, as measured on stable plants, and what is found in time."""
    told = measured()
    rates = [row["rate"] for row in told["alarms"]]
    return {
        "sentence": t(
            "warn.honest",
            asked=t.percent(false_alarm, 1),
            low=t.percent(min(rates), 1),
            high=t.percent(max(rates), 1),
            plants=t.number(told["plants"]),
            years=t.number(1 / (12 * false_alarm)),
        ),
        "rows": [
            {
                "plants": t(f"warn.plants.{row['plants']}"),
                "rate": t.percent(row["rate"], 1),
                "interval": f"{t.percent(row['low'], 1)}–{t.percent(row['high'], 1)}",
            }
            for row in told["alarms"]
        ],
        "changes": [f"{t.number(change, 1)} σ" for change in told["power"][0]["changes"]],
        "power": [
            {
                "points": t("warn.power.points", count=row["points"]),
                "shares": [t.percent(share, 0) for share in row["shares"]],
            }
            for row in told["power"]
        ],
    }
