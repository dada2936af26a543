"""Judges plans by really carrying them out: in simulated provinces whose causes are known.

    .venv/bin/python tests/benchmarks/judge_plans.py 981 982 983

Every plant of a world gets a plan for the next level of its performance dimension, twelve months ahead,
with probability 0.8, as `zhuoyue plan reach` makes it: a forecaster trained on the months so far, the effect
model's trustworthy actions, the search. Then the months come: once with all levers of the plan held, once
with the plant left alone, under the same draws (suppliers as without any plan), several futures each. What
came is the official level of every month, by the real rules from the records. Promised probabilities are
held against how often it happened. Seeds 21–24 are for tuning; 981–983 for the report, once.
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.model_table import build_model_table
from features.periods import to_label
from features.simulator import World
from features.simulator.counterfactual import standard
from features.simulator.engine import Setting
from features.simulator.history import imagine
from features.simulator.levers import SLOTS
from features.simulator.noise import draw_noise
from features.tables import FrameTables
from models.attainment import fit_levels
from models.attainment.learning import performance
from models.attainment.official import states_at
from models.effects import fit_effects, readings_per_period
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.plans import Goal, Grounds, PlanRow, grounds_of, reach
from models.recommend import advise
from models.recommend.advice import TARGETS
from models.rules_numpy import ArrayRules

AHEAD, WANTED, HELD = 12, 0.8, 3
RULES = ArrayRules()
Levels = dict[str, list[int]]
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def main() -> None:
    """Judge the worlds asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seeds", type=int, nargs="+")
    asked.add_argument("--family", default="additive")
    asked.add_argument("--plants", type=int, default=60)
    asked.add_argument("--months", type=int, default=72)
    asked.add_argument("--futures", type=int, default=4)
    given = asked.parse_args()
    worlds = []
    for seed in given.seeds:
        began = time.perf_counter()
        world = World(seed, given.plants, given.months + AHEAD, family=given.family)
        worlds.append(judged(world, given.months, given.futures).assign(seed=seed))
        print(f"world {seed}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    report(pd.concat(worlds, ignore_index=True))


def judged(world: World, months: int, futures: int) -> pd.DataFrame:
    """One row per plant and future: what its plan promised and what came, with it and without."""
    found = learned(world, months)
    plans = [
        plan
        for name in found.chosen_by.sample.enterprise_ids
        if (plan := _planned(found, name, months, world))
    ]
    rows = []
    for future in range(futures):
        alone = came(world, months, future, [])
        acted = came(world, months, future, plans)
        rows += [_row(plan, future, alone, acted) for plan in plans if plan.goal.enterprise_id in alone]
    return pd.DataFrame(rows)


def learned(world: World, months: int) -> Grounds:
    """Everything that could be known after so many months."""
    tables = FrameTables(world.tables())
    table = build_model_table(tables, world.period(months - 1))
    fitted = fit(table, Settings(refits=3))
    model = replace(fitted.model, levels=fit_levels(tables, table, fitted))
    effects = fit_effects(table, readings_per_period(tables), targets=TARGETS)
    names = sorted(set(table.frame["enterprise_id"]))
    return grounds_of(tables, model, table, effects, advise(table, effects, names, 99), names)


def _planned(found: Grounds, name: str, months: int, world: World) -> PlanRow | None:
    """A plan for the next level; none at the top, or without complete records of the last month."""
    row = found.row(name)
    if int(found.chosen_by.sample.origin[row]) != world.first + months - 1:
        return None
    now = performance(RULES, found.state(name))
    if now == 5:
        return None
    by = to_label(world.first + months - 1 + AHEAD, "month")
    return reach(found, Goal(enterprise_id=name, level=now + 1, by=by, probability=WANTED))


def came(world: World, months: int, future: int, plans: Iterable[PlanRow]) -> Levels:
    """Official performance levels of the twelve months after `months`, by plant, if the plans are done."""
    held = np.zeros((1, world.plants.count, SLOTS), dtype=bool)
    value = np.zeros((1, world.plants.count, SLOTS))
    for plan in plans:
        plant = world.plant(plan.goal.enterprise_id)
        for step in plan.ways[0].steps:
            slot, z = standard(world, plant, step.parameter_id, step.to)
            held[0, plant, slot], value[0, plant, slot] = True, z
    noise = draw_noise(world.seed, f"plan future {future}", AHEAD, 1, world.plants.count)
    before = world.history
    plain, _ = imagine(world.engine, before.states[months - 1], noise, None)
    course, _ = imagine(
        world.engine, before.states[months - 1], noise, Setting(held, value, months), like=plain
    )
    lived = copy.copy(world)
    lived.__dict__["history"] = replace(before, months=(*before.months[:months], *course.months))
    tables = FrameTables(lived.tables())
    by_plant: dict[str, list[int]] = {}
    for month in range(world.first + months, world.first + months + AHEAD):
        for name, state in states_at(tables, world.enterprises, month).items():
            by_plant.setdefault(name, []).append(performance(RULES, state))
    return {name: levels for name, levels in by_plant.items() if len(levels) == AHEAD}


def _row(
    plan: PlanRow, future: int, alone: dict[str, list[int]], acted: dict[str, list[int]]
) -> dict[str, object]:
    level, name, way = plan.goal.level, plan.goal.enterprise_id, plan.ways[0]
    last, before = way.months[-1], plan.before[-1]
    at_least = [sum(p for k, p in m.probabilities.items() if int(k) >= level) for m in (before, last)]
    return {
        "enterprise": name,
        "future": future,
        "outcome": plan.outcome,
        "steps": len(way.steps),
        "promised reached": last.reached_by[str(level)],
        "alone reached": before.reached_by[str(level)],
        "promised held": last.held_for_three[str(level)],
        "alone held": before.held_for_three[str(level)],
        "promised month": at_least[1],
        "alone month": at_least[0],
        "came reached": max(acted[name]) >= level,
        "came alone reached": max(alone[name]) >= level,
        "came held": _held(acted[name], level),
        "came alone held": _held(alone[name], level),
        "came month": acted[name][-1] >= level,
        "came alone month": alone[name][-1] >= level,
    }


def _held(levels: list[int], level: int) -> bool:
    return any(min(levels[h : h + HELD]) >= level for h in range(len(levels) - HELD + 1))


def report(rows: pd.DataFrame) -> None:
    """Print promised against realised."""
    some = rows["steps"] > 0
    print(f"{len(rows)} plant futures, {int(some.sum())} of them with at least one action")
    print(rows.groupby("outcome").size().to_string())
    groups = {"all": rows, "with actions": rows[some], "found": rows[rows["outcome"] == "found"]}
    told = [
        _told(own, group, measure)
        for group, own in groups.items()
        for measure in ("month", "reached", "held")
    ]
    print(pd.DataFrame(told).round(3).to_string(index=False))
    bins = pd.cut(rows.loc[some, "promised reached"], BINS, include_lowest=True)
    table = rows[some].groupby(bins, observed=True)
    named = {"promised": ("promised reached", "mean"), "came": ("came reached", "mean")}
    print(table.agg(n=("came reached", "size"), **named).round(3).to_string())


def _told(own: pd.DataFrame, group: str, measure: str) -> dict[str, object]:
    columns = ("promised", "came", "alone", "came alone")
    p, q, a, b = (own[f"{name} {measure}"].astype(float) for name in columns)
    return {
        "plans": group,
        "measure": measure,
        "promised": p.mean(),
        "came": q.mean(),
        "alone promised": a.mean(),
        "alone came": b.mean(),
        "gain promised": (p - a).mean(),
        "gain came": (q - b).mean(),
        "Brier": ((p - q) ** 2).mean(),
        "Brier of the mean": q.mean() * (1 - q.mean()),
    }


if __name__ == "__main__":
    main()
