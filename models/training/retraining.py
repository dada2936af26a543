"""Retrain when it is due: by age, by drift of inputs or targets, or because forecasts went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.model_table import ModelTable, build_model_table
from features.periods import period_end
from models.drift import check
from models.forecast.bundle import NoChampionError, load_champion
from models.forecast.forecaster import ForecastModel
from models.learning.rolling import Progress, silent
from models.learning.rolling import Settings as Effort
from models.training.champion import champion_errors
from models.training.evaluation import scored
from models.training.identity import fingerprint, settled
from models.training.run import TrainingReport, train
from models.training.served_errors import NothingSinceError

if TYPE_CHECKING:
    from features.settings import Settings
    from features.tables import Tables

MONTHS = 3.0
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Due:
    """Whether a retraining is due; `reasons` why it is, `against` what was looked at and is well."""

    due: bool
    reasons: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class Retraining:
    """What came of a retraining; `training` is None where it was not due."""

    due: Due
    forced: bool
    training: TrainingReport | None


def retrain(
    tables: Tables,
    settings: Settings,
    as_of: str | None = None,
    progress: Progress = silent,
    effort: Effort | None = None,
    months: float = MONTHS,
    *,
    force: bool = False,
    who: str | None = None,
) -> Retraining:
    """Train if it is due, or if forced, on behalf of `who`; says why in either case."""
    progress("is it due?", 0, 1)
    table = build_model_table(tables, as_of)
    due = is_due(table, settings, months)
    if not (due.due or force):
        return Retraining(due, False, None)
    report = train(tables, settings, as_of, progress, effort, table, who)
    return Retraining(due, force and not due.due, report)


def is_due(table: ModelTable, settings: Settings, months: float = MONTHS) -> Due:
    """Look at the champion and at the present records; trains nothing.

    Due where there is no champion that can be read, where records reach `months` or more beyond its training,
    where `models.drift` raises an alarm, or where a simple baseline was shown to be better since.
    """
    try:
        model = load_champion(settings)
    except NoChampionError as error:
        return Due(True, (str(error),), ())
    table = settled(table)
    if fingerprint(table) == model.facts["data_fingerprint"]:
        return Due(False, (), ("records: the same as in its training; it would give the same model",))
    findings = [_by_age(model, table, months), _by_drift(model, table, settings), _by_error(model, table)]
    reasons = tuple(text for due, text in findings if due)
    return Due(bool(reasons), reasons, tuple(text for due, text in findings if not due))


def _by_age(model: ForecastModel, table: ModelTable, months: float) -> tuple[bool, str]:
    ages = {}
    for frequency, rows in table.frame.groupby("frequency"):
        _, until = model.facts["periods"].get(frequency, ("", ""))
        last = str(rows["period"].max())
        if not until:
            return True, f"age: {frequency} records are new; the champion never saw any"
        ages[(period_end(last) - period_end(until)).days / DAYS_A_MONTH] = f"{until} to {last}"
    age = max(ages)
    said = f"age: {age:.1f} months of newer records ({ages[age]}); the limit is {months:g}"
    return age >= months - 0.1, said


def _by_drift(model: ForecastModel, table: ModelTable, settings: Settings) -> tuple[bool, str]:
    report = check(model, table, champion_errors(settings))
    if report.drifted:
        return True, "drift: " + "; ".join(report.reasons)
    return False, "drift: " + (report.note or f"none shown in {len(report.rows)} tests")


def _by_error(model: ForecastModel, table: ModelTable) -> tuple[bool, str]:
    try:
        errors, verdict = scored(model, table)
    except NothingSinceError:
        return False, "error: no forecast has come due since"
    if verdict.promoted:
        return False, f"error: no baseline was shown to be better at {errors['t'].nunique()} origins since"
    return True, "error: " + "; ".join(verdict.reasons)
