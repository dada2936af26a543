"""Paths told apart by their fortune: who is put together, and that counts vary more while chances stay."""

from itertools import pairwise

import numpy as np

from models.attainment.fortune import CLASSES, told_apart
from models.attainment.portfolio import own_order

PATHS, TARGETS = 600, ("ftq", "cpk")


def drawn(seed=1):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 4, PATHS), rng.random((PATHS, 2, 12))


def fortune(ranks):
    """A small error of the yield's scale and a large one of Cpk's are good."""
    return ranks[:, 1].mean(axis=1) - ranks[:, 0].mean(axis=1)


def test_months_are_never_mixed_and_parts_are_equal():
    origin, ranks = drawn()
    label = told_apart(origin, ranks, TARGETS)
    for month in range(4):
        mine = label[origin == month]
        assert not set(mine) & set(label[origin != month])
        assert len(set(mine)) == CLASSES
        assert np.ptp(np.unique(mine, return_counts=True)[1]) <= 1


def test_without_luck_the_better_part_has_the_better_errors():
    origin, ranks = drawn()
    label, good = told_apart(origin, ranks, TARGETS, classes=3, luck=0.0), fortune(ranks)
    for month in range(4):
        parts = [good[label == name] for name in np.unique(label[origin == month])]
        for worse, better in pairwise(parts):
            assert worse.max() <= better.min()


def test_a_month_of_one_path_is_a_part_of_its_own():
    label = told_apart(np.arange(5), np.random.default_rng(0).random((5, 2, 12)), TARGETS)
    assert len(set(label)) == 5


def test_counts_vary_more_and_nobodys_chances_change():
    origin, ranks = drawn()
    # An enterprise gets there on its fortunate paths; how fortunate they must be is its own.
    there = fortune(ranks) > np.linspace(-0.1, 0.3, 200)[:, None]
    names = [f"E{row}" for row in range(200)]
    by = {}
    alike, sure = told_apart(origin, ranks, TARGETS), told_apart(origin, ranks, TARGETS, luck=0.0)
    for name, shock in (("month", origin), ("fortune", alike), ("no luck", sure)):
        joint = np.take_along_axis(there, own_order(shock, names), axis=1)
        assert np.array_equal(joint.mean(axis=1), there.mean(axis=1))
        by[name] = joint.sum(axis=0).var()
    assert by["no luck"] > 1.5 * by["fortune"] > 4 * by["month"]
