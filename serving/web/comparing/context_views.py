"""Published figures beside a region's own: charts, tables by year, and numbered sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from features.context import Figure, figures
from features.context.figures import NATION
from models.practices import OwnRate
from serving.web.comparing.context_figure import Series, years_chart
from serving.web.language import Language
from serving.web.planner.places import region_name, size_name

PUBLISHED, PROVINCE, OWN = "soft", "warn-ink", "accent"


def context_view(t: Language, region: str, own: Sequence[OwnRate]) -> dict[str, Any]:
    """Return the whole section for a region: "" is everybody's."""
    sources = _Sources(t)
    return {
        "charts": [_passes(t, own), _losses(t, region, own), _index(t, region)],
        "tables": [
            _table(t, sources, "manufacturing_pass_rate", "area"),
            _table(t, sources, "spot_check_pass_rate", "area"),
            _table(t, sources, "spot_check_fail_rate", "size"),
            _table(t, sources, "quality_loss_rate", "area"),
            _table(t, sources, "quality_competitiveness_index", "area"),
            _table(t, sources, "quality_competitiveness_index", "industry"),
        ],
        "own": _own_table(t, own),
        "sources": sources.listed,
    }


def _published(indicator: str, area: str = NATION) -> list[tuple[int, float]]:
    return [
        (one.year, one.value)
        for one in figures()
        if one.indicator == indicator and one.area == area and not one.industry and not one.size
    ]


def _mine(own: Sequence[OwnRate], figure: str) -> list[tuple[int, float]]:
    return [(one.year, 100 * one.value) for one in own if one.figure == figure]


def _passes(t: Language, own: Sequence[OwnRate]) -> dict[str, Any]:
    series = [
        Series(_named(t, "manufacturing_pass_rate"), _published("manufacturing_pass_rate"), PUBLISHED),
        Series(_named(t, "spot_check_pass_rate"), _published("spot_check_pass_rate"), PROVINCE, dash="dot"),
        Series(t("context.own.delivered_pass"), _mine(own, "delivered_pass"), OWN, own=True),
    ]
    return _chart(t, "passes", series, "percent")


def _losses(t: Language, region: str, own: Sequence[OwnRate]) -> dict[str, Any]:
    name = _named(t, "quality_loss_rate")
    series = [Series(t("context.nation", name=name), _published("quality_loss_rate"), PUBLISHED)]
    if region:
        there = _published("quality_loss_rate", region[:2])
        place = t("context.place", name=name, place=region_name(t, region[:2]))
        series.append(Series(place, there, PROVINCE, dash="dot"))
    series.append(Series(t("context.own.loss_rate"), _mine(own, "loss_rate"), OWN, own=True))
    return _chart(t, "losses", series, "percent")


def _index(t: Language, region: str) -> dict[str, Any]:
    name = "quality_competitiveness_index"
    series = [Series(t("context.nation", name=_named(t, name)), _published(name), PUBLISHED)]
    if region:
        place = t("context.place", name=_named(t, name), place=region_name(t, region[:2]))
        series.append(Series(place, _published(name, region[:2]), PROVINCE, dash="dot"))
    return _chart(t, "index", series, "index")


def _chart(t: Language, name: str, series: Sequence[Series], unit: str) -> dict[str, Any]:
    kept = [one for one in series if one.points]
    return {
        "id": f"context-{name}",
        "title": t(f"context.chart.{name}"),
        "note": t(f"context.note.{name}"),
        "legend": [{"name": one.name, "kind": _key(one)} for one in kept],
        "figure": years_chart(t, kept, unit),
    }


def _key(one: Series) -> str:
    return "own" if one.own else "place" if one.dash == "dot" else "published"


def _named(t: Language, indicator: str) -> str:
    return t(f"context.{indicator}")


class _Sources:
    """Sources in the order in which tables first name them."""

    def __init__(self, t: Language) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._t = t

    def number(self, one: Figure) -> int:
        return self._numbers.setdefault((one.source, one.url), len(self._numbers) + 1)

    @property
    def listed(self) -> list[dict[str, Any]]:
        return [
            {
                "number": number,
                "source": self._t(f"context.source.{_slug(source)}"),
                "url": url or self._t("context.no_address"),
            }
            for (source, url), number in self._numbers.items()
        ]


def _slug(source: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")


def _table(t: Language, sources: _Sources, indicator: str, by: str) -> dict[str, Any]:
    """One indicator by year; rows are areas, sizes or industries."""
    rows = [one for one in figures() if one.indicator == indicator and _belongs(one, by)]
    years = sorted({one.year for one in rows})
    names = list(dict.fromkeys(getattr(one, by) for one in rows))
    cells = {(getattr(one, by), one.year): one for one in rows}
    return {
        "title": _named(t, indicator),
        "by": t(f"context.by.{by}"),
        "unit": t(f"context.unit.{rows[0].unit}"),
        "years": [str(year) for year in years],
        "rows": [
            {
                "name": _row_name(t, by, name),
                "cells": [_cell(t, sources, cells.get((name, year))) for year in years],
            }
            for name in names
        ],
    }


def _belongs(one: Figure, by: str) -> bool:
    marks = {"industry": bool(one.industry), "size": bool(one.size)}
    return marks[by] if by in marks else not any(marks.values())


def _row_name(t: Language, by: str, name: str) -> str:
    if by == "size":
        return size_name(t, name)
    if by == "industry":
        return t(f"context.industry.{name}")
    return region_name(t, name) if name.isdigit() else t(f"context.area.{name}")


def _cell(t: Language, sources: _Sources, one: Figure | None) -> dict[str, Any]:
    if one is None:
        return {"text": t("none.dash"), "source": "", "derived": False}
    digits = 1 if one.indicator.startswith("spot_check") else 2
    return {"text": t.number(one.value, digits), "source": sources.number(one), "derived": bool(one.derived)}


def _own_table(t: Language, own: Sequence[OwnRate]) -> dict[str, Any]:
    years = sorted({one.year for one in own})
    cells = {(one.figure, one.year): one for one in own}
    return {
        "years": [str(year) for year in years],
        "rows": [
            {
                "name": t(f"context.own.{figure}"),
                "note": t(f"context.own.{figure}.note"),
                "cells": [_own_cell(t, cells.get((figure, year))) for year in years],
            }
            for figure in ("delivered_pass", "first_pass", "loss_rate")
        ],
    }


def _own_cell(t: Language, one: OwnRate | None) -> dict[str, str]:
    if one is None:
        return {"text": t("none.dash"), "note": ""}
    key = "context.own.whole" if one.months == 12 else "context.own.part"
    count, months = t.number(one.enterprises), t.number(one.months)
    return {"text": t.percent(one.value, 2), "note": t(key, count=count, months=months)}
