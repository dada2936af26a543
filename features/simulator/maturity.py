"""Latent maturity of a plant and the baseline performance that goes with it."""

from dataclasses import dataclass

import numpy as np

from features.simulator.streams import Array, Whole, stream

# Knots: median performance of a plant at maturity 0 … 6; a plant of maturity L + ½ sits well inside level L.
_KNOTS = np.arange(0.0, 7.0)
_FAILING = np.array([0.135, 0.11, 0.075, 0.039, 0.0245, 0.0145, 0.0075])
_PPM = np.array([105e3, 78e3, 36e3, 3.4e3, 120.0, 2.0, 0.5])
_CPK = np.array([0.78, 0.92, 1.18, 1.52, 1.88, 2.27, 2.6])
_INTERNAL = np.array([0.039, 0.034, 0.027, 0.0175, 0.0095, 0.0047, 0.0027])
_EXTERNAL = np.array([0.036, 0.030, 0.0235, 0.015, 0.0068, 0.0033, 0.002])

_SIZE_SHARE = np.array([0.12, 0.40, 0.32, 0.16])
_OUTPUT = np.array([0.8e6, 4e6, 20e6, 100e6])


@dataclass(frozen=True)
class Baseline:
    """Medians of each plant when nothing unusual happens; arrays of shape (plants,).

    failing: chance that a unit fails at some process; escape: that it is delivered nonconforming;
    internal, external: losses ÷ output; cpk; output: CNY a month; maturity: latent, about 0.5 to 6.
    """

    size: Whole
    maturity: Array
    failing: Array
    escape: Array
    cpk: Array
    internal: Array
    external: Array
    output: Array


def draw_baseline(seed: int, plants: int) -> Baseline:
    """Sizes and maturities, and performance read off the knots with each indicator's own luck."""
    rng = stream(seed, "baseline")
    size = rng.choice(4, plants, p=_SIZE_SHARE)
    maturity = np.clip(1.75 + 0.4 * size + 1.05 * rng.standard_normal(plants), 0.6, 5.9)
    luck = 0.22 * rng.standard_normal((5, plants))

    def at(knots: Array, which: int) -> Array:
        return np.asarray(np.exp(np.interp(maturity + luck[which], _KNOTS, np.log(knots))))

    failing = at(_FAILING, 0)
    return Baseline(
        size=size,
        maturity=maturity,
        failing=failing,
        escape=np.minimum(at(_PPM, 1) * 1e-6, 0.85 * failing),
        cpk=at(_CPK, 2),
        internal=at(_INTERNAL, 3),
        external=at(_EXTERNAL, 4),
        output=_OUTPUT[size] * np.exp(0.4 * rng.standard_normal(plants)),
    )
