"""Shapes, echoes and contrasts of levers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.effects.responses import BENDS, ECHOES, Responses, echoing, knots_of, led, shapes

KNOTS = np.array([-1.5, -0.4, 0.5, 1.6])
PLACES = st.floats(-4, 4)


def responses(lead: int = 0, echo: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 0.0)) -> Responses:
    """Two levers with every bend and a surrounding; the second lever has the echo and the lead."""
    rng = np.random.default_rng(0)
    return Responses(
        lever=np.array([0] * (1 + BENDS) + [1] * (1 + BENDS) + [-1]),
        bend=np.array([*range(1 + BENDS), *range(1 + BENDS), 0]),
        size=rng.uniform(0.5, 2.0, 2 * (1 + BENDS) + 1),
        centre=np.array([10.0, -3.0]),
        scale=np.array([2.0, 0.5]),
        lead=np.array([0, lead]),
        knots=np.array([KNOTS, KNOTS]),
        usual=np.array([[0.0, 0.0], [0.7, -0.3]]),
        echo=np.array([np.eye(len(ECHOES))[0], echo]),
        pairs=np.zeros((0, 2), dtype=np.int64),
    )


def test_the_spline_is_straight_beyond_its_outer_knots_and_bent_between() -> None:
    z = np.linspace(-4, 4, 81)
    bent = shapes(z, KNOTS, 0.0)[:, 2:4]
    curvature = np.abs(np.diff(bent, 2, axis=0)).max(axis=1)
    inner = z[1:-1]
    assert curvature[(inner < KNOTS[0] - 0.1) | (inner > KNOTS[-1] + 0.1)].max() < 1e-9
    assert curvature[(inner > KNOTS[1]) & (inner < KNOTS[2])].min() > 1e-4
    np.testing.assert_array_equal(bent[z <= KNOTS[0]], 0.0)


def test_the_spline_is_the_published_restricted_cubic() -> None:
    """Harrell's basis is a natural cubic: with the constant and the straight line it spans what scipy's
    natural interpolation through the knots is.
    """
    from scipy.interpolate import CubicSpline

    z = np.linspace(KNOTS[0], KNOTS[-1], 50)
    natural = CubicSpline(KNOTS, [0.3, -1.0, 0.8, 0.1], bc_type="natural")(z)
    basis = np.column_stack([np.ones(50), shapes(z, KNOTS, 0.0)[:, [0, 2, 3]]])
    fitted = basis @ np.linalg.lstsq(basis, natural, rcond=None)[0]
    np.testing.assert_allclose(fitted, natural, atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(PLACES, PLACES, st.sampled_from([0, 1]), st.sampled_from([0, 1]))
def test_a_contrast_is_the_difference_of_shapes_and_there_and_back_is_nothing(
    before: float, after: float, lever: int, enterprise: int
) -> None:
    r = responses()
    there, back = (
        r.contrast(lever, before, after, enterprise),
        r.contrast(lever, after, before, enterprise),
    )
    np.testing.assert_allclose(there, -back, atol=1e-12)
    first = lever * (1 + BENDS)
    assert there[first] == pytest.approx((after - before) / r.scale[lever] / r.size[first])
    a, b = (np.array([before, after]) - r.centre[lever]) / r.scale[lever] - r.usual[enterprise, lever]
    assert there[first + 4] == pytest.approx((b**2 - a**2) / r.size[first + 4], rel=1e-9, abs=1e-9)
    np.testing.assert_array_equal(there[r.lever != lever], 0.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 5), st.lists(st.floats(0.01, 1), min_size=len(ECHOES), max_size=len(ECHOES)))
def test_an_effect_arrives_after_its_lead_and_in_the_end_wholly(lead: int, weights: list[float]) -> None:
    arrival = responses(lead, tuple(np.array(weights) / sum(weights))).arrival(1, 60)
    assert (arrival[:lead] == 0).all()
    assert (arrival[lead:] > 0).all()
    assert (np.diff(arrival) >= -1e-12).all()
    assert 0.99 < arrival[-1] <= 1 + 1e-12


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(ECHOES), st.integers(1, 30), st.integers(0, 100))
def test_echoing_is_the_recursion_that_it_stands_for(share: float, periods: int, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal(periods)
    felt, state = [], x[0]
    for value in x:
        state = share * state + (1 - share) * value
        felt.append(state)
    rows = echoing(share, periods)
    np.testing.assert_allclose(rows.sum(axis=1), 1.0)
    np.testing.assert_allclose(rows @ x, felt, atol=1e-12)
    assert (np.triu(rows, 1) == 0).all()


def test_arrival_is_what_a_step_in_the_setting_echoes() -> None:
    """A lever that stood at 0 and from period 3 on stands at 1."""
    for i, share in enumerate(ECHOES):
        step = np.where(np.arange(15) < 3, 0.0, 1.0)
        arrival = responses(2, tuple(np.eye(len(ECHOES))[i])).arrival(1, 12)
        np.testing.assert_allclose((echoing(share, 15) @ led(step, 2))[3:], arrival, atol=1e-12)


def test_a_lead_delays_and_the_first_place_stands_for_what_came_before() -> None:
    z = np.arange(10.0).reshape(2, 5)
    np.testing.assert_array_equal(led(z, 2), [[0, 0, 0, 1, 2], [5, 5, 5, 6, 7]])
    np.testing.assert_array_equal(led(z, 0), z)


def test_knots_are_quantiles_of_those_who_have_the_lever() -> None:
    z = np.random.default_rng(1).standard_normal((3, 1, 200))
    knots = knots_of(z, np.array([[True], [True], [False]]))
    np.testing.assert_allclose(knots[0], np.quantile(z[:2], [0.05, 0.35, 0.65, 0.95]))
    assert (np.diff(knots_of(z, np.zeros((3, 1), dtype=bool))[0]) > 0).all()
