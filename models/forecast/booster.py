"""A small LightGBM on what ridge leaves over: one per target and group of horizons.

Its target is a row's mean leftover over the group's horizons, which halves the noise and the cost of one
model per horizon. Leaves are few and regularisation is strong: how much of it is used is decided in
`stack`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.forecast.links import Array

if TYPE_CHECKING:
    import lightgbm

HORIZON_GROUPS: tuple[tuple[int, ...], ...] = ((1,), (2, 3), (4, 5, 6), (7, 8, 9, 10, 11, 12))
FEWEST_ROWS = 150
ROUNDS = 40


def group_of(horizon: int) -> int:
    """Position of the group that a horizon (from 1) belongs to."""
    return next(g for g, horizons in enumerate(HORIZON_GROUPS) if horizon in horizons)


def settings(seed: int, threads: int, rows: int) -> dict[str, Any]:
    """LightGBM parameters: deterministic, small trees, strong shrinkage."""
    return {
        "objective": "regression",
        "num_leaves": 7,
        "learning_rate": 0.07,
        "min_data_in_leaf": max(20, rows // 60),
        "lambda_l2": 10.0,
        "feature_fraction": 0.3,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "max_bin": 31,
        "num_threads": threads,
        "deterministic": True,
        "force_col_wise": True,  # a third cheaper than by rows here, and the same trees
        "seed": seed,
        "verbosity": -1,
    }


def dataset(linked: Array) -> lightgbm.Dataset:
    """Binned features, shared by every model fitted on these rows."""
    import lightgbm

    params = {"max_bin": 31, "verbosity": -1, "min_data_in_bin": 3, "num_threads": 1}
    return lightgbm.Dataset(linked, params=params).construct()


def fit(binned: lightgbm.Dataset, leftover: Array, seed: int, threads: int = 1) -> lightgbm.Booster | None:
    """Boost a group's n × horizons leftovers; None where too few rows know any of them."""
    import lightgbm

    known = np.isfinite(leftover)
    rows = np.flatnonzero(known.any(axis=1))
    if len(rows) < FEWEST_ROWS:
        return None
    share = known[rows].mean(axis=1)
    target = np.nansum(leftover[rows], axis=1) / known[rows].sum(axis=1)
    part = binned.subset(rows.tolist()).construct()  # a label set before that is silently lost
    part.set_label(target)
    part.set_weight(share)
    return lightgbm.train(settings(seed, threads, len(rows)), part, num_boost_round=ROUNDS)


def contributions(booster: lightgbm.Booster, linked: Array) -> Array:
    """n × (features + 1): exact TreeSHAP contributions, the last column being the expected value."""
    return np.asarray(booster.predict(linked, pred_contrib=True, num_threads=1), dtype=np.float64)
