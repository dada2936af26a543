"""The forecaster's two learned parts as one regressor: ridge, then LightGBM on what it leaves over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.forecast import booster
from models.forecast.design import fit_design
from models.forecast.links import Array
from models.forecast.panel import Panel
from models.forecast.relief import OWN_RELIEF
from models.forecast.ridge import choose_penalty, solve, sums
from models.results import TARGETS

if TYPE_CHECKING:
    import lightgbm

CHECKED = 0.25  # share of the rows, the last ones, on which a penalty is chosen


class RidgeThenTrees(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """What the product runs for one target and horizon, on any matrix.

    Columns are centred and scaled, unknown values (NaN) stand at the mean beside an indicator of each
    pattern of missing values; LightGBM reads NaN as it is. A frame whose columns bear the model table's
    names is read as the product reads it: targets' histories on their links, `industry` as categories. Under
    20 rows ridge is one mean, under 150 there are no trees.

    Args:
        penalty: of ridge, on standardised columns; None chooses among the product's own by the squared error
            on the last quarter of the rows, which therefore should be in order of time.
        own: names of columns that are punished less: an entity's own history of the target.
        trees: share of the trees' correction that is used, 0 (ridge alone) to 1.
        random_state: LightGBM's seed.
        n_jobs: LightGBM's threads; the answer does not depend on it.

    Attributes:
        design_: how columns are read; penalty_: the one used; line_: ridge; booster_: LightGBM or None.
    """

    def __init__(
        self,
        *,
        penalty: float | None = None,
        own: Sequence[str] = (),
        trees: float = 1.0,
        random_state: int | np.random.RandomState | None = 20260101,
        n_jobs: int = 1,
    ) -> None:
        self.penalty, self.own, self.trees = penalty, own, trees
        self.random_state, self.n_jobs = random_state, n_jobs

    def fit(self, X: Any, y: Any) -> Self:  # noqa: ANN401 - scikit-learn's names
        """Learn from n × p features and n targets; raises ValueError for a parameter out of its range."""
        rules = {"dtype": np.float64, "ensure_all_finite": "allow-nan", "ensure_min_samples": 2}
        x, y = validate_data(self, X, y, y_numeric=True, **rules)
        y = np.asarray(y, dtype=np.float64)
        self._check()
        self.design_ = fit_design(_as_panel(self._names(), x))
        linked = self._linked(x)
        matrix = self.design_.ridge_matrix(linked)
        # One BLAS thread, as in the product: sums in another order are other bits.
        with threadpool_limits(1, user_api="blas"):
            self._fit_ridge(matrix, y)
        self.booster_ = self._fit_trees(linked, y - self.line_.predict(matrix))
        return self

    def predict(self, X: Any) -> Array:  # noqa: ANN401
        """n predictions."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        linked = self._linked(x)
        answer = self.line_.predict(self.design_.ridge_matrix(linked))
        if self.booster_ is not None:
            answer = answer + self.trees * np.asarray(self.booster_.predict(linked, num_threads=1))
        return answer

    def _check(self) -> None:
        if self.penalty is not None and not self.penalty >= 0:
            raise ValueError(f"penalty: found {self.penalty!r}, allowed are 0 or more, or None")
        if not 0 <= self.trees <= 1:
            raise ValueError(f"trees: found {self.trees!r}, allowed is a share from 0 to 1")
        if unknown := sorted(set(self.own) - set(self._names())):
            raise ValueError(f"own: found no column named {', '.join(unknown)}")

    def _names(self) -> tuple[str, ...]:
        """Column names; those of a plain array are x0, x1, …, as scikit-learn names them."""
        named = getattr(self, "feature_names_in_", [f"x{j}" for j in range(self.n_features_in_)])
        return tuple(str(name) for name in named)

    def _linked(self, x: Array) -> Array:
        """n × features on the model scale; columns that never vary are left out, and that may be all."""
        panel = _as_panel(self._names(), x)
        return self.design_.linked(panel) if self.design_.names else np.empty((len(x), 0))

    def _fit_ridge(self, matrix: Array, y: Array) -> None:
        own = [j for j, name in enumerate(self.design_.names) if name in set(self.own)]
        relief = np.where(np.isin(self.design_.groups(), own), OWN_RELIEF, 1.0)
        cut = len(y) - int(CHECKED * len(y))
        before, after = sums(matrix[:cut], y[:cut]), sums(matrix[cut:], y[cut:])
        chosen = choose_penalty([before], [after], relief) if self.penalty is None else self.penalty
        self.penalty_ = float(chosen)
        self.line_ = solve(before + after, self.penalty_, relief)

    def _fit_trees(self, linked: Array, leftover: Array) -> lightgbm.Booster | None:
        if not self.trees or not linked.shape[1]:
            return None
        given = self.random_state
        seed = given if isinstance(given, int) else int(check_random_state(given).randint(2**31 - 1))
        return booster.fit(booster.dataset(linked), leftover[:, None], seed, self.n_jobs)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        """NaN is an unknown value, not a fault."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _as_panel(names: tuple[str, ...], x: Array) -> Panel:
    """Rows that belong to nobody: all that a design reads are the columns, and the targets among them."""
    unknown, order = np.full(len(x), np.nan), np.arange(len(x), dtype=np.int64)
    latest: dict[str, Array] = {
        y: x[:, names.index(f"{y}.last")] if f"{y}.last" in names else unknown for y in TARGETS
    }
    return Panel("", "enterprise", pd.DataFrame(index=order), order, order, names, x, latest, latest, unknown)
