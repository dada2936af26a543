"""`mlflow run . -e train --env-manager=local` from the checkout, environment activated or not.

Training and backtest are started by `mlflow` itself; the other entry points by the function behind it, which
starts the same shell with the same words and spares the imports of a command line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from features.settings import Settings
from features.simulator.world import World
from features.simulator.writing import write_tables
from features.store import Store
from models import registry

ROOT = Path(__file__).parents[3]
MLFLOW = Path(sys.executable).with_name("mlflow")
BARE = {"PATH": "/usr/bin:/bin"}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("mlproject")
    write_tables(World(11, enterprises=6, months=30), folder / "data")
    with Store.open(Settings(home=folder / "home")) as store:
        store.import_paths([folder / "data"])
    return folder / "home"


def _run(
    entry: str, home: Path, environment: dict[str, str], **parameters: str
) -> subprocess.CompletedProcess[str]:
    store = f"sqlite:///{home}/mlflow.db"
    command = [str(MLFLOW), "run", ".", "-e", entry, "--env-manager=local", "-P", f"home={home}"]
    for name, value in parameters.items():
        command += ["-P", f"{name}={value}"]
    quiet = {"MLFLOW_TRACKING_URI": store, "MLFLOW_DISABLE_TELEMETRY": "true", "HOME": str(home)}
    return subprocess.run(
        command, cwd=ROOT, env=environment | quiet, capture_output=True, text=True, check=False, timeout=500
    )


def _answer(printed: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(printed[printed.index("{") :])
    return answer


@pytest.fixture
def entered(home, monkeypatch, capfd) -> Callable[..., str]:
    """Run an entry point with the interpreter named; gives what it printed, or fails as it does."""
    told = {"ZHUOYUE_PYTHON": sys.executable, "VIRTUAL_ENV": "", "PYTHONWARNINGS": "", "HOME": str(home)}
    for name, value in (BARE | told).items():
        monkeypatch.setenv(name, value)

    def run(entry: str, **parameters: str) -> str:
        told = {"home": str(home)} | parameters
        with registry.session(Settings(home=home)) as mlflow:
            # Not by monkeypatch: it would put the session's own value back after the session has gone.
            os.environ["MLFLOW_TRACKING_URI"] = mlflow.get_tracking_uri()
            mlflow.projects.run(str(ROOT), entry, parameters=told, env_manager="local")
        return capfd.readouterr().out

    return run


@pytest.fixture(scope="module")
def trained(home) -> dict[str, Any]:
    """Trained up to half a year before the records end, without an activated environment."""
    done = _run("train", home, BARE, refits="1", as_of="2022-12", seed="5")
    assert done.returncode == 0, done.stderr[-3000:]
    answer = _answer(done.stdout)
    assert answer["run_id"] in done.stdout + done.stderr
    return answer


def test_the_run_that_mlflow_opened_holds_its_parameters_and_ours(home, trained) -> None:
    with registry.session(Settings(home=home)) as mlflow:
        logged = mlflow.MlflowClient().get_run(trained["run_id"]).data
    assert (logged.params["as_of"], logged.params["data_as_of"]) == ("2022-12", "2022-12")
    assert (logged.params["seed"], logged.params["random_seed"]) == ("5", "5")
    assert (float(logged.params["refits"]), logged.params["backtest_refits"]) == (1.0, "1")
    assert logged.tags["model_version"] == trained["model_version"]


def test_backtest_with_an_activated_environment(home) -> None:
    path = f"{MLFLOW.parent}:{os.environ['PATH']}"
    done = _run("backtest", home, {"PATH": path, "VIRTUAL_ENV": str(MLFLOW.parents[1])}, refits="1")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "mae_model" in done.stdout


def test_retrain_that_is_not_due_says_so_and_is_done(entered, trained) -> None:
    answer = _answer(entered("retrain", months="30", as_of="2023-02"))
    assert answer["due"] is False
    assert answer["training"] is None
    assert [text.partition(":")[0] for text in answer["well"]] == ["age", "drift", "error"]
    assert "months of newer records" in answer["well"][0]


def test_evaluate_and_promote(entered, trained) -> None:
    assert "coverage_90" in entered("evaluate", version=trained["registry_version"])
    reason = "it's the one that we know"
    promoted = _answer(entered("promote", version="1", force="yes", reason=reason))
    assert promoted["model_version"] == trained["model_version"]


def test_a_version_that_is_not_there_fails_and_says_what_there_is(entered, trained, capfd) -> None:
    with registry.session(Settings(home=Path("unused"))) as mlflow:
        failed = mlflow.exceptions.ExecutionException
    with pytest.raises(failed):
        entered("evaluate", version="99")
    said = capfd.readouterr()
    assert "found '99'" in said.out + said.err
