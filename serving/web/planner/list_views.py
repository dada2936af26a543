"""Lists of the board in words: targets, who is nearest, who may slip, benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from models.portfolio.benchmarks import QUANTILES, Benchmark
from serving.web.language import Language
from serving.web.planner.asked import BoardQuery
from serving.web.planner.figures import FAR, burn_up
from serving.web.planner.places import industry_name, region_name, size_name
from serving.web.planner.schemas import Attainment, TargetProgress
from serving.web.planner.views import PATH
from serving.web.scales import INDICATORS
from serving.web.views.words import item_name, item_names, level_name, target_of

MOST_ITEMS = 3
LEVEL_NUMBERS = {"experience": 1, "inspection": 2, "assurance": 3, "prevention": 4, "excellence": 5}


def targets_view(
    t: Language, targets: Sequence[TargetProgress], wished: BoardQuery, mine: set[str]
) -> dict[str, Any]:
    """Return the targets that come first: local ones, else the document's that are open; and the rest."""
    local = [own for own in targets if own.source != "document"]
    first = local or [own for own in targets if not own.decided] or targets
    national = [own for own in targets if own not in first]

    def rows(some: Sequence[TargetProgress]) -> list[dict[str, Any]]:
        return [target_row(t, own, wished, mine=own.id in mine) for own in some]

    return {
        "first": rows(first),
        "national": rows(national),
        "national_here": any(own.id == wished.target for own in national),
    }


def target_row(t: Language, found: TargetProgress, wished: BoardQuery, *, mine: bool) -> dict[str, Any]:
    """Return one target in a list."""
    return {
        "id": found.id,
        "version": found.version,
        "name": target_name(t, found),
        "group": group_name(t, found),
        "source": t(f"board.source.{found.source}"),
        "wanted": t.number(found.count),
        "by": t.period(found.by),
        "achieved": t.number(found.achieved),
        "expected": "" if found.decided or found.level_id == "standard" else _expected(t, found),
        "chance": chance(t, found),
        "probability": found.probability,
        "url": wished.url(PATH, target=found.id) + "#targets",
        "here": found.id == wished.target,
        "mine": mine,
    }


def target_name(t: Language, found: TargetProgress) -> str:
    """Return which level is wanted."""
    if found.level_id == "standard":
        return t("board.target.standard")
    return level_name(t, LEVEL_NUMBERS[found.level_id])


def group_name(t: Language, found: TargetProgress) -> str:
    """Return whom a target is about: its own name, and its group."""
    parts = [found.name] if found.name else []
    parts += [region_name(t, found.region)] if found.region else []
    parts += [industry_name(t, found.industry)] if found.industry else []
    parts += [size_name(t, found.size)] if found.size else []
    parts += [found.chain] if found.chain else []
    return t.listing(parts) if parts else t("board.target.everywhere")


def _expected(t: Language, found: TargetProgress) -> str:
    return t(
        "board.between", count=t.number(found.expected, 1), low=t.number(found.low), high=t.number(found.high)
    )


def chance(t: Language, found: TargetProgress) -> str:
    """Return the probability of a target in words: met, missed, a bound, or a probability."""
    if found.decided:
        return t("board.met") if found.achieved >= found.count or found.probability else t("board.missed")
    if found.achieved >= found.count:
        return t("board.met")
    if found.probability is None:
        return t("none.dash")
    text = t.chance(found.probability)
    if not found.beyond:
        return text
    return t("board.at_least", chance=text) if found.probability >= 0.01 else t("board.open")


def curve_view(t: Language, found: TargetProgress, ahead_months: int) -> dict[str, Any]:
    """Return the burn-up of one target, so many months ahead, with what it says in sentences."""
    last = found.months[-1].month
    values = {
        "level": target_name(t, found),
        "by": t.period(found.by),
        "last": t.period(last),
        "count": t.number(found.count),
        "achieved": t.number(found.achieved),
        "shortfall": t.number(found.shortfall),
        "expected": _expected(t, found),
        "chance": chance(t, found),
        "baseline": t.period(found.baseline),
        "unknown": t.number(found.unknown),
        "there": t.number(found.unknown_there),
        "unforecast": t.number(found.without_forecast),
        "sure": t.number(found.sure),
    }
    lines = [t("board.curve.so_far", **values)]
    if not found.decided and found.probability is not None:
        kind = "ahead" if not found.beyond else "beyond" if found.probability >= 0.01 else "open"
        lines.append(t(f"board.curve.{kind}", **values))
        lines.append(t("board.curve.sure", **values))
    if found.level_id == "standard" and not found.decided:
        lines.append(t("board.curve.standard"))
    if found.unknown:
        lines.append(t("board.curve.unknown", **values))
    if found.without_forecast:
        lines.append(t("board.curve.unforecast", **values))
    if found.count > FAR * max([month.high for month in found.months] + [1]):
        lines.append(t("board.curve.far", **values))
    if found.source == "document":
        lines.append(t("board.curve.nationwide"))
    past = sum(not month.forecast for month in found.months)
    drawn = found.model_copy(update={"months": found.months[: past + ahead_months]})
    ahead = [
        {
            "month": t.period(m.month),
            "count": t.number(m.count, 1),
            "low": t.number(m.low),
            "high": t.number(m.high),
        }
        for m in drawn.months
        if m.forecast
    ]
    return {
        "title": t("board.curve.title", name=target_name(t, found), group=group_name(t, found)),
        "figure": burn_up(t, drawn),
        "lines": lines,
        "label": " ".join(lines),
        "months": ahead,
        "help_url": "" if found.decided or found.level_id == "standard" else _help_url(found),
    }


def _help_url(found: TargetProgress) -> str:
    return f"/board/assistance?target={quote(found.id, safe='')}"


def near_row(t: Language, found: Attainment) -> dict[str, Any]:
    """Return an enterprise that may rise: its chance of the next level, and what binds it today."""
    more = len(found.blocking) - MOST_ITEMS
    return _enterprise(found) | {
        "next": level_name(t, found.next_level),
        "next_level": found.next_level,
        "chance": t.chance(found.chance or 0.0),
        "probability": found.chance or 0.0,
        "blocking": item_names(t, found.blocking, MOST_ITEMS),
        "more": t("board.more", count=more) if more > 0 else "",
        "only": len(found.blocking) == 1,
        "drifts": not found.blocking,
        "was_there": found.was_there,
    }


def fall_row(t: Language, found: Attainment) -> dict[str, Any]:
    """Return an enterprise that may slip: the chance that its window then stands lower."""
    return _enterprise(found) | {
        "chances": [t.chance(found.fall[ahead]) for ahead in ("3", "6", "12")],
        "probability": found.fall["6"],
    }


def _enterprise(found: Attainment) -> dict[str, Any]:
    return {
        "id": found.enterprise_id,
        "name": found.name or found.enterprise_id,
        "url": f"/enterprises/{quote(found.enterprise_id, safe='')}",
        "level": found.level,
        "status": found.status or "incomplete",
    }


def benchmark_view(
    t: Language, groups: Sequence[Benchmark], indicator: str, wished: BoardQuery
) -> dict[str, Any]:
    """Return the quantiles of an indicator, one row per group."""
    target = target_of(indicator) or indicator
    same = sum(own.alike for own in groups)
    return {
        "tabs": [
            {
                "name": item_name(t, name),
                "url": wished.url(PATH, indicator=name) + "#benchmarks",
                "here": name == indicator,
            }
            for name in INDICATORS
        ],
        "alike": t("board.benchmarks.alike", count=t.number(same)) if same else "",
        "quantiles": [t.percent(q, 0) for q in QUANTILES],
        "rows": [
            {
                "industry": industry_name(t, own.division),
                "size": size_name(t, own.size),
                "whole": not own.size,
                "count": t.number(own.members),
                "values": [t.target(target, value) for value in own.quantiles],
            }
            for own in groups
            if not own.alike
        ],
    }
