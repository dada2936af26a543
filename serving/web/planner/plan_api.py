"""Asking for a plan: it takes seconds and the effect model, so a job makes it."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from serving.access import Role
from serving.jobs import enqueue
from serving.jobs.refusals import TooManyJobsError
from serving.web.asking import Asker, Details, needs
from serving.web.planner.refusals import MORE
from serving.web.planner.schemas import AskedPlan, PlanWish
from serving.web.problems import RESPONSES

api = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=["planning"])


@api.post(
    "/enterprises/{enterprise_id:path}/plan",
    status_code=202,
    dependencies=[needs(Role.PLANNER, Role.ENGINEER)],
    responses={c: MORE[c] for c in (403, 429)},
)
def ask_for_plan(
    request: Request, response: Response, enterprise: Details, person: Asker, wish: PlanWish
) -> AskedPlan:
    """Have a plan made by a job: the cheapest set of actions that reaches a level by a month."""
    arguments = {**wish.model_dump(mode="json"), "enterprise_id": str(enterprise["enterprise_id"])}
    try:
        job = enqueue(request.app.state.database.engine, "plan", arguments, person.name)
    except TooManyJobsError as error:
        raise HTTPException(429, str(error)) from error
    url = f"/api/v1/jobs/{job.id}"
    response.headers["location"] = url
    return AskedPlan(job=job.id, state=str(job.state), url=url)
