"""Bits against bytes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.portfolio.planes import counts, first_months, pack


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 150))
def test_counts_are_those_of_the_first_months(seed, enterprises):
    rng = np.random.default_rng(seed)
    first = rng.choice(np.array([1, 3, 6, 11, 12, 255], dtype=np.uint8), (4, enterprises, 5))
    late = rng.integers(0, 4, enterprises)
    members = rng.random(enterprises) < 0.6
    bits = pack(first, late)
    for level in (2, 3, 4, 5):
        found = counts(bits, level, members)
        for month in range(1, 13):
            by = np.minimum(month + late, 12)[:, None]
            assert found[:, month - 1].tolist() == ((first[level - 2] <= by)[members]).sum(axis=0).tolist()


def test_first_months_by_hand():
    levels = np.array([[[2, 3, 2, 4], [1, 1, 1, 1]]], dtype=np.int8)
    assert first_months(levels)[:, 0].tolist() == [[1, 255], [2, 255], [4, 255], [255, 255]]


def test_nobody_reaches_nothing():
    bits = pack(np.full((4, 3, 2), 255, np.uint8), np.zeros(3, np.int64))
    assert not counts(bits, 2, np.zeros(3, bool)).any()
