"""A yield composed of its steps: shares add up, and the forecast is linear in the columns it is told by."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.forecast.design import fit_design
from models.forecast.panel import Panel, panel
from models.forecast.route import mean_spread_out, route_of, shares, spread_groups, spread_out
from models.learning.refit import Refit, change_forecast
from models.learning.ridge import Line
from models.results import HORIZONS


def _panel(months: int = 6) -> Panel:
    """Plant A has two steps, the second losing three times as much; plant B no inspections at all."""
    rng = np.random.default_rng(5)
    rows = pd.DataFrame(
        {
            "enterprise_id": np.repeat(["A", "B"], months),
            "product_id": "",
            "t": np.tile(np.arange(months), 2),
            "period": np.tile([f"2024-{m + 1:02d}" for m in range(months)], 2),
        }
    )
    known = rows["enterprise_id"] == "A"
    for step, yielded in (("process.1", np.exp(-0.01)), ("process.2", np.exp(-0.03))):
        rows[f"q.{step}"] = np.where(known, yielded, np.nan)
        rows[f"{step}.ew12"] = np.where(known, yielded, np.nan)
    rows["ftq"] = np.where(known, np.exp(-0.04), np.nan)
    rows["ftq.ew12"] = rows["ftq"]
    rows["age"] = rng.normal(size=len(rows))
    features = ("process.1.ew12", "process.2.ew12", "ftq.ew12", "age")
    return panel(rows, features, "month", "enterprise")


def test_a_step_counts_by_what_is_lost_there_and_a_plant_without_steps_by_itself() -> None:
    found = shares(_panel(), ("process.1", "process.2"))
    np.testing.assert_allclose(found[0], [0.0, 0.25, 0.75], atol=1e-12)
    np.testing.assert_allclose(found[-1], [1.0, 0.0, 0.0])
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_only_the_rolled_yield_has_a_route() -> None:
    assert route_of(_panel(), "ftq") == ("process.1", "process.2")
    assert route_of(_panel(), "cpk") == ()


def test_the_composed_forecast_is_linear_in_the_columns_it_is_told_by() -> None:
    rows = _panel()
    rng, share = np.random.default_rng(2), shares(rows, ("process.1", "process.2"))
    matrix = rng.normal(size=(len(share), 3))
    lines = [tuple(Line(rng.normal(size=3), float(rng.normal())) for _ in range(HORIZONS)) for _ in range(3)]
    refit = Refit(0, lines[0], (lines[1], lines[2]), ())
    slopes = np.hstack([[[*line.coefficients, line.intercept] for line in part] for part in lines])
    told = spread_out(matrix, share) @ slopes.T
    np.testing.assert_allclose(told, change_forecast(refit, matrix, share), atol=1e-12)
    np.testing.assert_allclose(mean_spread_out(matrix, share), spread_out(matrix, share).mean(axis=0))


@pytest.mark.parametrize("route", [("process.1",), ("process.1", "process.2")])
def test_every_column_belongs_to_a_feature(route: tuple[str, ...]) -> None:
    rows = _panel()
    design = fit_design(rows)
    matrix = design.ridge_matrix(design.linked(rows))
    groups = spread_groups(design, "ftq", route)
    assert len(groups) == spread_out(matrix, shares(rows, route)).shape[1]
    assert design.names[groups[-1]] == f"{route[-1]}.ew12"
