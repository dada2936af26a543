"""A good choice quickly: what brings the most per yuan first, then everything dropped that is not needed.

It is the start of the programme and its yardstick, and the curve of what money buys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.assistance.problem import ROUNDING, Array, Chosen, Index, Limits, Mask, Problem

EVENLY = 1e-3
"""Of an average option's cost, added to each: of two that cost alike (or nothing) the better one is taken."""
AT_ONCE = 600
"""Options for each that is taken at a time: of so few, or fewer, one."""


@dataclass(frozen=True)
class Rung:
    """A choice on the way from nothing to everything that can be paid."""

    chosen: Chosen
    cost: float
    probability: float


class _State:
    """What is chosen so far: `taken` by enterprise (−1: nothing), and the counts.

    What was replaced once is `left` for good, or two options could replace each other for ever.
    """

    def __init__(self, problem: Problem, limits: Limits) -> None:
        self.problem, self.limits = problem, limits
        self.taken = np.full(int(problem.owner.max(initial=-1)) + 1, -1, dtype=np.int64)
        self.left = np.zeros(len(problem), dtype=np.bool_)
        self.counts, self.cost = problem.base.astype(np.int64), 0.0
        self.gains = problem.gains.astype(np.float32)
        self.price = problem.costs + EVENLY * max(float(problem.costs.mean()) if len(problem) else 0.0, 1.0)

    @property
    def chosen(self) -> Chosen:
        return tuple(sorted(int(o) for o in self.taken[self.taken >= 0]))

    def open(self) -> Mask:
        """O booleans: options that could still be taken, or replace what their enterprise has."""
        problem, now = self.problem, self.taken[self.problem.owner]
        spent = self.cost - np.where(now >= 0, problem.costs[now], 0.0) + problem.costs
        found = (np.arange(len(problem)) != now) & ~self.left
        if self.limits.budget is not None:
            found &= spent <= self.limits.budget + ROUNDING
        if self.limits.enterprises is not None and (self.taken >= 0).sum() >= self.limits.enterprises:
            found &= now >= 0
        return np.asarray(found)

    def fits(self, option: int) -> bool:
        """Whether one option is still allowed after others of its round were taken."""
        before = int(self.taken[self.problem.owner[option]])
        spent = self.cost + float(self.problem.costs[option])
        spent -= float(self.problem.costs[before]) if before >= 0 else 0.0
        paid = self.limits.budget is None or spent <= self.limits.budget + ROUNDING
        most = self.limits.enterprises
        return paid and (before >= 0 or most is None or int((self.taken >= 0).sum()) < most)

    def take(self, option: int) -> None:
        """Take an option in place of what its enterprise has."""
        problem, own = self.problem, int(self.problem.owner[option])
        before = int(self.taken[own])
        if before >= 0:
            self.left[before] = True
            self.counts = self.counts - problem.gains[before]
            self.cost -= float(problem.costs[before])
        self.counts = self.counts + problem.gains[option]
        self.cost += float(problem.costs[option])
        self.taken[own] = option

    def worth(self, kept: int) -> tuple[Array, Array]:
        """O gains in what is covered, and O prices, of taking each option now.

        Covered is the count up to the wanted one, on the `kept` paths that are nearest to it: the others are
        given up, as a probability below one allows.
        """
        problem = self.problem
        counted = np.argsort(-self.counts, kind="stable")[:kept]
        missing = np.zeros(problem.paths, dtype=np.float32)
        missing[counted] = self.counts[counted] < problem.wanted
        value = (self.gains @ missing).astype(np.float64)
        now = self.taken[problem.owner]
        return (
            value - np.where(now >= 0, value[now], 0.0),
            self.price - np.where(now >= 0, self.price[now], 0.0),
        )


def climb(problem: Problem, limits: Limits, wanted: float) -> Iterator[Rung]:
    """From nothing upwards, one option more (or a better one) at a time, until nothing helps or can be paid;
    of very many options several at a time.

    `wanted` is the probability that is climbed for; the last rungs may lie above it.
    """
    state = _State(problem, limits)
    kept = min(max(round(wanted * problem.paths), 1), problem.paths)
    yield Rung((), 0.0, problem.probability())
    while len(problem):
        best = _best(state, kept)
        if not best and kept < problem.paths:
            kept = problem.paths  # the wish is met: what more there is raises the rest
            continue
        if not best:
            return
        for option in best:
            if state.fits(option):
                state.take(option)
        yield Rung(state.chosen, state.cost, float((state.counts >= problem.wanted).mean()))


def _best(state: _State, kept: int) -> list[int]:
    """What brings most per yuan now, of different enterprises."""
    value, price = state.worth(kept)
    useful = state.open() & (value > 0)
    if not useful.any():
        return []
    # A better option that costs no more than the present one is taken at once.
    rate = np.where(useful, value / np.maximum(price, ROUNDING), -np.inf)
    most = 1 + len(rate) // AT_ONCE
    if most == 1:
        return [int(rate.argmax())]
    first = np.argsort(-rate, kind="stable")[: min(most, int(useful.sum()))]
    _, distinct = np.unique(state.problem.owner[first], return_index=True)
    return [int(first[at]) for at in np.sort(distinct)]


def cheapest(problem: Problem, limits: Limits, wanted: float) -> Chosen | None:
    """A choice with a probability of at least `wanted`, what is not needed dropped; None: none was found."""
    for rung in climb(problem, limits, wanted):
        if rung.probability >= wanted:
            return pruned(problem, rung.chosen, wanted)
    return None


def pruned(problem: Problem, chosen: Chosen, wanted: float) -> Chosen:
    """The same without what is not needed, the dearest first; else with a cheaper option in its place."""
    kept, counts = set(chosen), problem.counts(chosen)
    for option in sorted(chosen, key=lambda o: -problem.costs[o]):
        rest = counts - problem.gains[option]
        for swap in (-1, *_cheaper(problem, option).tolist()):
            there = rest if swap < 0 else rest + problem.gains[swap]
            if float((there >= problem.wanted).mean()) >= wanted:
                kept, counts = (kept - {option}) | ({swap} if swap >= 0 else set()), there
                break
    return tuple(sorted(kept))


def _cheaper(problem: Problem, option: int) -> Index:
    """Options of the same enterprise that cost less, the cheapest first."""
    same = (problem.owner == problem.owner[option]) & (problem.costs < problem.costs[option])
    found = np.flatnonzero(same)
    return found[np.argsort(problem.costs[found], kind="stable")]


def most_probable(problem: Problem, limits: Limits, wanted: float) -> Chosen:
    """The most probable choice on the climb; of two alike the cheaper one."""
    return max(climb(problem, limits, wanted), key=lambda rung: (rung.probability, -rung.cost)).chosen
