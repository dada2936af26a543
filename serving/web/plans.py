"""The plan that was kept for an enterprise: its page and its JSON. Nothing is planned in a request."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.kept_plans import kept
from models.plans import PlanRow
from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.html import language_of, message, render
from serving.web.pages import heading
from serving.web.problems import RESPONSES
from serving.web.views.plan import plan_view

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", responses=RESPONSES)


@router.get("/plans/{enterprise_id:path}")
def page(request: Request, library: Library, row: Details) -> Response:
    """Show the plan, or how to make one."""
    t, enterprise_id = language_of(request), str(row["enterprise_id"])
    plan = kept(request.app.state.settings, enterprise_id)
    if plan is None:
        steps = [{"text": t("plan.none.step"), "command": t("command.plan", id=enterprise_id)}]
        return message(request, "plan.none", steps=steps)
    parameters = library.parameters().get(enterprise_id, {})
    view = plan_view(t, plan, parameters, model_version=library.state().model_version)
    heads = heading(t, row)
    return render(request, "plan.html", {"e": heads, "id": enterprise_id, "plan": view})


@api.get("/enterprises/{enterprise_id:path}/plan", tags=["advice"])
def plan(request: Request, row: Details) -> PlanRow:
    """Return the plan kept last by `zhuoyue plan reach --keep`: steps, dates, cost, probabilities."""
    enterprise_id = str(row["enterprise_id"])
    found = kept(request.app.state.settings, enterprise_id)
    if found is None:
        raise HTTPException(
            404, f"no plan was kept for {enterprise_id!r}; `zhuoyue plan reach --keep` makes one"
        )
    return PlanRow.model_validate(found)
