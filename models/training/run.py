"""Train: build the table, backtest, fit, log, register, and promote if the gate opens."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from features.model_table import ModelTable, build_model_table
from models import registry
from models.forecast.artifacts import write_files
from models.forecast.bundle import NoChampionError, champion_folder, save
from models.forecast.fit import Fitted, fit
from models.forecast.gate import Verdict, judge_model
from models.forecast.rolling import Progress, silent
from models.forecast.rolling import Settings as Effort

if TYPE_CHECKING:
    from features.settings import Settings
    from features.tables import Tables

ERRORS_FILE = "errors.parquet"
STEPS = 6


@dataclass(frozen=True)
class TrainingReport:
    """What a training run came to; `champion` is the exported folder, if the gate opened."""

    model_version: str
    promoted: bool
    reasons: tuple[str, ...]
    backtest: pd.DataFrame
    run_id: str
    registry_version: str
    tracking_uri: str
    champion: Path | None
    seconds: dict[str, float]


def train(
    tables: Tables,
    settings: Settings,
    as_of: str | None = None,
    progress: Progress = silent,
    effort: Effort | None = None,
    table: ModelTable | None = None,
) -> TrainingReport:
    """Train on the records up to `as_of`; raises `NothingToLearnError` where there is no target at all."""
    clock = _Clock(progress)
    effort = effort or Effort()
    clock.step("model table")
    table = table or build_model_table(tables, as_of)
    clock.step("backtest and fit")
    fitted = fit(table, effort, _facts(table, tables, as_of, effort), progress)
    fitted = replace(fitted, model=replace(fitted.model, version=content_version(fitted)))
    clock.step("gate")
    verdict = judge_model(fitted.errors, _champion_errors(settings))
    with tempfile.TemporaryDirectory() as scratch:
        clock.step("model card and pictures")
        training = _run_of(fitted, verdict, table, effort, Path(scratch))
        clock.step("MLflow")
        logged = registry.log_training(training, settings)
        registry.record_verdict(logged, verdict.promoted, verdict.reasons)
        clock.step("export")
        exported = export(training.bundle, fitted, logged, settings) if verdict.promoted else None
    return TrainingReport(
        fitted.model.version,
        verdict.promoted,
        verdict.reasons,
        fitted.backtest,
        logged.run_id,
        logged.registry_version,
        logged.tracking_uri,
        exported,
        clock.done(),
    )


def backtest(
    tables: Tables,
    as_of: str | None = None,
    progress: Progress = silent,
    effort: Effort | None = None,
) -> pd.DataFrame:
    """The rolling-origin table alone: nothing is logged, nothing promoted."""
    table = build_model_table(tables, as_of)
    return fit(table, effort or Effort(), progress=progress).backtest


def content_version(fitted: Fitted) -> str:
    """A name made from the model's own bytes: the same data and seed give the same name."""
    with tempfile.TemporaryDirectory() as scratch:
        save(replace(fitted.model, version=""), Path(scratch))
        digest = sha256()
        for file in sorted(Path(scratch).iterdir()):
            if file.suffix != ".parquet":
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def export(bundle: Path, fitted: Fitted, logged: registry.Logged, settings: Settings) -> Path:
    """Copy a promoted bundle to `<home>/champion/<version>` and point `current.json` at it, atomically."""
    home = Path(settings.home) / "champion"
    home.mkdir(parents=True, exist_ok=True)
    folder = home / fitted.model.version
    fresh = Path(tempfile.mkdtemp(dir=home, prefix=".new-"))
    shutil.copytree(bundle, fresh, dirs_exist_ok=True)
    fitted.errors.to_parquet(fresh / ERRORS_FILE, index=False)
    fresh.chmod(0o755)
    if folder.exists():
        shutil.rmtree(fresh)  # the same bytes are there already: the version is made from them
    else:
        fresh.rename(folder)
    point_to(
        home,
        {
            "version": fitted.model.version,
            "registry_version": logged.registry_version,
            "run_id": logged.run_id,
        },
    )
    return folder


def point_to(home: Path, content: dict[str, Any]) -> None:
    """Replace `<home>/current.json` in one step."""
    draft = home / f".current-{os.getpid()}.json"
    draft.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    draft.replace(home / "current.json")


def fingerprint(tables: Tables, table: ModelTable) -> str:
    """The store's own fingerprint of its files, or one of the model table's values."""
    own = getattr(tables, "fingerprint", None)
    if callable(own):
        return str(own())
    numbers = pd.util.hash_pandas_object(table.frame, index=False).to_numpy()
    return sha256(np.ascontiguousarray(numbers).tobytes()).hexdigest()


def _facts(table: ModelTable, tables: Tables, as_of: str | None, effort: Effort) -> dict[str, Any]:
    frame = table.frame
    return {
        "data_fingerprint": fingerprint(tables, table),
        "as_of": as_of or "latest complete period of each enterprise",
        "enterprises": int(frame["enterprise_id"].nunique()),
        "rows": len(frame),
        "periods": {str(f): [str(p.min()), str(p.max())] for f, p in frame.groupby("frequency")["period"]},
        "seed": effort.seed,
        "refits": effort.refits,
        "package": f"zhuoyue {version('zhuoyue')}, lightgbm {version('lightgbm')}",
        "features": list(table.features),
    }


def _champion_errors(settings: Settings) -> pd.DataFrame | None:
    try:
        file = champion_folder(settings) / ERRORS_FILE
    except NoChampionError:
        return None
    return pd.read_parquet(file) if file.exists() else None


def _run_of(
    fitted: Fitted, verdict: Verdict, table: ModelTable, effort: Effort, scratch: Path
) -> registry.Training:
    bundle, folder = scratch / "bundle", scratch / "artifacts"
    write_files(fitted, verdict, table, bundle, folder)
    facts = {k: v for k, v in fitted.model.facts.items() if k not in {"features", "periods"}}
    tags = {"data_fingerprint": facts["data_fingerprint"], "model_version": fitted.model.version}
    # `mlflow run` has logged its own `as_of` and `refits` on this run: theirs are what was asked for.
    facts = {{"as_of": "data_as_of", "refits": "backtest_refits"}.get(k, k): v for k, v in facts.items()}
    parameters = facts | {"threads": effort.threads, "promoted": verdict.promoted}
    return registry.Training(parameters, tags, fitted.backtest, folder, bundle, table.frame)


class _Clock:
    """Tells progress of the large steps and remembers how long each took."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.took: dict[str, float] = {}
        self.started = ("", time.perf_counter())

    def step(self, name: str) -> None:
        self._close()
        self.progress(name, len(self.took), STEPS)
        self.started = (name, time.perf_counter())

    def done(self) -> dict[str, float]:
        self._close()
        self.progress("done", STEPS, STEPS)
        return self.took

    def _close(self) -> None:
        name, since = self.started
        if name:
            self.took[name] = round(time.perf_counter() - since, 3)
