"""How good a forecast of a count is: score, place of what came, and what independent coins would say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

Chances = NDArray[np.float64]
"""Probabilities of 0, 1, 2 … N."""


def of_paths(counts: NDArray[np.int64], most: int) -> Chances:
    """Shares of paths (P counts) with each count 0 … `most`."""
    return np.asarray(np.bincount(counts, minlength=most + 1) / len(counts), dtype=np.float64)


def of_coins(chances: NDArray[np.float64]) -> Chances:
    """Distribution of how many of n independent events happen (Poisson's binomial), by convolution."""
    out = np.zeros(len(chances) + 1)
    out[0] = 1.0
    for top, chance in enumerate(chances[chances > 0], start=1):
        out[1 : top + 1] = out[1 : top + 1] * (1.0 - chance) + out[:top] * chance
        out[0] *= 1.0 - chance
    return out


def of_mean(mean: float, most: int) -> Chances:
    """Poisson's distribution of a mean, all that is beyond `most` at `most`."""
    out = np.asarray(poisson.pmf(np.arange(most + 1), mean), dtype=np.float64)
    out[-1] += max(1.0 - out.sum(), 0.0)
    return out


def crps(chances: Chances, came: int) -> float:
    """Continuous ranked probability score of a count: Σ (P(count ≤ k) − [came ≤ k])²; 0 is perfect.

    Matheson and Winkler (1976); of a certain forecast it is the absolute error.
    """
    below = np.arange(len(chances)) >= came
    return float(((np.cumsum(chances) - below) ** 2).sum())


def place(chances: Chances, came: int) -> tuple[float, float]:
    """P(count < came) and P(count ≤ came): between them lies the probability integral transform."""
    upto = np.cumsum(chances)
    return float(upto[came - 1]) if came else 0.0, float(min(upto[came], 1.0))


def at_least(chances: Chances, count: int) -> float:
    """P(count ≥ N)."""
    return float(min(chances[count:].sum(), 1.0))


def mean_of(chances: Chances) -> float:
    """Expected count."""
    return float(np.arange(len(chances)) @ chances)


def variance_of(chances: Chances) -> float:
    """Variance of the count."""
    return float((np.arange(len(chances)) - mean_of(chances)) ** 2 @ chances)


def histogram(low: NDArray[np.float64], high: NDArray[np.float64], bins: int = 10) -> NDArray[np.float64]:
    """Shares of the places in equal bins; a count's place is spread evenly from `low` to `high`.

    Czado, Gneiting and Held (2009). Each is 1 ÷ `bins` where distributions say what comes.
    """
    edges = np.linspace(0.0, 1.0, bins + 1)
    width = np.maximum(high - low, 1e-12)
    upto = np.clip((edges[:, None] - low) / width, 0.0, 1.0)
    return np.asarray(np.diff(upto.mean(axis=1)))
