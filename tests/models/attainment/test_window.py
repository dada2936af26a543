"""The official windows from sums, against arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.attainment import window
from models.attainment.known import Known


def _paths(value: float, paths: int = 1) -> np.ndarray:
    return np.full((1, paths, 12), value)


def test_without_future_months_everything_is_the_known_sum(known: Known) -> None:
    path = _paths(0.5, 3)
    assert window.nonconforming_ppm(known, path)[0, :, 0].tolist() == [2000.0] * 3
    assert window.internal_rate(known, path)[0, :, 0].tolist() == [0.03] * 3
    np.testing.assert_allclose(window.rolled_yield(known, path)[0, :, 0], 0.9 * 0.95)
    # characteristic 1: min(4.5, 3) ÷ 3 = 1; characteristic 2, upper limit only: 3 ÷ 1.5 = 2
    np.testing.assert_allclose(window.lowest_cpk(known, path)[0, :, 0], 1.0)


def test_future_months_replace_the_oldest_ones(known: Known) -> None:
    known.bad[0, :3] = 500.0  # the oldest three leave the window
    found = window.nonconforming_ppm(known, _paths(10_000.0))[0, 0, 3]
    assert found == pytest.approx((9 * 2.0 + 3 * 0.01 * 1000.0) / 12_000.0 * 1e6)


def test_known_months_are_used_as_they_are(known: Known) -> None:
    """A change of a known month that is still in the window moves it by just its share, at any horizon."""
    before = window.internal_rate(known, _paths(0.05))
    known.internal[0, 11] += 12.0
    moved = window.internal_rate(known, _paths(0.05)) - before
    np.testing.assert_allclose(moved[0, 0, :12], 12.0 / 1200.0)
    assert moved[0, 0, 12] == 0.0


def test_loss_rates_divide_by_the_windows_output(known: Known) -> None:
    found = window.internal_rate(known, _paths(0.05))[0, 0, 6]
    assert found == pytest.approx((6 * 3.0 + 6 * 5.0) / 1200.0)


def test_only_months_with_both_loss_and_output_count(known: Known) -> None:
    known.output[0, 5] = np.nan
    known.internal[0, 6] = np.nan
    known.internal[0, 5] = 999.0
    assert window.internal_rate(known, _paths(0.0))[0, 0, 0] == pytest.approx(30.0 / 1000.0)


def test_losses_are_summed_over_the_months_that_both_families_have(known: Known) -> None:
    known.external[0, 6:] = 1.0
    known.internal[0, :6] = 9.0
    assert window.internal_rate(known, _paths(0.0))[0, 0, 0] == pytest.approx(0.03)
    known.external[0] = np.nan  # a family without any month in the window binds nobody
    assert window.internal_rate(known, _paths(0.0))[0, 0, 0] == pytest.approx((6 * 9 + 6 * 3) / 1200.0)


def test_a_yield_path_is_split_over_stages_by_their_share_of_the_log_yield(known: Known) -> None:
    level = 0.9 * 0.95
    stages = window.stage_yields(known.stages, _paths(level**2))[:, 0, 0]
    np.testing.assert_allclose(stages, [0.9**2, 0.95**2], rtol=2e-3)
    assert stages.prod() == pytest.approx(level**2, rel=1e-9)


def test_all_months_ahead_give_the_path_itself(known: Known) -> None:
    np.testing.assert_allclose(window.rolled_yield(known, _paths(0.97, 2))[..., 12], 0.97, rtol=1e-9)
    np.testing.assert_allclose(window.internal_rate(known, _paths(0.02, 2))[..., 12], 0.02, rtol=1e-9)


def test_a_better_cpk_path_raises_the_windows_cpk(known: Known) -> None:
    values = [window.lowest_cpk(known, _paths(c))[0, 0, 6] for c in (0.5, 1.0, 2.0)]
    assert values == sorted(values)
    assert values[1] == pytest.approx(1.0)


def test_products_weigh_by_units_started(known: Known) -> None:
    stages = replace(known.stages, product=np.array([0, 1]), first=np.array([True, True]))
    stages.submitted[1] = 300.0
    stages.passed[1] = 150.0
    # product 0: 100 started, 90 %; product 1: 300 started, 50 %
    found = window.rolled_yield(replace(known, stages=stages), _paths(0.5))[0, 0, 0]
    assert found == pytest.approx((0.9 + 3 * 0.5) / 4)


def test_a_statistic_that_is_not_stated_has_no_value(known: Known) -> None:
    known.units[:] = known.output[:] = np.nan
    assert np.isnan(window.nonconforming_ppm(known, _paths(5.0))).all()
    assert np.isnan(window.internal_rate(known, _paths(0.5))).all()
