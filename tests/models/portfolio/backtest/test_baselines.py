"""The chain's first passages against chains that are really walked; paces and shares by hand."""

import numpy as np
import pytest

from models.portfolio.backtest.baselines import chances, pace, todays_share
from models.portfolio.backtest.past import Past

BEGIN = 24_000


def walked(chain, plants, months, seed, start=1):
    """Levels of plants that walk a chain from `start` on."""
    rng, levels = np.random.default_rng(seed), np.full((plants, months), start, dtype=np.int8)
    for month in range(1, months):
        shares = np.cumsum(chain[levels[:, month - 1] - 1], axis=1)
        levels[:, month] = 1 + (rng.random(plants)[:, None] > shares).sum(axis=1)
    return levels


def of(levels):
    names = tuple(f"E{row:04d}" for row in range(len(levels)))
    return Past(names, BEGIN, {"grade": levels, "performance": levels})


CHAIN = np.array(
    [
        [0.96, 0.04, 0.0, 0.0, 0.0],
        [0.10, 0.86, 0.04, 0.0, 0.0],
        [0.0, 0.10, 0.90, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ]
)


def test_first_passages_of_a_chain_are_those_that_happen():
    levels = walked(CHAIN, 4000, 37, seed=3)
    past, month = of(levels), BEGIN + 24
    found = chances(past, "grade", month, [6, 12], np.full(4000, "34"))
    open_ = past.open("grade", month)
    for place in (0, 1):
        for at, ahead in enumerate((6, 12)):
            mine = past.newly("grade", month, month + ahead)[place, open_[place]]
            error = np.sqrt(mine.mean() / len(mine)) + 0.01
            assert found[place, open_[place], at].mean() == pytest.approx(mine.mean(), abs=3 * error)


def test_who_comes_and_goes_does_not_pass_for_new():
    # One enterprise has been at level 2 before any month that is counted, and returns twice a year.
    often = np.tile([1, 2, 2, 1, 1, 2], 4)
    levels = np.array([[2, *often[1:]], *np.ones((30, 24))], dtype=np.int8)
    assert chances(of(levels), "grade", BEGIN + 23, [12], np.full(31, ""))[0, 1, 0] == 0.0


def test_a_division_of_its_own_pace_is_drawn_to_all():
    fast, slow = walked(CHAIN, 300, 25, seed=1), np.ones((300, 25), dtype=np.int8)
    past = of(np.concatenate([fast, slow]))
    division = np.repeat(["34", "26"], 300)
    found = chances(past, "grade", BEGIN + 24, [12], division)[0, :, 0]
    fastest, slowest = found[:300][fast[:, -1] == 1][0], found[-1]
    assert 0.0 < slowest < fastest / 10


def test_chances_grow_with_time_and_fall_with_the_level():
    found = chances(of(walked(CHAIN, 200, 30, seed=2)), "grade", BEGIN + 29, [3, 12, 36], np.full(200, ""))
    assert (np.diff(found, axis=2) >= 0).all()
    low = found[:, np.flatnonzero(of(walked(CHAIN, 200, 30, seed=2)).open("grade", BEGIN + 29)[0])]
    assert (np.diff(low, axis=0) <= 1e-12).all()


def test_pace_and_share_by_hand():
    levels = np.ones((4, 25), dtype=np.int8)
    levels[0, 20:] = 3  # new within the last twelve months
    levels[1, 5:] = 2  # new within the last 24
    levels[2, 22:] = 2  # new, but of another group
    past, members = of(levels), np.array([True, True, False, True])
    assert pace(past, "grade", BEGIN + 24, 12, members).tolist() == [1 / 12, 1 / 12, 0, 0]
    assert pace(past, "grade", BEGIN + 24, 24, members).tolist() == [2 / 24, 1 / 24, 0, 0]
    assert todays_share(past, "grade", BEGIN + 24, members) == pytest.approx([2 / 3, 1 / 3, 0, 0])
