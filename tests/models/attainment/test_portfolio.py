"""Joint level paths: shocks in common, paths of one's own."""

from __future__ import annotations

import numpy as np

from models.attainment.portfolio import LevelPaths, own_paths


def test_paths_are_shuffled_within_their_shock_only() -> None:
    shock = np.array([3, 1, 3, 1, 1, 2])
    levels = np.arange(12, dtype=np.int8).reshape(2, 6, 1)
    found = own_paths(levels, shock, ["A", "B"])
    for row in range(2):
        for one in np.unique(shock):
            assert sorted(found[row, shock == one, 0]) == sorted(levels[row, shock == one, 0])


def test_counts_vary_by_the_common_part_alone() -> None:
    """Where a path's number means nothing beyond its shock, enterprises are independent given the shock."""
    rng = np.random.default_rng(1)
    shock = np.repeat(np.arange(20), 50)
    luck = rng.random(1000) < 0.5  # the same for all enterprises: what sharing one path would do
    levels = np.where(luck, 3, 2)[None, :, None].repeat(40, axis=0).astype(np.int8)
    alike = LevelPaths((), np.zeros(40), np.full(40, 2, np.int8), levels).newly_reached(3)
    names = [f"E{i}" for i in range(40)]
    own = LevelPaths((), np.zeros(40), np.full(40, 2, np.int8), own_paths(levels, shock, names))
    assert alike.mean() == own.newly_reached(3).mean()
    assert own.newly_reached(3).var() < alike.var() / 20  # binomial: 10 against 400


def test_newly_reached_by_hand() -> None:
    levels = np.array([[[2, 3, 2], [2, 2, 2]], [[3, 3, 3], [3, 4, 3]]], dtype=np.int8)
    found = LevelPaths(("A", "B"), np.zeros(2, np.int64), np.array([2, 3], np.int8), levels)
    assert found.newly_reached(3).tolist() == [[0, 1, 1], [0, 0, 0]]
    assert found.newly_reached(4).tolist() == [[0, 0, 0], [0, 1, 1]]
