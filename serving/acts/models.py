"""Jobs that make, choose and publish models: what `zhuoyue train` and its neighbours do, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.store import Store
from serving.jobs import enqueue, kinds
from serving.jobs.task import JobRefused

if TYPE_CHECKING:
    from models.learning.rolling import Settings as Effort
    from models.outlook import Outlook
    from models.training import TrainingReport
    from serving.jobs.task import Task


def publish(task: Task, _arguments: kinds.Publish) -> dict[str, Any]:
    """Compute anew what the pages show; nothing where there is no champion, or where it is shown already."""
    from models.forecast import NoChampionError
    from serving.acts.scenarios import again
    from serving.publishing import publish_outlook

    with Store.open(task.settings) as store:
        if (shown := _shown_already(task, store)) is not None:
            return {"outlook_id": shown.folder.name, "model_version": shown.model_version, "current": True}
        try:
            outlook = publish_outlook(task.settings, store, None, task.tell, task.job.who)
        except NoChampionError:
            _warn(task)
            return {"outlook_id": None, "model_version": None}
    again(task)
    return {"outlook_id": outlook.folder.name, "model_version": outlook.model_version}


def _shown_already(task: Task, store: Store) -> Outlook | None:
    """Return the current outlook if it is of the present records and of the present champion."""
    from models.outlook import NoOutlookError, Outlook
    from models.training import pointer

    try:
        found = Outlook.load(task.settings)
    except NoOutlookError:
        return None
    champion = pointer(task.settings).get("version")
    same = (found.fingerprint, found.model_version) == (store.fingerprint(), champion)
    return found if same and found.as_of is None else None


def _warn(task: Task) -> None:
    """Warnings come with a publication; without a champion charts and stale data still have some."""
    from serving.warnings import look

    look(task.settings)


def review(task: Task, _arguments: kinds.Nothing) -> dict[str, Any]:
    """Look at the served model on the present records, for the scientist's board."""
    _review(task)
    return {}


def _review(task: Task) -> None:
    from models.review import keep_review

    task.tell("review")
    with Store.open(task.settings) as store:
        keep_review(task.settings, store)


def train(task: Task, arguments: kinds.Train) -> dict[str, Any]:
    """Train, and publish if the gate opened."""
    from models import training

    with Store.open(task.settings) as store:
        effort = _effort(task, arguments)
        report = training.train(store, task.settings, arguments.as_of, task.tell, effort, who=task.job.who)
    return _trained(task, report)


def retrain(task: Task, arguments: kinds.Retrain) -> dict[str, Any]:
    """Train if it is due, or forced; the result says why it was or was not."""
    from models import training

    with Store.open(task.settings) as store:
        done = training.retrain(
            store,
            task.settings,
            arguments.as_of,
            task.tell,
            _effort(task, arguments),
            arguments.months,
            force=arguments.force,
            who=task.job.who,
        )
    due = {"due": done.due.due, "reasons": list(done.due.reasons), "well": list(done.due.against)}
    if done.training is None:
        _review(task)
    return due | {"training": None if done.training is None else _trained(task, done.training)}


def evaluate(task: Task, arguments: kinds.Evaluate) -> dict[str, Any]:
    """Score a version on the records since its training, and keep the table for the board."""
    from models import training
    from models.review.registered import public

    with Store.open(task.settings) as store:
        report = training.evaluate(store, task.settings, arguments.version, arguments.as_of, task.tell)
    report.table.to_csv(task.folder() / "evaluation.csv", index=False)
    return {
        "model_version": report.model_version,
        "reasons": list(report.reasons),
        "run_id": report.run_id,
        "tracking_uri": public(report.tracking_uri),
        "file": "evaluation.csv",
    }


def promote(task: Task, arguments: kinds.Promote) -> dict[str, Any]:
    """Serve a version if the gate opens or is forced, then publish what it says."""
    from features.model_table import build_model_table
    from models import training
    from models.training.promotion import GateRefusedError

    with Store.open(task.settings) as store:
        task.tell("records since the champion's training", 0, 2)
        table = build_model_table(store)
    task.tell("gate", 1, 2)
    try:
        done = training.promote(
            task.settings,
            arguments.version,
            arguments.reason,
            force=arguments.force,
            table=table,
            who=task.job.who,
        )
    except GateRefusedError as shut:
        _review(task)
        raise JobRefused(str(shut), {"promoted": False}) from shut
    _review(task)
    return {
        "registry_version": done.registry_version,
        "model_version": done.model_version,
        "promoted": done.promoted,
        "forced": done.forced,
        "reasons": list(done.reasons),
        "retired": done.retired,
        "publishing": _publishing(task),
    }


def verdicts(task: Task, _arguments: kinds.Nothing) -> dict[str, Any]:
    """Judge finished actions anew and publish the verdicts."""
    from models.verdicts import publish_verdicts

    task.tell("verdicts", 0, 1)
    with Store.open(task.settings) as store:
        publish_verdicts(task.settings, store)
    return {}


def _effort(task: Task, arguments: kinds.Train) -> Effort:
    from models.learning.rolling import Settings as Effort

    effort = Effort(refits=arguments.refits, threads=task.settings.threads)
    return effort if arguments.seed is None else Effort(arguments.refits, effort.threads, arguments.seed)


def _trained(task: Task, report: TrainingReport) -> dict[str, Any]:
    from models.review.registered import public

    _review(task)
    return {
        "model_version": report.model_version,
        "promoted": report.promoted,
        "reasons": list(report.reasons),
        "run_id": report.run_id,
        "registry_version": report.registry_version,
        "tracking_uri": public(report.tracking_uri),
        "data_fingerprint": report.data_fingerprint,
        "seconds": report.seconds,
        "publishing": _publishing(task) if report.promoted else None,
    }


def _publishing(task: Task) -> str:
    """Publishing is a job of its own, one with those that imports have asked for; returns its id."""
    return enqueue(task.engine, "publish", {}, task.job.who).id
