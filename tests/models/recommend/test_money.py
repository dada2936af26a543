"""Money by accounting: what fails, what escapes, what either costs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.recommend.loss_links import LossLinks
from models.recommend.money import Losses, benefit, escaping_share, yearly_losses


def test_fewer_failing_units_save_on_both_sides() -> None:
    losses = Losses(internal=1e6, external=5e5, escaping=0.1, elasticity=1.0)
    assert benefit(losses, np.array(np.log(0.8)), np.array(0.0)) == pytest.approx(0.2 * 1.5e6)


def test_catching_more_moves_cost_inside() -> None:
    losses = Losses(internal=1e6, external=5e5, escaping=0.5, elasticity=1.0)
    # half of what escaped is caught now: outside 250 000 saved, inside 75 instead of 50 units in a hundred
    assert benefit(losses, np.array(0.0), np.array(np.log(0.5))) == pytest.approx(250_000 - 500_000)


def test_a_small_move_is_worth_its_slope() -> None:
    losses = Losses(internal=1e6, external=None, escaping=0.0, elasticity=0.7)
    assert benefit(losses, np.array(-0.001), np.array(0.0)) == pytest.approx(700, rel=1e-3)


def test_unknown_losses_are_not_zero_losses() -> None:
    rows = pd.DataFrame({"ftq": [0.9] * 12, "ppm": [5e4] * 12, "q.internal_amount": [100.0] * 12})
    losses = yearly_losses(rows)
    assert (losses.internal, losses.external) == (1200.0, None)
    assert losses.known
    assert not losses.complete
    assert losses.escaping == pytest.approx(0.5)


def test_escaping_share_needs_both_records() -> None:
    assert escaping_share(pd.DataFrame({"ftq": [0.9, np.nan], "ppm": [np.nan, 10.0]})) == 0.0


def test_claims_of_later_years_are_not_saved_in_this_one() -> None:
    losses = Losses(internal=None, external=1e6, escaping=0.1, elasticity=1.0, first_year=0.75)
    assert benefit(losses, np.array(np.log(0.8)), np.array(0.0)) == pytest.approx(0.75 * 0.2e6)


@given(st.floats(-1, 0.5), st.floats(-1, 0.5), st.floats(0, 0.8), st.floats(0, 1), st.floats(0, 1))
def test_benefit_is_the_accounting_of_units(failing, escape, escaping, elasticity, first_year) -> None:
    """Of 1000 failing units: so many are caught, so many get out, before and after."""
    losses = Losses(1e6, 5e5, escaping, elasticity, first_year)
    units = 1000 * np.exp(failing)
    out = min(escaping * np.exp(escape), 0.95)
    caught, before = units * (1 - out), 1000 * (1 - escaping)
    inside = 1e6 * (1 - (caught / before) ** elasticity)
    outside = 5e5 * first_year * (1 - np.exp(failing + escape))
    assert benefit(losses, np.array(failing), np.array(escape)) == pytest.approx(inside + outside, abs=1e-3)


def test_likely_losses_fill_only_what_is_not_on_record() -> None:
    links = LossLinks(elasticity=0.7, first_year=0.8, level_sd=0.3, per_failing=(0.4, 0.2))
    rows = pd.DataFrame({"ftq": [0.9] * 12, "q.internal_amount": [100.0] * 12, "q.output_value": [1e4] * 12})
    losses = yearly_losses(rows, links)
    assert (losses.elasticity, losses.first_year, losses.level_sd) == (0.7, 0.8, 0.3)
    assert losses.likely == (pytest.approx(12e4 * 0.1 * 0.4), pytest.approx(12e4 * 0.1 * 0.2))
    weighed = losses.weighed()
    assert (weighed.internal, weighed.external) == (1200.0, losses.likely[1])
    assert losses.external is None
    assert yearly_losses(rows).likely is None
    assert yearly_losses(rows).weighed().external is None


def test_fewer_than_three_statements_are_no_year() -> None:
    rows = pd.DataFrame({"ftq": [0.9] * 4, "q.internal_amount": [np.nan, np.nan, 100.0, 200.0]})
    assert yearly_losses(rows).internal is None
    assert yearly_losses(rows.fillna({"q.internal_amount": 300.0})).internal == pytest.approx(225 * 12)
