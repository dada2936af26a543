"""The page of scenarios: compare, keep, compute, take back."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.portfolio import NoPortfolioError
from serving.access import Person, Role
from serving.scenarios import KeptScenario, register
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.html import language_of, message, render
from serving.web.language import Language
from serving.web.planner.asked import BoardQuery
from serving.web.planner.desk import desk_of
from serving.web.planner.list_views import group_name, target_name
from serving.web.planner.refusals import refused
from serving.web.planner.targets import of_wanted
from serving.web.planner.views import choices
from serving.web.reading import Reading
from serving.web.scenarios.answers import Asked, comparison
from serving.web.scenarios.api import checked, put, take_back
from serving.web.scenarios.desk import MOST, asked, chosen, computed, seen, under_way
from serving.web.scenarios.form import ScenarioForm, wish_of
from serving.web.scenarios.form_view import form_view
from serving.web.scenarios.views import ComputedState, comparison_view, listed

pages = APIRouter(include_in_schema=False, dependencies=[needs(Role.PLANNER)])
PATH = "/board/scenarios"
Sides = Annotated[list[str], Query(max_length=50)]


@pages.get(PATH)
def scenarios_page(
    request: Request,
    library: Library,
    person: Asker,
    wished: Annotated[BoardQuery, Query()],
    scenario: Sides = [],  # noqa: B006
    given: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the scenarios, and up to four of them side by side with the forecast as it stands.

    `given` is a scenario that the form is filled in with.
    """
    t = language_of(request)
    try:
        desk = desk_of(request, library, person)
    except NoPortfolioError:
        steps = [{"text": t(f"board.step.{n}"), "command": f"zhuoyue {n}"} for n in ("train", "publish")]
        return message(request, "board.none", steps=steps)
    found = seen(request, library, person)
    sides = chosen(found, scenario[:MOST])
    asked_for = asked(request, library, person, desk, wished, sides)
    busy = under_way(request)
    template = chosen(found, [given])[0] if given else None
    names = {own.id: str(own.document["name"]) for own in desk.lists.all()}
    context = {
        "here": "board",
        "query": wished,
        "choices": choices(t, desk, wished),
        "clear": _url(BoardQuery(basis=wished.basis), scenario) if wished.narrowed else "",
        "readings": _readings(t, wished, scenario),
        "most": MOST,
        "rows": [
            listed(
                t,
                own,
                person,
                library.enterprises(),
                names,
                state=_state(request, library, own, busy),
                chosen=own in sides,
            )
            for own in found
        ],
        "compared": _compared(t, asked_for, wished, library) if sides else None,
        "form": form_view(t, desk.portfolio.ahead, template),
        "template": template,
        "mine": template is not None and _mine(template, person),
    }
    return render(request, "planner/scenarios.html", context)


def _state(request: Request, library: Reading, own: KeptScenario, busy: frozenset[str]) -> ComputedState:
    if computed(request, library, own):
        return "computed"
    return "under_way" if own.id in busy else "none"


def _mine(own: KeptScenario, person: Person) -> bool:
    return own.owner == person.name or person.has(Role.ADMIN)


def _compared(t: Language, found: Asked, wished: BoardQuery, library: Reading) -> dict[str, Any]:
    told = [of_wanted(found.desk, own, wished) for own in found.targets]
    names = {
        own.id: t(
            "scenarios.target", level=target_name(t, own), by=t.period(own.by), count=t.number(own.count),
            group=group_name(t, own),
        )
        for own in told
    }  # fmt: skip
    answer = comparison(found, library.state().outlook_id)
    return comparison_view(t, answer, wished, found.targets, names)


def _readings(t: Language, wished: BoardQuery, scenario: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": t(f"board.basis.{basis}"),
            "url": _url(wished.model_copy(update={"basis": basis}), scenario),
            "here": basis == wished.basis,
        }
        for basis in ("grade", "performance")
    ]


def _url(wished: BoardQuery, scenario: list[str]) -> str:
    address = wished.url(PATH)
    sides = urlencode([("scenario", one) for one in scenario])
    return f"{address}{'&' if '?' in address else '?'}{sides}" if sides else address


@pages.post(PATH)
def keep_scenario_page(
    request: Request, library: Library, person: Asker, form: Annotated[ScenarioForm, Form()]
) -> Response:
    """Keep a scenario for the group in view, or change one's own, and have it computed at once."""
    try:
        document = checked(library, person, wish_of(form))
    except (ValueError, HTTPException):
        return message(request, "scenarios.refused", 422)
    kept, any_owner = register(request.app.state.database.engine), person.has(Role.ADMIN)
    with refused():
        if form.instead:
            found = kept.change(form.instead, form.version, document, person.name, any_owner=any_owner)
        else:
            found = kept.add(document, person.name)
    return _computing(request, person, found.id)


@pages.post(f"{PATH}/{{scenario_id}}/compute")
def compute_page(request: Request, library: Library, person: Asker, scenario_id: str) -> Response:
    """Have a scenario computed anew, and follow the job."""
    (found,) = chosen(seen(request, library, person), [scenario_id])
    return _computing(request, person, found.id)


@pages.post(f"{PATH}/{{scenario_id}}/take-back")
def take_back_page(
    request: Request, person: Asker, scenario_id: str, version: Annotated[int, Form(ge=1)]
) -> Response:
    """Take a scenario of one's own back."""
    take_back(request, person, scenario_id, version)
    return RedirectResponse(PATH, 303)


def _computing(request: Request, person: Person, scenario_id: str) -> Response:
    try:
        job = put(request, person, scenario_id)
    except HTTPException:
        return message(request, "plan.busy", 429)
    return RedirectResponse(f"/jobs/{job.id}", 303)
