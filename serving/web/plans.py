"""The plan that was kept for an enterprise: its page and its JSON. Nothing is planned in a request."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.kept_plans import kept
from models.plans import PlanRow
from serving.access import Role
from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.html import language_of, render
from serving.web.language import Language
from serving.web.pages import heading
from serving.web.problems import RESPONSES
from serving.web.reading import Reading, Row
from serving.web.scales import LEVELS
from serving.web.views.plan import plan_view
from serving.web.views.words import level_name

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", responses=RESPONSES)


@router.get("/plans/{enterprise_id:path}")
def page(request: Request, library: Library, row: Details) -> Response:
    """Show the plan, or how to make one."""
    t, enterprise_id = language_of(request), str(row["enterprise_id"])
    plan = kept(request.app.state.settings, enterprise_id)
    if plan is None:
        command = t("command.plan", id=enterprise_id)
        return render(request, "plan_none.html", {**_asking(request, t, library, row), "command": command})
    parameters = library.parameters().get(enterprise_id, {})
    view = plan_view(t, plan, parameters, model_version=library.state().model_version)
    return render(request, "plan.html", {**_asking(request, t, library, row), "plan": view})


def _asking(request: Request, t: Language, library: Reading, row: Row) -> dict[str, Any]:
    """Return the enterprise, and what a plan may be asked for: levels, and months that are forecast."""
    enterprise_id = str(row["enterprise_id"])
    chances = library.outlook("attainment", enterprise_id)
    months = sorted({own["period"] for own in chances if own["basis"] == "window"})
    may = request.state.person.has(Role.PLANNER, Role.ENGINEER)
    return {
        "e": heading(t, row),
        "id": enterprise_id,
        "asked_months": [{"value": month, "name": t.period(month)} for month in months] if may else [],
        "asked_levels": [{"value": level, "name": level_name(t, level)} for level in LEVELS[1:]],
    }


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
