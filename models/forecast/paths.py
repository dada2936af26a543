"""Whole residual paths: what the backtest's forecasts missed, together across targets and horizons.

A path is one entity's errors of one origin, for every target and horizon, kept as ranks within the pool of
that target and horizon. Drawn whole, it carries how errors hang together over time and between targets; the
ranks are read through the forecast's own quantiles, so that paths and intervals say the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from models.forecast.links import Array
from models.forecast.panel import Index
from models.results import HORIZONS, QUANTILES

MOST_PATHS = 4000
FEWEST_PATHS = 12


@dataclass(frozen=True)
class ResidualPaths:
    """`ranks` paths × targets × 12 in (0, 1); `origin` the period in which each path began."""

    targets: tuple[str, ...]
    ranks: Array
    origin: Index

    def draw(self, count: int, rng: np.random.Generator) -> Array:
        """`count` × targets × 12 ranks: a random origin first, then one of its paths.

        Origins, not paths, are equally likely: plants of one month share its shocks.
        """
        if len(self.ranks) < FEWEST_PATHS:
            return synthetic_ranks(count, len(self.targets), rng)
        return self.ranks[self.draw_jointly(count, 1, rng)[:, 0]]

    def draw_jointly(self, count: int, entities: int, rng: np.random.Generator) -> Index:
        """`count` × `entities` positions in `ranks`: in each draw all entities live through the same origin's
        shocks, each on a path of its own. For counts over plants; needs `FEWEST_PATHS` paths.
        """
        starts = np.flatnonzero(np.append(True, self.origin[1:] != self.origin[:-1]))
        sizes = np.diff([*starts, len(self.origin)])
        month = rng.integers(0, len(starts), count)
        within = rng.random((count, entities)) * sizes[month, None]
        return np.asarray(starts[month, None] + within.astype(np.int64))

    def go_on(self, origin: Index, years: int, rng: np.random.Generator) -> Array:
        """P × targets × 12·years ranks for paths that began in the periods `origin` (P).

        In each later year all paths of one origin live through the shocks of another one, which is that of no
        others, each on a path of its own: so what months have in common stays common after the twelfth.
        """
        if len(self.ranks) < FEWEST_PATHS:
            drawn = [synthetic_ranks(len(origin), len(self.targets), rng) for _ in range(years)]
        else:
            drawn = [self.ranks[self._of_another_origin(origin, rng)] for _ in range(years)]
        return np.concatenate([np.empty((len(origin), len(self.targets), 0)), *drawn], axis=2)

    def _of_another_origin(self, origin: Index, rng: np.random.Generator) -> Index:
        known, starts, sizes = np.unique(self.origin, return_index=True, return_counts=True)
        other = rng.permutation(len(known))[np.searchsorted(known, origin)]
        within = rng.random(len(origin)) * sizes[other]
        return np.asarray(starts[other] + within.astype(np.int64))


def residual_paths(errors: dict[str, Array], t: Index, seed: int) -> ResidualPaths:
    """Paths from n × 12 errors of each target; only origins whose whole future was seen by some target."""
    targets = tuple(errors)
    stacked = np.stack([errors[y] for y in targets], axis=1)
    whole = np.flatnonzero((np.isfinite(stacked).sum(axis=2) >= HORIZONS - 2).any(axis=1))
    rng = np.random.default_rng(seed)
    if len(whole) > MOST_PATHS:
        whole = np.sort(rng.choice(whole, MOST_PATHS, replace=False))
    whole = whole[np.argsort(t[whole], kind="stable")]
    if not len(whole):
        return ResidualPaths(targets, np.empty((0, len(targets), HORIZONS)), t[whole])
    _, origin, alike = np.unique(t[whole], return_inverse=True, return_counts=True)
    chance = 1.0 / alike[origin]
    filled = _fill(np.stack([_ranks(e, chance) for e in stacked[whole].swapaxes(0, 1)], axis=1), rng)
    # Ranked once more: what was borrowed changed the pool, and a draw's ranks must be uniform.
    return ResidualPaths(
        targets, np.stack([_ranks(r, chance) for r in filled.swapaxes(0, 1)], axis=1), t[whole]
    )


def _ranks(errors: Array, chance: Array) -> Array:
    """Ranks in (0, 1) within each horizon, uniform when path i is drawn with `chance` i.

    An unknown error takes the rank of its path's nearest known horizon; NaN where none is known.
    """
    ranks = np.full(errors.shape, np.nan)
    for h in range(errors.shape[1]):
        known = np.flatnonzero(np.isfinite(errors[:, h]))
        order = known[np.argsort(errors[known, h], kind="stable")]
        below = np.cumsum(chance[order]) - 0.5 * chance[order]
        ranks[order, h] = below / max(chance[order].sum(), 1e-12)
    return pd.DataFrame(ranks).ffill(axis=1).bfill(axis=1).to_numpy()


def _fill(ranks: Array, rng: np.random.Generator) -> Array:
    """A target that a path never knew takes the ranks of another path that did."""
    for j in range(ranks.shape[1]):
        unknown = np.isnan(ranks[:, j, 0])
        donors = np.flatnonzero(~unknown)
        if unknown.any():
            ranks[unknown, j] = (
                ranks[rng.choice(donors, unknown.sum()), j]
                if len(donors)
                else synthetic_ranks(int(unknown.sum()), 1, rng)[:, 0]
            )
    return ranks


def synthetic_ranks(count: int, targets: int, rng: np.random.Generator, memory: float = 0.7) -> Array:
    """Where too few paths were seen: normal ones with memory 0.7, half of each shared by the targets."""
    noise = rng.normal(size=(count, targets, HORIZONS)) * np.sqrt(0.5)
    noise += rng.normal(size=(count, 1, HORIZONS)) * np.sqrt(0.5)
    for h in range(1, HORIZONS):
        noise[:, :, h] = memory * noise[:, :, h - 1] + np.sqrt(1 - memory**2) * noise[:, :, h]
    return np.asarray(norm.cdf(noise), dtype=np.float64)


def read_ranks(ranks: Array, quantiles: Array) -> Array:
    """Errors at the given ranks of a distribution known at 19 levels; tails go on as a normal's would.

    `ranks` … × 12, `quantiles` 12 × 19, rising.
    """
    z, levels = norm.ppf(np.clip(ranks, 1e-4, 1 - 1e-4)), norm.ppf(QUANTILES)
    out: Array = np.empty_like(z)
    for h in range(z.shape[-1]):
        q = quantiles[h]
        inner = np.interp(z[..., h], levels, q)
        low = q[0] + (z[..., h] - levels[0]) * (q[3] - q[0]) / (levels[3] - levels[0])
        high = q[-1] + (z[..., h] - levels[-1]) * (q[-1] - q[-4]) / (levels[-1] - levels[-4])
        out[..., h] = np.where(z[..., h] < levels[0], low, np.where(z[..., h] > levels[-1], high, inner))
    return out
