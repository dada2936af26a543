"""The forecaster's two learned parts as one regressor: ridge, then LightGBM on what it leaves over."""

from __future__ import annotations

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
from models.learning.relief import relief
from models.learning.ridge import choose_penalty, solve, sums
from models.results import TARGETS

if TYPE_CHECKING:
    import lightgbm

CHECKED = 0.25  # share of the rows, the last ones, on which a penalty is chosen


class RidgeThenTrees(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """What the product runs for one target and horizon, on any matrix.

    Columns are centred and scaled; unknown values (NaN) stand at the mean for ridge, LightGBM reads them as
    they are. A frame whose columns bear the model table's names is read as the product reads it: targets'
    histories on their links and as contrasts, `industry` as categories. Under 20 rows ridge is one mean,
    under 150 there are no trees.

    Args:
        target: whose penalties to use (ftq, …): the product punishes a target's own history less than
            anything else, by the model table's names; None punishes all columns alike.
        penalty: of ridge, on standardised columns; None chooses by the squared error on the last quarter of
            the rows, which therefore should be in order of time.
        trees: share of the trees' correction that is used, 0 (ridge alone) to 1.
        random_state: LightGBM's seed.
        n_jobs: LightGBM's threads; the answer does not depend on it.

    Attributes:
        design_: how columns are read; penalty_: the one used; line_: ridge; booster_: LightGBM or None.
    """

    def __init__(
        self,
        *,
        target: str | None = None,
        penalty: float | None = None,
        trees: float = 1.0,
        random_state: int | np.random.RandomState | None = 20260101,
        n_jobs: int = 1,
    ) -> None:
        self.target, self.penalty, self.trees = target, penalty, trees
        self.random_state, self.n_jobs = random_state, n_jobs

    def fit(self, X: Any, y: Any) -> Self:  # noqa: ANN401 - scikit-learn's names
        """Learn from n × p features and n targets; raises ValueError for a parameter out of its range."""
        rules = {"dtype": np.float64, "ensure_all_finite": "allow-nan", "ensure_min_samples": 2}
        x, y = validate_data(self, X, y, y_numeric=True, **rules)
        y = np.asarray(y, dtype=np.float64)
        self._check()
        panel = _as_panel(self._names(), x)
        self.design_ = fit_design(panel)
        linked = self.design_.linked(panel)
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
        linked = self.design_.linked(_as_panel(self._names(), x))
        answer = self.line_.predict(self.design_.ridge_matrix(linked))
        if self.booster_ is not None:
            answer = answer + self.trees * np.asarray(self.booster_.predict(linked, num_threads=1))
        return answer

    def _check(self) -> None:
        if self.penalty is not None and not self.penalty >= 0:
            raise ValueError(f"penalty: found {self.penalty!r}, allowed are 0 or more, or None")
        if not 0 <= self.trees <= 1:
            raise ValueError(f"trees: found {self.trees!r}, allowed is a share from 0 to 1")
        if self.target is not None and self.target not in TARGETS:
            raise ValueError(f"target: found {self.target!r}, allowed are {', '.join(TARGETS)}, or None")

    def _names(self) -> tuple[str, ...]:
        """Column names; those of a plain array are x0, x1, …, as scikit-learn names them."""
        named = getattr(self, "feature_names_in_", [f"x{j}" for j in range(self.n_features_in_)])
        return tuple(str(name) for name in named)

    def _fit_ridge(self, matrix: Array, y: Array) -> None:
        carried = self._relief()
        cut = len(y) - int(CHECKED * len(y))
        before, after = sums(matrix[:cut], y[:cut]), sums(matrix[cut:], y[cut:])
        chosen = choose_penalty([before], [after], carried) if self.penalty is None else self.penalty
        self.penalty_ = float(chosen)
        self.line_ = solve(before + after, self.penalty_, carried)

    def _relief(self) -> Array:
        """Share of the penalty that each ridge column carries."""
        names = [self.design_.names[j] for j in self.design_.groups()]
        return np.array([relief(self.target, name) if self.target else 1.0 for name in names])

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
