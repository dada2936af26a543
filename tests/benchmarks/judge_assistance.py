"""Judges where help works by really helping: in simulated provinces whose causes are known.

    .venv/bin/python tests/benchmarks/judge_assistance.py 1301 1302 1303

Every plant's options are tried on joint paths as at a publication. For a level, the wanted count lies half
way between what is expected without help and the most that help can bring; the cheapest choice with
probability 0.8 is made (`models.assistance.choosing`), and for the same budget three that need no model of
effects: the plants nearest to the level first, the cheapest help first, and at random, each with all that is
recommended there. Then the months come, several futures each, under the same draws: with every choice's
levers held, and with nothing done. What came is the official performance level of every month, by the real
rules from the records. Nothing here is tuned; seeds 51 to 59 are for trying it out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.simulator import World
from models.assistance import choosing
from models.assistance.keeping import MOST_ACTIONS, WEAK, _Tried
from models.assistance.problem import Chosen, Limits, Problem
from models.attainment.learning import performance
from models.attainment.levels import path_levels
from models.attainment.start import parts
from models.plans import Grounds
from models.plans.actions import Action
from models.plans.trial import Trial
from models.portfolio.paths import kept_firsts
from models.rules_numpy import ArrayRules
from tests.benchmarks.judge_plans import came, learned

AHEAD, WANTED, SECONDS = 12, 0.8, 20.0
RULES = ArrayRules()


@dataclass(frozen=True)
class Step:
    """What `came` asks of a plan's step."""

    parameter_id: str
    to: float


@dataclass(frozen=True)
class Act:
    """A plant's actions in the form that `came` carries out."""

    enterprise_id: str
    steps: tuple[Step, ...]

    @property
    def goal(self) -> Act:
        return self

    @property
    def ways(self) -> tuple[Act]:
        return (self,)


@dataclass(frozen=True)
class Helpable:
    """A world's options: problem by level, and what each option is."""

    names: tuple[str, ...]
    now: np.ndarray
    alone: np.ndarray
    helped: dict[str, np.ndarray]
    who: np.ndarray
    acts: list[tuple[Action, ...]]

    def problem(self, level: int, wanted: int, end: str = "likely") -> Problem:
        """Newly at the level within twelve months."""
        below, step = self.now < level, level - 2
        there = self.alone[step] <= AHEAD
        mine = np.flatnonzero(below[self.who])
        gains = (self.helped[end][step][mine] <= AHEAD).astype(np.int8) - there[self.who[mine]]
        cost = np.array([sum(action.cost for action in self.acts[o]) for o in mine])
        return Problem(there[below].sum(axis=0), gains.astype(np.int8), cost, self.who[mine], wanted)

    def options(self, level: int) -> np.ndarray:
        """Positions of the problem's options."""
        return np.flatnonzero((self.now < level)[self.who])


def main() -> None:
    """Judge the worlds asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seeds", type=int, nargs="+")
    asked.add_argument("--plants", type=int, default=60)
    asked.add_argument("--months", type=int, default=72)
    asked.add_argument("--futures", type=int, default=4)
    given = asked.parse_args()
    rows = []
    for seed in given.seeds:
        began = time.process_time()
        world = World(seed, given.plants, given.months + AHEAD)
        rows += judged(world, given.months, given.futures, seed)
        print(f"world {seed}: {time.process_time() - began:.0f} CPU s", file=sys.stderr, flush=True)
        report(pd.DataFrame(rows))


def judged(world: World, months: int, futures: int, seed: int) -> list[dict[str, object]]:
    """A row per level, choice and future."""
    found = helpable(learned(world, months))
    rows = []
    for level in (3, 4):
        choices, wanted = chosen(found, level, seed)
        for name, choice in choices.items():
            likely, weak = (found.problem(level, wanted, end) for end in ("likely", "weak"))
            place = found.options(level)
            acts = [_act(found, int(place[o])) for o in choice]
            for future in range(futures):
                levels = came(world, months, future, acts)
                below = {n for n, now in zip(found.names, found.now, strict=True) if now < level}
                count = sum(max(own) >= level for n, own in levels.items() if n in below)
                rows.append(
                    {
                        "seed": seed,
                        "level": level,
                        "choice": name,
                        "future": future,
                        "wanted": wanted,
                        "helped": len(choice),
                        "cost": likely.cost(choice),
                        "promised": likely.expected(choice),
                        "weak": weak.expected(choice),
                        "came": count,
                        "P promised": likely.probability(choice),
                        "met": count >= wanted,
                    }
                )
    return rows


def helpable(grounds: Grounds) -> Helpable:
    """Everybody's paths, and all options of those who have trustworthy actions."""
    begun, names = grounds.chosen_by, grounds.chosen_by.sample.enterprise_ids
    none, alone = np.zeros(1, dtype=np.int64), []
    for part in parts(len(names)):
        paths = path_levels(RULES, begun, part, grounds.learned.admission)
        own = grounds.learned.blended(paths, names[part])
        alone.append(kept_firsts(own, begun.sample, names[part], np.repeat(none, len(own))))
    helped: dict[str, list[np.ndarray]] = {"likely": [], "weak": []}
    who, acts = [], []
    for row, name in enumerate(names):
        actions = grounds.actions(name)[:MOST_ACTIONS]
        sets = [one for size in range(1, len(actions) + 1) for one in combinations(range(len(actions)), size)]
        if not sets:
            continue
        trial = trial_of(grounds, row, actions)
        weak = replace(trial, effects=trial.effects.weak(WEAK))
        now = {"performance": 0, "grade": 0}
        for end, own in (("likely", trial), ("weak", weak)):
            helped[end].append(_Tried.of(own, sets, 0, now).firsts["performance"])
        who += [row] * len(sets)
        acts += [tuple(actions[a] for a in own) for own in sets]
    levels = np.array([performance(RULES, state) for state in begun.states])
    joined = {end: np.concatenate(own, axis=1) for end, own in helped.items()}
    return Helpable(names, levels, np.concatenate(alone, axis=1), joined, np.array(who), acts)


def trial_of(grounds: Grounds, row: int, actions: Sequence[Action]) -> Trial:
    """One plant's trial on the joint paths."""
    name, begun = grounds.chosen_by.sample.enterprise_ids[row], grounds.chosen_by
    return Trial(
        begun,
        row,
        grounds.learned,
        grounds.joint(name, actions),
        grounds.losses(name),
        grounds.following,
        begun.states[row].items,
        RULES,
    )


def chosen(found: Helpable, level: int, seed: int) -> tuple[dict[str, Chosen], int]:
    """The choices to be carried out, and the wanted count."""
    free = found.problem(level, 0)
    most = free.expected(choosing.most_expected(free, Limits()))
    wanted = int(np.ceil((free.expected() + most) / 2))
    problem = found.problem(level, wanted)
    best = choosing.choose(problem, Limits(), WANTED, SECONDS)
    budget = problem.cost(best.chosen)
    whole = _whole(found, level, problem)
    near = (found.alone[level - 2] <= AHEAD).mean(axis=1)
    order = {
        "nearest first": sorted(whole, key=lambda o: -near[problem.owner[o]]),
        "cheapest first": sorted(whole, key=lambda o: problem.costs[o]),
        "random": np.random.default_rng([seed, level]).permutation(whole).tolist(),
    }
    ranked = {name: _paid(problem, own, budget) for name, own in order.items()}
    return {"alone": (), "best": best.chosen, **ranked}, wanted


def _whole(found: Helpable, level: int, problem: Problem) -> list[int]:
    """Everybody's option with all that is recommended."""
    sizes = [len(found.acts[o]) for o in found.options(level)]
    largest: dict[int, int] = {}
    for o, (own, size) in enumerate(zip(problem.owner.tolist(), sizes, strict=True)):
        if own not in largest or size > sizes[largest[own]]:
            largest[own] = o
    return list(largest.values())


def _paid(problem: Problem, order: Sequence[int], budget: float) -> Chosen:
    """One after the other, as long as the budget lasts; what is too dear is passed over."""
    taken, left = [], budget
    for o in order:
        if problem.costs[o] <= left + 1e-6:
            taken.append(int(o))
            left -= float(problem.costs[o])
    return tuple(sorted(taken))


def _act(found: Helpable, option: int) -> Act:
    steps = tuple(Step(action.parameter_id, action.after) for action in found.acts[option])
    return Act(found.names[found.who[option]], steps)


def report(rows: pd.DataFrame) -> None:
    """Print promised against realised."""
    per = rows.groupby(["seed", "level", "choice"], sort=False).mean(numeric_only=True).reset_index()
    print(per.drop(columns="future").round(2).to_string(index=False), flush=True)
    base = per[per["choice"] == "alone"].set_index(["seed", "level"])
    told = []
    for name, own in per.groupby("choice", sort=False):
        mine = own.set_index(["seed", "level"])
        told.append(
            {
                "choice": name,
                "cases": len(mine),
                "million a year": mine["cost"].mean() / 1e6,
                "gain promised": (mine["promised"] - base["promised"]).mean(),
                "gain at the weak end": (mine["weak"] - base["promised"]).mean(),
                "gain came": (mine["came"] - base["came"]).mean(),
                "P promised": mine["P promised"].mean(),
                "met": mine["met"].mean(),
            }
        )
    print(pd.DataFrame(told).round(3).to_string(index=False), flush=True)


if __name__ == "__main__":
    main()
