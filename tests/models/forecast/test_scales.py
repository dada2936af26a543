"""What a row shows of the size of its error: own noise, level, youth; and the cold starts' distribution."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecast.cold import cold_quantiles
from models.forecast.scales import YOUTH, Scale, Signs, entity_scales, fit_scale, fit_youth, relative_errors
from models.results import QUANTILES


def _signs(level: np.ndarray, known: float = 24.0) -> Signs:
    return Signs(("a", "b"), np.arange(len(level)) % 2, level, np.full(len(level), known))


def test_the_slope_over_levels_is_found() -> None:
    rng = np.random.default_rng(0)
    level = rng.normal(size=4000)
    scale = fit_scale(np.exp(0.4 * level)[:, None] * rng.normal(size=(4000, 12)), _signs(level), np.zeros(12))
    assert scale.slope == pytest.approx(0.4, abs=0.05)
    assert scale.curve == pytest.approx(0.0, abs=0.05)


def test_a_noisy_entity_gets_a_wider_fan_and_little_evidence_a_narrow_difference() -> None:
    rng = np.random.default_rng(1)
    errors = rng.normal(size=(400, 12)) * np.where(np.arange(400) % 2, 3.0, 1.0)[:, None]
    many = entity_scales(relative_errors(errors), _signs(np.zeros(400)))
    few = entity_scales(relative_errors(errors[:4]), _signs(np.zeros(4)))
    assert many["b"] > 2.0 * many["a"]
    assert 1.0 < few["b"] / few["a"] < 1.5


def test_a_stranger_has_the_panel_s_scale() -> None:
    rng = np.random.default_rng(2)
    scale = fit_scale(rng.normal(size=(100, 12)), _signs(np.zeros(100)), np.zeros(12))
    stranger = Signs(("new",), np.array([0]), np.array([0.0]), np.array([24.0]))
    np.testing.assert_allclose(scale.of(stranger), 1.0, atol=1e-9)


def test_youth_is_found_and_widens_a_row_of_one_period() -> None:
    """Errors of an own mean of k values: variance 1 + 1/k; cut at 16, and shrunk a little, it shows."""
    rng = np.random.default_rng(3)
    known = np.clip(np.tile(np.arange(1, 61), 200), 1, 24).astype(float)
    errors = rng.normal(size=(len(known), 12)) * np.sqrt(1.0 + 1.0 / known)[:, None]
    youth = fit_youth(errors, known)
    np.testing.assert_allclose(youth, 0.9, atol=0.25)
    scale = Scale({}, 0.0, 1.0, 0.0, 0.0, tuple(youth))
    np.testing.assert_allclose(scale.of(_signs(np.zeros(1), 1.0)), np.sqrt(1.0 + youth)[None])


def test_youth_without_evidence_is_what_simulated_plants_showed() -> None:
    np.testing.assert_allclose(fit_youth(np.full((9, 12), np.nan), np.full(9, 3.0)), YOUTH)


def test_newcomers_of_a_sector_lie_where_they_are_said_to() -> None:
    """Sectors of six plants: the quantiles cover plants that were in nobody's mean."""
    rng = np.random.default_rng(4)
    below = []
    for _ in range(200):
        plants = rng.standard_t(5, size=(4, 6)) + 10.0 * np.arange(4)[:, None]
        value = np.repeat(plants.ravel(), 5)
        expected = np.repeat(plants.mean(axis=1), 30)
        said = cold_quantiles(value, expected, np.repeat(np.arange(24), 5), 1.0)
        new = rng.standard_t(5, size=4) + 10.0 * np.arange(4) - plants.mean(axis=1)
        below.append(new[:, None] <= said)
    np.testing.assert_allclose(np.mean(below, axis=(0, 1)), QUANTILES, atol=0.045)


def test_of_too_few_plants_a_normal_distribution_answers() -> None:
    said = cold_quantiles(np.zeros(3), np.zeros(3), np.arange(3), 2.0)
    assert said[-1] == pytest.approx(1.3 * 2.0 * 1.645, abs=0.01)


def test_a_constant_target_has_no_scale_of_its_own() -> None:
    """Nothing is ever missed: no division by the errors' size, all factors stay at one."""
    none = np.zeros((60, 12))
    scale = fit_scale(none, _signs(np.zeros(60)), fit_youth(none, np.tile([2.0, 24.0], 30)))
    assert scale.own == {}
    np.testing.assert_allclose([scale.slope, scale.curve], 0.0, atol=1e-6)
    np.testing.assert_allclose(scale.youth, YOUTH)
