"""What a move promises, held to units that fail, are caught and escape, counted one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.effects.sector import Change
from models.recommend.money import Losses, benefit
from models.recommend.promises import (
    Promise,
    base_levels,
    benefit_interval,
    claims_in_force,
    indicator_effects,
    indicator_links,
    monthly_arrival,
    moved,
)

LOSSES = Losses(internal=1e6, external=5e5, escaping=0.2, elasticity=0.7)
BOTH = Promise(Change(-0.3, 0.15, {}), Change(-0.2, 0.1, {}))
ROWS = pd.DataFrame(
    {"ftq": [0.94] * 12, "internal_loss": [0.02] * 12, "external_loss": [0.01] * 12, "ppm": [12000.0] * 12}
)
small = st.floats(-1.0, 1.0)


def counted(failing, escape):
    """Indicators and avoided loss from units: of a million those that fail, of these those that escape."""
    units = 1e6
    fail = -np.log(0.94) * units * np.exp(failing)  # hazard, so that yield is exp(-fail ÷ units)
    out = np.minimum(0.2 * np.exp(escape), 0.95)
    fail_now, out_now = -np.log(0.94) * units, 0.2
    caught, caught_now = fail * (1 - out), fail_now * (1 - out_now)
    escaped = fail / fail_now * np.exp(escape)
    internal = (caught / caught_now) ** 0.7
    return {
        "ftq": np.exp(-fail / units) - 0.94,
        "internal_loss": 0.02 * (internal - 1),
        "external_loss": 0.01 * (escaped - 1),
        "ppm": 12000.0 * (escaped - 1),
        "money": 1e6 * (1 - internal) + 5e5 * (1 - escaped),
    }


def test_intervals_are_those_of_units_drawn_at_random():
    rng = np.random.default_rng(1)
    failing = rng.normal(-0.3, 0.15, 400_000)
    escape = rng.normal(-0.2, 0.1, 400_000)
    drawn, at_mean = counted(failing, escape), counted(-0.3, -0.2)
    told = {e.target: e for e in indicator_effects(base_levels(ROWS), LOSSES, BOTH)}
    assert set(told) == {"ftq", "internal_loss", "external_loss", "ppm"}
    for target, effect in told.items():
        low, high = np.quantile(drawn[target], [0.05, 0.95])
        assert effect.estimate == pytest.approx(at_mean[target])
        assert effect.low == pytest.approx(low, abs=0.02 * (high - low))
        assert effect.high == pytest.approx(high, abs=0.02 * (high - low))
    money = benefit_interval(LOSSES, BOTH)
    low, high = np.quantile(drawn["money"], [0.05, 0.95])
    assert money.estimate == pytest.approx(at_mean["money"])
    assert (money.low, money.high) == pytest.approx((low, high), abs=0.02 * (high - low))


def test_parts_that_hang_together_are_not_put_together_as_independent():
    """Caught and escaped units share a draw of failing units; as independent parts they would be narrower."""
    both = Promise(Change(-0.3, 0.15, {}), Change(0.0, 0.0, {}))
    money = benefit_interval(LOSSES, both)
    sides = [
        np.ptp(np.quantile(loss * (1 - np.exp(indicator_links(LOSSES, *both.draws())[target])), [0.05, 0.95]))
        for loss, target in ((1e6, "internal_loss"), (5e5, "external_loss"))
    ]
    assert money.high - money.low == pytest.approx(sum(sides), rel=1e-3)
    assert money.high - money.low > 1.2 * np.hypot(*sides)


def test_link_scale_of_a_small_effect_is_the_delta_method():
    promise = Promise(Change(-0.02, 0.01, {}), Change(-0.03, 0.008, {}))
    told = {e.target: e for e in indicator_effects(base_levels(ROWS), LOSSES, promise)}
    assert told["ftq"].link_sd == pytest.approx(0.01, rel=0.01)
    assert told["ppm"].link_sd == pytest.approx(np.hypot(0.01, 0.008), rel=0.01)
    slope = 0.2 / 0.8  # of log(1 − out) by log out
    assert told["internal_loss"].link_mean == pytest.approx(0.7 * (-0.02 + slope * 0.03), rel=0.03)
    assert told["internal_loss"].link_sd == pytest.approx(0.7 * np.hypot(0.01, slope * 0.008), rel=0.03)


@given(small, small, st.floats(0.0, 0.9), st.floats(0.0, 1.0), st.floats(0.1, 1.0))
def test_indicators_and_money_are_one_account(failing, escape, escaping, elasticity, first_year):
    losses = Losses(3e6, 2e6, escaping, elasticity, first_year)
    links = indicator_links(losses, np.array(failing), np.array(escape))
    inside = 3e6 * (1 - np.exp(links["internal_loss"]))
    outside = 2e6 * (1 - np.exp(links["external_loss"]))
    assert inside + outside == pytest.approx(
        float(benefit(losses, np.array(failing), np.array(escape))), abs=1e-3
    )


def test_a_move_that_only_prevents_leaves_no_indicator_out_and_one_that_only_catches_leaves_yield():
    prevents = indicator_effects(
        base_levels(ROWS), LOSSES, Promise(Change(-0.3, 0.1, {}), Change(0.0, 0.0, {}))
    )
    catches = indicator_effects(
        base_levels(ROWS), LOSSES, Promise(Change(0.0, 0.0, {}), Change(-0.3, 0.1, {}))
    )
    assert [e.target for e in prevents] == ["ftq", "internal_loss", "external_loss", "ppm"]
    assert [e.target for e in catches] == ["internal_loss", "external_loss", "ppm"]
    inside = catches[0]
    assert inside.estimate > 0  # what no longer escapes costs inside


def test_what_is_not_on_record_is_not_told():
    rows = ROWS.assign(internal_loss=np.nan).drop(columns="ppm")
    assert [e.target for e in indicator_effects(base_levels(rows), LOSSES, BOTH)] == ["ftq", "external_loss"]


@given(st.floats(0.5, 0.999), small)
def test_a_yield_stays_a_yield_and_moves_against_its_link(level, link):
    after = float(moved("ftq", level, link))
    assert 0 <= after <= 1
    assert (after - level) * link <= 1e-12


@given(st.floats(0.05, 1.0))
def test_claims_rise_to_all_of_the_change_and_their_mean_is_the_first_years(first_year):
    claims = claims_in_force(first_year)
    assert claims.mean() == pytest.approx(first_year, abs=1e-6)
    assert (np.diff(claims) >= -1e-12).all()
    assert claims[0] > 0
    assert claims[-1] <= 1 + 1e-12


def test_periods_until_nine_tenths():
    late = Promise(Change(0, 0, {}), Change(0, 0, {}), (0.3, 0.6, 0.85, 0.95) + (1.0,) * 8)
    assert late.periods == 4
    assert Promise(Change(0, 0, {}), Change(0, 0, {})).periods == 1
    assert late.mean_arrival == pytest.approx((0.3 + 0.6 + 0.85 + 0.95 + 8) / 12)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=60), st.sampled_from(["week", "day", "month"]))
def test_periods_are_averaged_into_months(shares, frequency):
    arrival = tuple(sorted(shares))
    found = monthly_arrival(arrival, frequency)
    step = {"month": 1.0, "week": 52 / 12, "day": 365 / 12}[frequency]
    for month in range(12):
        fine = np.arange(month * step, (month + 1) * step, step / 5000)
        by_hand = np.array(arrival)[np.minimum(fine.astype(int), len(arrival) - 1)].mean()
        assert found[month] == pytest.approx(by_hand, abs=2e-3)


def test_an_escape_share_that_follows_is_drawn_with_what_it_follows():
    """log ppm = failing + escape: where the share goes fully the other way, only its own is left."""
    tied = Promise(Change(-0.3, 0.2, {}), Change(0.3, 0.2, {}), follows=-1.0)
    failing, escape = tied.draws()
    assert failing + escape == pytest.approx(np.zeros(1024), abs=1e-12)
    half = Promise(Change(-0.3, 0.2, {}), Change(-0.1, 0.15, {}), follows=0.5)
    failing, escape = half.draws()
    assert np.cov(failing, escape)[0, 1] == pytest.approx(0.5 * 0.2**2, rel=0.03)
    assert np.std(escape) == pytest.approx(0.15, rel=0.01)
