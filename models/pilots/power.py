"""What a pilot can hear: standard error, power and the smallest effect that is found, in closed form."""

from functools import cache
from typing import Final

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from models.effects.links import FloatArray
from models.pilots.layout import SteppedWedge, Switchback, in_force
from models.pilots.noise import LineNoise

SIZE: Final = 0.05
COINS: Final = 200
FAR: Final = 8.0
"""Standard errors beyond the critical value at which power is 1 to seven digits."""
LEAST_PAIRS: Final = 6
"""With fewer pairs no result of a two-sided sign-flip test is rarer than 5 %: 2 · 2⁻⁶ = 0.03."""


def switchback_error(layout: Switchback, noises: tuple[LineNoise, ...]) -> float:
    """Standard error of the mean pair difference over lines, exact over the coins.

    Coins of different pairs are independent with mean zero, so pairs do not covary whatever the noise does,
    and the variance of one pair is that of its weights under the line's variogram.
    """
    weights = layout.pair_weights()
    single = [noise.variance(weights) / layout.pairs for noise in noises]
    return float(np.sqrt(sum(single)) / len(single))


def switchback_share(layout: Switchback, arrival: tuple[float, ...], seed: int = 0) -> float:
    """Share of the full effect that the mean pair difference shows, over the coins: less than 1 while the old
    setting lasts.
    """
    coins = layout.coins(COINS, np.random.default_rng(seed))
    treated = layout.treated(coins)
    shown, counted = in_force(treated, arrival), layout.counted()
    at_b, at_a = treated & counted, ~treated & counted
    return float(shown[at_b].mean() - shown[at_a].mean())


def wedge_weights(exposure: FloatArray) -> FloatArray:
    """Weights (lines, periods) of the two-way fixed-effects estimate: each line's and period's own level
    taken off. They add up to zero over every line and every period.
    """
    x = exposure - exposure.mean(axis=1, keepdims=True) - exposure.mean(axis=0) + exposure.mean()
    return np.asarray(x / (x**2).sum())


def wedge_error(layout: SteppedWedge, noises: tuple[LineNoise, ...], arrival: tuple[float, ...]) -> float:
    """Standard error of a stepped wedge's estimate of the full effect; any noise, not only white.

    With white noise it is Hussey & Hughes' (2007, eq. 8) for lines that differ without bound.
    """
    exposure = in_force(layout.treated(np.arange(layout.lines)), arrival)
    weights = wedge_weights(exposure)
    return float(np.sqrt(sum(n.variance(w) for n, w in zip(noises, weights, strict=True))))


def attainable(pieces: int) -> float:
    """The largest p-value of a two-sided sign-flip test of so many pairs that is not above `SIZE`."""
    sequences = 2 ** min(pieces, 40)
    return float(2 * np.floor(SIZE * sequences / 2) / sequences)


def power(effect: float, error: float, degrees: int, size: float = SIZE) -> float:
    """Chance that a two-sided t-test finds an `effect` whose estimate has this standard error."""
    beyond, shift = stats.t.ppf(1 - size / 2, degrees), abs(effect) / error
    if shift > beyond + FAR:
        return 1.0
    wrong_side = stats.nct.cdf(-beyond, degrees, shift)
    return float(stats.nct.sf(beyond, degrees, shift) + (wrong_side if np.isfinite(wrong_side) else 0.0))


def detectable(error: float, degrees: int, wanted: float, size: float = SIZE) -> float:
    """The smallest effect that is found with probability `wanted`."""
    return error * _shift(degrees, wanted, size)


@cache
def _shift(degrees: int, wanted: float, size: float) -> float:
    most = float(stats.t.ppf(1 - size / 2, degrees)) + FAR
    return float(brentq(lambda x: power(x, 1.0, degrees, size) - wanted, 0.0, most))
