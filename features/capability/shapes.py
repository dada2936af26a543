"""The shapes that a stable process may have: quantile functions up to location and scale.

The families are those that plants meet: skewed to either side (gamma with the exponential, Weibull,
lognormal, folded normal, beta), heavy-tailed (Student's t), flat or U-shaped (beta with the uniform, a
tool that wears and is set again), and two machines in one stream (mixtures of two normals). Each family
is a grid fine enough that a sample of some hundred values cannot tell neighbours apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtr, ndtri, stdtrit

from features.capability.constants import Floats

Quantile = Callable[[Floats], Floats]

_LINE: Floats = np.linspace(-8, 17, 8001)
_SKEWED_BETA = (
    *((0.7, 1), (0.7, 1.5), (0.7, 3), (1, 2), (1, 3), (1, 5), (1.3, 2), (1.5, 2.5), (1.5, 3), (1.5, 5)),
    *((2, 3), (2, 4), (2, 5), (2, 7), (3, 4), (3, 6), (4, 7)),
)


def shapes() -> Iterator[tuple[str, Quantile]]:
    """Yield the name of its family and the quantile function of every shape."""
    yield "normal", ndtri
    for name, quantile in _skewed():
        yield name, quantile
        yield f"{name}, reflected", partial(_reflected, quantile)
    yield from _symmetric()
    for apart in (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0):
        for share in (0.07, 0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.88, 0.93):
            yield "two normals", partial(_two_normals, apart, share)


def _symmetric() -> Iterator[tuple[str, Quantile]]:
    for freedom in (2.3, 2.6, 3, 3.5, 4, 5, 6, 8, 11, 16, 30):
        yield "t", partial(stdtrit, freedom)
    yield "uniform", partial(betaincinv, 1, 1)
    for a in (0.4, 0.6, 0.8, 1.25, 1.6, 2, 2.6, 3.5, 5, 8):
        yield "symmetric beta", partial(betaincinv, a, a)
    for noise in (0.04, 0.08, 0.12, 0.17, 0.25, 0.35):
        yield "uniform with noise", partial(_blurred, noise)


def _skewed() -> Iterator[tuple[str, Quantile]]:
    for k in np.geomspace(0.4, 60, 18):
        yield "gamma", partial(gammaincinv, k)
    yield "exponential", partial(gammaincinv, 1)
    for c in np.geomspace(0.55, 2.8, 14):
        yield "weibull", partial(_weibull, c)
    for s in np.linspace(0.08, 1.2, 16):
        yield "lognormal", partial(_lognormal, s)
    for shift in (0.0, 0.3, 0.6, 1.0, 1.5):
        yield "folded normal", partial(_folded, shift)
    for a, b in _SKEWED_BETA:
        yield "beta", partial(betaincinv, a, b)


def _reflected(quantile: Quantile, u: Floats) -> Floats:
    return -quantile(1 - u)


def _weibull(shape: float, u: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        answer: Floats = (-np.log1p(-u)) ** (1 / shape)
    return answer


def _lognormal(sigma: float, u: Floats) -> Floats:
    answer: Floats = np.exp(sigma * ndtri(u))
    return answer


def _folded(shift: float, u: Floats) -> Floats:
    """Quantiles of |N(shift, 1)|."""
    at = _LINE[_LINE >= 0]
    return np.interp(u, ndtr(at - shift) + ndtr(at + shift) - 1, at)


def _blurred(noise: float, u: Floats) -> Floats:
    """Quantiles of a uniform value of width 1 with normal noise."""
    at = _LINE[np.abs(_LINE) < 3]
    above, below = (at + 0.5) / noise, (at - 0.5) / noise
    return np.interp(u, noise * (_ramp(above) - _ramp(below)), at)


def _ramp(z: Floats) -> Floats:
    """Integral of the normal distribution function up to z."""
    answer: Floats = z * ndtr(z) + np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return answer


def _two_normals(apart: float, share: float, u: Floats) -> Floats:
    """Quantiles of N(0, 1), with `share` of N(apart, 1) in it."""
    return np.interp(u, (1 - share) * ndtr(_LINE) + share * ndtr(_LINE - apart), _LINE)
