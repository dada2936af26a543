"""Months after the twelfth: nothing nearer changes, and their windows are made of a path's months alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.attainment import window
from models.attainment.admission import Admission
from models.attainment.blend import Blend
from models.attainment.known import Known
from models.attainment.level_model import LevelModel
from models.attainment.levels import VALUE_OF, indicator_paths, path_levels
from models.attainment.sample import Cut
from models.attainment.start import Start, start
from models.rules_numpy import ArrayRules

RULES = ArrayRules()
EVERY = slice(0, 8)
LEARNED = LevelModel(
    Admission(lost=0.01, regained=0.1),
    Blend(np.array([0.3, 0.3, 0.1, 0, 0.2, 0.2, 0, 0, 0.9, 0.1, 0.5, 0.2])),
)


@pytest.fixture(scope="module")
def far(trained) -> Start:
    found = start(trained.tables, trained.fitted.model, trained.table, paths=60, months=36)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def near(trained) -> Start:
    found = start(trained.tables, trained.fitted.model, trained.table, paths=60)
    assert found is not None
    return found


def test_a_far_sample_begins_as_a_near_one_to_the_last_digit(near: Start, far: Start) -> None:
    assert (near.sample.months, far.sample.months) == (12, 36)
    assert (near.sample.shock == far.sample.shock).all()
    for target, own in near.sample.drawn.items():
        longer = far.sample.drawn[target].paths(EVERY)
        assert longer.shape == (8, 60, 36)
        np.testing.assert_array_equal(longer[:, :, :12], own.paths(EVERY))
        np.testing.assert_array_equal(far.within(24).sample.drawn[target].paths(EVERY), longer[:, :, :24])


def test_levels_of_near_months_do_not_depend_on_how_far_is_looked(near: Start, far: Start) -> None:
    one, other = (path_levels(RULES, begun, EVERY, LEARNED.admission) for begun in (near, far))
    assert other.window.shape == (8, 60, 37)
    np.testing.assert_array_equal(other.window[:, :, :13], one.window)
    np.testing.assert_array_equal(other.month[:, :, :12], one.month)
    np.testing.assert_array_equal(other.finer[:, :, :13], one.finer)
    names = near.sample.enterprise_ids[EVERY]
    blended = LEARNED.blended(other, names)
    assert blended.shape == (8, 60, 36)
    np.testing.assert_array_equal(blended[:, :, :12], LEARNED.blended(one, names))
    assert (blended != other.window[:, :, 1:]).any(), "a blend that changes nothing tests nothing"


def test_a_far_start_cut_to_a_year_is_the_near_one(near: Start, far: Start) -> None:
    one, other = (indicator_paths(RULES, b, EVERY, LEARNED.admission) for b in (near, far.within(12)))
    for name, own in one.items():
        np.testing.assert_array_equal(other[name].levels, own.levels)
        if own.values is not None:
            np.testing.assert_array_equal(other[name].values, own.values)


def test_paths_of_any_kind_can_be_cut(far: Start) -> None:
    whole = far.sample.drawn["ppm"]
    cut = Cut(whole, 12)
    np.testing.assert_array_equal(cut.answered, whole.answered)
    np.testing.assert_array_equal(cut.paths(EVERY), whole.paths(EVERY)[:, :, :12])


@pytest.mark.parametrize("name", list(VALUE_OF))
def test_a_window_past_the_twelfth_month_knows_nothing_of_the_past(known: Known, name: str) -> None:
    """It is the window of a plant whose known months were the path's own, one year earlier."""
    known.external[:] = 1.0
    path = np.random.default_rng(1).uniform(0.9, 0.99, (1, 5, 30))
    found = VALUE_OF[name](known, path, None)
    for ends in (13, 20, 30):
        year = VALUE_OF[name](known, path[:, :, ends - 12 : ends], None)
        np.testing.assert_allclose(found[:, :, ends], year[:, :, 12], rtol=1e-9)
    np.testing.assert_array_equal(found[:, :, :13], VALUE_OF[name](known, path[:, :, :12], None))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_rolled_sums_are_sums_of_the_last_twelve(seed: int, months: int) -> None:
    values = np.random.default_rng(seed).random((2, months))
    found = window.rolled(values)
    for ends in range(months + 1):
        np.testing.assert_allclose(
            found[:, ends], values[:, max(ends - 12, 0) : ends].sum(axis=1), atol=1e-12
        )


@pytest.mark.parametrize("name", list(VALUE_OF))
def test_a_steady_pace_changes_nothing(known: Known, name: str) -> None:
    known.external[:] = 1.0
    path = np.random.default_rng(2).uniform(0.9, 0.99, (1, 4, 20))
    paced = VALUE_OF[name](known, path, np.ones((1, 20)))
    np.testing.assert_allclose(paced, VALUE_OF[name](known, path, None), rtol=1e-12)


def test_a_month_counts_by_how_much_is_made_in_it(known: Known) -> None:
    """Known: 1000 units a month, 2 of them bad, output 100, internal losses of 3. One window, by hand."""
    pace = np.array([[1.0, 3.0]])
    ppm = np.array([[[1000.0, 5000.0]]])
    bad, units = 10 * 2 + 1 + 15, 10 * 1000 + 1000 + 3000
    assert window.nonconforming_ppm(known, ppm, pace)[0, 0, 2] == pytest.approx(bad / units * 1e6)
    lost, output = 10 * 3 + 0.05 * 100 + 0.1 * 300, 1000 + 100 + 300
    found = window.internal_rate(known, np.array([[[0.05, 0.1]]]), pace)
    assert found[0, 0, 2] == pytest.approx(lost / output)
    flat = np.full((1, 1, 2), 0.5)
    at_once = window.rolled_yield(known, flat, pace)[0, 0, 2]
    assert at_once < window.rolled_yield(known, flat)[0, 0, 2], "more of the year is as bad as the path"


def test_a_start_carries_its_pace_to_the_windows(near: Start) -> None:
    surge = np.ones((len(near.sample), 12))
    surge[:, 0] = 50.0
    plain, paced = (
        indicator_paths(RULES, b, EVERY)["sigma"].values for b in (near, replace(near, pace=surge))
    )
    assert plain is not None
    assert paced is not None
    np.testing.assert_array_equal(plain[:, :, 0], paced[:, :, 0])
    assert not np.allclose(plain[:, :, 6], paced[:, :, 6])
    assert replace(near, pace=surge).within(6).pace.shape == (len(near.sample), 6)
