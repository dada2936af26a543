"""One world after the other: everybody chooses, every move is made, and the figures are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from features.simulator import HARD, Scenario, World
from models.judge.choosers import Chooser
from models.judge.libraries import missing
from models.judge.province import Province
from models.judge.scores import done, judged, possible
from models.judge.truth import FUTURES, Truth

SCENARIOS: Final = {"default": Scenario(), "hard": HARD}
ALL: Final = "all"
Progress = Callable[[str, int, int], None]


class SeedsError(ValueError):
    """Seeds of worlds that cannot be read."""


def seeds_of(words: Sequence[str]) -> tuple[int, ...]:
    """`21 22`, `21-24` or both; raises `SeedsError`."""
    try:
        parts = [[int(end) for end in word.split("-")] for word in words]
        seeds = [seed for ends in parts for seed in range(ends[0], ends[-1] + 1)]
    except ValueError:
        seeds = []
    if not seeds:
        raise SeedsError(f"judge: found {' '.join(words)!r}; allowed are seeds such as 21 22 or 21-24")
    return tuple(dict.fromkeys(seeds))


@dataclass(frozen=True)
class Plan:
    """Which worlds, and how large."""

    seeds: Sequence[int]
    family: str = "additive"
    scenario: str = "default"
    plants: int = 60
    months: int = 72
    futures: int = FUTURES

    def world(self, seed: int) -> World:
        """One of them."""
        scenario = SCENARIOS[self.scenario]
        return World(seed, enterprises=self.plants, months=self.months, scenario=scenario, family=self.family)


@dataclass(frozen=True)
class Bout:
    """One world's outcome: every chooser's moves made (a frame per draw), the best possible, yearly losses
    left alone, and the seconds that each chooser took.
    """

    acted: Mapping[str, list[pd.DataFrame]]
    best: pd.DataFrame
    loss: pd.Series
    seconds: Mapping[str, float]

    def named(self, seed: int) -> Bout:
        """The same with enterprises told apart from those of other worlds."""

        def own(frame: pd.DataFrame) -> pd.DataFrame:
            return frame.assign(enterprise_id=f"{seed} " + frame["enterprise_id"].astype(str))

        acted = {name: [own(frame) for frame in frames] for name, frames in self.acted.items()}
        loss = self.loss.set_axis([f"{seed} {e}" for e in self.loss.index])
        return Bout(acted, own(self.best), loss, self.seconds)


def fought(world: World, choosers: Mapping[str, Chooser], tell: Callable[[str], None], futures: int) -> Bout:
    """Everybody in one world. A chooser whose library is not installed is left out.

    The best possible is joined with what every chooser named that does not draw by lot.
    """
    tell("records and truth")
    province, truth = Province.of(world), Truth(world, futures)
    grid = truth.grid()
    acted: dict[str, list[pd.DataFrame]] = {}
    seconds: dict[str, float] = {}
    for group, chooser in choosers.items():
        if missing(chooser.needs):
            continue
        tell(group)
        began, rng = monotonic(), np.random.default_rng(world.seed)
        with threadpool_limits(1, user_api="blas"):
            answers = [chooser.ask(province, truth, rng) for _ in range(chooser.draws)]
        taken = (monotonic() - began) / chooser.draws
        for name in answers[0]:
            acted[name] = [done(truth, answer[name]) for answer in answers]
            seconds[name] = taken
    best = possible(grid, [frames[0] for frames in acted.values() if len(frames) == 1])
    return Bout(acted, best, pd.Series(truth.alone.loss, list(world.enterprises)), seconds)


def tournament(plan: Plan, choosers: Mapping[str, Chooser], progress: Progress) -> dict[int, Bout]:
    """A bout per seed."""
    steps, step, bouts = len(plan.seeds) * (len(choosers) + 1), 0, dict[int, Bout]()
    for seed in plan.seeds:

        def tell(what: str, seed: int = seed) -> None:
            nonlocal step
            progress(f"{plan.family} {plan.scenario} {seed}: {what}", step, steps)
            step += 1

        bouts[seed] = fought(plan.world(seed), choosers, tell, plan.futures)
    return bouts


def figures(bout: Bout) -> pd.DataFrame:
    """The figures of one world: a row per chooser, means over the draws of a lot, and its `seconds`."""
    rows = {
        name: pd.DataFrame([judged(frame, bout.best, bout.loss) for frame in frames]).mean()
        for name, frames in bout.acted.items()
    }
    return pd.DataFrame(rows).T.assign(seconds=pd.Series(dict(bout.seconds)))


def together(bouts: Mapping[int, Bout]) -> Bout:
    """All worlds' plants as if they were of one."""
    own = [bout.named(seed) for seed, bout in bouts.items()]
    names = [name for name in own[0].acted if all(name in bout.acted for bout in own)]
    acted = {
        name: [pd.concat(draw, ignore_index=True) for draw in zip(*(b.acted[name] for b in own), strict=True)]
        for name in names
    }
    best = pd.concat([b.best for b in own], ignore_index=True)
    seconds = {name: float(np.mean([b.seconds[name] for b in own])) for name in names}
    return Bout(acted, best, pd.concat([b.loss for b in own]), seconds)
