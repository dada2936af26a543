"""质量效益测算表, added up by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.effects.sector import Change
from models.recommend.benefit_rows import ASSUMPTION_CODES
from models.recommend.benefit_table import TEXTS, Plan, benefit_table, monthly_avoided, payback_months
from models.recommend.money import Losses
from models.recommend.promises import Promise

LOSSES = Losses(internal=1_000_000.0, external=500_000.0, escaping=0.2, elasticity=1.0)
FIFTH = Promise(Change(np.log(0.8), 0.1, {}), Change(0.0, 0.0, {}))
CATEGORIES = {
    ("internal", "scrap"): 300.0,
    ("internal", "rework"): 100.0,
    ("external", "claims"): 70.0,
    ("internal", "downgrade"): 0.0,
}
SINCE = 2025 * 12 + 5  # June 2025


def test_a_fifth_fewer_failing_units_by_hand():
    table = benefit_table(LOSSES, FIFTH, Plan(SINCE, holding=60_000.0, categories=CATEGORIES))
    assert [(line.category, line.now) for line in table.lines] == [
        ("scrap", 750_000.0),
        ("rework", 250_000.0),
        ("claims", 500_000.0),
    ]
    assert [line.avoided.estimate for line in table.lines] == pytest.approx([150_000, 50_000, 100_000])
    assert table.avoided.estimate == pytest.approx(300_000)
    assert table.net.estimate == pytest.approx(240_000)
    assert table.net.low < table.net.estimate < table.net.high
    assert table.payback_months == pytest.approx(60_000 / 25_000)
    first, later = table.years
    assert (first.first, first.last, later.first, later.last) == ("2025-07", "2026-06", "2026-07", None)
    assert (first.net, later.net) == pytest.approx((240_000, 240_000))
    # 1 − e^(log 0.8 + 0.1 z) pays 60 000 of 1.5 million up to z = (log 0.96 − log 0.8) ÷ 0.1
    assert table.positive == pytest.approx(0.966, abs=0.003)


def test_lines_add_up_to_their_sides_and_the_sides_to_the_whole():
    both = Promise(Change(-0.2, 0.1, {}), Change(-0.4, 0.1, {}))
    table = benefit_table(LOSSES, both, Plan(SINCE, 0.0, categories=CATEGORIES))
    for side, whole, now in (
        ("internal", table.avoided_internal, 1e6),
        ("external", table.avoided_external, 5e5),
    ):
        own = [line for line in table.lines if line.side == side]
        assert sum(line.avoided.estimate for line in own) == pytest.approx(whole.estimate)
        assert sum(line.now for line in own) == pytest.approx(now)
    assert table.avoided_internal.estimate + table.avoided_external.estimate == pytest.approx(
        table.avoided.estimate
    )


def test_what_is_not_on_record_is_said_and_not_invented():
    inside = Losses(internal=1e6, external=None, escaping=0.0, elasticity=1.0)
    table = benefit_table(inside, FIFTH, Plan(SINCE, holding=None, months=7))
    codes = {a.code for a in table.assumptions}
    assert table.external_now is None
    assert table.avoided_external is None
    assert table.lines == ()
    assert {"no_external", "no_unit_cost", "one_off_unknown", "few_statements"} <= codes
    assert not codes & {"no_internal", "losses_last_twelve", "categories_alike", "one_off_from_action"}
    assert benefit_table(Losses(None, None, 0.0, 1.0), FIFTH, Plan(SINCE, 0.0)) is None


def test_a_one_off_cost_is_paid_in_the_first_year_only():
    table = benefit_table(LOSSES, FIFTH, Plan(SINCE, holding=60_000.0, one_off=90_000.0))
    assert [y.net for y in table.years] == pytest.approx([150_000, 240_000])
    assert table.net.estimate == pytest.approx(240_000)
    assert table.payback_months == pytest.approx(150_000 / 25_000)
    assert "one_off_from_action" in {a.code for a in table.assumptions}


def test_an_effect_that_comes_in_late_brings_more_in_later_years():
    late = Promise(Change(np.log(0.9), 0.05, {}), Change(0.0, 0.0, {}), (0.0,) * 6 + (1.0,) * 6)
    table = benefit_table(LOSSES, late, Plan(SINCE, holding=0.0))
    first, later = table.years
    assert first.share == 0.5
    assert first.avoided == pytest.approx(150_000)
    assert later.avoided == pytest.approx(1_500_000 * (1 - 0.9**2))
    assert "arrival" in {a.code for a in table.assumptions}


def test_claims_that_come_later_bring_less_in_the_first_year_and_all_of_it_then():
    late = replace(LOSSES, first_year=0.6)
    table = benefit_table(late, FIFTH, Plan(SINCE, holding=0.0))
    assert table.avoided_external.estimate == pytest.approx(0.6 * 100_000)
    assert table.avoided.estimate == pytest.approx(260_000)
    assert [y.avoided for y in table.years] == pytest.approx([260_000, 300_000])
    months = monthly_avoided(late, FIFTH)
    assert months[:12].sum() == pytest.approx(260_000)
    assert (np.diff(months) >= 0).all()
    assert "claims_later" in {a.code for a in table.assumptions}


@given(
    st.lists(st.floats(0.0, 100.0), min_size=13, max_size=13).filter(lambda x: x[-1] > 1),
    st.floats(0.0, 3000.0),
)
def test_payback_is_when_a_running_total_in_small_steps_gets_there(avoided, committed):
    found = payback_months(np.array(avoided), committed)
    step, total, at = 0.005, 0.0, 0
    while total < committed:
        month = min(int(at * step + 1e-9), 12)
        total += avoided[month] * step
        at += 1
        if at * step > found + 5:
            break
    assert found == pytest.approx(at * step, abs=0.02) or abs(total - committed) < 1.0


def test_what_never_pays_is_not_given_a_date():
    assert payback_months(np.zeros(13), 1.0) is None
    assert payback_months(np.ones(13), 0.0) == 0.0


def test_every_code_has_words():
    assert set(TEXTS) == set(ASSUMPTION_CODES)
