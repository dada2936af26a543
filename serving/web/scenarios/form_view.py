"""The form of a scenario as it is shown: its choices, and what it is filled in with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.scenarios.wish import OPTIONS, ItemMove, Scenario
from qm_rules import load_pack
from serving.scenarios import KeptScenario
from serving.web.language import Language
from serving.web.scenarios.form import EVERY_ITEM, HALVED, PERCENT
from serving.web.views.words import item_name, level_name

ROWS = 3
"""Rows for management items that the form has to spare."""
LIKELY_LEVEL = 3


def form_view(t: Language, months: Sequence[str], given: KeptScenario | None) -> dict[str, Any]:
    """Return the choices of the form, filled in with a scenario where one is `given`; `months` are those that
    are forecast.
    """
    wish = given.wish if given else None
    first = months[0] if months else ""
    known = sorted({*months, *([] if wish is None else _months(wish))})
    return {
        "months": [{"value": month, "name": t.period(month)} for month in known],
        "options": [{"value": name, "name": t(f"scenarios.option.{name}")} for name in OPTIONS],
        "items": [
            {"value": EVERY_ITEM, "name": t("scenarios.items.all")},
            *({"value": item, "name": item_name(t, item)} for item in load_pack().items),
        ],
        "levels": [{"value": level, "name": level_name(t, level)} for level in (2, 3, 4, 5)],
        "factors": PERCENT,
        "given": filled(wish, first),
    }


def _months(wish: Scenario) -> set[str]:
    programme = {wish.programme.start} if wish.programme else set()
    return {wish.start, *programme, *(move.since for move in wish.items)}


def filled(wish: Scenario | None, first: str) -> dict[str, Any]:
    """Return what the form is filled in with: a scenario, or nothing but the `first` month."""
    programme, tightened = (wish.programme, wish.tightened) if wish else (None, None)
    moves = _moves(wish.items) if wish else []
    start = wish.start if wish else first
    return {
        "name": wish.name if wish else "",
        "start": start,
        **{name: _percent(getattr(wish, name)) if wish else "" for name in PERCENT},
        "option": programme.option if programme else "",
        "programme_start": programme.start if programme else start,
        "share": f"{100 * programme.share:g}" if programme else "100",
        "suppliers": " ".join(tightened.suppliers) if tightened else "",
        "tightened": _percent(tightened.factor) if tightened else HALVED,
        "items": moves + [{"item": "", "level": LIKELY_LEVEL, "since": start}] * ROWS,
    }


def _moves(items: Sequence[ItemMove]) -> list[dict[str, Any]]:
    """Return a row for each item, or one where all of them move alike."""
    alike = {(move.level, move.since) for move in items}
    if len(alike) == 1 and {move.item for move in items} == set(load_pack().items):
        ((level, since),) = alike
        return [{"item": EVERY_ITEM, "level": level, "since": since}]
    return [move.model_dump() for move in items]


def _percent(factor: float) -> str:
    return "" if factor == 1.0 else f"{100 * (factor - 1):.6g}"
