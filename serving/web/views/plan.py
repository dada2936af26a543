"""A kept plan in words: the goal, the ways to it, what binds, what keeps the whole grade away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.web import figures_plans
from serving.web.language import Language
from serving.web.views.actions import parameter_value
from serving.web.views.outlook import aim_name
from serving.web.views.words import Row, in_order, item_name, level_name, parameter_name, target_of

MEASURES = {"reached": "reached_by", "held": "held_for_three"}


def plan_view(t: Language, plan: Row, parameters: Mapping[str, Row], *, model_version: str) -> dict[str, Any]:
    """Return what the page of a plan shows; `model_version` is the one served now."""
    goal = plan["goal"]
    periods = [month["period"] for month in plan["before"]]
    lines = [(t("plan.alone"), _chances(plan["before"], goal))]
    names = _names(t, plan["ways"])
    lines += [(name, _chances(way["months"], goal)) for name, way in zip(names, plan["ways"], strict=True)]
    return {
        "goal": _goal(t, goal),
        "outcome": _outcome(t, plan),
        "met": plan["outcome"] in ("found", "already"),
        "figure": figures_plans.chances(t, periods, lines, goal["probability"]),
        "legend": [name for name, _ in lines],
        "ways": [
            {"name": name, **_way(t, way, parameters)} for name, way in zip(names, plan["ways"], strict=True)
        ],
        "compared": _compared(t, plan),
        "frontier": _frontier(t, plan, parameters),
        "binding": [_binding(t, row) for row in plan["binding"]],
        "caps": _caps(t, plan),
        "other": t(f"plan.other.{goal['scope']}", chance=t.chance(plan["other_scope"])),
        "rests": [t(f"plan.assume.{code}") for code in plan["assumptions"]],
        "assumed": [
            t(
                "plan.assumed",
                item=item_name(t, a["item"]),
                level=level_name(t, a["level"]),
                since=t.period(a["since"]),
            )
            for a in goal["assumed"]
        ],
        "made": _made(t, plan, model_version),
    }


def _names(t: Language, ways: Sequence[Row]) -> list[str]:
    """Return the ways' names; a single one need not be told from another."""
    return [t(f"plan.way.{way['name']}") for way in ways] if len(ways) > 1 else [t("plan.way.only")]


def _assumed(t: Language, one: Row) -> str:
    level, since = level_name(t, one["level"]), t.period(one["since"])
    return t("plan.assumed", item=item_name(t, one["item"]), level=level, since=since)


def _chances(months: Sequence[Row], goal: Row) -> list[float]:
    return [float(month[MEASURES[goal["measure"]]][str(goal["level"])]) for month in months]


def _goal(t: Language, goal: Row) -> str:
    said = t(
        f"plan.goal.{goal['measure']}",
        level=aim_name(t, goal["level"]),
        scope=t(f"plan.scope.{goal['scope']}"),
        by=t.period(goal["by"]),
        chance=t.percent(goal["probability"], 0),
    )
    more = []
    if goal["budget"] is not None:
        more.append(t("plan.goal.budget", amount=t.money(goal["budget"])))
    if goal["at_once"] is not None:
        more.append(t("plan.goal.at_once", count=goal["at_once"]))
    return " ".join([said, *more])


def _outcome(t: Language, plan: Row) -> str:
    way = plan["ways"][0]
    idle = plan["outcome"] == "short" and not way["steps"]
    return t(
        "plan.outcome.idle" if idle else f"plan.outcome.{plan['outcome']}",
        count=len(way["steps"]),
        chance=t.chance(way["probability"]),
        alone=t.chance(plan["before_probability"]),
        cost=t.money(way["cost"]),
    )


def _way(t: Language, way: Row, parameters: Mapping[str, Row]) -> dict[str, Any]:
    about = ""
    if way["name"] == "stepwise":
        about = t(
            "plan.way.first",
            level=level_name(t, way["first_level"]),
            by=t.period(way["first_by"]),
            chance=t.chance(way["first_probability"]),
        )
    return {
        "about": about,
        "steps": [_step(t, step, parameters) for step in way["steps"]],
        "none": t("plan.way.nothing"),
    }


def _step(t: Language, step: Row, parameters: Mapping[str, Row]) -> dict[str, str]:
    cost = t.money(step["cost"]) if step["cost_known"] else t("plan.cost.unknown")
    return {
        "title": parameter_name(step["parameter_id"], parameters, step["parameter_name"]),
        "from": parameter_value(t, step["from"], step, parameters),
        "to": parameter_value(t, step["to"], step, parameters),
        "start": t.period(step["start"]),
        "in_force": t.period(step["in_force"]) if step["in_force"] else t("plan.later"),
        "cost": cost,
    }


def _compared(t: Language, plan: Row) -> list[dict[str, Any]]:
    """Return rows of the table that puts leaving alone and the ways side by side."""
    ways = plan["ways"]
    dash = t("none.dash")
    rows = [
        ("probability", [t.chance(plan["before_probability"]), *(t.chance(w["probability"]) for w in ways)]),
        ("cost", [dash, *(t.money(w["cost"]) for w in ways)]),
        ("spent", [dash, *(t.money(w["spent"]) for w in ways)]),
        ("benefit", [dash, *(dash if w["benefit"] is None else t.money(w["benefit"]) for w in ways)]),
    ]
    return [{"name": t(f"plan.compare.{name}"), "values": values} for name, values in rows]


def _frontier(t: Language, plan: Row, parameters: Mapping[str, Row]) -> dict[str, Any] | None:
    points = plan["frontier"]
    if len(points) < 2:
        return None
    rows = [
        {
            "cost": t.money(point["cost"]),
            "chance": t.chance(point["probability"]),
            "actions": t.listing([parameter_name(p, parameters) for p in point["parameter_ids"]])
            or t("plan.alone"),
        }
        for point in points
    ]
    return {"figure": figures_plans.frontier(t, points, plan["goal"]["probability"]), "rows": rows}


def _binding(t: Language, row: Row) -> dict[str, str]:
    target = target_of(row["indicator"]) or row["indicator"]
    value = t("none.dash") if row["value"] is None else t.target(target, row["value"])
    gap = t("none.dash") if row["gap"] is None else t.signed(target, _signed(row))
    return {
        "name": item_name(t, row["indicator"]),
        "supports": t.chance(row["supports"]),
        "before": t.chance(row["before"]),
        "value": value,
        "needs": f"{row['operator'].replace('>=', '≥').replace('<=', '≤')} {t.target(target, row['needs'])}",
        "gap": gap,
        "note": "" if row["moved"] else t("plan.not_moved"),
    }


def _signed(row: Row) -> float:
    """What is missing, as a change: a rate must fall, a yield must rise."""
    return -float(row["gap"]) if row["operator"].startswith("<") else float(row["gap"])


def _caps(t: Language, plan: Row) -> list[str]:
    caps = {cap["item"]: cap for cap in plan["caps"]}
    return [_cap(t, caps[item]) for item in in_order(caps)]


def _cap(t: Language, cap: Row) -> str:
    values = {"item": item_name(t, cap["item"]), "needs": level_name(t, cap["needs"])}
    if cap["now"] is None:
        return t("plan.cap.unknown", **values)
    return t("plan.cap", now=level_name(t, cap["now"]), **values)


def _made(t: Language, plan: Row, model_version: str) -> str:
    made = t("plan.made", day=t.period((plan["made_at"] or "")[:10]), as_of=t.period(plan["as_of"]))
    return made if plan["model_version"] == model_version else f"{made} {t('plan.stale')}"
