"""Probabilities read off level paths, against counting by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.attainment.chances import Chances, lowest_in_a_row

PATHS = arrays.arrays(np.int8, (2, 7, 12), elements=st.integers(1, 5))


def test_chances_by_hand() -> None:
    levels = np.array([[[2, 3, 3, 3], [2, 2, 3, 2]]], dtype=np.int8)
    found = Chances.of(levels)
    np.testing.assert_allclose(found.exactly[0, 1], [0, 0.5, 0.5, 0, 0])
    np.testing.assert_allclose(found.reached[0, :, 2], [0, 0.5, 1.0, 1.0])
    np.testing.assert_allclose(found.kept[0, :, 2], [0, 0, 0, 0.5])
    np.testing.assert_allclose(found.kept[0, :, 1], [0, 0, 1, 1])


def test_the_lowest_of_three_months() -> None:
    levels = np.array([[[4, 3, 5, 5, 5, 1]]], dtype=np.int8)
    assert lowest_in_a_row(levels)[0, 0].tolist() == [0, 0, 3, 3, 5, 1]
    assert lowest_in_a_row(levels[:, :, :2])[0, 0].tolist() == [0, 0]


@given(PATHS)
def test_chances_are_probabilities_that_hang_together(levels) -> None:
    found = Chances.of(levels)
    np.testing.assert_allclose(found.exactly.sum(axis=2), 1.0)
    at_least = np.cumsum(found.exactly[:, :, ::-1], axis=2)[:, :, ::-1]
    assert (found.reached >= at_least - 1e-12).all()
    assert (found.kept <= found.reached + 1e-12).all()
    for chances in (found.reached, found.kept):
        assert (np.diff(chances, axis=1) >= 0).all(), "rises with the horizon"
        assert (np.diff(chances, axis=2) <= 0).all(), "falls with the level"
