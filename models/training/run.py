"""Train: build the table, backtest, fit, log, register, and promote if the gate opens."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from features.model_table import ModelTable, build_model_table
from models import registry, versions
from models.attainment import fit_levels
from models.learning.fit import Fitted, fit
from models.learning.gate import Verdict
from models.learning.rolling import Progress, silent
from models.learning.rolling import Settings as Effort
from models.training.artifacts import write_files
from models.training.champion import alone, export, pointer
from models.training.identity import content_version, facts, settled
from models.training.journalled import note
from models.training.told import told_of
from models.training.trial import judged_against_champion

if TYPE_CHECKING:
    from features.settings import Settings
    from features.tables import Tables

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
    data_fingerprint: str


def train(
    tables: Tables,
    settings: Settings,
    as_of: str | None = None,
    progress: Progress = silent,
    effort: Effort | None = None,
    table: ModelTable | None = None,
    who: str | None = None,
) -> TrainingReport:
    """Train on the records up to `as_of`; raises `NothingToLearnError` where there is no target at all.

    `who` is on whose behalf, for the journal; None is the user of the operating system.

    The same records and effort give the same `model_version` and the same files, whatever the order of
    import. Nothing is promoted before everything is logged; a training that is killed changes nothing.
    """
    clock = _Clock(progress)
    effort = effort or Effort(threads=settings.threads)
    clock.step("model table")
    table = settled(table or build_model_table(tables, as_of))
    clock.step("backtest and fit")
    fitted = _named(_with_levels(fit(table, effort, facts(table, effort), progress), tables, table))
    with tempfile.TemporaryDirectory() as scratch, alone(settings):
        clock.step("gate")
        verdict = judged_against_champion(fitted.errors, table, settings)
        clock.step("model card and pictures")
        bundle, folder = Path(scratch) / "bundle", Path(scratch) / "artifacts"
        write_files(fitted, verdict, table, bundle, folder)
        clock.step("MLflow")
        told = told_of(fitted, verdict, effort, as_of, folder)
        logged = registry.log_run(told, settings, bundle, table.frame)
        clock.step("export")
        exported = _settle(verdict, fitted, bundle, logged, settings, who)
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
        fitted.model.facts["data_fingerprint"],
    )


def backtest(
    tables: Tables,
    as_of: str | None = None,
    progress: Progress = silent,
    effort: Effort | None = None,
) -> pd.DataFrame:
    """The rolling-origin table alone: nothing is logged, nothing promoted."""
    table = settled(build_model_table(tables, as_of))
    return fit(table, effort or Effort(), progress=progress).backtest


def _with_levels(fitted: Fitted, tables: Tables, table: ModelTable) -> Fitted:
    """The model with what is learned of the levels themselves."""
    return replace(fitted, model=replace(fitted.model, levels=fit_levels(tables, table, fitted)))


def _named(fitted: Fitted) -> Fitted:
    return replace(fitted, model=replace(fitted.model, version=content_version(fitted)))


def _settle(
    verdict: Verdict,
    fitted: Fitted,
    bundle: Path,
    logged: registry.Logged,
    settings: Settings,
    who: str | None,
) -> Path | None:
    """Serve a promoted model, or write why not beside a refused one."""
    number, name = logged.registry_version, fitted.model.version
    based_on = {"data_fingerprint": fitted.model.facts["data_fingerprint"], "run_id": logged.run_id}
    if not verdict.promoted:
        tags = {"gate": "refused", "refused_because": "; ".join(verdict.reasons)}
        versions.note(number, tags, settings)
        note(settings, "refuse", name, number, verdict.reasons, who, **based_on)
        return None
    registered = {"registry_version": number, "run_id": logged.run_id}
    before = pointer(settings).get("version")
    note(settings, "promote", name, number, verdict.reasons, who, replaces=before, **based_on)
    exported = export(bundle, fitted.errors, name, registered, settings)
    versions.crown(number, {"gate": "promoted"}, settings)
    return exported


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
