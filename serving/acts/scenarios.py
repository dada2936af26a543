"""The job that computes a scenario: minutes over a province, kept for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.jobs.task import JobRefused

if TYPE_CHECKING:
    from models.outlook import Outlook
    from models.scenarios.computing import Computing
    from serving.jobs import kinds
    from serving.jobs.task import Task
    from serving.scenarios import KeptScenario


def compute(task: Task, arguments: kinds.Scenario) -> dict[str, Any]:
    """Compute a scenario on the current publication, unless what it says has been already."""
    from features.documents.refusals import UnknownDocumentError
    from models.outlook import NoOutlookError, Outlook
    from models.portfolio import NoPortfolioError
    from models.scenarios.keeping import keep, place
    from serving.scenarios import one

    try:
        found, outlook = one(task.engine, arguments.scenario), Outlook.load(task.settings)
        computing = computing_of(found, outlook)
    except (UnknownDocumentError, NoOutlookError, NoPortfolioError, FileNotFoundError) as nothing:
        raise JobRefused(str(nothing)) from nothing
    key = (found.id, found.stamp, outlook.folder.name)
    if not place(task.settings, *key).exists():
        keep(task.settings, *key, computing.result(task.tell))
    return {"scenario": found.id, "version": found.version, "outlook_id": outlook.folder.name}


def computing_of(found: KeptScenario, outlook: Outlook) -> Computing:
    """Put together what a scenario is computed from; raises NoPortfolioError, FileNotFoundError."""
    from models.chains import kept_chains
    from models.portfolio import Portfolio
    from models.scenarios.computing import Computing
    from models.what_if.kept import Kept

    folder = outlook.folder
    known, kept, chains = Portfolio.load(folder), Kept(folder), kept_chains(folder)
    return Computing(found.wish, known, kept, outlook.recommendations, chains, found.listed)


def again(task: Task) -> list[str]:
    """Put scenarios that were computed on a former publication into the queue; returns the jobs' ids.

    What nobody ever had computed waits until somebody asks; so does what finds the queue full.
    """
    from models.outlook import Outlook
    from models.scenarios.keeping import ever_computed, place
    from serving.jobs import enqueue
    from serving.jobs.refusals import TooManyJobsError
    from serving.scenarios import every

    outlook, jobs = Outlook.load(task.settings).folder.name, []
    for own in every(task.engine):
        done = place(task.settings, own.id, own.stamp, outlook).exists()
        if done or not ever_computed(task.settings, own.id):
            continue
        try:
            jobs.append(enqueue(task.engine, "scenario", {"scenario": own.id}, task.job.who, own.id).id)
        except TooManyJobsError:
            break
    return jobs
