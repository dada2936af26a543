"""`mlflow run . -e train --env-manager=local` from the checkout, environment activated or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from features.settings import Settings
from features.simulator.world import World
from features.simulator.writing import write_tables
from features.store import Store

ROOT = Path(__file__).parents[3]
MLFLOW = Path(sys.executable).with_name("mlflow")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("mlproject")
    write_tables(World(11, enterprises=8, months=30), folder / "data")
    with Store.open(Settings(home=folder / "home")) as store:
        store.import_paths([folder / "data"])
    return folder / "home"


def _run(entry: str, home: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    store = f"sqlite:///{home}/mlflow.db"
    command = [
        str(MLFLOW),
        "run",
        ".",
        "-e",
        entry,
        "--env-manager=local",
        "-P",
        f"home={home}",
        "-P",
        "refits=1",
    ]
    quiet = {"MLFLOW_TRACKING_URI": store, "MLFLOW_DISABLE_TELEMETRY": "true", "HOME": str(home)}
    return subprocess.run(
        command, cwd=ROOT, env=environment | quiet, capture_output=True, text=True, check=False, timeout=500
    )


def test_train_without_an_activated_environment(home) -> None:
    done = _run("train", home, {"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout[done.stdout.index("{") :])["run_id"] in done.stdout + done.stderr


def test_backtest_with_an_activated_environment(home) -> None:
    path = f"{MLFLOW.parent}:{os.environ['PATH']}"
    done = _run("backtest", home, {"PATH": path, "VIRTUAL_ENV": str(MLFLOW.parents[1])})
    assert done.returncode == 0, done.stderr[-3000:]
    assert "mae_model" in done.stdout
