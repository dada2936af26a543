"""Records that came since: what a version's forecasts came to, and whether a retraining is due."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.settings import Settings
from models import registry
from models.forecast import load_champion
from models.forecast.mixture import COMPONENTS
from models.training import champion_errors, evaluate
from models.training.retraining import is_due
from models.training.served_errors import NothingSinceError, served_errors
from models.training.trial import known_errors


def test_served_errors_are_those_of_the_forecasts_that_were_made(trained, later) -> None:
    """Oracle: each forecast row asked for alone, each value looked up alone."""
    model = load_champion(trained.settings)
    last = model.facts["periods"]["month"][1]
    errors = served_errors(model, later)
    actual = later.frame.set_index(["enterprise_id", "period"])
    rows = [r for r in model.forecast(later, last) if r.target == "ftq" and r.horizon == 3]
    pairs = [(r, actual.loc[(r.enterprise_id, r.period), "ftq"]) for r in rows]
    known = [(r, came) for r, came in pairs if np.isfinite(came)]
    cell = errors[(errors["target"] == "ftq") & (errors["horizon"] == 3)].sort_values("t").iloc[0]
    assert cell["n"] == len(known)
    assert cell["model"] == pytest.approx(sum(abs(r.mean - came) for r, came in known), rel=1e-12)
    inside = [r.quantiles["0.05"] <= came <= r.quantiles["0.95"] for r, came in known]
    assert cell["inside90"] == sum(inside)


def test_ridge_is_scored_beside_the_baselines(trained, later) -> None:
    """Oracle: the same model with all the weight of its mixture on ridge, asked for forecasts."""
    model = load_champion(trained.settings)
    panel = model.panels["month", "enterprise"]
    alone = np.tile(np.array(COMPONENTS) == "ridge", (12, 1)).astype(float)
    linear = {name: replace(target, weights=alone) for name, target in panel.targets.items()}
    as_ridge = replace(model, panels={("month", "enterprise"): replace(panel, targets=linear)})
    scored, oracle = served_errors(model, later), served_errors(as_ridge, later)
    np.testing.assert_allclose(scored["ridge"], oracle["model"], rtol=1e-12)
    np.testing.assert_allclose(scored["ewma12"], oracle["ewma12"], rtol=1e-12)
    assert not np.allclose(scored["ridge"], scored["model"])


def test_nothing_that_training_saw_is_scored(trained, later) -> None:
    errors = served_errors(load_champion(trained.settings), later)
    backtest = champion_errors(trained.settings)
    assert (errors["t"] + errors["horizon"]).min() > (backtest["t"] + backtest["horizon"]).max()


def test_without_newer_records_it_says_up_to_when_the_model_was_trained(trained, table) -> None:
    model = load_champion(trained.settings)
    with pytest.raises(NothingSinceError, match=rf"{model.facts['periods']['month'][1]} \(month"):
        served_errors(model, table)


def test_the_champion_is_met_where_it_was_served_too(trained, later) -> None:
    known = known_errors(later, trained.settings)
    backtest = champion_errors(trained.settings)
    assert known["t"].max() > backtest["t"].max()
    assert not known.duplicated(["frequency", "scope", "target", "horizon", "t"]).any()


def test_an_evaluation_is_a_run_with_its_figures(trained, tables) -> None:
    report = evaluate(tables, trained.settings)
    assert report.model_version == trained.report.model_version
    assert {"mae_model", "mae_ewma12", "mae_ridge", "crps", "coverage_90"} <= set(report.table)
    with registry.session(trained.settings) as mlflow:
        run = mlflow.MlflowClient().get_run(report.run_id)
        files = {f.path for f in mlflow.MlflowClient().list_artifacts(report.run_id)}
    assert run.data.params["evaluated_version"] == report.model_version
    assert run.data.tags["act"] == "evaluate"
    assert {"evaluation.csv", "evaluation_by_origin.parquet", "comparisons.csv"} <= files
    first = report.table.iloc[0]
    name = f"{first['frequency']}.{first['scope']}.{first['target']}.mae_model"
    assert name in run.data.metrics


def test_a_registered_version_is_evaluated_as_the_champion_is(trained, tables) -> None:
    by_number = evaluate(tables, trained.settings, trained.report.registry_version)
    champion = evaluate(tables, trained.settings)
    pd.testing.assert_frame_equal(by_number.table, champion.table)


def test_a_retraining_is_due_where_nothing_is_served(tmp_path, table) -> None:
    due = is_due(table, Settings(home=tmp_path))
    assert due.due
    assert "no promoted model" in due.reasons[0]


def test_the_same_records_would_give_the_same_model(trained, table) -> None:
    due = is_due(table, trained.settings)
    assert not due.due
    assert "the same as in its training" in due.against[0]


def test_it_is_due_by_age_and_says_how_old(trained, later) -> None:
    due = is_due(later, trained.settings, months=6)
    assert due.due
    assert any(r.startswith("age: 6.0 months of newer records") for r in due.reasons)


def test_younger_than_the_limit_and_nothing_wrong_is_not_due(trained, later) -> None:
    due = is_due(later, trained.settings, months=12)
    assert not due.due, due.reasons
    assert [text.partition(":")[0] for text in due.against] == ["age", "drift", "error"]


def test_it_is_due_where_forecasts_went_wrong(trained, later) -> None:
    model = load_champion(trained.settings)
    last = later.frame["period"] > model.facts["periods"]["month"][1]
    broken = later.frame.assign(
        external_loss=later.frame["external_loss"].where(~last, later.frame["external_loss"] * 5.0)
    )
    due = is_due(replace(later, frame=broken), trained.settings, months=12)
    assert due.due
