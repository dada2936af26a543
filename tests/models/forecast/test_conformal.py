"""Calibrated quantiles cover what they say: by class of a known truth, and under common shocks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models.forecast.conformal import TAIL, Spread, fit_spread, shortfall, widen
from models.forecast.paths import read_ranks
from models.forecast.scales import Signs
from models.results import QUANTILES

NO_YOUTH, COLD = np.zeros(12), np.linspace(-3.0, 3.0, len(QUANTILES))


def _rows(entities: int, times: int, rng: np.random.Generator) -> tuple[Signs, np.ndarray]:
    code = np.repeat(np.arange(entities), times)
    level = np.repeat(rng.normal(size=entities), times)
    names = tuple(f"e{i}" for i in range(entities))
    arrival = np.tile(np.arange(times), entities)[:, None] + np.arange(1, 13)
    return Signs(names, code, level, np.full(len(code), 24.0)), arrival


def _errors(rows: Signs, rng: np.random.Generator) -> np.ndarray:
    """Twice as wide for each unit of level, and three times for the entity e0."""
    own = np.where(rows.code == 0, 3.0, 1.0)
    return (own * 2.0**rows.level)[:, None] * rng.normal(size=(len(rows.code), 12))


def _fitted(seed: int = 0) -> tuple[Spread, Signs]:
    rng = np.random.default_rng(seed)
    rows, arrival = _rows(40, 60, rng)
    return fit_spread(_errors(rows, rng), rows, arrival, NO_YOUTH, COLD, 1.0), rows


def _inside(spread: Spread, rows: Signs, errors: np.ndarray) -> np.ndarray:
    around = spread.errors(rows)
    return (errors >= around[:, :, 0]) & (errors <= around[:, :, -1])


def test_ninety_percent_covers_ninety_percent_in_every_class_of_level() -> None:
    spread, rows = _fitted()
    inside = _inside(spread, rows, _errors(rows, np.random.default_rng(1)))
    assert abs(inside.mean() - 0.9) < 0.015
    for low, high in ((-9, -0.7), (-0.7, 0.7), (0.7, 9)):
        mine = (rows.level > low) & (rows.level <= high)
        assert abs(inside[mine].mean() - 0.9) < 0.03
    assert inside[rows.code == 0].mean() > 0.8  # three times as noisy; unscaled it would be 0.42


def test_ninety_percent_of_panels_with_common_shocks() -> None:
    """Half of the variance is shared by all plants of a month: over many panels nine in ten hold, and not
    many more, though only two years were seen.
    """
    held = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        rows, arrival = _rows(20, 40, rng)
        shock = rng.normal(size=80)
        errors = (shock[arrival] + rng.normal(size=arrival.shape)) / np.sqrt(2.0)
        past = np.where(arrival <= 24, errors, np.nan)
        spread = fit_spread(past, rows, arrival, NO_YOUTH, COLD, 1.0)
        held.append(_inside(spread, rows, errors)[arrival > 24].mean())
    assert 0.89 < np.mean(held) < 0.96


def test_quantiles_rise_whatever_the_row() -> None:
    spread, rows = _fitted(2)
    stretched = spread.stretched(np.array([0.7, 1.0, 2.5] * 4))
    cold = Signs(rows.names, rows.code, rows.level, np.zeros(len(rows.code)))
    for fan in (spread.errors(rows), stretched.errors(rows), spread.errors(cold)):
        assert (np.diff(fan, axis=2) >= 0).all()


def test_a_cold_start_has_the_sector_s_distribution_at_every_horizon() -> None:
    spread, _ = _fitted()
    stranger = Signs(("new",), np.array([0]), np.array([0.0]), np.array([0.0]))
    np.testing.assert_array_equal(spread.errors(stranger), np.tile(COLD, (1, 12, 1)))


def test_paths_have_the_quantiles_of_the_row() -> None:
    spread, rows = _fitted()
    few = rows.take(slice(0, 200, 61))
    ranks = np.tile(((np.arange(4000) + 0.5) / 4000)[:, None], (1, 12))
    own = read_ranks(ranks, spread.quantiles) * spread.scale.of(few)[:, None]
    drawn = np.quantile(own, QUANTILES, axis=1)
    np.testing.assert_allclose(np.moveaxis(drawn, 0, 2), spread.errors(few), atol=0.02)


def test_written_as_json_and_read_back_to_the_same_bits() -> None:
    spread, rows = _fitted()
    again = Spread.from_dict(json.loads(json.dumps(spread.to_dict(), allow_nan=False)))
    np.testing.assert_array_equal(again.errors(rows), spread.errors(rows))


def test_without_any_error_the_fallback_speaks() -> None:
    rows, arrival = _rows(2, 3, np.random.default_rng(0))
    spread = fit_spread(np.full(arrival.shape, np.nan), rows, arrival, NO_YOUTH, COLD, 0.5)
    assert spread.quantiles.shape == (12, len(QUANTILES))
    assert (spread.errors(rows)[:, :, -1] > 0.5 * 1.64).all()


def test_only_what_a_period_has_in_common_is_widened() -> None:
    arrival = np.repeat(np.arange(4), 50)
    own = np.tile([-1.0, 1.0], 100)
    np.testing.assert_allclose(widen(own, arrival, 12), own)
    common = np.repeat([1.0, -1.0, 1.0, -1.0], 50)
    np.testing.assert_allclose(widen(common, arrival, 12), common * np.sqrt(3.0))
    alone = np.array([1.0, -2.0, 1.5, -0.5])  # a single plant: nothing tells its own part from the month's
    np.testing.assert_allclose(widen(alone, np.arange(4), 12), alone * np.sqrt(3.0))


def test_a_stretch_reaches_the_tails_and_hardly_the_middle() -> None:
    spread, _ = _fitted()
    wide = spread.stretched(np.full(12, 2.0)).quantiles / spread.quantiles
    assert wide[:, -1] == pytest.approx(2.0, abs=0.1)
    assert TAIL[9] == pytest.approx(0.27, abs=0.01)


def test_intervals_that_fell_short_stretch_the_next_ones() -> None:
    arrival = np.arange(200)[:, None] + np.arange(1, 13)
    reach = np.abs(np.random.default_rng(5).normal(size=arrival.shape)) / 1.645
    assert shortfall(reach, arrival) == pytest.approx(np.ones(12), abs=0.1)
    assert (shortfall(reach * 1.5, arrival) > 1.3).all()
    assert shortfall(np.full(arrival.shape, np.nan), arrival).tolist() == [1.0] * 12
