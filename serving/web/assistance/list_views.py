"""Enterprises of the lists in words: who is helped, who lacks one thing only, who may fall back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from models.assistance.rows import Falling, HelpAction, Helped, OneShort
from serving.web.language import Language
from serving.web.views.words import item_name, item_names, target_of

MOST_ITEMS = 3


def short_row(t: Language, one: OneShort) -> dict[str, Any]:
    """Return an enterprise that lacks one thing only, and how far it is."""
    if one.management or one.value is None or one.needs is None:
        gap = t("assistance.short.item", own=one.own) if one.management else t("none.dash")
    else:
        target = target_of(one.item) or one.item
        gap = t(
            "assistance.short.gap",
            value=t.target(target, one.value),
            operator=t(f"assistance.operator.{'least' if one.operator == '>=' else 'most'}"),
            needs=t.target(target, one.needs),
        )
    return enterprise_view(one) | {
        "item": item_name(t, one.item),
        "management": one.management,
        "gap": gap,
        "chance": t("none.dash") if one.chance is None else t.chance(one.chance),
        "cost": t("none.dash") if one.cost is None else t.money(one.cost),
    }


def fall_row(t: Language, one: Falling) -> dict[str, Any]:
    """Return an enterprise that may fall back, and what would hold it."""
    held = t("none.dash")
    if one.held is not None and one.held_weak is not None:
        held = t("assistance.fall.held", held=t.chance(one.held), weak=t.chance(one.held_weak))
    return enterprise_view(one) | {
        "chances": [t.chance(one.falls[ahead]) for ahead in ("3", "6", "12")],
        "holding": item_names(t, list(one.holding), MOST_ITEMS),
        "held": held,
        "cost": t("none.dash") if one.cost is None else t.money(one.cost),
        "actions": actions_view(t, one.actions, one.action_count),
    }


def actions_view(t: Language, actions: Sequence[HelpAction], count: int) -> list[str]:
    """Return the actions by name, or how many they are where the reader may not know them."""
    if not actions:
        return [t("assistance.actions.count", count=count)] if count else []
    return [
        t(
            "assistance.action",
            name=action.parameter_name or action.parameter_id,
            before=t.short(action.from_),
            after=t.short(action.to),
            unit=action.unit or "",
        ).strip()
        for action in actions
    ]


def enterprise_view(one: Helped | OneShort | Falling) -> dict[str, Any]:
    """Return what every list says of an enterprise."""
    return {
        "id": one.enterprise_id,
        "name": one.name or one.enterprise_id,
        "url": f"/enterprises/{quote(one.enterprise_id, safe='')}",
        "level": one.level,
    }
