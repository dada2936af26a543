"""The page of comparisons in words: groups, an enterprise's place, what leaders do otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.portfolio.benchmarks import QUANTILES, Benchmark
from serving.web.comparing.asked import PATH, ComparisonQuery
from serving.web.comparing.schemas import PracticeComparison, PracticeDifference
from serving.web.comparing.words import practice_name, practice_value, verdict_text
from serving.web.language import Language
from serving.web.planner.desk import Desk
from serving.web.planner.places import industry_name, region_name, size_name
from serving.web.planner.schemas import BenchmarkStanding
from serving.web.scales import INDICATORS
from serving.web.views.words import item_name, target_of

MOST_GROUPS = 60
OFFERED = 200
"""Enterprises that the field suggests."""
REACH = 4.0
"""Robust units to either side that the small drawings show."""
SIZES = ("large", "medium", "small", "micro")


def choices(t: Language, desk: Desk, wished: ComparisonQuery) -> list[dict[str, Any]]:
    """Return the selects of the filter: only what occurs among those whom the asker sees."""
    seen, portfolio = desk.seen, desk.portfolio
    codes = portfolio.text("region_code")[seen]
    places = sorted({*_found(codes.astype("<U2")), *_found(codes.astype("<U4"))})
    sizes = [size for size in SIZES if size in _found(portfolio.text("size")[seen])]
    divisions = _found(portfolio.divisions[seen])
    return [
        _choice(t, "indicator", INDICATORS, wished.indicator, lambda one: item_name(t, one), every=False),
        _choice(t, "division", divisions, wished.division, lambda code: industry_name(t, code)),
        _choice(t, "size", sizes, wished.size, lambda size: size_name(t, size)),
        _choice(
            t, "region", [p for p in places if len(p) in {2, 4}], wished.region, lambda c: region_name(t, c)
        ),
    ]


def offered(desk: Desk) -> list[dict[str, str]]:
    """Return some enterprises that the field for one suggests."""
    rows = np.flatnonzero(desk.seen)[:OFFERED]
    ids, names = desk.portfolio.enterprise_ids, desk.portfolio.text("name")
    return [{"id": str(ids[row]), "name": str(names[row])} for row in rows]


def _found(values: Any) -> list[str]:  # noqa: ANN401 - an array of text
    return [str(value) for value in np.unique(values) if value]


def _choice(
    t: Language,
    name: str,
    values: Sequence[str],
    chosen: str,
    named: Any,  # noqa: ANN401
    *,
    every: bool = True,
) -> dict[str, Any]:
    known = [*values, chosen] if chosen and chosen not in values else list(values)
    options = [{"value": "", "name": t(f"comparing.{name}.all"), "chosen": not chosen}] if every else []
    options += [{"value": value, "name": named(value), "chosen": value == chosen} for value in known]
    return {"name": name, "label": t(f"comparing.filter.{name}"), "options": options}


def groups_view(
    t: Language, found: Sequence[Benchmark], wished: ComparisonQuery, own: BenchmarkStanding | None
) -> dict[str, Any]:
    """Return quantiles, one row per group, with a small drawing on one common scale."""
    wider = {(one.division, one.size, one.region): one.members for one in found}
    rows = [one for one in found if wished.division or not (one.size or one.region)]
    rows = [one for one in rows if not _same_as_around(one, wider)]
    same = sum(one.alike for one in rows)
    rows = [one for one in rows if not one.alike][:MOST_GROUPS]
    target = target_of(wished.indicator) or wished.indicator
    ends = [value for one in rows for value in one.quantiles] + ([own.value] if own else [])
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)

    def at(value: float) -> float:
        return round(3 + 94 * (value - low) / ((high - low) or 1.0), 2)

    return {
        "quantiles": [t.percent(q, 0) for q in QUANTILES],
        "rows": [
            {
                "industry": industry_name(t, one.division),
                "size": size_name(t, one.size) if one.size else "",
                "region": region_name(t, one.region) if one.region else "",
                "url": wished.url(division=one.division, size=one.size, region=one.region),
                "count": t.number(one.members),
                "values": [t.target(target, value) for value in one.quantiles],
                "strip": [at(value) for value in one.quantiles],
            }
            for one in rows
        ],
        "own": at(own.value) if own else None,
        "alike": t("board.benchmarks.alike", count=t.number(same)) if same else "",
    }


def _same_as_around(one: Benchmark, members: Mapping[tuple[str, str, str], int]) -> bool:
    """Say whether a region holds nobody else than the group around it: then it is not worth a row."""
    around = [one.region[:cut] for cut in (0, 2) if cut < len(one.region)]
    return any(members.get((one.division, one.size, place)) == one.members for place in around)


def standings_view(t: Language, found: Sequence[BenchmarkStanding]) -> list[dict[str, Any]]:
    """Return an enterprise's place by indicator."""
    return [
        {
            "name": item_name(t, one.indicator),
            "value": t.target(target_of(one.indicator) or one.indicator, one.value),
            "share": one.better_than,
            "better": t.chance(one.better_than),
            "group": t.listing(_group(t, one.division, one.size, one.region)),
            "count": t.number(one.enterprises),
        }
        for one in found
    ]


def _group(t: Language, division: str, size: str, region: str) -> list[str]:
    named = [industry_name(t, division)] + ([size_name(t, size)] if size else [])
    return named + ([region_name(t, region)] if region else [])


def practices_view(
    t: Language, found: PracticeComparison, parameters: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what leaders do otherwise, and the sentence that names the practice that differs most."""
    rows = [_practice(t, one, parameters) for one in found.items]
    own = [row for row in rows if row["apart"]]
    return {
        "group": _whom(t, found),
        "most": _most(t, own[0]) if own else t("practice.most.none"),
        "leaders": own,
        "rest": [row for row in rows if not row["apart"]],
    }


def _most(t: Language, row: Mapping[str, Any]) -> str:
    """The sentence about the practice that differs most, with the effect model's word where it has one."""
    values = {"name": row["name"], "own": row["own"], "leaders": row["leaders"]}
    if not row["lever"]:
        return t("practice.most", **values)
    return t("practice.most.lever", **values, verdict=row["verdict"])


def _whom(t: Language, found: PracticeComparison) -> str:
    if found.group is None:
        return ""
    name = _group(t, found.group.division, found.group.size, "")
    key = "practice.group" if found.group.division else "practice.group.mixed"
    counts = {"count": t.number(found.group.enterprises), "leaders": t.number(found.group.leaders)}
    return t(key, group=t.listing(name), **counts)


def _practice(
    t: Language, one: PracticeDifference, parameters: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "name": practice_name(t, one, parameters),
        "apart": one.apart,
        "own": practice_value(t, one, one.own, parameters),
        "leaders": practice_value(t, one, one.leaders, parameters),
        "others": practice_value(t, one, one.others, parameters),
        "leading": t.number(one.leading),
        "difference": t(
            "practice.units",
            value=_signed(t, one.difference),
            low=_signed(t, one.low),
            high=_signed(t, one.high),
        ),
        "strip": {"low": _at(one.low), "high": _at(one.high), "mid": _at(one.difference)},
        "verdict": verdict_text(t, one),
        "lever": one.effect is not None,
        "sure": one.effect is not None and one.effect.verdict in {"fewer", "more"},
    }


def _signed(t: Language, value: float) -> str:
    return ("+" if value > 0 else "") + t.number(round(value, 6), 1)


def _at(value: float) -> float:
    return round(50 + 48 * max(-REACH, min(REACH, value)) / REACH, 2)


__all__ = ["PATH", "choices", "groups_view", "offered", "practices_view", "standings_view"]
