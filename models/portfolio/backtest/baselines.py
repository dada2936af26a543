"""What a count has to be forecast better than: nobody new, today's share, the group's own pace, a chain.

- `persistence`: nobody is newly added.
- `share`: of those who have never been there, as many will be as of all members are there today.
- `pace12`, `pace24`: the group's own newly added of the last 12 (24) months go on at that pace; Poisson.
- `markov`: a monthly chain of official levels, with the probability of *first* passage: only months of
  enterprises that had never been at the level are counted, so that those who come and go do not pass for new
  ones. Pooled over the enterprises of a division, drawn to those of all; coins are independent.

All know every official level up to the origin, which is more than the model's training knows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.attainment.levels import Levels
from models.portfolio.backtest.past import BASIS, STEPS, Past, Reading
from models.portfolio.firsts import Mask

BELIEVED = 120.0
"""Months of enterprises at which a division's own chain counts as much as everybody's."""
PACES = {"pace12": 12, "pace24": 24}
Array = NDArray[np.float64]


def chances(
    past: Past, reading: Reading, month: int, ahead: Sequence[int], division: NDArray[np.str_]
) -> Array:
    """4 × N × len(ahead) chances of first passage by the chain; of no use where somebody is not open."""
    now = past.latest(reading, month)
    out = np.zeros((len(STEPS), len(now), len(ahead)))
    for place, step in enumerate(STEPS):
        moves = _moves(past, reading, month, step)
        everybody = _shares(_counted(moves, np.ones(len(now), dtype=np.bool_), step))
        for name in np.unique(division):
            own = division == name
            chain = _drawn_to(_counted(moves, own, step), everybody)
            for at, months in enumerate(ahead):
                passed = np.linalg.matrix_power(chain, months)[:, -1]
                out[place, own, at] = passed[np.clip(now[own], 1, step) - 1]
    return out


def pace(past: Past, reading: Reading, month: int, months: int, members: Mask) -> Array:
    """4: how many of the group were newly added a month, over the last `months`."""
    since = max(month - months, past.begin)
    newly = past.newly(reading, since, month)[:, members].sum(axis=1)
    return np.asarray(newly / max(month - since, 1), dtype=np.float64)


def todays_share(past: Past, reading: Reading, month: int, members: Mask) -> Array:
    """4: the share of the group's members with a level who are at 2 … 5 or better today."""
    now = past.latest(reading, month)[members]
    known = max(int((now > 0).sum()), 1)
    return np.array([(now >= step).sum() / known for step in STEPS])


def _moves(past: Past, reading: Reading, month: int, step: int) -> tuple[Levels, Levels]:
    """Levels N × T of a month and of the next, of who had not been at `step` by the former; else 0."""
    basis, columns = BASIS[reading], slice(0, month - past.begin + 1)
    levels, best = past.levels[basis][:, columns], past.best[basis][:, columns]
    counted = (levels[:, :-1] > 0) & (levels[:, 1:] > 0) & (best[:, :-1] < step)
    return np.where(counted, levels[:, :-1], 0), np.where(counted, np.minimum(levels[:, 1:], step), 0)


def _counted(moves: tuple[Levels, Levels], rows: Mask, step: int) -> Array:
    """step × step: moves from each level below `step` to each, `step` being there; the last row is empty."""
    before, after = (side[rows] for side in moves)
    counts = np.zeros((step + 1, step + 1))
    np.add.at(counts, (before.ravel(), after.ravel()), 1.0)
    return counts[1:, 1:]


def _shares(counts: Array) -> Array:
    """Who was never seen stays."""
    return _drawn_to(counts, np.eye(len(counts)), 1e-9)


def _drawn_to(counts: Array, shares: Array, weight: float = BELIEVED) -> Array:
    total = counts.sum(axis=1, keepdims=True)
    out = (counts + weight * shares) / (total + weight)
    out[-1] = np.eye(len(out))[-1]
    return np.asarray(out)
