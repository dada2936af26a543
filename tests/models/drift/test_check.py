"""A whole check: nothing where nothing changed, and each planted change under its own name."""

from __future__ import annotations

import json
from contextlib import nullcontext

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from features.periods import to_label
from models.drift import check
from models.drift.errors import realised
from models.drift.report import FALSE_ALARM
from models.drift.series import Months, at_edge, compared_months, level, missing, readings
from models.forecast.panel import panels
from models.learning.fit import fit
from models.learning.rolling import Settings
from tests.models.conftest import make_table
from tests.models.learning.plants import of_rows, retold

TRAINED, SINCE = 36, 12


@pytest.fixture(scope="module")
def whole():
    return make_table(seed=31, plants=12, months=TRAINED + SINCE)


@pytest.fixture(scope="module")
def fitted(whole):
    past = whole.frame[whole.frame["t"] < whole.frame["t"].min() + TRAINED]
    periods = {"month": [past["period"].min(), past["period"].max()]}
    return fit(of_rows(whole, past), Settings(refits=4), {"periods": periods})


def _late(frame: pd.DataFrame) -> pd.Series:
    return frame["t"] >= frame["t"].min() + TRAINED


def _checked(fitted, whole, frame: pd.DataFrame):
    return check(fitted.model, of_rows(whole, frame), fitted.errors)


def _alarms(report) -> set[str]:
    return {row.what for row in report.rows if row.alarm}


def test_an_unchanged_world_raises_no_alarm(fitted, whole) -> None:
    report = _checked(fitted, whole, whole.frame)
    assert not report.drifted
    assert report.reasons == ()
    assert {row.kind for row in report.rows} == {"input", "target", "error"}
    assert {"ftq", "cpk loss", "cpk coverage", "param.lever.last"} <= {row.what for row in report.rows}
    assert all(0 < row.p_value <= 1 for row in report.rows)


def test_without_the_backtest_errors_are_not_tested(fitted, whole) -> None:
    report = check(fitted.model, whole, None)
    assert {row.kind for row in report.rows} == {"input", "target"}


def test_an_input_that_moves_is_named(fitted, whole) -> None:
    lever = [c for c in whole.frame if c.startswith("param.lever")]
    moved = whole.frame.copy()
    moved.loc[_late(moved), lever] += 4.0
    report = _checked(fitted, whole, moved)
    found = next(row for row in report.rows if row.what == "param.lever.last")
    assert found.alarm
    assert found.kind == "input"
    assert found.statistic > 0
    first = moved.loc[_late(moved), "period"].min()
    assert found.since == first
    assert f"higher since {first}" in " ".join(report.reasons)


def test_a_target_that_moves_is_named_and_turned_the_way_people_read_it(fitted, whole) -> None:
    worse = whole.frame.copy()
    late = _late(worse)
    for name in ("ftq", "q.ftq_clipped"):
        worse.loc[late, name] = worse.loc[late, name] ** 3.0
    report = _checked(fitted, whole, retold(worse))
    found = next(row for row in report.rows if row.what == "ftq")
    assert found.alarm
    assert found.statistic < 0  # a lower yield, though a higher number on the model scale
    assert "ftq: lower since" in found.means


def test_records_that_stop_are_named(fitted, whole) -> None:
    gone = whole.frame.copy()
    half = _late(gone) & (gone["enterprise_id"] < "E006")
    gone.loc[half, [c for c in gone if c.startswith("param.lever")]] = np.nan
    report = _checked(fitted, whole, gone)
    assert "inputs missing" in _alarms(report)


def test_forecasts_that_grow_worse_are_named(fitted, whole) -> None:
    rough = whole.frame.copy()
    late = _late(rough)
    factor = np.where(np.random.default_rng(1).random(late.sum()) < 0.5, 3.0, 1.0 / 3.0)
    rough.loc[late, "internal_loss"] *= factor
    report = _checked(fitted, whole, retold(rough))
    assert {"internal_loss loss", "internal_loss coverage"} & _alarms(report)
    assert any("against the backtest" in reason or "intervals hold" in reason for reason in report.reasons)
    better = [row for row in report.rows if row.kind == "error" and row.statistic < 0]
    assert all("coverage" in row.what for row in better)  # a smaller loss is no drift


def test_too_few_months_are_said(fitted, whole) -> None:
    short = whole.frame[whole.frame["t"] < whole.frame["t"].min() + TRAINED + 2]
    report = _checked(fitted, whole, short)
    assert report.rows == ()
    assert not report.drifted
    assert "3 after it" in report.note


def test_realised_errors_are_those_of_the_forecasts(fitted, whole) -> None:
    panel = next(panels(whole.frame, whole.features))
    until = int(whole.frame["t"].min()) + TRAINED - 1
    sums = realised(fitted.model, whole, panel, until)
    assert (sums["t"] + sums["horizon"]).min() > until
    one = sums[(sums["target"] == "cpk") & (sums["horizon"] == 2) & (sums["t"] == until + 3)].iloc[0]
    rows = fitted.model.forecast_frame(whole, to_label(until + 3, "month"), horizon=2)
    truth = whole.frame.loc[whole.frame["t"] == until + 5, ["enterprise_id", "cpk"]].dropna()
    rows = rows[(rows["target"] == "cpk") & (rows["horizon"] == 2)].merge(truth, on="enterprise_id")
    assert one["n"] == len(rows)
    inside = (rows["cpk"] >= rows["0.05"]) & (rows["cpk"] <= rows["0.95"])
    assert one["inside90"] == inside.sum()
    loss = [
        2 * np.maximum(q * (rows["cpk"] - rows[f"{q:.2f}"]), (q - 1) * (rows["cpk"] - rows[f"{q:.2f}"]))
        for q in np.arange(1, 20) / 20
    ]
    assert one["pinball"] == pytest.approx(np.mean(loss, axis=0).sum())


def test_weeks_are_compared_by_month(whole) -> None:
    weekly = whole.frame.assign(frequency="week", t=whole.frame["t"] - whole.frame["t"].min() + 2700)
    weekly["period"] = [to_label(int(t), "week") for t in weekly["t"]]
    panel = next(panels(weekly, whole.features))
    months = compared_months(panel, to_label(2700 + TRAINED - 1, "week"))
    assert len(months.all) == 12  # 48 weeks
    assert months.before == 10  # the month in which training ends was mostly trained on


def test_a_plant_s_own_level_and_unit_do_not_count() -> None:
    values = np.random.default_rng(2).standard_normal((6, 24))
    other = values * np.array([[1.0], [10.0], [1e3], [1e-3], [5.0], [2.0]]) + np.arange(6)[:, None] * 100.0
    np.testing.assert_allclose(level(values, 18), level(other, 18), atol=1e-6)
    assert np.isnan(level(np.full((3, 24), np.nan), 18)).all()
    late = np.where(np.arange(24) < 20, np.nan, 1.0)[None]
    np.testing.assert_array_equal(level(np.vstack([values, late]), 18), level(values, 18))


def test_lengths_are_few_and_unknown_months_are_left_out() -> None:
    months = Months("month", 24_000 + np.arange(45), 33)
    whole = months.series("a", "level", np.arange(45.0))
    assert (whole.before, len(whole.points), whole.label(0)) == (30, 42, to_label(24_003, "month"))
    holed = months.series("a", "level", np.where(np.arange(45) % 10 == 4, np.nan, 1.0))
    assert (holed.before, len(holed.points)) == (30, 30 + 10)
    short = Months("month", 24_000 + np.arange(14), 11).series("a", "level", np.arange(14.0))
    assert (short.before, len(short.points)) == (11, 14)


def test_what_is_missing_and_what_lies_at_the_edge() -> None:
    values = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, 5.0], [7.0, 8.0, np.nan]])
    present = np.array([[True, True, True], [True, True, True], [True, True, False]])
    np.testing.assert_array_equal(missing(values, present, 2), [[0, 1, 0], [2, 2, 1]])
    many = np.tile(np.arange(200.0), (2, 1))
    outside, known = at_edge(many)
    assert (known == 2).all()
    assert outside.sum() == pytest.approx(0.02 * 400, abs=4)


def test_readings_are_tested_once_each() -> None:
    names = (
        "ftq.last",
        "param.a.last",
        "param.a.ew3",
        "param.a.sd",
        "age",
        "calendar.sin",
        "size",
        "ppm.mean12",
    )
    assert readings(names) == ["param.a.last", "param.a.sd"]


def test_the_command_prints_the_rows(fitted, whole, tmp_path, monkeypatch) -> None:
    from serving.main import build_app

    fitted.errors.to_parquet(tmp_path / "errors.parquet")
    monkeypatch.setattr("models.forecast.bundle.load_champion", lambda settings: fitted.model)
    monkeypatch.setattr("models.forecast.bundle.champion_folder", lambda settings: tmp_path)
    monkeypatch.setattr("features.store.Store.open", lambda settings: nullcontext())
    monkeypatch.setattr("features.model_table.build_model_table", lambda store, as_of: whole)
    done = CliRunner().invoke(build_app(), ["drift", "--format", "json"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert {"kind", "what", "since", "statistic", "p_value", "alarm", "means"} <= set(rows[0])
    assert rows[0]["p_value"] == min(row["p_value"] for row in rows)
    assert FALSE_ALARM == 0.05
