"""The parts of a plan, each against another way to know."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.model_table import ModelTable
from models.plans.actions import Action
from models.plans.following import PRIOR, Following, lagged_change, learn_following
from models.plans.joint import JointEffects, by_month, joint_effects
from models.plans.schedule import Capacity, lasting, starts_of
from models.plans.shifts import in_force, shifted, shifts
from models.plans.trial import NEVER
from models.recommend.money import Losses, benefit
from tests.models.plans.plant import Answer, ByHand, Lever, Normal, history

QUICK = settings(max_examples=50, deadline=None)


def action(name: str) -> Action:
    return Action(name, None, None, 0.0, 1.0, 10.0, cost_known=True, confidence="strong")


def joint(levers, beyond=None):
    hand = ByHand(levers, beyond or {})
    return joint_effects(lambda moves: hand("P", moves), [action(name) for name in levers])


def test_a_promise_is_the_mean_of_a_year_and_the_full_effect_is_more() -> None:
    slow = joint({"a": Lever(-0.4, 1.0, arrival=(0.0,) * 6 + (1.0,) * 6)})
    assert slow.mean[0, 0] == pytest.approx(-0.4)
    force = in_force(slow.arrival, np.array([[0]]), 12)
    assert (slow.mean[0, 0] * force[0, 0]).mean() == pytest.approx(-0.2)


def test_an_effect_that_is_in_force_stays_so_however_far_the_months_go() -> None:
    slow = joint({"a": Lever(-0.4, 1.0, arrival=(0.0,) * 6 + (1.0,) * 6)})
    force = in_force(slow.arrival, np.array([[14], [255]]), 36)[:, 0]
    assert (force[0] == np.repeat([0.0, 1.0], [20, 16])).all()
    assert (force[1] == 0.0).all()


def test_the_weak_end_is_that_of_what_fails_and_gets_out() -> None:
    follows, sd = 0.3, 0.2
    hand = JointEffects(
        ("a",),
        np.array([[-0.5], [-0.1]]),
        np.zeros((2, 1, 1)),
        np.array([[[sd**2]], [[(follows * sd) ** 2 + 0.1**2]]]),
        np.ones((1, 12)),
        follows,
    )
    drawn = hand.draw(200_000, 1).single[:, :2, 0].sum(axis=1)
    weak = hand.weak(1.6449).draw(3, 1).single[:, :2, 0]
    assert weak.sum(axis=1) == pytest.approx(np.full(3, np.quantile(drawn, 0.95)), abs=0.01)
    assert (weak > [-0.5, -0.1]).all()


def test_draws_have_the_moments_that_the_effect_model_tells() -> None:
    def together(moves):
        # a and b are known through the same history: their errors hang together.
        sd = {("a",): 0.1, ("b",): 0.2, ("a", "b"): 0.26}[tuple(sorted(moves))]
        mean = -0.3 * len(moves) - 0.05 * (len(moves) == 2)
        return Answer(Normal(mean, sd), Normal(0.0), (1.0,) * 12)

    found = joint_effects(together, [action("a"), action("b")])
    draws = found.draw(40_000, 1)
    own = draws.single[:, 0]
    assert own.mean(axis=0) == pytest.approx([-0.3, -0.3], abs=0.005)
    assert own.std(axis=0) == pytest.approx([0.1, 0.2], rel=0.03)
    assert own.sum(axis=1).std() == pytest.approx(0.26, rel=0.03)
    whole = shifts(draws, in_force(found.arrival, np.array([[0, 0]]), 12))[0, 0, :, -1]
    assert whole.mean() == pytest.approx(-0.65, abs=0.01)


def test_an_error_on_failing_units_is_one_on_what_escapes_as_far_as_that_follows() -> None:
    direct, follows = 0.1, 0.3
    answer = Answer(Normal(-0.4, 0.2), Normal(-0.12, float(np.hypot(direct, follows * 0.2))), (1.0,) * 12)
    draws = joint_effects(lambda _moves: answer, [action("a")], follows).draw(40_000, 1).single[:, :2, 0]
    assert draws.std(axis=0) == pytest.approx([0.2, np.hypot(direct, follows * 0.2)], rel=0.03)
    escaping = draws.sum(axis=1).std()
    assert escaping == pytest.approx(np.hypot((1 + follows) * 0.2, direct), rel=0.03)


def test_an_action_more_does_not_change_the_lot_of_the_others() -> None:
    alone = joint({"a": Lever(-0.3, 1.0, 0.1)}).draw(50, 7).single[:, :, 0]
    beside = joint({"b": Lever(-0.2, 1.0, 0.3), "a": Lever(-0.3, 1.0, 0.1)}).draw(50, 7).single[:, :, 1]
    assert np.allclose(alone, beside)


@QUICK
@given(
    st.floats(-0.8, 0.8), st.floats(-0.8, 0.8), st.floats(0.01, 0.4), st.floats(0, 1), st.floats(0.001, 0.1)
)
def test_the_paths_tell_the_same_money_as_the_accounting(failing, escape, escaping, elasticity, rate) -> None:
    losses = Losses(1.0, 1.0, escaping, elasticity)
    change = np.array([failing, escape, 0.0])[:, None, None, None] * np.ones((3, 1, 2, 12))
    paths = {name: np.full((2, 12), rate) for name in ("internal_loss", "external_loss", "ppm")}
    paths["ftq"] = np.full((2, 12), 0.9)
    moved = shifted(paths, change, losses, Following())
    saved = sum(1 - moved[name][0, 0, -1] / rate for name in ("internal_loss", "external_loss"))
    assert saved == pytest.approx(float(benefit(losses, np.array(failing), np.array(escape))), abs=1e-6)
    assert np.log(-np.log(moved["ftq"])) == pytest.approx(np.log(-np.log(0.9)) + failing)
    assert moved["ppm"] == pytest.approx(rate * np.exp(failing + min(escape, np.log(0.95 / escaping))))


def test_nothing_done_changes_no_path_at_all() -> None:
    paths = {"ftq": np.random.default_rng(1).uniform(0.8, 1, (5, 12)), "cpk": np.full((5, 12), 1.3)}
    after = shifted(paths, np.zeros((3, 2, 5, 12)), Losses(None, None, 0.1, 0.5), Following())
    for name, path in paths.items():
        assert (after[name] == path).all()


def test_lags_of_claims_and_the_slope_of_cpk_are_found_again() -> None:
    rng, lags = np.random.default_rng(3), np.array([0, 0, 0.5, 0.3, 0.2, 0, 0, 0, 0])
    frames = []
    for plant in range(30):
        escaped = rng.normal(0, 0.4, 72)
        paid = np.convolve(escaped, lags)[:72] + rng.normal(0, 0.3, 72) - 4
        failing = rng.normal(-3, 0.3, 72)
        rows = {"ftq": np.exp(-np.exp(failing)), "ppm": 500 * np.exp(escaped), "external_loss": np.exp(paid)}
        rows |= {"cpk": np.exp(-0.4 * failing + rng.normal(0, 0.1, 72)), "internal_loss": np.full(72, 0.02)}
        own = pd.DataFrame(rows | {"t": np.arange(72)})
        frames.append(own.assign(enterprise_id=f"E{plant}", product_id="", frequency="month"))
    found = learn_following(ModelTable(pd.concat(frames, ignore_index=True), (), pd.DataFrame()))
    assert np.array(found.claims) == pytest.approx(lags, abs=0.07)
    assert found.capability == pytest.approx(-0.4, abs=0.04)


def test_where_nothing_is_known_claims_follow_the_prior_and_cpk_stays() -> None:
    nothing = history().frame.assign(ppm=np.nan, cpk=np.nan)
    found = learn_following(ModelTable(nothing, (), pd.DataFrame()))
    assert (found.claims, found.capability) == (PRIOR, 0.0)


def test_what_escaped_before_the_first_month_is_on_its_way_whatever_is_done() -> None:
    later = lagged_change(np.full(12, -1.0), (0.0, 0.5, 0.5))
    assert later.tolist() == [0.0, -0.5, *[-1.0] * 10]


@pytest.mark.parametrize("periods", [12, 52, 365])
def test_a_year_of_any_periods_becomes_twelve_months(periods) -> None:
    rising = by_month(np.linspace(0, 1, periods))
    assert rising.shape == (12,)
    assert rising == pytest.approx((np.arange(12) + 0.5) / 12, abs=0.05)


@QUICK
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=7),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_never_more_than_capacity_under_way_and_nobody_waits_for_nothing(months, at_once, first) -> None:
    length = np.array(months)
    chosen = tuple(range(len(months)))
    starts = starts_of(chosen, length, Capacity(first, at_once), chosen)
    begun = [a for a in chosen if starts[a] < NEVER]
    busy = Counter(m for a in begun for m in range(starts[a], starts[a] + length[a]))
    assert max(busy.values()) <= at_once
    assert min(starts) == first
    for a in begun:
        if starts[a] > first:
            assert sum(starts[b] < starts[a] <= starts[b] + length[b] for b in begun) >= at_once


def test_an_action_is_under_way_until_nine_tenths_are_in_force() -> None:
    arrival = np.array([[0.5, 0.89, 0.9] + [1.0] * 9, [1.0] * 12, [0.1] * 12])
    assert lasting(arrival).tolist() == [3, 1, 12]
