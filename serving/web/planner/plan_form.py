"""Asking for a plan from its page: a job makes it, and its page shows how far it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.access import Role
from serving.jobs import enqueue
from serving.jobs.refusals import TooManyJobsError
from serving.web.asking import Asker, Details, needs
from serving.web.html import message
from serving.web.planner.schemas import PlanWish

pages = APIRouter(include_in_schema=False)


@pages.post("/plans/{enterprise_id:path}", dependencies=[needs(Role.PLANNER, Role.ENGINEER)])
def ask_for_plan_page(
    request: Request,
    enterprise: Details,
    person: Asker,
    level: Annotated[str, Form(max_length=1)],
    by: Annotated[str, Form(max_length=7)],
    percent: Annotated[float, Form(gt=0, lt=100)],
    scope: Annotated[str, Form(max_length=20)] = "performance",
    budget: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Put a plan into the queue and follow it."""
    wished = {
        "level": level,
        "by": by,
        "probability": percent / 100,
        "scope": scope,
        "budget": budget or None,
    }
    try:
        wish = PlanWish.model_validate(wished)
    except ValidationError:
        return message(request, "plan.refused", 422)
    arguments = {**wish.model_dump(mode="json"), "enterprise_id": str(enterprise["enterprise_id"])}
    try:
        job = enqueue(request.app.state.database.engine, "plan", arguments, person.name)
    except TooManyJobsError:
        return message(request, "plan.busy", 429)
    return RedirectResponse(f"/jobs/{job.id}", 303)
