"""Training through MLflow for real: what is logged, promoted, refused, exported, and answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

from features.settings import Settings
from models import registry
from models.forecast import load_champion
from models.forecast.bundle import NoChampionError
from models.learning.rolling import Settings as Effort
from models.training import train

ROOT = Path(__file__).parents[3]


def _mlflow(uri: str):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ.update(registry.HABITS)
        import mlflow

        return mlflow, mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)


def test_the_model_is_promoted_and_exported(trained, table) -> None:
    settings, report = trained.settings, trained.report
    assert report.promoted, report.reasons
    pointer = json.loads((settings.home / "champion" / "current.json").read_text())
    assert pointer["version"] == report.model_version
    rows = load_champion(settings).forecast(table, horizon=2)
    assert {row.model_version for row in rows} == {report.model_version}


def test_progress_is_told(trained) -> None:
    told = trained.told
    assert told[0][0] == "model table"
    assert told[-1] == ("done", 6, 6)


def test_the_run_says_what_it_learned_from(trained, quick) -> None:
    report = trained.report
    _, client = _mlflow(report.tracking_uri)
    run = client.get_run(report.run_id)
    assert len(run.data.params["data_fingerprint"]) >= 32
    assert run.data.params["random_seed"] == str(quick.seed)
    assert run.data.tags["gate"] == "promoted"
    history = client.get_metric_history(report.run_id, "month.enterprise.ftq.mae_model")
    assert [m.step for m in history] == list(range(1, 13))
    logged = {artifact.path for artifact in client.list_artifacts(report.run_id)}
    files = {"backtest.csv", "coverage.csv", "gate.csv", "model_card.md", "model_card.html"}
    assert files | {"backtest_by_origin.parquet", "shap_summary_month-enterprise.png"} <= logged


def test_aliases(trained) -> None:
    report = trained.report
    _, client = _mlflow(report.tracking_uri)
    champion = client.get_model_version_by_alias(registry.NAME, "champion")
    assert str(champion.version) == report.registry_version


def test_a_child_run_per_panel_and_target_has_its_own_parameters_and_metrics(trained) -> None:
    _, client = _mlflow(trained.report.tracking_uri)
    parent = client.get_run(trained.report.run_id)
    wanted = f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    children = client.search_runs([parent.info.experiment_id], wanted)
    assert {c.data.params["target"] for c in children} == {
        "ftq",
        "internal_loss",
        "external_loss",
        "ppm",
        "cpk",
    }
    for child in children:
        own = trained.report.backtest[trained.report.backtest["target"] == child.data.params["target"]]
        logged = client.get_metric_history(child.info.run_id, "coverage_90")
        assert [m.value for m in logged] == own["coverage_90"].tolist()
        assert child.data.params["basis"]
        assert child.info.status == "FINISHED"


def test_the_signature_names_every_column(trained, table) -> None:
    mlflow, _ = _mlflow(trained.report.tracking_uri)
    signature = mlflow.models.get_model_info(f"models:/{registry.NAME}@champion").signature
    ours = load_champion(trained.settings).forecast_frame(table)
    assert signature.outputs.input_names() == list(ours)
    required = [c.name for c in signature.inputs if c.required]
    assert required == ["enterprise_id", "period"]
    assert set(signature.inputs.input_names()) >= {"product_id", "t", "ftq.last", "q.submitted"}
    assert [p.name for p in signature.params] == ["horizon"]


def test_nothing_is_pickled(trained) -> None:
    files = [f for f in (trained.settings.home / "mlartifacts").rglob("*") if f.is_file()]
    assert files
    assert not [f for f in files if f.suffix in {".pkl", ".pickle", ".joblib"}]
    assert not [f for f in files if f.read_bytes()[:2] in {b"\x80\x04", b"\x80\x05", b"\x80\x03"}]


def test_the_logged_model_answers_as_ours(trained, table) -> None:
    mlflow, _ = _mlflow(trained.report.tracking_uri)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mlflow.set_tracking_uri(trained.report.tracking_uri)
        loaded = mlflow.pyfunc.load_model(f"models:/{registry.NAME}@champion")
        answer = loaded.predict(table.frame)
    ours = load_champion(trained.settings).forecast_frame(table)
    whole = ours["product_id"].astype(object).where(ours["product_id"] != "", None)
    pd.testing.assert_frame_equal(answer, ours.assign(product_id=whole))


def test_the_card_names_coverage_drivers_and_limits(trained) -> None:
    _, client = _mlflow(trained.report.tracking_uri)
    card = Path(client.download_artifacts(trained.report.run_id, "model_card.md")).read_text()
    for part in (
        "coverage_90",
        "## Drivers",
        "## Limits",
        "data_fingerprint",
        "## What each forecast rests on",
        "## Reference for drift",
        "horizon 12",
        "level 4",
        "known 24+",
    ):
        assert part in card


def test_a_run_repeats_from_its_logged_parameters_and_may_stay_champion(trained, tables, table) -> None:
    _, client = _mlflow(trained.report.tracking_uri)
    logged = client.get_run(trained.report.run_id).data.params
    effort = Effort(refits=int(logged["backtest_refits"]), seed=int(logged["random_seed"]), threads=1)
    again = train(tables, trained.settings, logged["data_as_of"] or None, effort=effort, table=table)
    assert again.model_version == trained.report.model_version
    assert again.data_fingerprint == logged["data_fingerprint"]
    assert again.promoted, again.reasons
    bundles = [
        {f.name: f.read_bytes() for f in folder.rglob("*") if f.is_file()}
        for folder in (trained.settings.home / "mlartifacts").rglob("artifacts/bundle")
    ]
    assert len(bundles) >= 2
    assert all(bundle == bundles[0] for bundle in bundles)


def test_no_champion_is_said_plainly(tmp_path) -> None:
    with pytest.raises(NoChampionError, match="zhuoyue train"):
        load_champion(Settings(home=tmp_path))


def test_reading_a_champion_needs_no_mlflow_and_no_shap() -> None:
    libraries = ("mlflow", "shap", "lightgbm", "sklearn")
    code = f"import sys, models.forecast, models.outlook; print([m for m in {libraries} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
