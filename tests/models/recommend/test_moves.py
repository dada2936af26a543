"""Where a lever would stand left alone, and how far it may go."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.effects.calibration import calibrate
from models.recommend.moves import STEPS, Range, shown_range
from tests.models.effects.panel import _ar, bare_panel


def span_of(levels: np.ndarray, error: float = 0.0, **limits: object) -> Range | None:
    panel = bare_panel(levels[None, None])
    return shown_range(panel, calibrate(panel, np.full((1, 1), error)), 0, 0, pd.Series(limits, dtype=object))


def readings(seed: int, memory: float = 0.7, periods: int = 48) -> np.ndarray:
    return 50 + 4 * _ar(np.random.default_rng(seed), (1, periods), memory)[0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_left_alone_it_goes_back_most_of_the_way(seed: int) -> None:
    """Between today's place and the recent mean, near the mean."""
    x = readings(seed)
    weight = 0.5 ** (np.arange(len(x))[::-1] / 24)
    usual = float((weight * x).sum() / weight.sum())
    span = span_of(x)
    assert min(usual, x[-1]) - 0.01 <= span.now <= max(usual, x[-1]) + 0.01
    assert abs(span.now - usual) <= 0.11 * abs(x[-1] - usual) + 0.01


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(40, 50), st.floats(50, 60), st.sampled_from(["any", "up", "down"]))
def test_places_stay_inside_what_was_shown_limits_and_direction(seed, lower, upper, direction) -> None:
    x = readings(seed)
    span = span_of(x, lower=lower, upper=upper, direction=direction)
    places = span.places()
    assert span.low <= span.now <= span.high
    beyond = places[(places < span.now) | (places > span.now)]
    assert len(beyond) == len(places)
    assert (places >= min(span.now, max(lower, np.quantile(x[-36:], 0.05))) - 1e-9).all()
    assert (places <= max(span.now, min(upper, np.quantile(x[-36:], 0.95))) + 1e-9).all()
    if direction == "up":
        assert (places > span.now).all()
    if direction == "down":
        assert (places < span.now).all()


def test_a_noisier_gauge_has_shown_less() -> None:
    x = readings(3)
    fine, coarse = span_of(x, error=0.0), span_of(x, error=8.0)
    assert coarse.high - coarse.low < 0.9 * (fine.high - fine.low)
    # what is left of the spread is the square root of the level's own share of the variance
    own = (x.var() - 8.0) / x.var()
    low, high = np.quantile(x[-36:], [0.05, 0.95])
    assert coarse.high - coarse.low == pytest.approx(np.sqrt(own) * (high - low), rel=0.02)


def test_the_standard_error_of_the_usual_place_is_that_of_simulation() -> None:
    for memory in (0.0, 0.6):
        spans = [span_of(readings(seed, memory, 60)) for seed in range(150)]
        assert np.median([s.now_sd for s in spans]) == pytest.approx(np.std([s.now for s in spans]), rel=0.35)


def test_nothing_recent_or_too_few_readings_give_no_range() -> None:
    x = readings(1)
    assert span_of(np.where(np.arange(48) >= 36, np.nan, x)) is None
    assert span_of(np.where(np.arange(48) >= 43, x, np.nan)) is None


def test_places_go_in_small_steps_to_both_ends() -> None:
    np.testing.assert_allclose(Range(10.0, 8.0, 10.0).places(), np.linspace(8, 10, STEPS + 1)[:-1])
    both = Range(10.0, 8.0, 14.0).places()
    assert (both.min(), both.max(), len(both)) == (8.0, 14.0, 2 * STEPS)
    assert not len(Range(10.0, 10.0, 10.0).places())
