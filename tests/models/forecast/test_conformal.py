"""Calibrated quantiles cover what they say, per entity and under common shocks."""

from __future__ import annotations

import numpy as np

from models.forecast.conformal import entity_scales, fit_spread, widen
from models.results import QUANTILES


def _errors(
    seed: int, entities: int, times: int, noisy: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    name = np.repeat([f"e{i}" for i in range(entities)], times).astype(object)
    spread = np.where(name == "e0", noisy, 1.0)
    errors = spread[:, None] * rng.normal(size=(entities * times, 12))
    arrival = np.tile(np.arange(times), entities)[:, None] + np.arange(1, 13)
    return errors, name, arrival


def test_ninety_percent_covers_ninety_percent() -> None:
    spread = fit_spread(*_errors(0, 20, 40), fallback=1.0)
    fresh, names, _ = _errors(1, 20, 40)
    low, high = spread.quantiles[:, 0], spread.quantiles[:, -1]
    scales = spread.of(list(names))[:, None]
    inside = (fresh >= scales * low) & (fresh <= scales * high)
    assert abs(inside.mean() - 0.9) < 0.015


def test_quantiles_rise() -> None:
    assert (np.diff(fit_spread(*_errors(2, 3, 12), fallback=1.0).quantiles, axis=1) >= 0).all()


def test_a_noisy_entity_gets_a_wider_fan() -> None:
    errors, names, _ = _errors(3, 20, 40, noisy=3.0)
    scales = entity_scales(errors, names, 1.0)
    assert scales["e0"] > 1.8 * scales["e1"]


def test_unseen_entity_has_the_panel_s_spread() -> None:
    assert fit_spread(*_errors(4, 3, 12), fallback=1.0).of(["stranger"]).tolist() == [1.0]


def test_without_any_error_the_fallback_speaks() -> None:
    nothing = np.full((4, 12), np.nan)
    spread = fit_spread(nothing, np.array(["a"] * 4, object), np.ones((4, 12), int), fallback=0.5)
    assert spread.quantiles[0, -1] > 0.5 * 1.64
    assert spread.quantiles.shape == (12, len(QUANTILES))


def test_the_common_part_is_widened_more_than_an_entity_s_own() -> None:
    arrival = np.repeat(np.arange(4), 50)
    own = np.tile([-1.0, 1.0], 100)  # no common part: two independent periods, so 0.3 / 2 more
    np.testing.assert_allclose(widen(own, arrival, 12), own * 1.15)
    common = np.repeat([1.0, -1.0, 1.0, -1.0], 50)  # nothing but a common part
    assert (np.abs(widen(common, arrival, 12)) > 1.5).all()
