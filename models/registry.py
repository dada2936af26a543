"""The only file that speaks to MLflow, and it imports it only when something is logged or asked.

MLflow's own habits are set first: no telemetry (it would look outside), no pickles, no links to a web page.
Nothing of ours is ever pickled: a logged model is a folder of JSON, LightGBM text and Parquet beside a
script that imports this package.
"""

from __future__ import annotations

import io
import logging
import os
import time
import warnings
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from models import signature
from models.forecast.bundle import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from features.settings import Settings

NAME = "zhuoyue-forecast"
EXPERIMENT = "zhuoyue"
CHALLENGER = "challenger"
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


Metric = tuple[str, float, int]
"""Name, value, and its step: the horizon."""


@dataclass(frozen=True)
class Told:
    """What a run says of itself."""

    name: str
    parameters: dict[str, Any]
    tags: dict[str, str]
    metrics: list[Metric]
    folder: Path | None = None
    children: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Logged:
    """Where a run and its registered model are found in MLflow; "" where no model was registered."""

    run_id: str
    registry_version: str
    tracking_uri: str


def tracking_uri(settings: Settings) -> str:
    """`MLFLOW_TRACKING_URI` if set, else a SQLite file in the home folder."""
    return os.environ.get("MLFLOW_TRACKING_URI") or _own_uri(settings)


def _own_uri(settings: Settings) -> str:
    return f"sqlite:///{Path(settings.home).resolve() / 'mlflow.db'}"


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


@contextmanager
def session(settings: Settings) -> Iterator[ModuleType]:
    """MLflow on the store of these settings."""
    Path(settings.home).mkdir(parents=True, exist_ok=True)
    with _mlflow(tracking_uri(settings)) as mlflow:
        yield mlflow


def log_run(
    told: Told, settings: Settings, bundle: Path | None = None, example: pd.DataFrame | None = None
) -> Logged:
    """Log a run with its children; with a `bundle`, register it as a new version (alias `challenger`).

    Goes on with the run that `mlflow run` has opened, if there is one.
    """
    uri = tracking_uri(settings)
    with session(settings) as mlflow:
        if "MLFLOW_RUN_ID" not in os.environ:
            _choose_experiment(mlflow, settings)
        with mlflow.start_run(log_system_metrics=False, tags={"mlflow.runName": told.name}) as run:
            _tell(mlflow, run.info.run_id, told)
            for child in told.children:
                _log_child(mlflow, run.info, child)
            if told.folder is not None:
                mlflow.log_artifacts(str(told.folder))
            number = ""
            if bundle is not None and example is not None:
                number = _log_model(mlflow, bundle, example, told.tags)
        return Logged(run.info.run_id, number, uri)


def _choose_experiment(mlflow: ModuleType, settings: Settings) -> None:
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        own = tracking_uri(settings) == _own_uri(settings)
        place = (Path(settings.home).resolve() / "mlartifacts").as_uri() if own else None
        try:
            mlflow.create_experiment(EXPERIMENT, artifact_location=place)
        except mlflow.exceptions.MlflowException:  # another training at once has made it
            if mlflow.get_experiment_by_name(EXPERIMENT) is None:
                raise
    mlflow.set_experiment(EXPERIMENT)


def _log_child(mlflow: ModuleType, parent: Any, child: Told) -> None:  # noqa: ANN401
    client = mlflow.MlflowClient()
    tags = {"mlflow.parentRunId": parent.run_id}
    run = client.create_run(parent.experiment_id, tags=tags, run_name=child.name)
    _tell(mlflow, run.info.run_id, child)
    client.set_terminated(run.info.run_id)


def _tell(mlflow: ModuleType, run_id: str, told: Told) -> None:
    entities, client, now = mlflow.entities, mlflow.MlflowClient(), int(time.time() * 1000)
    metrics = [entities.Metric(name, value, now, step) for name, value, step in told.metrics]
    for start in range(0, len(metrics), 1000):
        client.log_batch(run_id, metrics=metrics[start : start + 1000])
    parameters = [entities.Param(name, str(value)[:6000]) for name, value in told.parameters.items()]
    client.log_batch(run_id, params=parameters, tags=[entities.RunTag(*tag) for tag in told.tags.items()])


def _log_model(mlflow: ModuleType, bundle: Path, example: pd.DataFrame, tags: dict[str, str]) -> str:
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema

    def schema(columns: list[signature.Column]) -> Schema:
        return Schema([ColSpec(kind, name, required=required) for name, kind, required in columns])

    info = mlflow.pyfunc.log_model(
        name="model",
        python_model=str(Path(__file__).with_name("served_model.py")),
        artifacts={"bundle": str(bundle)},
        signature=ModelSignature(
            inputs=schema(signature.inputs(example)),
            outputs=schema(signature.outputs()),
            params=ParamSchema([ParamSpec("horizon", "long", 12)]),
        ),
        pip_requirements=[f"{package}=={version(package)}" for package in REQUIREMENTS],
        registered_model_name=NAME,
    )
    number, client = str(info.registered_model_version), mlflow.MlflowClient()
    for name, value in tags.items():
        client.set_model_version_tag(NAME, number, name, value)
    client.set_registered_model_alias(NAME, CHALLENGER, number)
    return number


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
                said = self.model.forecast_frame(table, horizon=int((params or {}).get("horizon", 12)))
                whole = said["product_id"] == ""
                return said.assign(product_id=said["product_id"].astype(object).where(~whole, None))

        mlflow.models.set_model(Forecaster())
