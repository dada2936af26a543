"""`/api/v1/imports`: files of records, streamed to the disk; large ones are worked on as jobs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from serving.records.outcome import Look, Outcome
from serving.web.asking import Asker
from serving.web.problems import RESPONSES, problem
from serving.web.recording.records import WRITERS, Check, Conflicts, refusal, says
from serving.web.schemas import Page

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                        }
                    },
                }
            }
        },
    }
}
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Id of the upload")]


class UploadedFile(BaseModel):
    """One file."""

    name: str
    bytes: int


class ImportState(BaseModel):
    """Files on their way in."""

    id: str
    at: str = Field(description="when they came, UTC")
    state: str = Field(description="arrived, checked, importing, imported or gone", examples=["checked"])
    files: list[UploadedFile]
    bytes: int
    job: str | None = Field(description="the job that works on them, where they are large")
    outcome: Look | None = Field(description="what came of them, or would come of them; null: not known yet")


router = APIRouter(
    prefix="/api/v1/imports", tags=["records"], responses=RESPONSES | says(403), dependencies=[WRITERS]
)


def arrivals(request: Request, person: Asker) -> Any:  # noqa: ANN401 - Arrivals, which is not loaded at the start
    """Return the uploads of who asks."""
    from serving.records.arriving import Arrivals

    return Arrivals(request.app.state.settings, request.app.state.database.engine, person)


async def taken(request: Request, mine: Any) -> Any:  # noqa: ANN401 - an Upload, of Arrivals
    """Return an upload that came whole; raises HTTPException."""
    from serving.records.arriving import NoRoomError
    from serving.records.receiving import BadFormError
    from serving.records.uploads import TooManyUploadsError

    try:
        return await mine.take(request)
    except BadFormError as error:
        raise HTTPException(400, str(error)) from error
    except NoRoomError as error:
        raise HTTPException(503, "the disk of the records is too full for these files") from error
    except TooManyUploadsError as error:
        raise HTTPException(429, "too many of your uploads are waiting: import or remove them") from error


def found(mine: Any, upload_id: str) -> Any:  # noqa: ANN401
    """Return one upload; raises HTTPException 404."""
    from serving.records.arriving import UnknownUploadError

    try:
        return mine.find(upload_id)
    except UnknownUploadError as error:
        raise HTTPException(404, "no such upload of yours") from error


def brought(mine: Any, upload: Any, on_conflict: str) -> Outcome | None:  # noqa: ANN401
    """Import; raises HTTPException 429 where too many jobs wait."""
    from serving.jobs.refusals import TooManyJobsError

    try:
        outcome: Outcome | None = mine.bring(upload, on_conflict)
        return outcome
    except TooManyJobsError as error:
        raise HTTPException(429, str(error)) from error


def looked(mine: Any, upload: Any) -> Any:  # noqa: ANN401
    """Check; raises HTTPException 429 where too many jobs wait."""
    from serving.jobs.refusals import TooManyJobsError

    try:
        return mine.look(upload)
    except TooManyJobsError as error:
        raise HTTPException(429, str(error)) from error


def state_of(upload: Any) -> ImportState:  # noqa: ANN401
    """Return an upload as the API says it."""
    return ImportState(
        id=upload.id,
        at=upload.at,
        state=upload.state,
        files=[UploadedFile(name=name, bytes=size) for name, size in upload.files],
        bytes=upload.bytes,
        job=upload.job,
        outcome=Look(**upload.outcome) if upload.outcome else None,
    )


@router.post(
    "",
    status_code=200,
    response_model=ImportState,
    openapi_extra=FORM,
    responses=says(400, 403, 409, 413, 422, 429)
    | {202: {"model": ImportState, "description": "Large files: a job works on them; look at Location"}},
)
async def upload_files(
    request: Request, person: Asker, check: Check = False, on_conflict: Conflicts = "report"
) -> Response:
    """Upload tables (CSV, gzip, Parquet, workbooks; up to 1 GiB) and import them, all of them or nothing.

    The names of files and sheets say which table they are. With `check` nothing is imported; look at the
    answer, then confirm by `POST /api/v1/imports/{upload_id}`. The same files twice change nothing.
    """
    mine = arrivals(request, person)
    upload = await taken(request, mine)
    work = _check if check else _bring
    return await run_in_threadpool(work, request, mine, upload, on_conflict)


def _check(request: Request, mine: Any, upload: Any, _on_conflict: str) -> Response:  # noqa: ANN401
    return _told(request, looked(mine, upload))


def _bring(request: Request, mine: Any, upload: Any, on_conflict: str) -> Response:  # noqa: ANN401
    outcome = brought(mine, upload, on_conflict)
    if outcome is not None and not outcome.written:
        mine.remove(mine.find(upload.id))
        return refusal(request, outcome)
    return _told(request, mine.find(upload.id))


def _told(request: Request, upload: Any) -> Response:  # noqa: ANN401
    """Return the state: 202 with its address while a job works on it."""
    status = 202 if upload.state in {"arrived", "importing"} else 200
    headers = {"location": f"{request.scope.get('root_path', '')}/api/v1/imports/{upload.id}"}
    return Response(
        state_of(upload).model_dump_json(), status, headers if status == 202 else None, "application/json"
    )


@router.get("")
def list_imports(request: Request, person: Asker) -> Page[ImportState]:
    """List your newest 50 uploads; every import there ever was is in the journal."""
    items = [state_of(upload) for upload in arrivals(request, person).uploads.listed(person.name)]
    return Page(items=items, total=len(items), limit=50, offset=0)


@router.get("/{upload_id}")
def read_import(request: Request, person: Asker, upload_id: UploadId) -> ImportState:
    """Return where an upload of yours is, and what came or would come of it."""
    return state_of(found(arrivals(request, person), upload_id))


@router.post(
    "/{upload_id}",
    response_model=ImportState,
    responses=says(403, 409, 422, 429)
    | {202: {"model": ImportState, "description": "A job works on it; look at Location"}},
)
def confirm_import(
    request: Request, person: Asker, upload_id: UploadId, on_conflict: Conflicts = "report"
) -> Response:
    """Import an upload that was checked."""
    mine = arrivals(request, person)
    upload = found(mine, upload_id)
    if upload.state not in {"arrived", "checked"}:
        return problem(request, 409, f"this upload is {upload.state}")
    outcome = brought(mine, upload, on_conflict)
    if outcome is not None and not outcome.written:
        return refusal(request, outcome)
    return _told(request, mine.find(upload_id))


@router.delete("/{upload_id}", status_code=204, responses=says(403, 409))
def remove_import(request: Request, person: Asker, upload_id: UploadId) -> Response:
    """Remove the files of an upload that waits."""
    mine = arrivals(request, person)
    if not mine.remove(found(mine, upload_id)):
        return problem(request, 409, "this upload does not wait any more")
    return Response(status_code=204)
