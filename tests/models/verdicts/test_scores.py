"""Promises against outcomes: by hand, and by simulation where promises are honest."""

import numpy as np
import pytest

from models.verdicts.scores import FEW, agrees, chance_promised, score_promises


def only(rows, scope="all"):
    (row,) = [row for row in rows if row.scope == scope]
    return row


def test_nothing_promised_is_nothing_scored(verdict):
    assert score_promises([], [verdict()]) == []


def test_one_case_by_hand(promise, verdict):
    row = only(score_promises([promise()], [verdict()]))
    assert (row.promised, row.judged, row.kept, row.few) == (1, 1, 1, True)
    assert row.calibration == pytest.approx((1 + 4.5) / 6)
    sd = 50_000 / 1.6449 / 100_000
    weight = (1 / sd**2) / (1 / sd**2 + 4)
    assert row.money_weight == pytest.approx(weight)
    assert row.realised_over_promised == pytest.approx(weight * 0.8 + 1 - weight)
    assert row.ratio_low < row.realised_over_promised < row.ratio_high
    assert row.promised_over_realised == pytest.approx(1 / row.realised_over_promised)
    said, worked = 0.9932, 0.95
    assert row.brier == pytest.approx(worked * (1 - said) ** 2 + (1 - worked) * said**2, abs=2e-3)


def test_agreement_counts_both_errors(promise, verdict):
    given = promise(low=0.0, high=0.02)
    assert agrees(given, verdict(estimate=-0.004, half=0.01).effects[0])
    assert not agrees(given, verdict(estimate=-0.01, half=0.001).effects[0])


@pytest.mark.parametrize(
    ("target", "low", "high", "above"), [("ftq", 0.01, 0.03, True), ("ppm", 10, 30, False)]
)
def test_what_is_better_depends_on_the_indicator(promise, target, low, high, above):
    assert (chance_promised(promise(low=low, high=high, target=target)) > 0.5) is above


def test_what_is_open_waits_and_what_cannot_be_told_is_counted_apart(promise, verdict):
    told = verdict("B", verdict="cannot be told", reason_code="another_action", effects=(), money=None)
    early = verdict("C", verdict="too early", effects=(), money=None)
    row = only(score_promises([promise("A"), promise("B"), promise("C")], [told, early]))
    assert (row.promised, row.judged, row.waiting, row.untold) == (3, 0, 2, 1)
    assert row.calibration is row.brier is row.realised_over_promised is None


def test_scopes_split_by_enterprise_lever_and_year(promise, verdict):
    promises = [promise("A"), promise("B", enterprise_id="E2", parameter_id="speed", given_on="2026-01-01")]
    rows = score_promises(promises, [verdict("A"), verdict("B", enterprise_id="E2")])
    found = {(row.scope, row.name): row.judged for row in rows}
    assert found == {
        ("all", ""): 2, ("enterprise", "E1"): 1, ("enterprise", "E2"): 1, ("lever", "speed"): 1,
        ("lever", "temp"): 1, ("year", "2025"): 1, ("year", "2026"): 1,
    }  # fmt: skip


def test_honest_promises_score_as_honest(promise, verdict):
    """Truth drawn from the promise, what is seen from the truth: nine of ten agree, the ratio is one."""
    rng = np.random.default_rng(0)
    promises, verdicts = [], []
    for i in range(400):
        truth = 0.012 + 0.008 / 1.6449 * rng.standard_normal()
        seen = truth + 0.01 / 1.6449 * rng.standard_normal()
        money = 100_000 + 50_000 / 1.6449 * rng.standard_normal()
        promises.append(promise(str(i), low=0.004, high=0.02))
        verdicts.append(verdict(str(i), estimate=seen, half=0.01, money=money))
    row = only(score_promises(promises, verdicts))
    assert not row.few
    assert row.judged > FEW
    assert row.calibration_low < 0.9 < row.calibration_high
    assert row.ratio_low < 1.0 < row.ratio_high
