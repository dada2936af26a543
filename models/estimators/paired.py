"""Is one estimator better than another? A paired test over origins, as at the promotion gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from models.estimators.learning_rows import LearningRows
from models.estimators.rolling_origin import RollingOrigin
from models.forecast.gate import standard_error_of_sum
from models.forecast.links import Array

SURE = 2.0  # standard errors beyond which a difference is taken for one


@dataclass(frozen=True)
class Paired:
    """Mean absolute errors of two estimators on the same rows of a rolling origin.

    `ratio` is ours ÷ theirs, `error` its standard error over `origins` periods: plants of a period share its
    shocks, and neighbouring origins share targets, so that rows are not independent observations.
    """

    ours: float
    theirs: float
    ratio: float
    error: float
    origins: int

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `cannot tell` where the difference is within two standard errors."""
        if abs(self.ratio - 1.0) <= SURE * self.error:
            return "cannot tell"
        return "better" if self.ratio < 1.0 else "worse"


def paired(
    ours: Any,  # noqa: ANN401 - any regressor
    theirs: Any,  # noqa: ANN401
    rows: LearningRows,
    n_splits: int = 4,
) -> Paired:
    """Fit clones of two regressors on every fold of a rolling origin and compare their errors by origin.

    Raises ValueError where the rows are too few for a fold, or of a single origin.
    """
    cv = RollingOrigin(n_splits, horizon=rows.horizon)
    tested = np.concatenate([test for _, test in cv.split(rows.x, groups=rows.t)])
    one, other = (_absolute_errors(estimator, rows, cv) for estimator in (ours, theirs))
    origins, position = np.unique(rows.t[tested], return_inverse=True)
    if len(origins) < 2:
        raise ValueError(f"{len(origins)} origin tested: two at least are needed to know a spread")
    mean = other.mean()
    ratio = one.mean() / mean
    excess: Array = np.bincount(position, one - ratio * other).astype(np.float64)
    error = standard_error_of_sum(excess, rows.horizon) / (mean * len(other))
    return Paired(float(one.mean()), float(mean), float(ratio), float(error), len(origins))


def against(
    reference: Any,  # noqa: ANN401 - any regressor
    others: Mapping[str, Any],
    rows: LearningRows,
    n_splits: int = 4,
) -> pd.DataFrame:
    """One row per other estimator: mean absolute error, ratio to the reference's, its error, verdict."""
    found = {name: paired(other, reference, rows, n_splits) for name, other in others.items()}
    told = [{"error": p.ours, "ratio": p.ratio, "±": p.error, "verdict": p.verdict} for p in found.values()]
    return pd.DataFrame(told, index=list(found))


def _absolute_errors(estimator: Any, rows: LearningRows, cv: RollingOrigin) -> Array:  # noqa: ANN401
    y = rows.y.to_numpy(np.float64)
    errors = []
    for train, test in cv.split(rows.x, groups=rows.t):
        fitted = clone(estimator).fit(rows.x.iloc[train], rows.y.iloc[train])
        errors.append(np.abs(np.asarray(fitted.predict(rows.x.iloc[test])).ravel() - y[test]))
    return np.concatenate(errors)
