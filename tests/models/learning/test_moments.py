"""Shared sums of products equal the sums over the rows that each target and horizon may learn from."""

from __future__ import annotations

import numpy as np
import pytest

from models.learning.moments import Moments
from models.learning.ridge import sums
from models.results import HORIZONS

EDGES = (12, 18, 24, 30)


def _rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    t = np.concatenate([np.arange(first, 30) for first in (0, 5, 11, 26)])
    matrix, values = rng.normal(size=(len(t), 4)), rng.normal(size=(len(t), HORIZONS))
    values[rng.random(values.shape) < 0.2] = np.nan
    return t, matrix, values


@pytest.mark.parametrize("horizon", [1, 2, 7, 12])
def test_equal_the_sums_over_the_rows_themselves(horizon: int) -> None:
    t, matrix, values = _rows()
    found = Moments(matrix, t, EDGES).of(values)[horizon - 1]
    for edge, ours in zip(EDGES, found, strict=True):
        allowed = t + horizon <= edge
        oracle = sums(matrix[allowed], values[allowed, horizon - 1])
        for name in ("n", "x", "y", "xx", "xy", "yy"):
            np.testing.assert_allclose(getattr(ours, name), getattr(oracle, name), atol=1e-10)


def test_what_comes_later_changes_no_earlier_sum() -> None:
    t, matrix, values = _rows()
    later = t + 3 > 18
    changed = values.copy()
    changed[later, 2] = 1e6
    before, after = (Moments(matrix, t, EDGES).of(v)[2][1] for v in (values, changed))
    np.testing.assert_array_equal(before.xy, after.xy)
    np.testing.assert_array_equal(before.xx, after.xx)
