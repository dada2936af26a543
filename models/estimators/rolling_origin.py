"""Cross-validation as time allows it: an expanding window, and a target counts when it has arrived."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from sklearn.model_selection import BaseCrossValidator

from models.forecast.panel import Index
from models.learning.rolling import refit_times


class RollingOrigin(BaseCrossValidator):  # type: ignore[misc]
    """Splits rows of a panel at the times at which the forecaster's own backtest refits.

    A fold with origin T trains on rows whose target had come by T (t + horizon ≤ T) and tests on the rows
    from T to before the next origin. So no test row shares a target period with a training row, which a split
    by rows does not give: all plants share a month's shocks. Rows from T − horizon to T are in neither part.

    `groups` of `split` (and of `cross_val_score`, `GridSearchCV.fit`, …) are the rows' periods as whole
    numbers (`LearningRows.t`).

    Args:
        n_splits: folds; fewer where the panel is so short that a fold would have nothing to train on.
        horizon: periods from a row to its target.
    """

    __metadata_request__split: ClassVar[dict[str, bool]] = {"groups": True}

    def __init__(self, n_splits: int = 4, *, horizon: int = 1) -> None:
        if n_splits < 1 or horizon < 1:
            raise ValueError(f"n_splits and horizon: found {n_splits} and {horizon}, both must be 1 or more")
        self.n_splits, self.horizon = n_splits, horizon

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Index, Index]]:  # noqa: ANN401, ARG002
        """Positions of training and of test rows, fold by fold, earliest first."""
        yield from self._folds(_periods(groups))

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ANN401, ARG002
        """Folds that these periods allow; without `groups`, the number asked for."""
        return self.n_splits if groups is None else len(self._folds(_periods(groups)))

    def _folds(self, t: Index) -> list[tuple[Index, Index]]:
        origins = [*refit_times(t, self.n_splits)[:-1], int(t.max()) + 1]
        folds = [
            (np.flatnonzero(t + self.horizon <= start), np.flatnonzero((t >= start) & (t < end)))
            for start, end in pairwise(origins)
        ]
        folds = [(train, test) for train, test in folds if len(train) and len(test)]
        if not folds:
            raise ValueError(
                f"{len(np.unique(t))} periods at horizon {self.horizon}: no origin has both a target that "
                "had come and a row after it; give more periods or a nearer horizon"
            )
        return folds


def _periods(groups: Any) -> Index:  # noqa: ANN401
    if groups is None:
        raise ValueError("groups: found none; give every row's period as a whole number (rows.t)")
    t = np.asarray(groups)
    if t.dtype.kind not in "iu":
        raise ValueError(f"groups: found {t.dtype}, allowed are whole numbers of periods (rows.t)")
    return t.astype(np.int64)
