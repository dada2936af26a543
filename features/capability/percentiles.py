"""Percentiles of a process that is not normal, and its indices by the geometric method of ISO 22514-2.

The shape is read off the sample's L-moments, as in the L-moment ratio diagram (Hosking & Wallis 1997,
Regional Frequency Analysis): every shape of the catalogue gets a chance by how well it explains them,
and the percentiles are averaged over the shapes. An average errs less than the best single shape, and
far less than Johnson curves through four percentiles: docs/capability.md has the comparison.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from features.capability.catalogue import GRID, catalogue
from features.capability.constants import Floats, Ints
from features.capability.lmoments import l_moments

FEWEST = 8
"""Values that a fit needs."""
DRAWS = 400
SEED = 22514
_LEAST_SCALE = 0.3
"""A shape's scale is not believed below this share of what its second L-moment alone says."""


class Fitted(NamedTuple):
    """Per row: the 0.135, 50 and 99.865 % points (rows × 3), the likeliest family, and what stands behind.

    `chance`, `location` and `scale` are rows × shapes, `n` the number of values of a row.
    """

    points: Floats
    family: Ints
    chance: Floats
    location: Floats
    scale: Floats
    n: int

    def names(self) -> list[str]:
        """Return the name of the likeliest family of every row."""
        return [catalogue().names[number] for number in self.family]


class Geometric(NamedTuple):
    """(U − L) ÷ (high − low); the distance of the middle to either limit ÷ its distance to the outer
    percentile; and the smaller of those that exist.
    """

    spread: Floats
    upper: Floats
    lower: Floats
    nearest: Floats


def fit(ordered: Floats) -> Fitted:
    """Return the percentiles of every row of sorted values; rows need `FEWEST` values and some spread."""
    shapes, n = catalogue(), ordered.shape[1]
    moments = l_moments(ordered)
    chance = _chances(moments / moments[:, 1:2], n)
    location, scale = moments @ shapes.solve[:, 0].T, moments @ shapes.solve[:, 1].T
    scale = np.maximum(scale, _LEAST_SCALE * moments[:, 1:2] / shapes.scale)
    points = (chance * location).sum(axis=1)[:, None] + (chance * scale) @ shapes.points
    members = shapes.family[:, None] == np.arange(len(shapes.names))
    return Fitted(points, (chance @ members.astype(float)).argmax(axis=1), chance, location, scale, n)


def _chances(moments: Floats, n: int) -> Floats:
    """Return how likely every shape is for every row (rows × shapes, sums of 1), families equally likely
    before.
    """
    shapes = catalogue()
    log = np.broadcast_to(shapes.log_prior, (len(moments), len(shapes.family))).copy()
    for direction in shapes.misfit.transpose(1, 2, 0):
        log -= n / 2 * (moments @ direction) ** 2
    log -= log.max(axis=1, keepdims=True)
    np.exp(log, out=log)
    log /= log.sum(axis=1, keepdims=True)
    return log


def geometric(low: Floats, middle: Floats, high: Floats, lsl: Floats, usl: Floats) -> Geometric:
    """Return Pp, Ppu, Ppl and Ppk of ISO 22514-2 from an outer, the middle and the other outer percentile.

    Which percentiles is the caller's choice: 0.135, 50 and 99.865 % for ISO 22514-2; 0.5, 50 and 99.5 % give
    NIST's Cnpk (e-Handbook 6.1.6). NaN where a limit is missing or the percentiles do not differ.
    """
    above, below = (np.where(width > 0, width, np.nan) for width in (high - middle, middle - low))
    with np.errstate(over="ignore", invalid="ignore"):
        upper, lower = (usl - middle) / above, (middle - lsl) / below
        return Geometric((usl - lsl) / (above + below), upper, lower, np.fmin(upper, lower))


def cnpk(ordered: Floats, lsl: Floats, usl: Floats) -> Floats:
    """Return NIST's Cnpk of rows of sorted values, without any distribution (e-Handbook 6.1.6).

    min((usl − median) ÷ (p₀.₉₉₅ − median), (median − lsl) ÷ (median − p₀.₀₀₅)), percentiles at p(n + 1)
    as in 7.2.6.2.
    """
    low, high = np.quantile(ordered, (0.005, 0.995), axis=1, method="weibull")
    return geometric(low, np.median(ordered, axis=1), high, lsl, usl).nearest


def share_below(fitted: Fitted, limit: Floats) -> Floats:
    """Return the share of the fitted process below a limit per row; NaN where it is NaN."""
    shapes = catalogue()
    share = np.zeros(len(limit))
    for number, table in enumerate(shapes.table):
        at = (limit - fitted.location[:, number]) / fitted.scale[:, number]
        share += fitted.chance[:, number] * ndtr(np.interp(at, table, GRID))
    return np.where(np.isnan(limit), np.nan, share)


def interval(
    fitted: Fitted, lsl: Floats, usl: Floats, confidence: float = 0.95
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the two-sided intervals of Pp and of Ppk: a parametric bootstrap over all shapes.

    Each of `DRAWS` draws takes a shape by its chance, and location and scale by their sampling error for that
    shape. The draws are the same for every row and on every machine.
    """
    shapes, rows = catalogue(), np.arange(len(lsl))[:, None]
    shape = _drawn_shapes(fitted.chance)
    noise = np.random.Generator(np.random.PCG64(SEED)).random((2, DRAWS))
    first, second = ndtri(noise) / np.sqrt(fitted.n)
    error = shapes.error[shape]
    scale = fitted.scale[rows, shape] * np.exp(error[..., 1, 0] * first + error[..., 1, 1] * second)
    location = fitted.location[rows, shape] + scale * error[..., 0, 0] * first
    points = location[..., None] + scale[..., None] * shapes.points[shape]
    low, middle, high = np.moveaxis(points, 2, 0)
    drawn = geometric(low, middle, high, lsl[:, None], usl[:, None])
    levels = ((1 - confidence) / 2, (1 + confidence) / 2)
    least, most = np.quantile(np.stack([drawn.spread, drawn.nearest]), levels, axis=2)
    return (least[0], most[0]), (least[1], most[1])


def _drawn_shapes(chance: Floats) -> Ints:
    """Return `DRAWS` shapes a row, each as often as its chance says to the nearest draw."""
    upto = np.floor(np.cumsum(chance, axis=1) * DRAWS + 0.5).astype(np.int64)
    upto[:, -1] = DRAWS
    often = np.diff(np.minimum(upto, DRAWS), axis=1, prepend=0)
    number = np.broadcast_to(np.arange(chance.shape[1]), chance.shape)
    return np.repeat(number.ravel(), often.ravel()).reshape(-1, DRAWS)
