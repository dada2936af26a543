"""Plants that are not textbook cases: constant, never recorded, new, full of gaps, or alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.learning.fit import fit
from models.learning.rolling import Settings

QUICK = Settings(refits=2)


def _refit(table, frame):
    changed = type(table)(frame, table.features, table.parameters)
    return fit(changed, QUICK).model, changed


def _finite(frame: pd.DataFrame) -> bool:
    return bool(np.isfinite(frame.select_dtypes("number").to_numpy()).all())


@pytest.fixture
def fitted_and_cold(table):
    model = fit(table, QUICK).model
    row = table.frame[table.frame["industry"] == 25.0].head(1).copy()
    for column in [
        c for c in row if c.split(".")[0] in {"ftq", "internal_loss", "external_loss", "ppm", "cpk", "param"}
    ]:
        row[column] = 0.0 if column.endswith(".known") else np.nan
    row["enterprise_id"], row["age"] = "NEW", 0.0
    return model, type(table)(row, table.features, table.parameters)


def test_a_constant_target(table) -> None:
    frame = table.frame.copy()
    for column in [c for c in frame if c.startswith("ppm")]:
        frame[column] = (
            np.where(frame[column].isna(), np.nan, 250.0) if column != "ppm.known" else frame[column]
        )
    model, changed = _refit(table, frame)
    ppm = model.forecast_frame(changed).query("target == 'ppm'")
    np.testing.assert_allclose(ppm["mean"], 250.0, rtol=1e-6)
    assert _finite(ppm)


def test_a_parameter_that_was_never_recorded(table) -> None:
    frame = table.frame.assign(**{"param.ghost.last": np.nan})
    changed = type(table)(frame, (*table.features, "param.ghost.last"), table.parameters)
    model = fit(changed, QUICK).model
    assert "param.ghost.last" not in model.panels["month", "enterprise"].design.names
    assert _finite(model.forecast_frame(changed))


def test_three_months_of_history(table) -> None:
    last = table.frame["t"].max()
    young = table.frame[(table.frame["enterprise_id"] != "E003") | (table.frame["t"] > last - 3)]
    model, _ = _refit(table, table.frame)
    changed = type(table)(young, table.features, table.parameters)
    rows = model.forecast_frame(changed).query("enterprise_id == 'E003'")
    assert len(rows) == 5 * 12
    assert _finite(rows)


def test_no_history_gives_the_sector_s_distribution(fitted_and_cold) -> None:
    model, cold = fitted_and_cold
    rows = model.forecast_frame(cold)
    assert len(rows) == 5 * 12
    panel = model.panels["month", "enterprise"]
    for target, own in rows.groupby("target"):
        prior = panel.targets[target].prior
        expected = panel.targets[target].link.inverse(np.array([prior.sectors.get("25.0", prior.mean)]))
        np.testing.assert_allclose(own["mean"], expected[0])
        assert (own["0.95"] > own["0.05"]).all()


def test_no_history_s_drivers_still_add_up(fitted_and_cold) -> None:
    model, cold = fitted_and_cold
    drivers = model.drivers_frame(cold)
    added = drivers.groupby(["target", "horizon"]).agg(
        c=("contribution", "sum"), b=("baseline", "first"), f=("forecast", "first")
    )
    np.testing.assert_allclose(added["c"], added["f"] - added["b"], atol=1e-9)


def test_gaps(table) -> None:
    frame = table.frame.copy()
    gone = (frame["t"] % 7 == 0) & (frame["enterprise_id"] == "E001")
    targets = ["ftq", "internal_loss", "external_loss", "ppm", "cpk", "q.ftq_clipped"]
    frame.loc[gone, targets] = np.nan
    model, changed = _refit(table, frame)
    assert _finite(model.forecast_frame(changed))


def test_one_entity_alone(table_of) -> None:
    alone = table_of(seed=3, plants=1, months=40)
    model, changed = _refit(alone, alone.frame)
    assert len(model.forecast_frame(changed)) == 5 * 12
    assert _finite(model.forecast_frame(changed))


def test_too_little_data_says_baseline_only(table_of) -> None:
    short = table_of(seed=4, plants=2, months=5)
    model, changed = _refit(short, short.frame)
    assert all(
        t.basis.startswith("baseline only") for t in model.panels["month", "enterprise"].targets.values()
    )
    assert _finite(model.forecast_frame(changed))


def test_a_statistic_that_is_not_kept_is_not_forecast(table) -> None:
    frame = table.frame.copy()
    untracked = frame["enterprise_id"] == "E002"
    for column in [c for c in frame if c.split(".")[0] == "external_loss"]:
        frame.loc[untracked, column] = 0.0 if column.endswith(".known") else np.nan
    model, changed = _refit(table, frame)
    rows = model.forecast_frame(changed).query("enterprise_id == 'E002'")
    assert set(rows["target"]) == {"ftq", "internal_loss", "ppm", "cpk"}
