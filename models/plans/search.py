"""The cheapest set of actions that meets a goal: every set tried where they are few.

All sets see the same paths. Up to `EXACT` actions every affordable set is tried; beyond, `programme` proposes
sets and these are judged by the same trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from models.attainment.known import Array, Index
from models.plans.rows import Measure, Scope
from models.plans.trial import Trial

EXACT: Final = 14
EVALUATIONS: Final = 256_000
FEWEST_PATHS: Final = 200
WORTH: Final = 0.01
"""Probability that is worth no money: about what the sampled paths leave open."""
Chosen = tuple[int, ...]
Starts = Callable[[Chosen], Index]


@dataclass(frozen=True)
class Target:
    """What counts: P(`level` or better) by `month` ahead (0 the first), reached or held, in a scope."""

    level: int
    month: int
    scope: Scope
    measure: Measure

    def probability(self, trial: Trial, starts: Index) -> Array:
        """S probabilities of sets with the given starts (S × A)."""
        found = trial.chances(starts)[self.scope]
        counted = found.kept if self.measure == "held" else found.reached
        return counted[:, self.month, self.level - 1]


@dataclass(frozen=True)
class Tried:
    """Sets (tuples of actions), their cost (CNY a year) and their probability of the target."""

    sets: tuple[Chosen, ...]
    cost: Array
    probability: Array

    def meeting(self, probability: float) -> list[int]:
        """Positions of the sets that meet it: cheapest first, then fewest actions, then most probable."""
        return [i for i in self._order() if self.probability[i] >= probability]

    def best(self) -> int:
        """Position of the cheapest set that is as probable as any, give or take `WORTH`."""
        most = float(self.probability.max())
        return next(i for i in self._order() if self.probability[i] >= most - WORTH)

    def frontier(self) -> list[int]:
        """Positions of sets than which no cheaper or equally dear one is as probable, by rising cost."""
        found: list[int] = []
        for i in self._order():
            if not found or self.probability[i] > self.probability[found[-1]]:
                if found and self.cost[found[-1]] == self.cost[i]:
                    found.pop()
                found.append(i)
        return found

    def _order(self) -> list[int]:
        return sorted(
            range(len(self.sets)), key=lambda i: (self.cost[i], len(self.sets[i]), -self.probability[i], i)
        )


def affordable(costs: Sequence[float], budget: float | None, within: Chosen = ()) -> list[Chosen]:
    """Every set that the budget (CNY a year, None: any) allows and that has all of `within`, the smallest
    first.
    """
    rest = [a for a in range(len(costs)) if a not in within]
    sets = (
        tuple(sorted((*within, *more))) for size in range(len(rest) + 1) for more in combinations(rest, size)
    )
    return [one for one in sets if budget is None or cost_of(one, costs) <= budget + 1e-9]


def cost_of(chosen: Iterable[int], costs: Sequence[float]) -> float:
    """CNY a year of a set."""
    return float(sum(costs[a] for a in chosen))


def tried(
    trial: Trial, target: Target, sets: Sequence[Chosen], costs: Sequence[float], starts: Starts
) -> Tried:
    """Try the sets; the more there are, the fewer of the trial's paths serve (the answer is judged on others
    anyway).
    """
    few = trial.first(max(FEWEST_PATHS, EVALUATIONS // max(len(sets), 1)))
    months = np.stack([starts(chosen) for chosen in sets])
    cost = np.array([cost_of(chosen, costs) for chosen in sets])
    return Tried(tuple(sets), cost, target.probability(few, months))


def priority(trial: Trial, target: Target, count: int, starts: Starts) -> list[int]:
    """Actions in the order in which they had better begin: what each alone does for the target, then for the
    units that fail and get out.
    """
    alone = target.probability(trial.first(FEWEST_PATHS), np.stack([starts((a,)) for a in range(count)]))
    lighter = trial.effects.mean.sum(axis=0)
    return sorted(range(count), key=lambda a: (-alone[a], lighter[a], a))
