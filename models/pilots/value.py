"""Is knowing worth its price? Expected value of a pilot before it is run (preposterior analysis).

Raiffa & Schlaifer 1961, *Applied Statistical Decision Theory*, ch. 5: today's belief about a move's effect δ
is normal; a pilot will bring an estimate with error variance v; the belief that it will leave behind has a
mean that is itself uncertain today, with variance s⁴ ÷ (s² + v). Whoever decides afterwards moves only if
the gain expected then is positive.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from models.effects.links import FloatArray

YEARS: Final = 3.0
"""Years for which a decision about a setting is taken to hold."""

Gain = Callable[[FloatArray], FloatArray]
"""CNY a year, net of what holding the move costs, for a change δ (any shape) of the link."""

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(24)
_WEIGHTS = _WEIGHTS / np.sqrt(2 * np.pi)
_DRAWS: Final = stats.norm.ppf((np.arange(400) + 0.5) / 400)
"""Evenly likely standard normal values: where a decision has a kink, Gauss–Hermite nodes are too few."""


@dataclass(frozen=True)
class Worth:
    """Money in CNY: `without` and `knowing` are the gain expected, while the decision holds, of the best
    decision today and after the pilot; `cost` of the pilot's settings, `risk` the loss expected while it runs
    where the move harms.
    """

    without: float
    knowing: float
    cost: float
    risk: float

    @property
    def information(self) -> float:
        """What knowing adds while the decision holds."""
        return self.knowing - self.without

    @property
    def net(self) -> float:
        """The same, less the pilot's cost and risk."""
        return self.information - self.cost - self.risk


def expected_gain(gain: Gain, mean: FloatArray, sd: float) -> FloatArray:
    """E[gain(δ)] for δ normal about each of `mean` (any shape), by Gauss–Hermite quadrature."""
    return np.asarray(gain(np.asarray(mean)[..., None] + sd * _NODES) @ _WEIGHTS)


def decided(gain: Gain, mean: float, sd: float, error: float) -> float:
    """E[max(0, expected gain once the pilot is known)]; `error` its standard error, infinite for none."""
    if not np.isfinite(error) or sd == 0:
        return max(0.0, float(expected_gain(gain, np.array(mean), sd)))
    learnt = sd**2 / np.hypot(sd, error)
    left = sd * error / np.hypot(sd, error)
    after = expected_gain(gain, mean + learnt * _DRAWS, float(left))
    return float(np.maximum(after, 0.0).mean())


def harm(gain: Gain, mean: float, sd: float) -> float:
    """E[max(0, −gain(δ))]: what a year at the new setting is expected to lose where it harms."""
    return float(np.maximum(-gain(mean + sd * _DRAWS), 0.0).mean())


def worth(
    net: Gain,
    gross: Gain,
    belief: tuple[float, float],
    error: float,
    cost: float,
    at_b: float,
    years: float = YEARS,
) -> Worth:
    """The value of a pilot with standard error `error` that stands at the new setting for `at_b` years and
    costs `cost` (CNY); `belief` is (mean, standard deviation) of δ today. What is decided holds for `years`.
    """
    mean, sd = belief
    return Worth(
        without=years * decided(net, mean, sd, float("inf")),
        knowing=years * decided(net, mean, sd, error),
        cost=cost,
        risk=at_b * harm(gross, mean, sd),
    )
