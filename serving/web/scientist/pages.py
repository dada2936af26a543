"""`/models`: the scientist's board, and its buttons, each of which puts a job into the queue."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from starlette.responses import Response

from serving.access import Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.html import language_of, message, render
from serving.web.jobs.asking import asked, engine_of
from serving.web.jobs.pages import to_job
from serving.web.scientist.api import Version, review_of, version_of
from serving.web.scientist.views import board_view

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.SCIENTIST)])
Ticked = Annotated[str, Form(max_length=4)]


@router.get("/models")
def board(request: Request, target: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Show champion and challenger, backtest, honesty, drift and versions."""
    t, review = language_of(request), review_of(request)
    return render(
        request, "models.html", {"here": "models", **board_view(t, review, target), "seen": bool(review)}
    )


@router.post("/models/look")
def look_again(request: Request, library: Library, person: Asker) -> Response:
    """Have the board made anew on the present records."""
    return _to(request, library, person, "review", {})


@router.post("/models/evaluate")
def evaluate_champion(request: Request, library: Library, person: Asker) -> Response:
    """Score the champion on the records since its training, logged as a run."""
    return _to(request, library, person, "evaluate", {})


@router.post("/models/retrain")
def retrain(
    request: Request,
    library: Library,
    person: Asker,
    force: Ticked = "",
    refits: Annotated[int, Form(ge=1, le=24)] = 4,
) -> Response:
    """Train if it is due, or anyhow."""
    return _to(request, library, person, "retrain", {"force": bool(force), "refits": refits})


@router.post("/models/{version}/promotion")
def promote(
    request: Request,
    library: Library,
    person: Asker,
    version: Version,
    reason: Annotated[str, Form(max_length=1000)] = "",
    force: Ticked = "",
) -> Response:
    """Serve a version, newer or older; against the gate only with a reason."""
    found = version_of(review_of(request), version)
    if force and not reason.strip():
        return message(request, "models.no_reason", 422)
    arguments = {"version": found["number"], "reason": reason.strip(), "force": bool(force)}
    return _to(request, library, person, "promote", arguments)


def _to(request: Request, library: Library, person: Asker, kind: str, arguments: dict[str, Any]) -> Response:
    """Put a job into the queue and show it."""
    try:
        job, _ = asked(engine_of(request), library, person, kind, arguments)
    except HTTPException as refused:
        if refused.status_code != 429:
            raise
        return message(request, "jobs.many", 429)
    return to_job(job)
