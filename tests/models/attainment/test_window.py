"""The official window from sums, against arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.attainment import window
from models.attainment.known import Known


def _known() -> Known:
    known = Known()
    known.units, known.bad = np.full(12, 1000.0), np.full(12, 2.0)
    known.output = np.full(12, 100.0)
    known.losses = {"internal": np.full(12, 3.0)}
    known.submitted = np.full((2, 12), 100.0)
    known.passed = np.array([[90.0] * 12, [95.0] * 12])
    known.product, known.first = np.array([0, 0]), np.array([True, False])
    known.n, known.df = np.full((2, 12), 25.0), np.full((2, 12), 20.0)
    known.mean, known.sd = np.zeros((2, 12)), np.array([[1.0] * 12, [0.5] * 12])
    known.lsl, known.usl = np.array([-3.0, -np.inf]), np.array([4.5, 3.0])
    return known


def test_without_future_months_everything_is_the_known_sum() -> None:
    known, path = _known(), np.full((3, 12), 0.5)
    bad, units = window.nonconforming_share(known, path, 0)
    assert (bad.tolist(), units.tolist()) == ([24.0] * 3, [12000.0] * 3)
    assert window.loss_rate(known, "internal", path, 0).tolist() == [0.03] * 3
    np.testing.assert_allclose(window.rolled_yield(known, path, 0), 0.9 * 0.95)
    # characteristic 1: min(4.5, 3) ÷ 3 = 1; characteristic 2, upper limit only: 3 ÷ 1.5 = 2
    np.testing.assert_allclose(window.lowest_cpk(known, path, 0), 1.0)


def test_future_months_replace_the_oldest_ones() -> None:
    known = _known()
    known.bad[:3] = 500.0  # the oldest three leave the window
    ppm = np.array([[10_000.0] * 12])
    bad, units = window.nonconforming_share(known, ppm, 3)
    assert units[0] == 12_000.0
    assert bad[0] == pytest.approx(9 * 2.0 + 3 * 0.01 * 1000.0)


def test_loss_rates_divide_by_the_window_s_output() -> None:
    known = _known()
    path = np.array([[0.05] * 12])
    assert window.loss_rate(known, "internal", path, 6)[0] == pytest.approx((6 * 3.0 + 6 * 5.0) / 1200.0)


def test_only_months_with_both_loss_and_output_count() -> None:
    known = _known()
    known.output[5] = np.nan
    known.losses["internal"][6] = np.nan
    known.losses["internal"][5] = 999.0
    assert window.loss_rate(known, "internal", np.zeros((1, 12)), 0)[0] == pytest.approx(30.0 / 1000.0)


def test_a_yield_path_is_split_over_stages_by_their_share_of_the_log_yield() -> None:
    known, level = _known(), 0.9 * 0.95
    stages = window.stage_yields(known, np.array([[level**2]]))[0, :, 0]
    np.testing.assert_allclose(stages, [0.9**2, 0.95**2], rtol=2e-3)
    assert stages.prod() == pytest.approx(level**2, rel=1e-9)


def test_all_months_ahead_give_the_path_itself() -> None:
    known = _known()
    np.testing.assert_allclose(window.rolled_yield(known, np.full((2, 12), 0.97), 12), 0.97, rtol=1e-9)


def test_a_better_cpk_path_raises_the_window_s_cpk() -> None:
    known = _known()
    values = [window.lowest_cpk(known, np.full((1, 12), c), 6)[0] for c in (0.5, 1.0, 2.0)]
    assert values == sorted(values)
    assert values[1] == pytest.approx(1.0)


def test_products_weigh_by_units_started() -> None:
    known = _known()
    known.product, known.first = np.array([0, 1]), np.array([True, True])
    known.submitted[1] = 300.0
    known.passed[1] = 150.0
    # product 0: 100 started, 90 %; product 1: 300 started, 50 %
    assert window.rolled_yield(known, np.full((1, 12), 0.5), 0)[0] == pytest.approx((0.9 + 3 * 0.5) / 4)
