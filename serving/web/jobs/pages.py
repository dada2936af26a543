"""`/jobs`: what is being done, live; without scripts the page looks again every few seconds."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from serving.jobs import Job
from serving.web.asking import Asker
from serving.web.html import environment, language_of, render
from serving.web.jobs.api import refuse_others
from serving.web.jobs.asking import Seen, engine_of, job_seen, jobs_seen
from serving.web.jobs.streaming import stream
from serving.web.jobs.views import job_view
from serving.web.language import Language

router = APIRouter(include_in_schema=False)
A_PAGE = 30
STATES = ("queued", "running", "done", "failed", "cancelled")
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
StateQuery = Annotated[str, Query(max_length=12)]


@router.get("/jobs")
def page(request: Request, person: Asker, page: PageNumber = 1, state: StateQuery = "") -> Response:
    """Show the jobs that one may know of, the newest first."""
    t, wanted = language_of(request), _states(state)
    offset = (page - 1) * A_PAGE
    found, total = jobs_seen(engine_of(request), person, states=wanted, limit=A_PAGE, offset=offset)
    rows = [job_view(t, job, person) for job in found]
    context = {
        "here": "jobs",
        "rows": rows,
        "count": t("jobs.count", number=t.number(total)),
        "filters": _filters(t, state),
        "moving": any(not job.ended for job in found),
        "stream": f"/jobs/events?{urlencode({'page': page, 'state': state})}",
        "pages": _pages(page, total, state),
    }
    return render(request, "jobs.html", context)


@router.get("/jobs/events")
def events(
    request: Request, person: Asker, page: PageNumber = 1, state: StateQuery = ""
) -> StreamingResponse:
    """Stream the rows of the list each time that one changes."""
    t, engine, csrf = language_of(request), engine_of(request), getattr(request.state, "csrf", "")

    def look() -> tuple[str, bool]:
        found, _ = jobs_seen(engine, person, states=_states(state), limit=A_PAGE, offset=(page - 1) * A_PAGE)
        return _rows(t, [job_view(t, job, person) for job in found], csrf), False

    return stream(request, "rows", look)


@router.get("/jobs/{job_id}")
def one(request: Request, person: Asker, found: Seen) -> Response:
    """Show one job."""
    t = language_of(request)
    context: dict[str, Any] = {"here": "jobs", "job": job_view(t, found, person), "moving": not found.ended}
    return render(request, "job.html", {**context, "stream": f"/jobs/{found.id}/events"})


@router.get("/jobs/{job_id}/events")
def one_live(request: Request, person: Asker, found: Seen) -> StreamingResponse:
    """Stream what the page of a job shows each time that it changes, until it has ended."""
    t, engine, csrf = language_of(request), engine_of(request), getattr(request.state, "csrf", "")

    def look() -> tuple[str, bool]:
        now = job_seen(engine, person, found.id)
        return _card(t, job_view(t, now, person), csrf), now.ended

    return stream(request, "card", look)


@router.post("/jobs/{job_id}/cancel")
def cancel(request: Request, person: Asker, found: Seen) -> Response:
    """Cancel a job, then show it; one that has just ended is shown as it ended."""
    from serving.jobs.refusals import JobEndedError
    from serving.jobs.register import cancel as cancel_job

    refuse_others(person, found)
    try:
        cancel_job(engine_of(request), found.id, person.name)
    except JobEndedError:
        return to_job(found)
    return to_job(found)


def to_job(job: Job) -> RedirectResponse:
    """Answer a form by showing the job that came of it."""
    return RedirectResponse(f"/jobs/{job.id}", 303)


def _rows(t: Language, rows: list[dict[str, Any]], csrf: str) -> str:
    return environment().get_template("jobs/rows.html").render(t=t, rows=rows, csrf=csrf)


def _card(t: Language, job: dict[str, Any], csrf: str) -> str:
    return environment().get_template("jobs/card.html").render(t=t, job=job, csrf=csrf)


def _states(state: str) -> tuple[str, ...]:
    return (state,) if state in STATES else ()


def _filters(t: Language, chosen: str) -> list[dict[str, Any]]:
    names = {"": t("jobs.filter.all"), **{state: t.either(f"jobs.state.{state}", state) for state in STATES}}
    return [
        {"text": text, "url": f"/jobs?state={state}" if state else "/jobs", "active": state == chosen}
        for state, text in names.items()
    ]


def _pages(page: int, total: int, state: str) -> dict[str, Any]:
    def url(number: int) -> str:
        return f"/jobs?{urlencode({'page': number, 'state': state})}"

    count = max(1, -(-total // A_PAGE))
    before, after = url(page - 1) if page > 1 else "", url(page + 1) if page < count else ""
    return {"at": page, "count": count, "before": before, "after": after}
