"""Panel, nuisances, links, sensitivity: the small parts."""

import numpy as np
import pandas as pd
import pytest

from models.effects import TooLittle, fit_effects, readings_per_period, robustness_value
from models.effects.kalman import persistence
from models.effects.links import from_link, loss_offset, to_link
from models.effects.measurement import error_variance
from models.effects.nuisance import out_of_fold, remove_common_time
from models.effects.panel import build_panels, sector_of
from models.effects.treatments import treatments_of
from tests.models.effects.panel import Table, simulate


@pytest.mark.parametrize(
    ("target", "values"), [("ftq", [0.5, 0.99]), ("internal_loss", [0.001, 0.2]), ("ppm", [0.0, 900.0])]
)
def test_links_go_there_and_back(target: str, values: list[float]) -> None:
    np.testing.assert_allclose(from_link(target, to_link(target, values, 2.0), 2.0), values, atol=1e-9)


def test_links_are_oriented_so_that_more_is_worse() -> None:
    assert to_link("ftq", 0.8) > to_link("ftq", 0.9)
    assert to_link("internal_loss", 0.02) > to_link("internal_loss", 0.01)


def test_an_offset_is_used_only_where_a_zero_needs_it() -> None:
    assert loss_offset(np.array([0.0, 0.4, 0.2, np.nan])) == pytest.approx(0.1)
    assert loss_offset(np.array([0.4, 0.2])) == 0.0
    assert loss_offset(np.array([0.0, np.nan])) == 0.0


def test_outcome_parameters_are_neither_levers_nor_controls() -> None:
    panel = build_panels(simulate(enterprises=3, months=24).table)[0]
    assert panel.levers == ("lever0", "lever1", "lever2", "lever3")
    assert not [c for c in panel.control_names if "rework_hours" in c]
    assert [c for c in panel.control_names if "weather" in c]


def test_no_control_knows_the_lever_or_the_outcome_of_its_own_period_or_later() -> None:
    table = simulate(enterprises=2, months=30).table
    before = build_panels(table)[0].controls
    frame = table.frame.copy()
    late = frame["t"] >= frame["t"].max() - 4
    moved = [c for c in frame if c.startswith(("param.lever", "ftq", "internal", "external", "ppm", "q.ftq"))]
    frame.loc[late, moved] = frame.loc[late, moved] * 1.7
    after = build_panels(Table(frame, table.parameters))[0].controls
    early = (frame["t"] <= frame["t"].max() - 4).to_numpy()
    squares = np.array([not c.endswith(".square") for c in build_panels(table)[0].control_names])
    np.testing.assert_array_equal(before[np.ix_(early, squares)], after[np.ix_(early, squares)])


def test_lead_periods_shift_the_lever() -> None:
    table = simulate(enterprises=2, months=24).table
    parameters = table.parameters.assign(
        lead_periods=[2 if p == "lever1" else 0 for p in table.parameters.parameter_id]
    )
    panel, plain = build_panels(Table(table.frame, parameters))[0], build_panels(table)[0]
    first = plain.who == 0
    np.testing.assert_array_equal(panel.levels[first, 1][2:], plain.levels[first, 1][:-2])
    np.testing.assert_array_equal(panel.levels[:, 0], plain.levels[:, 0])


def test_sectors_are_divisions_of_the_industry_code() -> None:
    assert [sector_of(c) for c in ("C3670", "3670", None, "")] == ["36", "36", "", ""]


def test_common_shocks_go_only_where_enough_plants_share_them() -> None:
    t = np.tile(np.arange(10), 6)
    shock = np.random.default_rng(0).standard_normal(10)
    np.testing.assert_allclose(remove_common_time(shock[t][:, None], t), 0, atol=1e-12)
    np.testing.assert_array_equal(remove_common_time(shock[t][:20, None], t[:20]), shock[t][:20, None])


def test_out_of_fold_predictions_do_not_see_their_own_block_or_its_neighbours() -> None:
    rng = np.random.default_rng(0)
    t, X = np.arange(100), rng.standard_normal((100, 3))
    Z = X[:, :1] + 0.1 * rng.standard_normal((100, 1))
    spoiled = Z.copy()
    spoiled[40:60] += 1000  # block 2 of 5: periods 40 … 59, the gap takes 38, 39, 60, 61
    predicted = out_of_fold(X, spoiled, t, folds=5)[40:60]
    assert np.abs(predicted).max() < 20
    assert np.corrcoef(predicted[:, 0], Z[40:60, 0])[0, 1] > 0.95


def test_missing_outcomes_are_left_out_and_still_predicted() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((200, 2))
    Z = np.column_stack([X[:, 0], X[:, 1]])
    Z[::3, 1] = np.nan
    predicted = out_of_fold(X, Z, np.arange(200))
    assert np.isfinite(predicted).all()
    assert np.abs(predicted[:, 1] - X[:, 1]).max() < 0.5


def test_gauge_study_comes_before_repeated_readings() -> None:
    known = simulate(enterprises=2, months=24, gauge=0.5)
    panel = build_panels(known.table)[0]
    np.testing.assert_allclose(error_variance(panel, known.table), 0.25 / 4)
    counts = pd.DataFrame({"enterprise_id": "E00", "parameter_id": ["lever0"], "readings": [25.0]})
    assert error_variance(panel, known.table, counts)[0, 0] == pytest.approx(0.01)
    unknown = Table(
        known.table.frame.assign(**{"param.lever0.sd": 2.0}), known.table.parameters.assign(gauge_sd=np.nan)
    )
    panel = build_panels(unknown)[0]
    np.testing.assert_allclose(error_variance(panel, unknown)[:, :2], [[1.0, 0.0], [1.0, 0.0]])


def test_errors_of_a_square_have_the_variance_that_simulation_gives() -> None:
    rng = np.random.default_rng(0)
    n = 400_000
    true = 1.5 + rng.standard_normal(n)
    seen = true + 0.6 * rng.standard_normal(n)
    treatments, columns, error = treatments_of(
        seen[:, None], np.full((n, 1), 0.36), np.zeros(n, dtype=int), curved=True
    )
    exact = (true[:, None] - treatments.centre) / treatments.scale
    gap = columns - np.hstack([exact, exact**2])
    np.testing.assert_allclose(error.mean(axis=0), np.cov(gap.T), rtol=0.02, atol=2e-3)


def test_persistence_is_read_through_noise() -> None:
    rng = np.random.default_rng(0)
    level = np.zeros((20_000, 1))
    for i in range(1, len(level)):
        level[i] = 0.8 * level[i - 1] + rng.standard_normal()
    seen = level + rng.standard_normal(level.shape)
    assert persistence(seen, np.zeros(len(level), dtype=int))[0] == pytest.approx(0.8, abs=0.03)


def test_robustness_value_of_the_authors_example() -> None:
    """Darfur example of Cinelli & Hazlett 2020, table 1: t = 4.18, 783 degrees of freedom, RV = 13.9 %."""
    assert robustness_value(4.18, 783) == pytest.approx(0.139, abs=0.001)
    assert robustness_value(0.0, 100) == 0.0


def test_too_little_is_said_and_not_estimated() -> None:
    model = fit_effects(simulate(enterprises=1, months=12).table, targets=("ftq",))
    assert not model.effects
    assert isinstance(model.gaps[0], TooLittle)
    assert "12 periods" in model.gaps[0].reason


def test_readings_are_counted_per_month() -> None:
    from features.tables import FrameTables

    times = pd.to_datetime(["2024-01-03", "2024-01-09", "2024-01-20", "2024-03-01"])
    rows = pd.DataFrame({"enterprise_id": "A", "parameter_id": "p", "observed_at": times, "value": 1.0})
    counted = readings_per_period(FrameTables({"process_data": rows}))
    assert counted.to_dict("records") == [{"enterprise_id": "A", "parameter_id": "p", "readings": 2.0}]
