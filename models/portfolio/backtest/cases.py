"""One row per count that was forecast: origin, group, reading, level, months ahead, and what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.portfolio.backtest import baselines
from models.portfolio.backtest.forecasts import Forecast
from models.portfolio.backtest.groups import Group, Register
from models.portfolio.backtest.past import BASIS, READINGS, STEPS, Ahead, Past, Reading
from models.portfolio.backtest.scores import (
    Chances,
    at_least,
    crps,
    mean_of,
    of_coins,
    of_mean,
    of_paths,
    place,
    variance_of,
)
from models.portfolio.firsts import Mask

AHEAD = (3, 6, 12, 18, 24, 36)
FORECASTERS = ("joint", "coins", "markov", "pace12", "pace24", "share", "persistence")
"""`joint`: our paths, as the board counts them; `coins`: the same chances, every enterprise on its own."""
WISHES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Targets that are judged: these multiples of what the chain expects, rounded up. So the choice of a target
does not depend on the forecast that is judged."""


@dataclass(frozen=True)
class Cases:
    """`counts`: a row per count, with the mean (`joint`, `markov` …) and the CRPS (`joint.crps` …) of every
    forecaster; `targets`: a row per count and target N, with P(count ≥ N) by forecaster and `met`.
    """

    counts: pd.DataFrame
    targets: pd.DataFrame


def cases_of(past: Past, register: Register, forecast: Forecast) -> Cases:
    """All counts from one origin whose months have come since."""
    ahead = [h for h in AHEAD if h <= min(forecast.months, past.end - forecast.month)]
    counts: list[dict[str, Any]] = []
    targets: list[dict[str, Any]] = []
    for reading in READINGS if ahead else ():
        seen = _Seen.at(past, register, forecast, reading, ahead)
        for group in register.groups():
            for case, distributions in seen.counted(group):
                counts.append(case | _scored(distributions, case["came"]))
                targets += list(_asked(case, distributions))
    return Cases(pd.DataFrame(counts), pd.DataFrame(targets))


@dataclass(frozen=True)
class _Seen:
    """One reading from one origin."""

    past: Past
    reading: Reading
    month: int
    ahead: Sequence[int]
    open: Mask
    came: Ahead
    firsts: NDArray[np.uint8]
    chain: NDArray[np.float64]

    @classmethod
    def at(
        cls, past: Past, register: Register, forecast: Forecast, reading: Reading, ahead: Sequence[int]
    ) -> _Seen:
        """With everything that does not depend on the group."""
        month = forecast.month
        chain = baselines.chances(past, reading, month, ahead, register.division)
        came = past.came(reading, month, forecast.states)
        firsts = forecast.firsts[BASIS[reading]]
        return cls(past, reading, month, ahead, past.open(reading, month), came, firsts, chain)

    def counted(self, group: Group) -> Iterator[tuple[dict[str, Any], dict[str, Chances]]]:
        """Cases of a group, with every forecaster's distribution."""
        share = baselines.todays_share(self.past, self.reading, self.month, group.members)
        paces = {
            name: baselines.pace(self.past, self.reading, self.month, months, group.members)
            for name, months in baselines.PACES.items()
        }
        for level, step in enumerate(STEPS):
            open_ = self.open[level] & group.members
            if not open_.any():
                continue
            for at, h in enumerate(self.ahead):
                expected = {name: own[level] * h for name, own in paces.items()}
                who = {"reading": self.reading, "origin": self.month, "kind": group.kind, "group": group.name}
                came = int((self.came[level, open_] <= h).sum())
                counted = {"level": step, "ahead": h, "open": int(open_.sum()), "came": came}
                expected["share"] = share[level] * open_.sum()
                yield who | counted, self._distributions(level, at, h, open_, expected)

    def _distributions(
        self, level: int, at: int, h: int, open_: Mask, expected: dict[str, float]
    ) -> dict[str, Chances]:
        most = int(open_.sum())
        reached = self.firsts[level, open_] <= h
        return {
            "joint": of_paths(reached.sum(axis=0), most),
            "coins": of_coins(reached.mean(axis=1)),
            "markov": of_coins(self.chain[level, open_, at]),
            **{name: of_mean(min(mean, most), most) for name, mean in expected.items()},
            "persistence": of_mean(0.0, most),
        }


def _scored(distributions: dict[str, Chances], came: int) -> dict[str, float]:
    joint = distributions["joint"]
    low, high = place(joint, came)
    found = {"low": low, "high": high, "variance": variance_of(joint)}
    found["coins.variance"] = variance_of(distributions["coins"])
    for name, chances in distributions.items():
        found[name], found[f"{name}.crps"] = mean_of(chances), crps(chances, came)
    return found


def _asked(case: dict[str, Any], distributions: dict[str, Chances]) -> Iterator[dict[str, Any]]:
    """Targets of one count: N, whether it was met, and how likely each forecaster held it."""
    expected = mean_of(distributions["markov"])
    for count in sorted({max(int(np.ceil(wish * expected)), 1) for wish in WISHES}):
        if count <= case["open"]:
            chances = {name: at_least(own, count) for name, own in distributions.items()}
            yield case | {"count": count, "met": case["came"] >= count} | chances
