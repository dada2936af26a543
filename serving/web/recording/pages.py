"""The import pages: bring files, look at what they would do, decide. Plain forms; scripts add comfort."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from serving.web.asking import Asker
from serving.web.html import language_of, render
from serving.web.recording.imports import UploadId, arrivals, brought, found, looked, taken
from serving.web.recording.records import WRITERS
from serving.web.views.importing import size_text, upload_view

MOST_BYTES = 1 << 30
LOOK_AGAIN_SECONDS = 3
"""Without a script the page of running work loads itself again so often."""
router = APIRouter(include_in_schema=False, dependencies=[WRITERS])
Conflict = Annotated[str, Form(pattern="^(report|replace)$")]


@router.get("/import")
def import_page(request: Request, person: Asker) -> Response:
    """Show where to bring files, and what was brought lately."""
    return _start(request, arrivals(request, person))


@router.post("/import")
async def import_files(request: Request, person: Asker) -> Response:
    """Take files, look at them, and show what was found."""
    mine = arrivals(request, person)
    try:
        upload = await taken(request, mine)
        upload = await run_in_threadpool(looked, mine, upload)
    except HTTPException as refused:
        return await run_in_threadpool(_start, request, mine, refused)
    return RedirectResponse(f"/import/{upload.id}", 303)


@router.get("/import/template.{kind}")
def import_template(request: Request, kind: Annotated[str, Path(pattern="^(xlsx|zip)$")]) -> Response:
    """Return every record table empty: one workbook, or a CSV file each."""
    from serving.records.templates import MEDIA, template

    content = template(kind, language_of(request).code)
    name = f'attachment; filename="zhuoyue-template.{kind}"'
    return Response(content, media_type=MEDIA[kind], headers={"content-disposition": name})


@router.get("/import/{upload_id}")
def upload_page(request: Request, person: Asker, upload_id: UploadId) -> Response:
    """Show an upload: its rows, what is wrong with them, what is stored otherwise, and what to do."""
    t = language_of(request)
    upload = found(arrivals(request, person), upload_id)
    view = upload_view(t, upload, _job(request, upload))
    return render(request, "upload.html", {"here": "import", "upload": view, "seconds": LOOK_AGAIN_SECONDS})


@router.post("/import/{upload_id}/confirm")
def confirm_upload(
    request: Request, person: Asker, upload_id: UploadId, on_conflict: Conflict = "report"
) -> Response:
    """Import an upload; whatever comes of it is on its page."""
    mine = arrivals(request, person)
    upload = found(mine, upload_id)
    if upload.state in {"arrived", "checked"}:
        brought(mine, upload, on_conflict)
    return RedirectResponse(f"/import/{upload_id}", 303)


@router.post("/import/{upload_id}/remove")
def remove_upload(request: Request, person: Asker, upload_id: UploadId) -> Response:
    """Remove the files of an upload that waits."""
    mine = arrivals(request, person)
    mine.remove(found(mine, upload_id))
    return RedirectResponse("/import", 303)


@router.get("/import/{upload_id}/faults.csv")
def upload_faults(request: Request, person: Asker, upload_id: UploadId) -> Response:
    """Return the listed faults and conflicts, to be worked through in a spreadsheet."""
    outcome = found(arrivals(request, person), upload_id).outcome or {}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["file", "table", "row", "column", "found", "allowed"])
    for fault in outcome.get("faults", []):
        writer.writerow(
            [_cell(fault[name]) for name in ("file", "table", "row", "column", "found", "allowed")]
        )
    for item in outcome.get("conflicts", []):
        for change in item["changes"]:
            cells = [item["file"], item["table"], item["row"], change["column"], change["new"], change["old"]]
            writer.writerow([_cell(cell) for cell in cells])
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="faults.csv"'},
    )


def _cell(value: Any) -> Any:  # noqa: ANN401
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t"} else value


def _start(request: Request, mine: Any, refused: HTTPException | None = None) -> Response:  # noqa: ANN401
    t = language_of(request)
    status = refused.status_code if refused else 200
    key = f"import.refused.{status}"
    context = {
        "here": "import",
        "uploads": [upload_view(t, upload) for upload in mine.uploads.listed(mine.who, 12)],
        "refused": t(key) if refused and t.has(key) else str(refused.detail) if refused else "",
        "limit": size_text(t, MOST_BYTES),
        "limit_bytes": MOST_BYTES,
    }
    return render(request, "import.html", context, status)


def _job(request: Request, upload: Any) -> Any:  # noqa: ANN401 - a Job, or None
    if upload.job is None:
        return None
    from serving.jobs.refusals import UnknownJobError
    from serving.jobs.register import find

    try:
        return find(request.app.state.database.engine, upload.job)
    except UnknownJobError:
        return None
