"""What was foretold, against the conditional mean of one big normal whose level is all but unknown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.verdicts.errors import Shape
from models.verdicts.interrupted import STEP_SD, foretold

BEFORE, AFTER = np.arange(30.0), np.arange(32.0, 44.0)
shapes = st.builds(
    Shape,
    phi=st.floats(0.0, 0.97),
    noise=st.floats(0.01, 3.0),
    season=st.floats(0.0, 1.0),
    slope=st.floats(0.0, 1.0),
)


def conditional(shape, y, steps):
    """(mean foretold, its variance) by conditioning with a level of variance 1e4."""
    every = np.concatenate([BEFORE, AFTER])
    whole = shape.covariance(every) + 1e4
    for at in steps:
        whole = whole + STEP_SD**2 * np.outer(every >= at, every >= at)
    n = len(BEFORE)
    gain = whole[n:, :n] @ np.linalg.inv(whole[:n, :n])
    rest = whole[n:, n:] - gain @ whole[:n, n:]
    return float((gain @ y).mean()), float(rest.mean())


@settings(deadline=None, max_examples=25)
@given(shape=shapes, seed=st.integers(0, 999), steps=st.sampled_from([(), (10.0,), (5.0, 20.0)]))
def test_it_is_the_conditional_mean(shape, seed, steps):
    rng = np.random.default_rng(seed)
    y, after = rng.standard_normal(30), rng.standard_normal(12)
    gap = foretold(shape, BEFORE, y, after, AFTER, np.array(steps))
    mean, variance = conditional(shape, y, steps)
    assert gap.estimate == pytest.approx(after.mean() - mean, abs=3e-3)
    assert gap.sd**2 == pytest.approx(variance, abs=3e-3)


@settings(deadline=None, max_examples=25)
@given(shape=shapes, level=st.floats(-5, 5), step=st.floats(-2, 2), times=st.floats(0.1, 10))
def test_level_and_unit_do_not_matter_and_a_step_is_found_whole(shape, level, step, times):
    rng = np.random.default_rng(1)
    y, after = rng.standard_normal(30), rng.standard_normal(12)
    plain = foretold(shape, BEFORE, y, after, AFTER, np.array([]))
    other = foretold(shape, BEFORE, level + times * y, level + times * (after + step), AFTER, np.array([]))
    assert other.estimate == pytest.approx(
        times * (plain.estimate + step), abs=1e-6 * times * (1 + abs(level))
    )
    assert other.scale == pytest.approx(times * plain.scale, rel=1e-6)


def test_independent_errors_give_the_difference_of_means():
    rng = np.random.default_rng(2)
    y, after = rng.standard_normal(30), rng.standard_normal(12)
    gap = foretold(Shape(0.0, 1e6, 0.0, 0.0), BEFORE, y, after, AFTER, np.array([]))
    assert gap.estimate == pytest.approx(after.mean() - y.mean(), abs=1e-4)


def test_a_bad_quarter_before_the_start_is_expected_to_pass():
    """Regression to the mean: before/after sees a gain where nothing was done."""
    y = np.zeros(30)
    y[-3:] = 1.0
    gap = foretold(Shape(0.6, 0.5, 0.0, 0.0), BEFORE, y, np.zeros(12), AFTER, np.array([]))
    assert np.zeros(12).mean() - y[-12:].mean() == pytest.approx(-0.25)
    assert 0.7 * -0.25 < gap.estimate < 0.0
