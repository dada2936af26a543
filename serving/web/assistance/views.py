"""Where help works in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.assistance.rows import Assistance, Choice, Helped
from serving.web.assistance.asked import PATH, AssistanceQuery
from serving.web.assistance.figures import frontier
from serving.web.assistance.list_views import actions_view, enterprise_view
from serving.web.language import Language
from serving.web.planner.targets import Wanted
from serving.web.scales import LEVELS
from serving.web.views.words import item_name, level_name

STEPS = LEVELS[1:]


def form_view(
    t: Language, targets: Sequence[Wanted], found: Assistance, wished: AssistanceQuery
) -> dict[str, Any]:
    """Return the choices of the form: targets that lie ahead, levels, and what was asked."""
    ahead = [one.target for one in targets if one.target.level and one.target.by > found.as_of]
    return {
        "targets": [{"value": "", "name": t("assistance.target.own"), "chosen": not wished.target}]
        + [{"value": one.id, "name": _target(t, one), "chosen": one.id == wished.target} for one in ahead],
        "levels": [
            {"value": level, "name": level_name(t, level), "chosen": level == found.level} for level in STEPS
        ],
        "by": found.by,
        "count": found.wanted,
        "percent": wished.percent,
        "budget": "" if wished.budget is None else f"{wished.budget:.0f}",
        "most": "" if wished.most is None else wished.most,
        "help_region": wished.help_region,
        "fixed": bool(wished.target),
    }


def _target(t: Language, target: Any) -> str:  # noqa: ANN401 - a Target
    about = target.name or t(f"board.source.{target.source}")
    level = level_name(t, target.level)
    return t(
        "assistance.target.line",
        level=level,
        by=t.period(target.by),
        count=t.number(target.count),
        about=about,
    )


def answer_view(t: Language, found: Assistance) -> dict[str, Any]:
    """Return what the answer says, in sentences and tables."""
    return {
        "title": t("assistance.title.answer", level=level_name(t, found.level), by=t.period(found.by)),
        "lines": _lines(t, found),
        "facts": _facts(t, found),
        "helped": [_helped(t, one) for one in found.best.helped],
        "robust": _robust(t, found),
        "cap": _cap(t, found),
        "frontier": _frontier(t, found),
        "outcome": found.outcome,
    }


def _lines(t: Language, found: Assistance) -> list[str]:
    best = found.best
    values = {
        "wanted": t.number(found.wanted),
        "level": level_name(t, found.level),
        "by": t.period(found.by),
        "achieved": t.number(found.achieved),
        "open": t.number(found.open),
        "options": t.number(found.with_options),
        "before": t.chance(found.before),
        "expected": _between(t, found.expected, found.low, found.high),
        "percent": t.percent(found.probability, 0),
        "count": t.number(best.enterprises),
        "cost": t.money(best.cost),
        "after": t.chance(best.probability),
        "then": _between(t, best.expected, best.low, best.high),
        "weak": t.chance(best.weak),
        "most": t.chance(found.everything.probability),
        "most_then": _between(t, found.everything.expected, found.everything.low, found.everything.high),
        "most_cost": t.money(found.everything.cost),
        "last": t.period(found.counted_to),
    }
    useless = found.outcome == "short" and not found.everything.enterprises
    said = "nothing" if useless else found.outcome
    lines = [t("assistance.line.before", **values), t(f"assistance.line.{said}", **values)]
    if found.outcome in ("found", "short") and best.enterprises:
        lines.append(t("assistance.line.weak", **values))
    if found.outcome == "short" and not useless:
        lines.append(t("assistance.line.most", **values))
    if found.counted_to < found.by:
        lines.append(t("assistance.line.beyond", **values))
    if not best.cost_known:
        lines.append(t("assistance.line.cost_unknown"))
    return lines


def _between(t: Language, expected: float, low: int, high: int) -> str:
    return t("board.between", count=t.number(expected, 1), low=t.number(low), high=t.number(high))


def _facts(t: Language, found: Assistance) -> list[dict[str, str]]:
    """Return what the last yuan is worth, and how much cheaper a choice could be at best."""
    best, price = found.best, found.price
    facts = []
    if price is not None:
        one = t("assistance.price.none") if price.of_one is None else t.money(price.of_one)
        facts.append({"name": t("assistance.price.one", budget=t.money(price.budget)), "value": one})
        more = t("unit.points", value=t.number(price.per_million * 100, 1))
        facts.append({"name": t("assistance.price.million"), "value": f"+{more}"})
    if best.benefit is not None and best.enterprises:
        facts.append({"name": t("assistance.benefit"), "value": t.money(best.benefit)})
    if found.outcome == "found" and best.enterprises:
        proven = t("assistance.bound.proven") if best.proven else _bound(t, best)
        facts.append({"name": t("assistance.bound"), "value": proven})
    return facts


def _bound(t: Language, best: Choice) -> str:
    if best.bound is None or best.cost <= 0:
        return t("assistance.bound.none")
    return t("assistance.bound.gap", bound=t.money(best.bound), gap=t.percent(1 - best.bound / best.cost, 0))


def _helped(t: Language, one: Helped) -> dict[str, Any]:
    return enterprise_view(one) | {
        "before": t.chance(one.before),
        "after": t.chance(one.after),
        "weak": t.chance(one.weak),
        "gain": one.after - one.before,
        "cost": t.money(one.cost)
        if one.cost_known
        else t("assistance.cost.at_least", cost=t.money(one.cost)),
        "benefit": t("none.dash") if one.benefit is None else t.money(one.benefit),
        "in_force": t.period(one.in_force),
        "actions": actions_view(t, one.actions, one.action_count),
    }


def _robust(t: Language, found: Assistance) -> dict[str, Any] | None:
    robust = found.robust
    if robust is None:
        held = found.best.meets and found.best.weak >= found.probability
        return {"text": t("assistance.robust.same"), "names": []} if held and found.best.enterprises else None
    text = t(
        "assistance.robust.text",
        cost=t.money(robust.cost),
        more=t.money(robust.cost - found.best.cost),
        count=t.number(robust.enterprises),
        weak=t.chance(robust.weak),
        percent=t.percent(found.probability, 0),
    )
    return {"text": text, "names": [enterprise_view(one) for one in robust.helped]}


def _cap(t: Language, found: Assistance) -> dict[str, Any] | None:
    cap = found.cap
    if not cap.enterprises:
        return None
    values = {"count": t.number(cap.enterprises), "open": t.number(found.open), "one": t.number(cap.one_item)}
    return {
        "text": t("assistance.cap.text", level=level_name(t, found.level), **values),
        "items": [
            {
                "name": item_name(t, one.item),
                "count": t.number(one.enterprises),
                "share": one.enterprises / found.open,
            }
            for one in cap.items
        ],
    }


def _frontier(t: Language, found: Assistance) -> dict[str, Any] | None:
    if len(found.frontier) < 2:
        return None
    rows = [
        {
            "cost": t.money(point.cost),
            "count": t.number(point.enterprises),
            "probability": t.chance(point.probability),
            "weak": t.chance(point.weak),
            "expected": t.number(point.expected, 1),
        }
        for point in found.frontier
    ]
    last = rows[-1]
    label = t("assistance.frontier.label", cost=last["cost"], probability=last["probability"])
    return {"figure": frontier(t, found), "rows": rows, "label": label}


def readings(t: Language, wished: AssistanceQuery) -> list[dict[str, Any]]:
    """Return the two readings of a level as tabs."""
    return [
        {
            "name": t(f"board.basis.{basis}"),
            "url": wished.url(PATH, basis=basis, count=wished.count if wished.target else None),
            "here": basis == wished.basis,
        }
        for basis in ("performance", "grade")
    ]
