"""Links, nuisances, sensitivity, counting of readings: the small parts."""

import numpy as np
import pandas as pd
import pytest

from features.tables import FrameTables
from models.effects import readings_per_period, robustness_value
from models.effects.links import from_link, loss_offset, to_link
from models.effects.nuisance import out_of_fold


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


def test_robustness_value_of_the_authors_example() -> None:
    """Darfur example of Cinelli & Hazlett 2020, table 1: t = 4.18, 783 degrees of freedom, RV = 13.9 %."""
    assert robustness_value(4.18, 783) == pytest.approx(0.139, abs=0.001)
    assert robustness_value(0.0, 100) == 0.0


def test_readings_are_counted_per_month() -> None:
    times = pd.to_datetime(["2024-01-03", "2024-01-09", "2024-01-20", "2024-03-01"])
    rows = pd.DataFrame({"enterprise_id": "A", "parameter_id": "p", "observed_at": times, "value": 1.0})
    counted = readings_per_period(FrameTables({"process_data": rows}))
    assert counted.to_dict("records") == [{"enterprise_id": "A", "parameter_id": "p", "readings": 2.0}]
