"""The self-declaration as a page that prints, and as files made for whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from serving.web.api import AsOf
from serving.web.asking import Details
from serving.web.guard import PAPER_POLICY
from serving.web.reading import UnknownEnterpriseError

if TYPE_CHECKING:
    from serving.reports.facts import Facts

router = APIRouter(include_in_schema=False)
KINDS = ("pdf", "docx", "xlsx")
AT_ONCE, PATIENCE_SECONDS = 2, 20.0
LARGEST_FILE = 32 * 1024 * 1024
"""Bytes; a declaration has one or two million."""
_turns = threading.BoundedSemaphore(AT_ONCE)


@router.get("/declarations/{enterprise_id:path}")
def page(request: Request, row: Details, as_of: AsOf = None) -> Response:
    """Show the declaration as it prints: A4, Chinese first, nothing of the site around it."""
    from serving.reports.declaration import declaration
    from serving.reports.page import to_html

    enterprise_id = str(row["enterprise_id"])
    with a_turn():
        document = declaration(_facts(request, enterprise_id, as_of))
    here, suffix = quote(enterprise_id, safe=""), f"?as_of={as_of}" if as_of else ""
    links = tuple((f".{kind}", f"/declaration-files/{kind}/{here}{suffix}") for kind in KINDS)
    headers = {"cache-control": "no-cache", "content-security-policy": PAPER_POLICY}
    return HTMLResponse(to_html(document, links, f"/enterprises/{here}"), headers=headers)


@router.get("/declaration-files/{kind}/{enterprise_id:path}")
def file(request: Request, kind: str, row: Details, as_of: AsOf = None) -> Response:
    """Send the declaration as a file of one kind."""
    from serving.reports.declaration import declaration
    from serving.reports.media import MEDIA_TYPES
    from serving.reports.writing import rendered

    if kind not in KINDS:
        raise HTTPException(404)
    with a_turn():
        facts = _facts(request, str(row["enterprise_id"]), as_of)
        document = declaration(facts)
        content = rendered(facts, document, f".{kind}")
    if len(content) > LARGEST_FILE:
        raise HTTPException(503, "the file is too large for this server; zhuoyue report writes it")
    name = f"{document.parts[0].title}_{document.name}_{document.day[:7]}.{kind}"
    headers = {"content-disposition": disposition(name, kind), "cache-control": "no-cache"}
    return Response(content, media_type=MEDIA_TYPES[f".{kind}"], headers=headers)


def disposition(name: str, kind: str, plain: str = "declaration") -> str:
    """Return the header that names a file in Chinese (RFC 5987), with `plain` as name for old programs."""
    safe = "".join("_" if letter in '<>:"/\\|?*' else letter for letter in name)
    return f"attachment; filename=\"{plain}.{kind}\"; filename*=UTF-8''{quote(safe, safe='')}"


@contextmanager
def a_turn() -> Iterator[None]:
    """Wait for a turn: reports are the one thing here that takes a second of a processor."""
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise HTTPException(503, "too many reports at once; try again in a minute", {"retry-after": "60"})
    try:
        yield
    finally:
        _turns.release()


def _facts(request: Request, enterprise_id: str, as_of: str | None) -> Facts:
    from features.evidence import NoRecordsError
    from features.store import Store
    from serving.reports.facts import facts_from_store

    settings = request.app.state.settings
    try:
        with Store.open(settings) as store:
            return facts_from_store(store, enterprise_id, as_of, settings=settings)
    except NoRecordsError as nothing:
        raise UnknownEnterpriseError(enterprise_id) from nothing
