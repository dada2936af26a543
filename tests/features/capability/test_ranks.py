"""Ranks and scores of many ragged series, against SciPy's ranks one at a time."""

import numpy as np
import pytest
from scipy import stats

from features.capability.ranks import normal_scores, ranked
from features.capability.samples import Samples


def ragged(rng, coarse):
    sizes = rng.integers(0, 30, 40)
    values = rng.normal(size=sizes.sum())
    values = np.round(values * 2) if coarse else values
    return sizes, Samples(values, np.repeat(np.arange(40), sizes), np.arange(len(values)), 40)


@pytest.mark.parametrize("coarse", [False, True])
def test_scores_are_those_of_the_ranks(coarse):
    sizes, samples = ragged(np.random.default_rng(4), coarse)
    found = ranked(samples)
    for values, shared, by_lot in zip(
        *(np.split(x, np.cumsum(sizes)[:-1]) for x in (samples.values, found.shared, found.by_lot)),
        strict=True,
    ):
        scores = normal_scores(len(values))
        np.testing.assert_array_equal(np.sort(by_lot), scores)
        np.testing.assert_array_equal(
            stats.rankdata(values, "dense")[np.argsort(by_lot)], np.sort(stats.rankdata(values, "dense"))
        )
        for value in np.unique(values):
            np.testing.assert_allclose(shared[values == value], by_lot[values == value].mean(), atol=1e-12)


def test_blocks_hold_every_sorted_series_once():
    sizes, samples = ragged(np.random.default_rng(5), coarse=True)
    blocks = ranked(samples).blocks
    assert (
        sorted(np.concatenate([block.members for block in blocks]).tolist()) == np.flatnonzero(sizes).tolist()
    )
    for block in blocks:
        np.testing.assert_array_equal(np.sort(samples.values[block.at], axis=1), block.ordered)


def test_the_lot_is_the_same_for_everybody():
    values = np.tile([1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 1.0], 2)
    scores = ranked(Samples(values, np.repeat([0, 1], 7), np.arange(14), 2)).by_lot
    np.testing.assert_array_equal(scores[:7], scores[7:])
