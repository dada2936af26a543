"""What else ranks variables after a fault, to be measured against: none of it is used by the product.

Each takes standardised readings of good running (n, J) and of the episode (m, J) and gives a figure per
variable (J,), larger for more suspect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from models.causes.surprise import Array

KEPT_VARIANCE: Final = 0.9
CONFIDENCE: Final = 0.99
TREES: Final = 100
BOOST: Final[dict[str, Any]] = {
    "num_leaves": 15,
    "learning_rate": 0.1,
    "verbose": -1,
    "num_threads": 1,
    "seed": 0,
}

Yardstick = Callable[[Array, Array], Array]


def mean_shift(good: Array, episode: Array) -> Array:
    """How far each mean has moved, in standard deviations."""
    return np.asarray(np.abs(episode.mean(axis=0) - good.mean(axis=0)) / np.maximum(good.std(axis=0), 1e-9))


def t2_contributions(good: Array, episode: Array) -> Array:
    """Complete decomposition of Hotelling's T² of the leading components (Miller, Swanson & Heckler 1998,
    *Appl. Math. Comput. Sci.* 8; Alcala & Qin 2011, *J. Process Control* 21), mean over the episode.
    """
    variances, loadings, kept = _components(good)
    root = (loadings[:, :kept] / np.sqrt(variances[:kept])) @ loadings[:, :kept].T
    return np.asarray(((episode @ root) ** 2).mean(axis=0))


def spe_contributions(good: Array, episode: Array) -> Array:
    """Squared prediction errors of the leading components, mean over the episode."""
    _, loadings, kept = _components(good)
    left = episode - episode @ loadings[:, :kept] @ loadings[:, :kept].T
    return np.asarray((left**2).mean(axis=0))


def reconstruction(good: Array, episode: Array) -> Array:
    """Reconstruction-based contributions to the combined index (Alcala & Qin 2009, *Automatica* 45): by how
    much the index falls when one variable is replaced by what the others make likely.
    """
    variances, loadings, kept = _components(good)
    principal, rest = loadings[:, :kept], variances[kept:]
    g, h = (rest**2).sum() / rest.sum(), rest.sum() ** 2 / (rest**2).sum()
    spe_limit, t2_limit = g * stats.chi2.ppf(CONFIDENCE, h), stats.chi2.ppf(CONFIDENCE, kept)
    index = (principal / variances[:kept]) @ principal.T / t2_limit
    index = index + (np.eye(len(variances)) - principal @ principal.T) / spe_limit
    return np.asarray(((episode @ index) ** 2 / np.diag(index)).mean(axis=0))


def _components(good: Array) -> tuple[Array, Array, int]:
    """Variances in falling order, loadings, and how many explain `KEPT_VARIANCE`."""
    values, vectors = np.linalg.eigh(np.cov(good.T))
    values, vectors = np.maximum(values[::-1], 1e-12), vectors[:, ::-1]
    return values, vectors, int((np.cumsum(values) / values.sum() < KEPT_VARIANCE).sum()) + 1


def shap_of_classifier(good: Array, episode: Array) -> Array:
    """Mean |SHAP| over the episode of LightGBM told apart from good running (exact TreeSHAP)."""
    label = np.repeat([0.0, 1.0], [len(good), len(episode)])
    return _shap(np.vstack([good, episode]), label, len(good), "binary")


def shap_of_quality(good: Array, episode: Array, quality: tuple[Array, Array]) -> Array:
    """Mean |SHAP| over the episode of LightGBM that predicts a quality variable, given as (n,) and (m,), from
    the readings: what is usually meant by "SHAP says what drove the loss".
    """
    return _shap(np.vstack([good, episode]), np.concatenate(quality), len(good), "regression")


def _shap(rows: Array, answer: NDArray[np.float64], first: int, objective: str) -> Array:
    import lightgbm

    data = lightgbm.Dataset(rows, answer)
    booster = lightgbm.train(BOOST | {"objective": objective}, data, TREES)
    shares = np.asarray(booster.predict(rows[first:], pred_contrib=True))[:, :-1]
    return np.asarray(np.abs(shares).mean(axis=0))


PLAIN: Final[dict[str, Yardstick]] = {
    "mean shift": mean_shift,
    "PCA T2 contributions": t2_contributions,
    "PCA SPE contributions": spe_contributions,
    "reconstruction-based (combined)": reconstruction,
    "SHAP alone (faulty or not)": shap_of_classifier,
}
