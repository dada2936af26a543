"""The only file that speaks to MLflow, and it imports it only when something is logged or asked.

MLflow's own habits are set first: no telemetry (it would look outside), no pickles, no links to a web page.
Nothing of ours is ever pickled: a logged model is a folder of JSON, LightGBM text and Parquet beside a
script that imports this package.
"""

from __future__ import annotations

import io
import logging
import os
import warnings
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.forecast.bundle import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from features.settings import Settings

NAME = "zhuoyue-forecast"
EXPERIMENT = "zhuoyue"
HABITS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_PRINT_MODEL_URLS_ON_CREATION": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING": "false",
    "MLFLOW_UV_AUTO_DETECT": "false",
}
REQUIREMENTS = ("zhuoyue", "lightgbm", "mlflow", "numpy", "pandas", "pyarrow", "scipy")


@dataclass(frozen=True)
class Training:
    """What a run logs: files by artifact name are in `folder`, the model's own in `bundle`."""

    parameters: dict[str, Any]
    tags: dict[str, str]
    backtest: pd.DataFrame
    folder: Path
    bundle: Path
    example: pd.DataFrame


@dataclass(frozen=True)
class Logged:
    """Where a run and its registered model are found in MLflow."""

    run_id: str
    registry_version: str
    model_uri: str
    tracking_uri: str


def tracking_uri(settings: Settings) -> str:
    """`MLFLOW_TRACKING_URI` if set, else a SQLite file in the home folder."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{Path(settings.home).resolve() / 'mlflow.db'}"


@contextmanager
def _mlflow(uri: str | None = None) -> Iterator[ModuleType]:
    """MLFlow with our habits. It keeps a tracking URI in the environment; that is put back afterwards."""
    os.environ.update(
        {k: v for k, v in HABITS.items() if k not in os.environ or k.endswith("DESERIALIZATION")}
    )
    for chatty in ("alembic", "mlflow"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    before = os.environ.get("MLFLOW_TRACKING_URI")
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        import mlflow

        if uri:
            mlflow.set_tracking_uri(uri)
        try:
            yield mlflow
        finally:
            if before is None:
                os.environ.pop("MLFLOW_TRACKING_URI", None)
            else:
                os.environ["MLFLOW_TRACKING_URI"] = before


def log_training(training: Training, settings: Settings) -> Logged:
    """Log one training run and register its model (alias `challenger`).

    Goes on with the run that `mlflow run` has opened, if there is one.
    """
    uri, remote = tracking_uri(settings), bool(os.environ.get("MLFLOW_TRACKING_URI"))
    Path(settings.home).mkdir(parents=True, exist_ok=True)
    with _mlflow(uri) as mlflow:
        if "MLFLOW_RUN_ID" not in os.environ:
            _choose_experiment(mlflow, settings, remote)
        with mlflow.start_run(log_system_metrics=False) as run:
            mlflow.log_params(training.parameters)
            mlflow.set_tags(training.tags)
            _log_metrics(mlflow, run.info.run_id, training.backtest)
            mlflow.log_table(training.backtest, "backtest.json")
            mlflow.log_artifacts(str(training.folder))
            registered = _log_model(mlflow, training)
        return Logged(run.info.run_id, str(registered), f"models:/{NAME}/{registered}", uri)


def _choose_experiment(mlflow: ModuleType, settings: Settings, remote: bool) -> None:
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        place = None if remote else (Path(settings.home).resolve() / "mlartifacts").as_uri()
        mlflow.create_experiment(EXPERIMENT, artifact_location=place)
    mlflow.set_experiment(EXPERIMENT)


def _log_metrics(mlflow: ModuleType, run_id: str, backtest: pd.DataFrame) -> None:
    """One metric per column and target, with the horizon as its step."""
    import time

    now = int(time.time() * 1000)
    measures = [c for c in map(str, backtest) if c.startswith(("mae_", "crps", "coverage_"))]
    metrics = [
        mlflow.entities.Metric(
            f"{row['frequency']}.{row['scope']}.{row['target']}.{m}", float(row[m]), now, int(row["horizon"])
        )
        for row in backtest.to_dict("records")
        for m in measures
    ]
    client = mlflow.MlflowClient()
    for start in range(0, len(metrics), 1000):
        client.log_batch(run_id, metrics=metrics[start : start + 1000])


def _log_model(mlflow: ModuleType, training: Training) -> str:
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema

    kinds = {
        "enterprise_id": "string",
        "product_id": "string",
        "frequency": "string",
        "period": "string",
        "t": "long",
    }
    columns = [
        ColSpec(kinds.get(name, "double"), name, required=name in kinds)
        for name in training.example.columns
        if name in kinds or pd.api.types.is_numeric_dtype(training.example[name])
    ]
    signature = ModelSignature(
        inputs=Schema(columns),
        outputs=Schema([ColSpec("string", "enterprise_id"), ColSpec("double", "mean")]),
        params=ParamSchema([ParamSpec("horizon", "long", 12)]),
    )
    info = mlflow.pyfunc.log_model(
        name="model",
        python_model=str(Path(__file__).with_name("served_model.py")),
        artifacts={"bundle": str(training.bundle)},
        signature=signature,
        pip_requirements=[f"{package}=={version(package)}" for package in REQUIREMENTS],
        registered_model_name=NAME,
    )
    registered = str(info.registered_model_version)
    mlflow.MlflowClient().set_registered_model_alias(NAME, "challenger", registered)
    return registered


def record_verdict(logged: Logged, promoted: bool, reasons: tuple[str, ...]) -> None:
    """Move the alias `champion` to a promoted version, or write why not beside a refused one."""
    with _mlflow(logged.tracking_uri) as mlflow:
        client = mlflow.MlflowClient()
        outcome = "promoted" if promoted else "refused"
        client.set_model_version_tag(NAME, logged.registry_version, "gate", outcome)
        client.set_tag(logged.run_id, "gate", outcome)
        if promoted:
            client.set_registered_model_alias(NAME, "champion", logged.registry_version)
            client.delete_registered_model_alias(NAME, "challenger")
            return
        text = "; ".join(reasons)[:4900]
        client.set_model_version_tag(NAME, logged.registry_version, "refused_because", text)
        client.set_tag(logged.run_id, "refused_because", text)


def serve_logged_model() -> None:
    """Tell MLflow which object serves a logged model (called by `served_model`)."""
    with _mlflow() as mlflow:

        class Forecaster(mlflow.pyfunc.PythonModel):  # type: ignore[misc, name-defined]
            """Model table rows in; a row per entity, target and horizon out, with point and quantiles."""

            def load_context(self, context):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
                """Read the bundle."""
                self.model = load(Path(context.artifacts["bundle"]))

            # The names and the hint on the rows are MLflow's: it warns of any other.
            def predict(
                self,
                context: Any,  # noqa: ANN401, ARG002
                model_input: pd.DataFrame,
                params: dict[str, Any] | None = None,
            ) -> pd.DataFrame:
                """Forecast from each entity's last row."""
                from models.forecast.rows import table_of_rows

                table = table_of_rows(model_input, self.model)
                return self.model.forecast_frame(table, horizon=int((params or {}).get("horizon", 12)))

        mlflow.models.set_model(Forecaster())
