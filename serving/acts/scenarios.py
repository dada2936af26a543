"""The job that computes a scenario: minutes over a province, kept for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.jobs.task import JobRefused

if TYPE_CHECKING:
    from models.outlook import Outlook
    from models.scenarios.computing import Computing
    from models.scenarios.wish import Scenario
    from serving.jobs import kinds
    from serving.jobs.task import Task


def compute(task: Task, arguments: kinds.Scenario) -> dict[str, Any]:
    """Compute a scenario on the current publication, unless its present version has been already."""
    from features.documents.kinds import SCENARIOS
    from features.documents.refusals import UnknownDocumentError
    from features.documents.register import Register
    from models.outlook import NoOutlookError, Outlook
    from models.scenarios.keeping import keep, place
    from models.scenarios.wish import Scenario

    try:
        found, outlook = Register(task.engine, SCENARIOS).get(arguments.scenario), Outlook.load(task.settings)
        computing = _computing(Scenario.model_validate(found.document), outlook)
    except (UnknownDocumentError, NoOutlookError, FileNotFoundError) as nothing:
        raise JobRefused(str(nothing)) from nothing
    key = (found.id, found.version, outlook.folder.name)
    if not place(task.settings, *key).exists():
        keep(task.settings, *key, computing.result(task.tell))
    return {"scenario": found.id, "version": found.version, "outlook_id": outlook.folder.name}


def _computing(scenario: Scenario, outlook: Outlook) -> Computing:
    from models.chains import kept_chains
    from models.portfolio import Portfolio
    from models.scenarios.computing import Computing
    from models.what_if.kept import Kept

    folder = outlook.folder
    return Computing(
        scenario, Portfolio.load(folder), Kept(folder), outlook.recommendations, kept_chains(folder)
    )
