"""Losses by category: what a failing unit costs inside, and what an escape costs months later."""

import numpy as np

from features.simulator.streams import Array

INTERNAL = ("scrap", "rework", "downgrade", "downtime", "incident")
EXTERNAL = ("claims", "returns", "warranty", "repair_replacement", "discount", "goodwill")
_INSIDE = np.array([0.34, 0.33, 0.13])
_OUTSIDE = np.array([0.30, 0.22, 0.20, 0.12, 0.10, 0.06])
_CASES = 10.0
"""Mean number of external cases a month at a plant that is at its baseline."""

_INCIDENTS = 0.08


def internal_shares(caught: Array, downtime: Array, stress: Array) -> Array:
    """Expected internal loss by category ÷ baseline internal loss, last axis in INTERNAL's order."""
    scrap = _INSIDE * caught[..., None]
    return np.concatenate([scrap, 0.14 * downtime[..., None], 0.06 * np.exp(stress)[..., None]], axis=-1)


def draw_internal(rng: np.random.Generator, amounts: Array) -> Array:
    """Stated amounts (…, 5) around expected ones: 15 % noise, downtime rougher, incidents rare and heavy."""
    noise = rng.gamma(40.0, 1 / 40.0, amounts.shape)
    noise[..., 3] = rng.gamma(6.0, 1 / 6.0, amounts.shape[:-1])
    happens = rng.random(amounts.shape[:-1]) < _INCIDENTS
    noise[..., 4] = happens * rng.gamma(1.5, 1 / 1.5, amounts.shape[:-1]) / _INCIDENTS
    return np.asarray(amounts * noise)


def draw_external(rng: np.random.Generator, expected: Array, baseline: Array) -> Array:
    """Stated amounts (…, 6): a Poisson number of cases per category, each of gamma size.

    Args:
        rng: the stream.
        expected: (…,) expected external loss of the month, CNY.
        baseline: (…,) the plant's usual one; it sets the size of a case.
    """
    rate = (expected / baseline)[..., None] * _OUTSIDE * _CASES
    cases = rng.poisson(rate)
    size = (baseline / _CASES)[..., None]
    return np.asarray(rng.gamma(np.maximum(2.0 * cases, 1e-9), 0.5) * size * (cases > 0))
