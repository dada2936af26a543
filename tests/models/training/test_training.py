"""Training through MLflow for real: what is logged, promoted, refused, exported, and answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from features.model_table import ModelTable, build_model_table
from features.settings import Settings
from features.simulator.world import World
from features.tables import FrameTables
from models import registry
from models.forecast import load_champion
from models.forecast.bundle import NoChampionError
from models.forecast.rolling import Settings as Effort
from models.training import train

ROOT = Path(__file__).parents[3]
QUICK = Effort(refits=2)


@pytest.fixture(scope="module")
def tables() -> FrameTables:
    return FrameTables(World(7, enterprises=14, months=42).tables())


@pytest.fixture(scope="module")
def table(tables) -> ModelTable:
    whole = build_model_table(tables)
    return replace(whole, frame=whole.frame[whole.frame["frequency"] == "month"].reset_index(drop=True))


@pytest.fixture(scope="module")
def trained(tables, table, tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    told: list[tuple[str, int, int]] = []
    report = train(tables, settings, progress=lambda *said: told.append(said), effort=QUICK, table=table)
    return settings, report, told


def _mlflow(uri: str):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ.update(registry.HABITS)
        import mlflow

        return mlflow, mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)


def test_the_model_is_promoted_and_exported(trained, table) -> None:
    settings, report, _ = trained
    assert report.promoted, report.reasons
    pointer = json.loads((settings.home / "champion" / "current.json").read_text())
    assert pointer["version"] == report.model_version
    rows = load_champion(settings).forecast(table, horizon=2)
    assert {row.model_version for row in rows} == {report.model_version}


def test_progress_is_told(trained) -> None:
    _, _, told = trained
    assert told[0][0] == "model table"
    assert told[-1] == ("done", 6, 6)


def test_the_run_says_what_it_learned_from(trained) -> None:
    _, report, _ = trained
    _, client = _mlflow(report.tracking_uri)
    run = client.get_run(report.run_id)
    assert len(run.data.params["data_fingerprint"]) >= 32
    assert run.data.params["seed"] == str(QUICK.seed)
    assert run.data.tags["gate"] == "promoted"
    history = client.get_metric_history(report.run_id, "month.enterprise.ftq.mae_model")
    assert [m.step for m in history] == list(range(1, 13))
    logged = {artifact.path for artifact in client.list_artifacts(report.run_id)}
    assert {"backtest.csv", "backtest.json", "model_card.md", "shap_summary_month-enterprise.png"} <= logged


def test_aliases(trained) -> None:
    _, report, _ = trained
    _, client = _mlflow(report.tracking_uri)
    champion = client.get_model_version_by_alias(registry.NAME, "champion")
    assert str(champion.version) == report.registry_version


def test_nothing_is_pickled(trained) -> None:
    settings, _, _ = trained
    files = [f for f in (settings.home / "mlartifacts").rglob("*") if f.is_file()]
    assert files
    assert not [f for f in files if f.suffix in {".pkl", ".pickle", ".joblib"}]
    assert not [f for f in files if f.read_bytes()[:2] in {b"\x80\x04", b"\x80\x05", b"\x80\x03"}]


def test_the_logged_model_answers_as_ours(trained, table) -> None:
    settings, report, _ = trained
    mlflow, _ = _mlflow(report.tracking_uri)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mlflow.set_tracking_uri(report.tracking_uri)
        loaded = mlflow.pyfunc.load_model(f"models:/{registry.NAME}@champion")
        answer = loaded.predict(table.frame)
    ours = load_champion(settings).forecast_frame(table)
    pd.testing.assert_frame_equal(answer.drop(columns="model_version"), ours.drop(columns="model_version"))


def test_the_card_names_coverage_drivers_and_limits(trained) -> None:
    _, report, _ = trained
    _, client = _mlflow(report.tracking_uri)
    card = Path(client.download_artifacts(report.run_id, "model_card.md")).read_text()
    for part in (
        "coverage_90",
        "## Drivers",
        "## Limits",
        "data_fingerprint",
        "## What each forecast rests on",
    ):
        assert part in card


def test_the_same_data_train_the_same_model_again_and_it_may_stay_champion(trained, tables, table) -> None:
    settings, report, _ = trained
    again = train(tables, settings, effort=QUICK, table=table)
    assert again.model_version == report.model_version
    assert again.promoted, again.reasons


def test_a_worse_model_is_refused_and_the_reason_recorded(trained, tables, table, monkeypatch) -> None:
    settings, report, _ = trained
    from models import training

    real = training.fit

    def spoilt(*args, **named):
        fitted = real(*args, **named)
        return replace(fitted, errors=fitted.errors.assign(model=fitted.errors["model"] * 2.0))

    monkeypatch.setattr(training, "fit", spoilt)
    refused = train(tables, settings, effort=QUICK, table=table)
    assert not refused.promoted
    _, client = _mlflow(refused.tracking_uri)
    version = client.get_model_version(registry.NAME, refused.registry_version)
    assert version.tags["gate"] == "refused"
    assert "champion" in version.tags["refused_because"]
    assert load_champion(settings).version == report.model_version


def test_no_champion_is_said_plainly(tmp_path) -> None:
    with pytest.raises(NoChampionError, match="zhuoyue train"):
        load_champion(Settings(home=tmp_path))


def test_reading_a_champion_needs_no_mlflow_and_no_shap() -> None:
    libraries = ("mlflow", "shap", "lightgbm", "sklearn")
    code = f"import sys, models.forecast, models.outlook; print([m for m in {libraries} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
