"""The board in words: filters, levels, regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.portfolio.bases import BASES
from serving.web.language import Language
from serving.web.planner.answers import CITY, NONE, PROVINCE, STEPS
from serving.web.planner.asked import BoardQuery, Filter
from serving.web.planner.desk import Desk
from serving.web.planner.places import TILES, industry_name, region_name, size_name
from serving.web.planner.schemas import Board, HiddenRegion, RegionLevels
from serving.web.scales import LEVELS
from serving.web.views.words import level_name

PATH = "/board"
CELLS = (*(str(level) for level in LEVELS), NONE)
AHEAD = (12, 24, 36)
"""Months ahead that the board can be asked to show."""
TILE_WIDTH, TILE_HEIGHT = 74, 50


def head_view(t: Language, found: Board, wished: BoardQuery) -> dict[str, Any]:
    """Return lead, readings, and where the papers of the group are."""
    group = Filter(**wished.model_dump(include=set(Filter.model_fields)))
    return {
        "lead": t("board.lead", count=t.number(found.enterprises), month=t.period(found.as_of)),
        "unforecast": t("board.unforecast", count=t.number(found.without_forecast))
        if found.without_forecast
        else "",
        "readings": [
            {
                "name": t(f"board.basis.{basis}"),
                "url": wished.url(PATH, basis=basis),
                "here": basis == wished.basis,
            }
            for basis in BASES
        ],
        "about": t(f"board.basis.{wished.basis}.about"),
        "clear_url": wished.url(PATH, region="", industry="", size="", chain="", list="")
        if wished.narrowed
        else "",
        "papers": [
            {"name": t("board.paper.briefing"), "url": group.url("/board/briefing")},
            {"name": t("board.paper.workbook"), "url": group.url("/api/v1/planning-workbook")},
        ],
    }


def choices(t: Language, desk: Desk, wished: BoardQuery) -> list[dict[str, Any]]:
    """Return the selects of the filter: only what occurs among those whom the asker sees."""
    portfolio, seen = desk.portfolio, desk.seen
    codes = portfolio.text("region_code")[seen]
    places = _found(codes.astype(f"<U{PROVINCE}")) + _found(codes.astype(f"<U{CITY}"))
    divisions = _found(portfolio.divisions[seen])
    sizes, chains = (_found(portfolio.text(name)[seen]) for name in ("size", "chain"))
    order = ("large", "medium", "small", "micro")
    return [
        _choice(t, "region", sorted(set(places)), wished.region, lambda code: _indented(t, code)),
        _choice(t, "industry", divisions, wished.industry, lambda code: industry_name(t, code)),
        _choice(
            t,
            "size",
            sorted(sizes, key=lambda s: order.index(s) if s in order else 9),
            wished.size,
            lambda s: size_name(t, s),
        ),
        _choice(t, "chain", chains, wished.chain, str),
        *_lists(t, desk, wished),
        {
            "name": "level",
            "label": t("board.filter.level"),
            "options": [
                {"value": step, "name": level_name(t, step), "chosen": step == wished.level} for step in STEPS
            ],
        },
        {
            "name": "months",
            "label": t("board.filter.months"),
            "options": [
                {"value": n, "name": t("board.months", count=n), "chosen": n == wished.months} for n in AHEAD
            ],
        },
    ]


def _lists(t: Language, desk: Desk, wished: BoardQuery) -> list[dict[str, Any]]:
    """Return the choice of an own list, where any is kept."""
    names = {kept.id: str(kept.document["name"]) for kept in desk.lists.all()}
    return [_choice(t, "list", list(names), wished.list, lambda code: names.get(code, code))] if names else []


def _found(values: Any) -> list[str]:  # noqa: ANN401 - an array of text
    return [str(value) for value in np.unique(values) if value]


def _indented(t: Language, code: str) -> str:
    return region_name(t, code) if len(code) <= PROVINCE else f"  {region_name(t, code)}"


def _choice(t: Language, name: str, values: Sequence[str], chosen: str, named: Any) -> dict[str, Any]:  # noqa: ANN401
    known = [*values, chosen] if chosen and chosen not in values else list(values)
    options = [{"value": "", "name": t(f"board.{name}.all"), "chosen": not chosen}]
    options += [{"value": value, "name": named(value), "chosen": value == chosen} for value in known]
    return {"name": name, "label": t(f"board.filter.{name}"), "options": options}


def levels_view(t: Language, found: Board, months: int) -> dict[str, Any]:
    """Return how many stand on each level today, and how many will have reached it in so many months."""
    rows, last = [], min(months, len(found.newly[str(STEPS[0])])) - 1
    for name in CELLS:
        ahead = found.newly[name][last] if name in found.newly else None
        rows.append(
            {
                "id": name,
                "name": level_name(t, None if name == NONE else int(name)),
                "count": t.number(found.levels[name]),
                "above": t.number(found.at_or_above[name]) if name in found.at_or_above else "",
                "new": _between(t, ahead.expected, ahead.low, ahead.high) if ahead else "",
            }
        )
    end = found.newly[str(STEPS[0])][last].month
    return {"rows": rows, "strip": _strip(found.levels), "ahead": t("board.levels.new", month=t.period(end))}


def _between(t: Language, expected: float, low: int, high: int) -> str:
    if not expected:
        return t.number(0)
    count = t.number(expected, 1 if expected < 100 else 0)
    return t("board.between", count=count, low=t.number(low), high=t.number(high))


def regions_view(t: Language, found: Board, wished: BoardQuery) -> dict[str, Any]:
    """Return the map of provinces, the table of regions, and what may be told of the others."""
    step = str(wished.level)
    rows = [
        {
            "name": region_name(t, row.region),
            "url": wished.url(PATH, region=row.region, target="") if row.region != wished.region else "",
            "count": t.number(row.enterprises),
            "strip": _strip(row.levels),
            "cells": [t.number(row.levels[name]) if row.levels[name] else "" for name in CELLS],
            "share": t.percent(row.at_or_above[step] / max(row.enterprises, 1), 0),
            "new": t.number(row.expected_new[step], 1),
            "fall": t.number(row.expected_fall, 1),
        }
        for row in found.regions
    ]
    name = level_name(t, wished.level)
    return {
        "rows": rows,
        "levels": [t(f"level.{level}.mark") for level in LEVELS] + [t("level.none")],
        "share_head": t("board.column.share", level=name),
        "new_head": t("board.column.new", level=name),
        "tiles": _tiles(t, found.regions, wished),
        "hidden": [_hidden(t, row) for row in found.hidden],
    }


def _hidden(t: Language, row: HiddenRegion) -> dict[str, Any]:
    cells = [row.levels[name] for name in CELLS]
    return {
        "name": region_name(t, row.region),
        "count": t.number(row.enterprises),
        "cells": [t("board.held") if n is None else t.number(n) if n else "" for n in cells],
    }


def _strip(levels: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the shares of the levels as parts of a bar, in per cent."""
    whole, offset, parts = max(sum(levels.values()), 1), 0.0, []
    for name in CELLS:
        width = 100 * levels[name] / whole
        if width:
            parts.append({"id": name, "offset": round(offset, 2), "width": round(width, 2)})
        offset += width
    return parts


def _tiles(t: Language, regions: Sequence[RegionLevels], wished: BoardQuery) -> list[dict[str, Any]]:
    """Return a tile per province with the levels of its enterprises; none where all lie in one province."""
    by_code = {row.region: row for row in regions}
    if len(by_code.keys() & TILES.keys()) < 2:
        return []
    tiles = []
    for code, (column, line) in TILES.items():
        row = by_code.get(code)
        place = {"x": column * TILE_WIDTH, "y": line * TILE_HEIGHT, "name": region_name(t, code)}
        bar = [] if row is None else _strip(row.levels)
        inner = TILE_WIDTH - 16
        parts = [
            {
                "id": part["id"],
                "x": round(part["offset"] * inner / 100, 2),
                "width": round(part["width"] * inner / 100, 2),
            }
            for part in bar
        ]
        url = wished.url(PATH, region=code, target="") if row else ""
        tiles.append(place | {"count": t.number(row.enterprises) if row else "", "parts": parts, "url": url})
    return tiles
