"""A target's link as a transformer, for `TransformedTargetRegressor` and pipelines."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from models.forecast.links import Array, fit_link
from models.results import TARGETS


class TargetLink(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Values of one target → the scale on which the forecaster works, and back.

    Yields go to log(−log y), loss rates and ppm to log(x + half the smallest positive value seen), Cpk to
    log. NaN stays NaN. The inverse keeps answers within reach of what was seen in `fit`. A value that the
    target cannot have (a yield above one) counts as the nearest that it can.

    Args:
        target: ftq, internal_loss, external_loss, ppm or cpk.

    Attributes:
        links_: one `models.forecast.links.Link` per column.

    Example:
        >>> import numpy as np
        >>> TargetLink("ftq").fit_transform(np.array([[0.90], [0.99]])).round(2).tolist()
        [[-2.25], [-4.6]]
    """

    def __init__(self, target: str = "ftq") -> None:
        self.target = target

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ANN401, ARG002 - scikit-learn's names
        """Learn offsets and bounds from n × k values of the target; raises ValueError for an unknown one."""
        if self.target not in TARGETS:
            raise ValueError(f"target: found {self.target!r}, allowed are {', '.join(TARGETS)}")
        values = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        self.links_ = tuple(fit_link(self.target, column) for column in values.T)
        return self

    def transform(self, X: Any) -> Array:  # noqa: ANN401
        """n × k values in the target's unit → model scale."""
        values = self._values(X)
        return np.column_stack([link.forward(c) for link, c in zip(self.links_, values.T, strict=True)])

    def inverse_transform(self, X: Any) -> Array:  # noqa: ANN401
        """n × k values on the model scale → the target's unit."""
        values = self._values(X)
        return np.column_stack([link.inverse(c) for link, c in zip(self.links_, values.T, strict=True)])

    def _values(self, given: Any) -> Array:  # noqa: ANN401
        check_is_fitted(self)
        values = validate_data(self, given, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return np.asarray(values, dtype=np.float64)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        """NaN is an unknown value, not a fault."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
