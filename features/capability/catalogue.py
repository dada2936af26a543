"""The L-moments of every shape, how those of a sample scatter around them, and what follows for fitting.

A sample's first six L-moments are nearly normal, with a mean and a covariance that the shape, location
and scale decide. For each shape the location and scale that explain them best are a linear function of
them (generalised least squares), and so is what stays unexplained.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from features.capability.constants import Floats, Ints
from features.capability.lmoments import ORDER, legendre
from features.capability.shapes import Quantile, shapes

LOW, MID, HIGH = 0.00135, 0.5, 0.99865
"""The percentiles of ISO 22514-2: a normal process has them at mean − 3σ, mean and mean + 3σ."""
GRID: Floats = np.linspace(-6, 6, 1201)
"""Normal scores at which every quantile function is tabulated."""


class Catalogue(NamedTuple):
    """Shapes, one row each; `L` stands for a sample's L-moments, `ℓ2` for the second of them.

    `family`: the number of the name in `names`; `scale`: the second L-moment; `points`: the 0.135, 50
    and 99.865 % points; `solve` (2 × ORDER): location and scale from L; `error` (2 × 2): Cholesky factor
    of n ÷ scale² × their covariance; `misfit` (ORDER − 2 × ORDER): applied to L ÷ ℓ2, independent
    normals with variance 1/n if the shape is right; `log_prior`: log of the odds before looking, and of
    the density's constant; `table`: the quantiles at `GRID`.
    """

    names: tuple[str, ...]
    family: Ints
    scale: Floats
    points: Floats
    solve: Floats
    error: Floats
    misfit: Floats
    log_prior: Floats
    table: Floats


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Tabulate all shapes (once per process)."""
    named = list(shapes())
    names = tuple(dict.fromkeys(name for name, _ in named))
    family = np.array([names.index(name) for name, _ in named])
    table = np.stack([_tabulate(quantile) for _, quantile in named])
    chance = np.exp(-(GRID**2) / 2)
    chance /= chance.sum()
    powers = legendre(ndtr(GRID))
    moments = (table * chance) @ powers.T
    inverse = np.stack([np.linalg.inv(_covariance(row, powers, chance)) for row in table])
    design = np.stack([np.broadcast_to(np.eye(ORDER)[0], moments.shape), moments], axis=2)
    weighted = inverse @ design
    spread = np.linalg.inv(design.transpose(0, 2, 1) @ weighted)
    solve = spread @ weighted.transpose(0, 2, 1)
    scale = moments[:, 1]
    odds = -np.log(np.bincount(family))[family]
    constant = (np.linalg.slogdet(inverse)[1] + np.linalg.slogdet(spread)[1]) / 2 + (ORDER - 2) * np.log(
        scale
    )
    return Catalogue(
        names,
        family,
        scale,
        np.stack([np.interp(ndtri([LOW, MID, HIGH]), GRID, row) for row in table]),
        solve,
        np.linalg.cholesky(spread),
        _roots(inverse - weighted @ solve) * scale[:, None, None],
        odds + constant,
        table,
    )


def _roots(forms: Floats) -> Floats:
    """Return R with RᵀR = each quadratic form, without the two directions that location and scale took."""
    values, vectors = np.linalg.eigh(forms)
    kept = np.sqrt(np.clip(values[:, 2:], 0, None))
    answer: Floats = kept[:, :, None] * vectors[:, :, 2:].transpose(0, 2, 1)
    return answer


def _covariance(table: Floats, powers: Floats, chance: Floats) -> Floats:
    """Return n × the covariance of a sample's L-moments, from the influence of a single value.

    The influence of a value x on the r-th L-moment rises by P(F(x)) dx.
    """
    slope = (powers[:, 1:] + powers[:, :-1]) / 2 * np.diff(table)
    influence = np.concatenate([np.zeros((ORDER, 1)), np.cumsum(slope, axis=1)], axis=1)
    influence -= (influence @ chance)[:, None]
    answer: Floats = (influence * chance) @ influence.T
    return answer


def _tabulate(quantile: Quantile) -> Floats:
    """Return the quantiles at `GRID`; beyond what doubles can tell from 0 and 1 the last value stands."""
    values = quantile(ndtr(GRID))
    finite = np.isfinite(values)
    return np.interp(GRID, GRID[finite], values[finite])
