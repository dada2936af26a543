"""`/api/v1/jobs`: what is being done outside the requests, asked for, watched and cancelled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from serving.jobs import Job as Kept
from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.jobs.asking import Seen, asked, engine_of, job_seen, jobs_seen, refuse_hidden
from serving.web.jobs.schemas import Job, NewJob, shown
from serving.web.jobs.streaming import MEDIA_TYPE, stream
from serving.web.openapi import ANY_FILE
from serving.web.problems import MEDIA_TYPE as PROBLEM
from serving.web.problems import RESPONSES, Problem
from serving.web.schemas import Page

StateQuery = Literal["queued", "running", "done", "failed", "cancelled"]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


def refusals(**described: str) -> dict[int | str, dict[str, Any]]:
    """Return how OpenAPI is told of further errors: `refusals(_409="it has ended")`."""
    return {
        int(name[1:]): {"model": Problem, "description": text, "content": {PROBLEM: {}}}
        for name, text in described.items()
    }


ASKING = refusals(_403="A role is missing", _429="Too many jobs of this person wait")
router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"], responses=RESPONSES)


@router.get("")
def jobs(
    request: Request,
    person: Asker,
    state: Annotated[list[StateQuery], Query(description="Only jobs in one of these states")] = [],  # noqa: B006
    kind: Annotated[list[str], Query(max_length=20, description="Only jobs of these kinds")] = [],  # noqa: B006
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[Job]:
    """List jobs, the newest first: one's own, and those for everybody's models to whom models are work."""
    found, total = jobs_seen(engine_of(request), person, states=state, kinds=kind, limit=limit, offset=offset)
    return Page(items=[shown(job) for job in found], total=total, limit=limit, offset=offset)


@router.post("", status_code=202, responses=ASKING)
def ask_for_job(request: Request, response: Response, library: Library, person: Asker, body: NewJob) -> Job:
    """Put a job into the queue; where one that would do the same (`publish`) waits, that one is returned."""
    job, _ = asked(engine_of(request), library, person, body.kind, body.arguments)
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return shown(job)


@router.get("/{job_id}")
def job(response: Response, found: Seen) -> Job:
    """Return one job as it is now; while it runs it says how far it is."""
    response.headers["cache-control"] = "no-store"
    return shown(found)


@router.post("/{job_id}/cancel", responses=refusals(_409="It has ended already"))
def cancel_job(request: Request, person: Asker, found: Seen) -> Job:
    """Take a waiting job out of the queue, or ask a running one to stop: within seconds it has."""
    from serving.jobs.refusals import JobEndedError
    from serving.jobs.register import cancel

    refuse_others(person, found)
    try:
        return shown(cancel(engine_of(request), found.id, person.name))
    except JobEndedError as ended:
        raise HTTPException(409, str(ended)) from ended


def refuse_others(person: Asker, found: Kept) -> None:
    """Only who asked for it, who could ask for such a job, and administrators may stop it."""
    from serving.jobs import KINDS

    kind = KINDS.get(found.kind)
    if found.who != person.name and not person.has(*(kind.roles if kind else ())):
        raise HTTPException(403, "only who asked for it may stop it")


@router.get(
    "/{job_id}/events",
    response_class=StreamingResponse,
    responses={200: {"description": "Events `job`, each with the job as JSON", "content": {MEDIA_TYPE: {}}}},
)
def job_events(request: Request, person: Asker, found: Seen) -> StreamingResponse:
    """Stream the job each time that it changes, until it has ended (server-sent events)."""
    engine = engine_of(request)

    def look() -> tuple[str, bool]:
        now = job_seen(engine, person, found.id)
        return shown(now).model_dump_json(), now.ended

    return stream(request, "job", look)


@router.get(
    "/{job_id}/file",
    response_class=FileResponse,
    responses={200: {"description": "The file", "content": {ANY_FILE: {}}}},
)
def job_file(request: Request, library: Library, person: Asker, found: Seen) -> FileResponse:
    """Send the file that a job made; it is kept for 90 days."""
    return file_of(request, library, person, found)


def file_of(request: Request, library: Library, person: Asker, found: Kept) -> FileResponse:
    """Answer with a job's file; who may no longer see its enterprise does not get it."""
    from serving.jobs.task import folder_of

    refuse_hidden(library, person, found.enterprise_id)
    name = str((found.result or {}).get("file") or "")
    path = folder_of(request.app.state.settings, found.id) / Path(name).name
    if not name or not path.is_file():
        raise HTTPException(404, f"job {found.id!r} has no file")
    told = str((found.result or {}).get("media_type") or "application/octet-stream")
    about = f"{found.enterprise_id}_{name}" if found.enterprise_id else name
    return FileResponse(path, media_type=told, filename=about, headers={"cache-control": "no-cache"})
