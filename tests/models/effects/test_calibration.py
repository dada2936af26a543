"""What readings up to a period say of a lever, against conditional normals worked out the long way."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.effects.calibration import (
    DEFAULT_READINGS,
    DIFFUSE,
    LEAST_TRUE,
    MEMORY,
    MOST_PASSING,
    calibrate,
    error_variance,
    passing_shares,
)
from models.effects.panel import build_panels
from tests.models.effects.panel import Table, _ar, bare_panel, simulate


def conditional(levels: np.ndarray, error: np.ndarray, memory: float) -> np.ndarray:
    """(E, T, T) mean of every level given the readings up to each period, by the textbook formula
    Σ₁₂ Σ₂₂⁻¹ x, with the moments that the module's docstring names.
    """
    plants, periods = levels.shape
    at, answer = np.arange(periods), np.zeros((plants, periods, periods))
    for i in range(plants):
        mean = np.nanmean(levels[i])
        total = np.nanmean((levels[i] - mean) ** 2)
        own = max(total - error[i], LEAST_TRUE * total)
        level = own * (memory ** np.abs(at[:, None] - at) + DIFFUSE)
        for now in range(periods):
            seen = np.flatnonzero(np.isfinite(levels[i]) & (at <= now))
            inside = level[np.ix_(seen, seen)] + error[i] * np.eye(len(seen))
            answer[i, now] = mean + level[:, seen] @ np.linalg.solve(inside, levels[i, seen] - mean)
    return answer


def memory_of(levels: np.ndarray) -> float:
    x = levels - np.nanmean(levels, axis=1, keepdims=True)
    one, two = (np.nanmean(x[:, k:] * x[:, :-k]) for k in (1, 2))
    return float(np.clip(two / one, *MEMORY))


def test_levels_are_conditional_expectations_of_the_readings_so_far() -> None:
    rng = np.random.default_rng(0)
    levels = 5 + 2 * _ar(rng, (4, 20), 0.8) + 0.7 * rng.standard_normal((4, 20))
    levels[0, [0, 3, 4]] = np.nan
    error = np.array([0.5, 0.3, 0.49, 1.0])
    known = calibrate(bare_panel(levels[:, None]), error[:, None])
    there = known.known_at[:, 0] * known.scale[0] + known.centre[0]
    expected = conditional(levels, error, memory_of(levels))
    np.testing.assert_allclose(there, expected, rtol=1e-4, atol=1e-4)
    today = known.z[:, 0] * known.scale[0] + known.centre[0]
    np.testing.assert_allclose(today, expected[:, np.arange(20), np.arange(20)], rtol=1e-4, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(6, 30))
def test_nothing_later_changes_what_was_known(seed: int, cut: int) -> None:
    """Later readings told in reverse keep the moments of a series (a slow one, whose memory is at its bound),
    so that only the readings themselves could leak.
    """
    walk = np.cumsum(np.random.default_rng(seed).standard_normal((3, 32)), axis=1)
    slow = np.cumsum(walk, axis=1)
    turned = np.concatenate([slow[:, :cut], slow[:, cut:][:, ::-1]], axis=1)
    if min(memory_of(slow), memory_of(turned)) < MEMORY[1]:
        return
    error = np.full((3, 1), 0.5)
    before, after = (calibrate(bare_panel(x[:, None]), error) for x in (slow, turned))
    in_units = [s.known_at[:, 0, :cut] * s.scale[0] + s.centre[0] for s in (before, after)]
    np.testing.assert_allclose(in_units[0], in_units[1], rtol=1e-7, atol=1e-7)


def test_a_slope_on_expected_levels_is_not_attenuated_where_one_on_readings_is() -> None:
    """Once a plant's mean is known: in its first months nobody can tell level from error so well."""
    rng = np.random.default_rng(1)
    true = _ar(rng, (60, 100), 0.8)
    seen = true + rng.standard_normal(true.shape)
    y = 0.5 * true + 0.1 * rng.standard_normal(true.shape)
    known = calibrate(bare_panel(seen[:, None]), np.ones((60, 1)))

    def slope(x: np.ndarray) -> float:
        late = x[:, 20:]
        return float((late * y[:, 20:]).sum() / (late**2).sum())

    assert slope(seen) == pytest.approx(0.25, abs=0.02)
    assert slope(known.z[:, 0] * known.scale[0] + known.centre[0]) == pytest.approx(0.5, abs=0.04)
    assert known.reliability[:, 0].mean() == pytest.approx(0.5, abs=0.05)


def test_a_surrounding_stays_as_read_and_its_error_is_handed_on() -> None:
    rng = np.random.default_rng(2)
    levels = 3 + _ar(rng, (5, 2 * 30), 0.8).reshape(5, 2, 30)
    known = calibrate(bare_panel(levels, surroundings=1), np.full((5, 2), 0.2))
    np.testing.assert_allclose(known.z[:, 1] * known.scale[1] + known.centre[1], levels[:, 1])
    np.testing.assert_allclose(known.error[:, 0], 0.2 / known.scale[1] ** 2)
    assert np.abs(known.z[:, 0] * known.scale[0] + known.centre[0] - levels[:, 0]).max() > 0.01


def test_an_unread_lever_has_no_place() -> None:
    levels = np.full((2, 1, 20), np.nan)
    levels[0, 0] = np.arange(20.0)
    known = calibrate(bare_panel(levels), np.zeros((2, 1)))
    np.testing.assert_array_equal(known.has[:, 0], [True, False])
    np.testing.assert_array_equal(known.z[1], 0.0)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_what_passes_within_a_period_is_found_by_its_nugget(share: float) -> None:
    found = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        lasting = _ar(rng, (80, 60), 0.8)
        x = np.sqrt(1 - share) * lasting + np.sqrt(share) * rng.standard_normal(lasting.shape)
        found.append(passing_shares([bare_panel(x[:, None], surroundings=1)])["month", "around0"])
    assert np.mean(found) == pytest.approx(share, abs=0.08)


def test_a_surrounding_without_memory_is_left_alone() -> None:
    """Its variogram is flat: what little it rises by chance is nothing to take off the moments."""
    taken = 0
    for seed in range(40):
        x = np.random.default_rng(seed).standard_normal((20, 1, 60))
        taken += passing_shares([bare_panel(x, surroundings=1)])["month", "around0"] > 0
    assert taken <= 4


def test_short_panels_do_not_stop_it() -> None:
    rng = np.random.default_rng(4)
    for periods in range(1, 8):
        panel = bare_panel(rng.standard_normal((2, 2, periods)), surroundings=1)
        shares = passing_shares([panel])
        assert 0 <= shares["month", "around0"] <= MOST_PASSING
        known = calibrate(panel, np.full((2, 2), 0.1), np.array([shares["month", "around0"]]))
        assert np.isfinite(known.z).all()
        assert np.isfinite(known.known_at).all()


def test_repeated_readings_come_before_the_gauge_study() -> None:
    known = simulate(enterprises=2, months=24, gauge=0.5)
    panel = build_panels(known.table)[0]
    np.testing.assert_allclose(error_variance(panel, known.table), 0.25 / DEFAULT_READINGS)
    counts = pd.DataFrame({"enterprise_id": "E00", "parameter_id": ["lever0"], "readings": [25.0]})
    assert error_variance(panel, known.table, counts)[0, 0] == pytest.approx(0.01)
    frame = known.table.frame.assign(**{"param.lever0.sd": 2.0})
    repeated = build_panels(replace(known.table, frame=frame))[0]
    np.testing.assert_allclose(error_variance(repeated, known.table)[:, :2], [[1.0, 0.0625]] * 2)
    blind = Table(frame, known.table.parameters.assign(gauge_sd=np.nan))
    np.testing.assert_allclose(error_variance(build_panels(blind)[0], blind)[:, :2], [[1.0, 0.0]] * 2)
