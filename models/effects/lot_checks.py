"""Attempts to break an effect that was estimated from lots, before anybody acts on it.

None of them can see a cause that nobody wrote down and that goes with the setting (another press, another
crew). A check by the *next* lot's setting was tried and left out: it fails too where people answer a bad
lot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.lots import Array, LotEffects
from models.effects.sensitivity import robustness_value

DRAWS: Final = 199
CAUSES: Final = 20
LEAST_OWN: Final = 30


@dataclass(frozen=True)
class Checks:
    """One value per setting (J,).

    `placebo_p`: share of random shifts in time (within products) with an effect at least as large;
    `same_sign`: share of random halves of the months that agree on the sign; `random_cause`: largest move by
    an invented wandering cause, in standard errors; `products`: the effects (J,) in each product of at least
    30 lots; `robustness`: share of residual variance of both that something unrecorded would have to
    explain to bring the effect to zero (Cinelli & Hazlett 2020).
    """

    placebo_p: Array
    same_sign: Array
    random_cause: Array
    products: dict[int, Array]
    robustness: Array


def check(effects: LotEffects, seed: int = 0) -> Checks:
    """All checks; deterministic for a seed."""
    rng = np.random.default_rng(seed)
    y, d, theta = effects.y, effects.d, effects.theta
    left = y - d @ theta
    plain = np.sqrt(np.diag(np.linalg.inv(d.T @ d)) * (left @ left) / (len(y) - d.shape[1]))
    return Checks(
        placebo_p=_placebo(effects, rng),
        same_sign=_halves(effects, rng),
        random_cause=_random_cause(effects, rng),
        products=_by_product(effects),
        robustness=np.array([robustness_value(t, len(y)) for t in theta / plain]),
    )


def _fit(y: Array, d: Array) -> Array:
    return np.asarray(np.linalg.lstsq(d, y, rcond=None)[0])


def _placebo(e: LotEffects, rng: np.random.Generator) -> Array:
    beyond = np.zeros(len(e.theta))
    for _ in range(DRAWS):
        shifted = e.d.copy()
        for product in np.unique(e.lots.product):
            mine = np.flatnonzero(e.lots.product == product)
            shifted[mine] = np.roll(e.d[mine], rng.integers(1, max(len(mine), 2)), axis=0)
        beyond += np.abs(_fit(e.y, shifted)) >= np.abs(e.theta)
    return np.asarray((1 + beyond) / (1 + DRAWS))


def _halves(e: LotEffects, rng: np.random.Generator) -> Array:
    months, agree = np.unique(e.lots.month), np.zeros(len(e.theta))
    for _ in range(DRAWS):
        half = np.isin(e.lots.month, rng.permutation(months)[: len(months) // 2])
        agree += np.sign(_fit(e.y[half], e.d[half])) == np.sign(e.theta)
    return np.asarray(agree / DRAWS)


def _random_cause(e: LotEffects, rng: np.random.Generator) -> Array:
    moves = []
    for _ in range(CAUSES):
        walk = np.cumsum(rng.standard_normal(len(e.y)))
        with_cause = np.column_stack([e.d, walk - walk.mean()])
        moves.append(np.abs(_fit(e.y, with_cause)[:-1] - e.theta) / e.error())
    return np.asarray(np.max(moves, axis=0))


def _by_product(e: LotEffects) -> dict[int, Array]:
    """Each product's own slope of one setting, the others at the common effect."""
    found = {}
    for product in np.flatnonzero(np.bincount(e.lots.product) >= LEAST_OWN):
        mine = e.lots.product == product
        d, left = e.d[mine], (e.y - e.d @ e.theta)[mine]
        found[int(product)] = e.theta + (d * left[:, None]).sum(axis=0) / (d**2).sum(axis=0)
    return found
