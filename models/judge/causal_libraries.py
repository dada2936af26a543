"""DoubleML and EconML as a practitioner would use them on these records.

All get: one sector pooled, outcome, levers and controls centred by plant and month, history to the month
before and context as controls, folds that keep a plant together, and standard errors or forests by plant.
Levers are scaled to one within-plant standard deviation while fitting.

- **DoubleML**: partially linear regression (`DoubleMLPLR`, Chernozhukov et al. 2018), each lever in turn
  with the others as covariates, ridge nuisances, clustered by plant.
- **EconML, linear**: `LinearDML` with all levers as one treatment vector, LightGBM nuisances.
- **EconML, forest**: `CausalForestDML` (Athey, Tibshirani & Wager 2019) with all levers as one treatment
  vector; effects differ by where the plant's levers and yield usually stand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from features.simulator.streams import Array
from models.judge.libraries import hushed, library
from models.judge.promises import NINETY, Slopes
from models.judge.province import Province
from models.judge.sample import Sample, samples

FOLDS: Final = 5
TREES: Final = 200
LEAST_PLANTS: Final = 3
LIGHT: Final = {
    "n_estimators": 100, "learning_rate": 0.05, "num_leaves": 7, "min_child_samples": 20, "n_jobs": 1,
    "verbose": -1, "random_state": 0,
}  # fmt: skip

Estimate = tuple[Array, Array]
"""Slopes and their standard errors, (plants, J), of the yield's link per standard deviation of each lever."""


def double_ml(province: Province) -> Slopes:
    """Each lever's effect by DoubleML; raises `CausalMissingError` without it."""
    library("doubleml")
    return _effects(province, _by_double_ml)


def linear_dml(province: Province) -> Slopes:
    """The same from EconML's `LinearDML`."""
    library("econml.dml")
    return _effects(province, _by_linear_dml)


def forest_dml(province: Province) -> Slopes:
    """The same from EconML's `CausalForestDML`."""
    library("econml.dml")
    return _effects(province, _by_forest)


def _effects(province: Province, estimate: Callable[[Sample, Array, Array, Array], Estimate]) -> Slopes:
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for sample in samples(province):
        levels = sample.within(sample.levels)
        size = levels.std(axis=0)
        moving = size > 0
        if len(set(sample.who)) < LEAST_PLANTS or not moving.any():
            continue
        controls = sample.within(sample.controls)
        d = levels[:, moving] / size[moving]
        with hushed():
            slopes, sds = estimate(sample, sample.within(sample.y), d, controls)
        names = [lever for lever, moves in zip(sample.levers, moving, strict=True) if moves]
        for i, enterprise in enumerate(sample.enterprises):
            values = zip(names, slopes[i] / size[moving], sds[i] / size[moving], strict=True)
            found |= {(enterprise, name): (float(slope), float(sd)) for name, slope, sd in values}
    return found


def _shared(sample: Sample, slope: Array, sd: Array) -> Estimate:
    plants = len(sample.enterprises)
    return np.tile(slope, (plants, 1)), np.tile(sd, (plants, 1))


def _by_double_ml(sample: Sample, y: Array, d: Array, controls: Array) -> Estimate:
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    dml = library("doubleml")
    treatments = [f"d{j}" for j in range(d.shape[1])]
    covariates = [f"x{j}" for j in range(controls.shape[1])]
    frame = pd.DataFrame(np.column_stack([y, d, controls]), columns=["y", *treatments, *covariates])
    data = dml.DoubleMLData(
        frame.assign(plant=sample.who), "y", treatments, x_cols=covariates, cluster_cols="plant"
    )
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-1, 4, 11)))
    np.random.seed(0)  # noqa: NPY002 (DoubleML draws its folds from the global generator)
    model = dml.DoubleMLPLR(data, ridge, ridge, n_folds=min(FOLDS, len(set(sample.who)))).fit()
    return _shared(sample, np.asarray(model.coef), np.asarray(model.se))


def _by_linear_dml(sample: Sample, y: Array, d: Array, controls: Array) -> Estimate:
    model = library("econml.dml").LinearDML(
        model_y=_light(), model_t=_several(), cv=_folds(sample), random_state=0, linear_first_stages=False
    )
    model.fit(y, d, X=None, W=controls, groups=sample.who)
    told = model.const_marginal_effect_inference(None)
    return _shared(sample, np.ravel(told.point_estimate), np.ravel(told.stderr))


def _by_forest(sample: Sample, y: Array, d: Array, controls: Array) -> Estimate:
    model = library("econml.dml").CausalForestDML(
        model_y=_light(), model_t=_several(), cv=_folds(sample), n_estimators=TREES, min_samples_leaf=10,
        max_samples=0.4, n_jobs=1, random_state=0,
    )  # fmt: skip
    usual = _usual(sample)
    model.fit(y, d, X=usual[sample.who], W=controls, groups=sample.who)
    point = np.asarray(model.const_marginal_effect(usual)).reshape(len(usual), -1)
    low, high = model.const_marginal_effect_interval(usual, alpha=0.1)
    return point, (np.asarray(high) - np.asarray(low)).reshape(point.shape) / (2 * NINETY)


def _usual(sample: Sample) -> Array:
    """Each plant's mean yield and lever levels, standardised over the sector, (plants, 1 + J)."""
    frame = pd.DataFrame(np.column_stack([sample.y, sample.levels])).groupby(sample.who).mean()
    frame = frame.reindex(range(len(sample.enterprises)))
    return ((frame - frame.mean()) / frame.std().replace(0.0, 1.0)).fillna(0.0).to_numpy()


def _light() -> Any:  # noqa: ANN401 (an estimator of an untyped library)
    import lightgbm as lgb

    return lgb.LGBMRegressor(**LIGHT)


def _several() -> Any:  # noqa: ANN401
    from sklearn.multioutput import MultiOutputRegressor

    return MultiOutputRegressor(_light())


def _folds(sample: Sample) -> Any:  # noqa: ANN401
    from sklearn.model_selection import GroupKFold

    return GroupKFold(min(FOLDS, len(set(sample.who))))
