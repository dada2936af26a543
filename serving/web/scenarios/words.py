"""A scenario in words: what is otherwise, for whom, from when on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.scenarios.wish import Scenario
from qm_rules import load_pack
from serving.scenarios import KeptScenario
from serving.web.language import Language
from serving.web.planner.places import industry_name, region_name, size_name
from serving.web.views.words import item_names, level_name

FACTORS = ("demand", "internal_price", "external_price")
NAMED = 3
"""Suppliers that are named one by one; of more their number is told."""


def about(t: Language, own: KeptScenario, rows: Mapping[str, Any]) -> list[str]:
    """Return what is otherwise, a sentence each; `rows` are enterprises by id, for their names."""
    wish = own.wish
    lines = [
        t(f"scenarios.otherwise.{name}", change=change(t, getattr(wish, name)))
        for name in FACTORS
        if getattr(wish, name) != 1.0
    ]
    return lines + _programme(t, wish) + _tightened(t, wish, rows) + _items(t, wish)


def change(t: Language, factor: float) -> str:
    """Return a factor as what it adds or takes, in per cent."""
    return ("+" if factor > 1 else "") + t.percent(round(factor - 1.0, 6), 0)


def group(t: Language, wish: Scenario, *, lists: Mapping[str, str]) -> str:
    """Return whom a scenario is about, and from when on; `lists` are names of kept lists by id."""
    parts = [region_name(t, wish.region)] if wish.region else []
    parts += [industry_name(t, wish.industry)] if wish.industry else []
    parts += [size_name(t, wish.size)] if wish.size else []
    parts += [wish.chain] if wish.chain else []
    parts += [lists.get(wish.list, t("scenarios.list.gone"))] if wish.list else []
    whom = t.listing(parts) if parts else t("board.target.everywhere")
    return t("scenarios.whom", group=whom, start=t.period(wish.start))


def _programme(t: Language, wish: Scenario) -> list[str]:
    own = wish.programme
    if own is None:
        return []
    option, share = t(f"scenarios.option.{own.option}"), t.percent(own.share, 0)
    return [t("scenarios.otherwise.programme", option=option, start=t.period(own.start), share=share)]


def _tightened(t: Language, wish: Scenario, rows: Mapping[str, Any]) -> list[str]:
    own = wish.tightened
    if own is None:
        return []
    names = [str(rows.get(one, {}).get("name") or one) for one in own.suppliers]
    count = len(names)
    told = t.listing(names) if count <= NAMED else t("scenarios.suppliers", count=t.number(count))
    return [t("scenarios.otherwise.tightened", suppliers=told, change=change(t, own.factor))]


def _items(t: Language, wish: Scenario) -> list[str]:
    """Items of one level and month are told together."""
    alike: dict[tuple[int, str], list[str]] = {}
    for move in wish.items:
        alike.setdefault((move.level, move.since), []).append(move.item)
    return [
        t(
            "scenarios.otherwise.item",
            item=_named(t, items),
            level=level_name(t, level),
            since=t.period(since),
        )
        for (level, since), items in alike.items()
    ]


def _named(t: Language, items: list[str]) -> str:
    every = set(items) == set(load_pack().items)
    return t("scenarios.items.all") if every else item_names(t, items)
