"""Is one estimator better than another? The same folds for both, and the paired test of the backtest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from models.estimators.learning_rows import LearningRows
from models.estimators.rolling_origin import RollingOrigin
from models.forecast.links import Array
from models.peers.paired import Paired
from models.peers.paired import paired as paired_test


def paired(
    ours: Any,  # noqa: ANN401 - any regressor
    theirs: Any,  # noqa: ANN401
    rows: LearningRows,
    n_splits: int = 4,
) -> Paired:
    """Fit clones of two regressors on every fold of a rolling origin and compare their errors by origin.

    Raises ValueError where the rows are too few for a fold.
    """
    cv = RollingOrigin(n_splits, horizon=rows.horizon)
    tested = np.concatenate([test for _, test in cv.split(rows.x, groups=rows.t)])
    errors = {
        f"ae.{name}": _absolute_errors(estimator, rows, cv)
        for name, estimator in (("ours", ours), ("theirs", theirs))
    }
    cells = pd.DataFrame({"world": 0, "t": rows.t[tested], "horizon": rows.horizon, **errors})
    return paired_test(cells, "ae", "ours", "theirs")


def against(
    reference: Any,  # noqa: ANN401 - any regressor
    others: Mapping[str, Any],
    rows: LearningRows,
    n_splits: int = 4,
) -> pd.DataFrame:
    """One row per other estimator: mean absolute error, ratio to the reference, standard error, verdict."""
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
