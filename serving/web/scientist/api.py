"""`/api/v1/models`: versions, how they did, is the served one still good; promotion and training as jobs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from starlette.responses import Response

from models.review import read_review
from serving.access import Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.jobs.api import ASKING
from serving.web.jobs.asking import asked, engine_of
from serving.web.jobs.schemas import Job, shown
from serving.web.problems import RESPONSES
from serving.web.schemas import Page
from serving.web.scientist.schemas import (
    Backtest,
    DriftTest,
    ModelHealth,
    ModelVersion,
    Promotion,
    Score,
    Training,
    score,
)

router = APIRouter(
    prefix="/api/v1/models", tags=["models"], responses=RESPONSES, dependencies=[needs(Role.SCIENTIST)]
)
Version = Annotated[
    str, Path(min_length=1, max_length=80, description="A registry number, an alias, or a model's own name")
]
Slot = Annotated[Literal["champion", "challenger"], Path(description="Which of the two")]


def review_of(request: Request) -> dict[str, Any]:
    """Return what a job last found out about the models; empty where none has looked yet."""
    return read_review(request.app.state.settings) or {}


@router.get("")
def models(
    request: Request,
    alias: Annotated[
        Literal["champion", "challenger", "retired"] | None, Query(description="Only with this alias")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Page[ModelVersion]:
    """List the versions in the registry, the newest first, as a job last saw them."""
    found = [
        ModelVersion(**row)
        for row in review_of(request).get("versions", [])
        if alias is None or alias in row["aliases"]
    ]
    return Page(items=found[offset : offset + limit], total=len(found), limit=limit, offset=offset)


@router.get("/health")
def model_health(request: Request) -> ModelHealth:
    """Say whether the served model is still good: drift, errors since training, and whether one is due."""
    review = review_of(request)
    drift, since, due = (review.get(name) or {} for name in ("drift", "since", "due"))
    return ModelHealth(
        looked_at=review.get("made_at"),
        model_version=(review.get("champion") or {}).get("model_version"),
        due=bool(due.get("due", False)),
        reasons=due.get("reasons", []),
        against=due.get("against", []),
        drifted=bool(drift.get("drifted", False)),
        drift_note=drift.get("note", ""),
        drift=[DriftTest(**row) for row in drift.get("rows", [])],
        since_note=since.get("note", ""),
        since=[score(row) for row in since.get("table", [])],
        tracking=review.get("tracking"),
        registry_error=review.get("registry_error", ""),
    )


@router.post("/trainings", status_code=202, responses=ASKING)
def ask_for_training(
    request: Request, response: Response, library: Library, person: Asker, body: Training
) -> Job:
    """Have a model trained, if it is due or forced; it is served if the gate opens."""
    return _asked(request, response, library, person, "retrain", body.model_dump())


@router.get("/{slot}/backtest")
def model_backtest(
    request: Request,
    slot: Slot,
    target: Annotated[str | None, Query(max_length=40, description="Only rows of this target")] = None,
) -> Backtest:
    """Return the rolling-origin backtest of champion or challenger beside the best simple baseline."""
    found = review_of(request).get(slot)
    if not found:
        raise HTTPException(404, f"there is no {slot}")
    items: list[Score] = [
        score(row) for row in found.get("backtest", []) if target is None or row["target"] == target
    ]
    return Backtest(
        slot=slot, model_version=found["model_version"], number=found.get("number", ""), items=items
    )


@router.get("/{version}")
def model(request: Request, version: Version) -> ModelVersion:
    """Return one version."""
    return ModelVersion(**version_of(review_of(request), version))


@router.post("/{version}/promotion", status_code=202, responses=ASKING)
def ask_for_promotion(
    request: Request, response: Response, library: Library, person: Asker, version: Version, body: Promotion
) -> Job:
    """Have a version served, if the gate opens again on the present records or is forced for a reason."""
    found = version_of(review_of(request), version)
    if body.force and not body.reason.strip():
        raise HTTPException(422, "force: found no reason; allowed: a `reason` beside it; it is recorded")
    arguments = {"version": found["number"], **body.model_dump()}
    return _asked(request, response, library, person, "promote", arguments)


def version_of(review: dict[str, Any], version: str) -> dict[str, Any]:
    """Return a version's row; HTTPException 404 where there is none."""
    rows: list[dict[str, Any]] = review.get("versions", [])
    for row in rows:
        if version in (row["number"], *row["aliases"]):
            return row
    for row in rows:
        if version == row["model_version"]:
            return row
    raise HTTPException(404, f"no model version {version!r}")


def _asked(
    request: Request,
    response: Response,
    library: Library,
    person: Asker,
    kind: str,
    arguments: dict[str, Any],
) -> Job:
    job, _ = asked(engine_of(request), library, person, kind, arguments)
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return shown(job)
