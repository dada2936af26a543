"""The job that plans: minutes of search, kept for the enterprise's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.jobs import kinds

if TYPE_CHECKING:
    from models.plans import Goal
    from serving.jobs.task import Task


def plan(task: Task, arguments: kinds.Plan) -> dict[str, Any]:
    """Find the cheapest set of actions that reaches the goal, or what is missing, and keep it."""
    from models.kept_plans import keep
    from models.plans import reach
    from serving.plan_grounds import grounds

    def tell(done: int, total: int) -> None:
        task.tell("estimating effects", done, total)

    goal = _goal(arguments)
    ground = grounds(task.settings, goal.enterprise_id, arguments.as_of, tell)
    task.tell("searching for a plan")
    kept = keep(task.settings, reach(ground, goal))
    return {"outcome": kept.outcome, "reason": kept.reason, "made_at": kept.made_at}


def _goal(arguments: kinds.Plan) -> Goal:
    from models.plans import Assumed, Goal

    fields = arguments.model_dump(exclude={"held", "assumed", "as_of"})
    assumed = tuple(Assumed(**one.model_dump()) for one in arguments.assumed)
    return Goal(**fields, measure="held" if arguments.held else "reached", assumed=assumed)
