"""`/api/v1/scenarios`: keep, change, compute and compare."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from features.documents.kinds import Kept
from models.scenarios.keeping import forget
from models.scenarios.wish import Scenario
from serving.access import Person, Role
from serving.jobs import Job, enqueue
from serving.jobs.refusals import TooManyJobsError
from serving.scenarios import of_kept, register
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs, visible
from serving.web.planner.asked import Filter
from serving.web.planner.desk import AtDesk
from serving.web.planner.refusals import MORE, refused
from serving.web.planner.targets_api import IfMatch, version_of
from serving.web.problems import RESPONSES
from serving.web.reading import Reading
from serving.web.scenarios import schemas
from serving.web.scenarios.answers import comparison
from serving.web.scenarios.desk import MOST, asked, chosen, computed, seen
from serving.web.schemas import Page

api = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=["planning"], dependencies=[needs(Role.PLANNER)])
ScenarioId = Annotated[str, Path(min_length=1, max_length=300, description="Id of the scenario")]
Side = Annotated[str, Query(min_length=1, max_length=40)]


@api.get("/scenarios", responses={403: MORE[403]})
def scenarios(
    request: Request,
    library: Library,
    person: Asker,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page[schemas.KeptScenario]:
    """List the scenarios that planners keep, in order of name."""
    found = seen(request, library, person)
    items = [
        schemas.KeptScenario(
            id=own.id,
            version=own.version,
            owner=own.owner,
            computed=computed(request, library, own),
            scenario=own.wish,
        )
        for own in found[offset : offset + limit]
    ]
    return Page(items=items, total=len(found), limit=limit, offset=offset)


@api.post("/scenarios", status_code=201, responses={c: MORE[c] for c in (403, 409)})
def keep_scenario(
    request: Request, response: Response, library: Library, person: Asker, wish: Scenario
) -> schemas.KeptScenario:
    """Keep a scenario of your own; have it computed with `POST /scenarios/{id}/computation`."""
    document = checked(library, person, wish)
    with refused():
        kept = register(request.app.state.database.engine).add(document, person.name)
    response.headers["location"] = f"/api/v1/scenarios/{kept.id}"
    return _answer(request, response, library, kept)


@api.get("/scenarios/{scenario_id}", responses={403: MORE[403]})
def scenario(
    request: Request, response: Response, library: Library, person: Asker, scenario_id: ScenarioId
) -> schemas.KeptScenario:
    """Return one scenario; the ETag is its version."""
    (found,) = chosen(seen(request, library, person), [scenario_id])
    with refused():
        kept = register(request.app.state.database.engine).get(found.id)
    return _answer(request, response, library, kept)


@api.put("/scenarios/{scenario_id}", responses={c: MORE[c] for c in (403, 412)})
def change_scenario(
    request: Request,
    response: Response,
    library: Library,
    person: Asker,
    scenario_id: ScenarioId,
    wish: Scenario,
    if_match: IfMatch = None,
) -> schemas.KeptScenario:
    """Put another in place of a scenario of your own; what was computed of it counts no longer."""
    document = checked(library, person, wish)
    with refused():
        kept = register(request.app.state.database.engine).change(
            scenario_id, version_of(if_match), document, person.name, any_owner=person.has(Role.ADMIN)
        )
    return _answer(request, response, library, kept)


@api.delete("/scenarios/{scenario_id}", status_code=204, responses={c: MORE[c] for c in (403, 412)})
def take_back_scenario(
    request: Request, person: Asker, scenario_id: ScenarioId, if_match: IfMatch = None
) -> None:
    """Take a scenario of your own back; the journal keeps what it said."""
    take_back(request, person, scenario_id, version_of(if_match))


@api.post("/scenarios/{scenario_id}/computation", status_code=202, responses={c: MORE[c] for c in (403, 429)})
def compute_scenario(
    request: Request, response: Response, library: Library, person: Asker, scenario_id: ScenarioId
) -> schemas.ScenarioJob:
    """Have a scenario computed by a job, on the current publication."""
    (found,) = chosen(seen(request, library, person), [scenario_id])
    job = put(request, person, found.id)
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return schemas.ScenarioJob(job=job.id, state=str(job.state), url=f"/api/v1/jobs/{job.id}")


@api.get("/scenario-comparison", responses={403: MORE[403]})
def compare_scenarios(
    request: Request,
    library: Library,
    person: Asker,
    desk: AtDesk,
    wished: Annotated[Filter, Query()],
    scenario: Annotated[list[Side], Query(max_length=MOST, description=f"Ids, at most {MOST}")] = [],  # noqa: B006
) -> schemas.ScenarioComparison:
    """Compare scenarios over a group: levels by month, targets, cost; first the forecast as it stands."""
    found = chosen(seen(request, library, person), scenario)
    return comparison(asked(request, library, person, desk, wished, found), library.state().outlook_id)


def checked(library: Reading, person: Person, wish: Scenario) -> dict[str, object]:
    """Return what is kept of a wish; 422 for suppliers whose numbers the person does not see."""
    named = wish.tightened.suppliers if wish.tightened else ()
    rows = visible(library, person)
    if unknown := [name for name in named if name not in rows]:
        raise HTTPException(422, f"tightened.suppliers: found {unknown[0]!r}; allowed: enterprises you see")
    return wish.model_dump(mode="json")


def put(request: Request, person: Person, scenario_id: str) -> Job:
    """Put the computing of a scenario into the queue; 429 where too many of the person's jobs wait."""
    engine = request.app.state.database.engine
    try:
        return enqueue(engine, "scenario", {"scenario": scenario_id}, person.name, scenario_id)
    except TooManyJobsError as error:
        raise HTTPException(429, str(error)) from error


def take_back(request: Request, person: Person, scenario_id: str, version: int | None) -> None:
    """Take a scenario back with all that was computed of it."""
    with refused():
        register(request.app.state.database.engine).remove(
            scenario_id, version, person.name, any_owner=person.has(Role.ADMIN)
        )
    forget(request.app.state.settings, scenario_id)


def _answer(request: Request, response: Response, library: Reading, kept: Kept) -> schemas.KeptScenario:
    response.headers["etag"] = f'"{kept.version}"'
    own = of_kept(request.app.state.database.engine, kept)
    return schemas.KeptScenario(
        id=own.id,
        version=own.version,
        owner=own.owner,
        computed=computed(request, library, own),
        scenario=own.wish,
    )
