"""`/api/v1/reports`: declarations, workbooks and proposals, written as jobs and fetched when ready."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.jobs.api import ASKING, Limit, Offset, StateQuery, file_of
from serving.web.jobs.asking import Seen, asked, engine_of, jobs_seen
from serving.web.jobs.schemas import Job, NewReport, shown
from serving.web.openapi import ANY_FILE
from serving.web.problems import RESPONSES
from serving.web.schemas import Page

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], responses=RESPONSES)


@router.get("")
def reports(
    request: Request,
    person: Asker,
    state: Annotated[list[StateQuery], Query(description="Only reports in one of these states")] = [],  # noqa: B006
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[Job]:
    """List the reports that one has asked for, the newest first."""
    found, total = jobs_seen(
        engine_of(request), person, states=state, kinds=("report",), limit=limit, offset=offset
    )
    return Page(items=[shown(job) for job in found], total=total, limit=limit, offset=offset)


@router.post("", status_code=202, responses=ASKING)
def ask_for_report(
    request: Request, response: Response, library: Library, person: Asker, body: NewReport
) -> Job:
    """Have a report written; look at the job until it is done, then fetch its file."""
    arguments = body.model_dump(mode="json")
    job, _ = asked(engine_of(request), library, person, "report", arguments)
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return shown(job)


@router.get(
    "/{job_id}/file",
    response_class=FileResponse,
    responses={200: {"description": "The file", "content": {ANY_FILE: {}}}},
)
def report_file(request: Request, library: Library, person: Asker, found: Seen) -> FileResponse:
    """Send a report that is ready."""
    return file_of(request, library, person, found)
