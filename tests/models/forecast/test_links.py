"""Links are monotone, invertible, and clip what a sample cannot show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecast.design import fit_design
from models.forecast.links import Link, clip_yield, fit_link
from models.forecast.panel import panels

yields = st.lists(st.floats(0.5, 0.99999), min_size=2, max_size=30)
losses = st.lists(st.floats(0.0, 0.2), min_size=2, max_size=30)


@given(yields)
def test_yield_link_round_trips(values: list[float]) -> None:
    y = np.array(values)
    link = fit_link("ftq", y)
    np.testing.assert_allclose(link.inverse(link.forward(y)), y, rtol=1e-9)


@given(losses)
def test_loss_link_round_trips(values: list[float]) -> None:
    y = np.array(values)
    link = fit_link("internal_loss", y)
    np.testing.assert_allclose(link.inverse(link.forward(y)), y, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("target", ["ftq", "ppm", "cpk"])
@given(st.lists(st.floats(0.06, 0.99), min_size=3, max_size=20, unique=True))
def test_links_are_monotone(target: str, values: list[float]) -> None:
    y = np.sort(np.array(values))
    link = fit_link(target, y)
    steps = np.diff(link.forward(y))
    assert (steps <= 0).all() if link.falling else (steps >= 0).all()


def test_cpk_s_link_goes_on_below_zero_without_a_step() -> None:
    y = np.array([-3.0, -0.2, 0.0, 0.499, 0.5, 0.501, 1.33, 30.0])
    link = fit_link("cpk", y)
    np.testing.assert_allclose(link.inverse(link.forward(y)), y, atol=1e-12)
    slope = np.diff(link.forward(np.array([0.499, 0.5, 0.501]))) / 0.001
    assert slope == pytest.approx([2.0, 2.0], rel=0.01)


def test_loss_offset_is_half_the_smallest_positive() -> None:
    link = fit_link("external_loss", np.array([0.0, 0.02, 0.004, np.nan]))
    assert link.offset == 0.002
    assert link.forward(np.array([0.0]))[0] == pytest.approx(np.log(0.002))


def test_a_target_that_is_always_zero_has_a_link() -> None:
    link = fit_link("ppm", np.zeros(5))
    assert link.inverse(link.forward(np.zeros(2))).tolist() == pytest.approx([0.0, 0.0], abs=1e-15)


def test_yield_is_clipped_to_what_the_sample_shows() -> None:
    # 199 of 200: inside; 200 of 200 shows at most 200.5 / 201; none passed, at least 0.5 / 201.
    clipped = clip_yield(np.array([1.0, 0.995, 0.0]), np.array([200.0, 200.0, 200.0]))
    assert clipped.tolist() == [200.5 / 201, 0.995, 0.5 / 201]


def test_yield_of_an_unknown_sample_is_clipped_by_the_typical_one() -> None:
    clipped = clip_yield(np.array([1.0, 1.0]), np.array([100.0, np.nan]))
    assert clipped[1] == clipped[0] == 100.5 / 101


def test_answers_stay_near_what_training_saw() -> None:
    link = fit_link("internal_loss", np.array([0.01, 0.02]))
    assert link.inverse(np.array([50.0]))[0] < 0.025 * np.exp(3.0) * 1.1


def test_negative_cpk_has_a_number() -> None:
    assert np.isfinite(Link("log").forward(np.array([-0.4]))).all()


def test_answers_reach_a_plant_that_came_after_the_first_refit(table) -> None:
    panel = next(iter(panels(table.frame, table.features)))
    until = int(np.median(panel.t))
    late = panel.t > until
    panel.scored["ftq"][late] = 1.0 - 1e-6
    link = fit_design(panel, until).links["ftq"]
    scaled = link.forward(np.array([1.0 - 1e-6]))
    assert link.inverse(scaled)[0] == pytest.approx(1.0 - 1e-6)
