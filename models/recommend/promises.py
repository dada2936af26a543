"""What a move promises of every official indicator: one draw of its two effects moves them all.

A move acts on how many units fail and on what share of those escapes (`models.recommend.money`). Yield
follows the first, ppm and external loss both, internal loss what is caught. They are parts of one thing, so
their intervals come from the same draws and are never put together as if they were independent.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import qmc

from models.effects.links import FloatArray, from_link, to_link
from models.effects.sector import Change
from models.recommend.benefit_rows import Money
from models.recommend.money import MOST_ESCAPING, YEAR, Losses, benefit
from models.recommend.rows import IndicatorEffect
from models.results import Target

DRAWS: Final = 1024
NINE_TENTHS: Final = 0.9
NINETY: Final = (0.05, 0.95)
MONTHS_TO_RISE: Final = 24.0
PERIODS_A_MONTH: Final = {"month": 1.0, "week": 52 / 12, "day": 365 / 12}
TOUCHED: Final[tuple[Target, ...]] = ("ftq", "internal_loss", "external_loss", "ppm")


@dataclass(frozen=True)
class Promise:
    """Changes of log failing units and of the log share of them that escapes, mean of the year after the
    move, and the share of the full effect in force in each period (`frequency`) of that year.

    `follows` is how much of the change of failing units the escape share takes on: what ties the two.
    """

    failing: Change
    escape: Change
    arrival: tuple[float, ...] = (1.0,) * YEAR
    follows: float = 0.0
    frequency: str = "month"

    def draws(self, count: int = DRAWS) -> tuple[FloatArray, FloatArray]:
        """(failing, escape), `count` joint draws of both means over the year (`count` a power of two)."""
        z = _normals(count)
        failing, tied = self.failing.sd * z[:, 0], self.follows * self.failing.sd
        alone = math.sqrt(max(self.escape.sd**2 - tied**2, 0.0))
        return (
            self.failing.mean + failing,
            self.escape.mean + self.follows * failing + alone * z[:, 1],
        )

    @property
    def mean_arrival(self) -> float:
        """Share of the full effect that is in force over the year, on average."""
        return max(float(np.mean(self.arrival)), 1e-9)

    @property
    def monthly(self) -> FloatArray:
        """Share of the full effect in force in month 1, 2, … 12 after the move (12,)."""
        return monthly_arrival(self.arrival, self.frequency)

    @property
    def periods(self) -> int:
        """Periods until nine tenths of the effect are in force."""
        reached = np.flatnonzero(np.asarray(self.arrival) >= NINE_TENTHS)
        return int(reached[0]) + 1 if len(reached) else len(self.arrival)


def monthly_arrival(arrival: tuple[float, ...], frequency: str) -> FloatArray:
    """Means by month (12,) of shares by period, the last of which stays on."""
    periods = np.arange(YEAR + 1) * PERIODS_A_MONTH[frequency]
    summed = np.concatenate([[0.0], np.cumsum(arrival)])
    known = np.interp(np.minimum(periods, len(arrival)), np.arange(len(summed)), summed)
    total = known + np.maximum(periods - len(arrival), 0.0) * arrival[-1]
    return np.asarray(np.diff(total) / np.diff(periods))


def claims_in_force(first_year: float) -> FloatArray:
    """Share of a change of escapes that external losses show in month 1, 2, … 12 after it (12,).

    A straight rise whose mean is `first_year` (`models.recommend.money.Losses`): claims come months later.
    """
    months = np.arange(1, YEAR + 1)

    def rise(length: float) -> FloatArray:
        return np.asarray(np.minimum(months / length, 1.0))

    if first_year >= 1.0:
        return np.ones(YEAR)
    slowest = rise(MONTHS_TO_RISE)
    if float(slowest.mean()) >= first_year:
        return np.asarray(slowest * first_year / float(slowest.mean()))
    length = brentq(lambda x: float(rise(x).mean()) - first_year, 1.0, MONTHS_TO_RISE)
    return rise(float(length))


@cache
def _normals(count: int) -> FloatArray:
    """Three columns of standard normals spread evenly (Sobol'): quantiles settle at a tenth of the draws."""
    spread = qmc.Sobol(3, seed=0).random(count)
    return np.asarray(ndtri(np.clip(spread, 0.5 / count, 1 - 0.5 / count)))


def indicator_links(losses: Losses, failing: FloatArray, escape: FloatArray) -> dict[Target, FloatArray]:
    """Change of every indicator's link for changes of log failing units and log escape share (any shape)."""
    out = np.minimum(losses.escaping * np.exp(escape), MOST_ESCAPING)
    caught = failing + np.log((1 - out) / (1 - losses.escaping))
    escaped = failing + escape
    inside = np.asarray(losses.elasticity * caught)
    claims = np.log1p(-losses.first_year * -np.expm1(escaped))
    return {"ftq": failing, "internal_loss": inside, "external_loss": claims, "ppm": escaped}


def indicator_effects(
    bases: Mapping[Target, float], losses: Losses, promise: Promise
) -> tuple[IndicatorEffect, ...]:
    """The effect on every official indicator that the move touches and that the plant has on record.

    `bases` are the indicators without the move, as `base_levels` tells them.
    """
    drawn = indicator_links(losses, *promise.draws())
    point = indicator_links(losses, np.array(promise.failing.mean), np.array(promise.escape.mean))
    level = losses.level_sd * _normals(DRAWS)[:, 2]
    return tuple(
        _effect(target, bases[target], float(point[target]), drawn[target], level)
        for target in TOUCHED
        if target in bases and np.ptp(drawn[target]) + abs(float(point[target])) > 0
    )


def base_levels(rows: pd.DataFrame) -> Mapping[Target, float]:
    """Mean of each indicator's last twelve known periods, in its unit, from an enterprise's rows of the model
    table in order of time; what is not on record is absent.
    """
    known = {t: rows[t].astype(float).dropna().tail(YEAR) for t in TOUCHED if t in rows}
    return {target: float(values.mean()) for target, values in known.items() if len(values)}


def _effect(
    target: Target, base: float, point: float, drawn: FloatArray, level: FloatArray
) -> IndicatorEffect:
    """`level`: draws of how far the indicator, left alone, comes to lie from its base (link)."""
    alone = moved(target, base, level)
    low, high = np.quantile(moved(target, base, level + drawn) - alone, NINETY)
    return IndicatorEffect(
        target=target,
        estimate=float(moved(target, base, point)) - base,
        low=float(low),
        high=float(high),
        base=base,
        link_mean=point,
        link_sd=float(np.std(drawn)),
    )


def moved(target: str, level: float | FloatArray, link: float | FloatArray) -> FloatArray:
    """A level of an indicator (its own unit) after a change of its link."""
    if target == "ftq":
        return from_link("ftq", to_link("ftq", level) + link)
    return np.asarray(level * np.exp(link))


def benefit_interval(losses: Losses, promise: Promise) -> Money:
    """Avoided loss (CNY a year) at the promise's mean, with its 90 % interval."""
    return interval(
        float(benefit(losses, np.array(promise.failing.mean), np.array(promise.escape.mean))),
        benefit_draws(losses, promise),
    )


def benefit_draws(losses: Losses, promise: Promise) -> FloatArray:
    """Avoided loss (CNY in the coming year) in each draw of the effects and of next year's level."""
    return benefit(losses, *promise.draws()) * np.exp(losses.level_sd * _normals(DRAWS)[:, 2])


def interval(point: float, drawn: FloatArray) -> Money:
    """A point with the 90 % interval of its draws."""
    low, high = (float(x) for x in np.quantile(drawn, NINETY))
    return Money(estimate=point, low=min(low, point), high=max(high, point))
