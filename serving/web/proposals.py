"""The improvement proposal as a page that prints and as files: read from what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.declarations import a_turn, disposition
from serving.web.guard import PAPER_POLICY
from serving.web.html import language_of
from serving.web.reading import Reading, UnknownEnterpriseError

if TYPE_CHECKING:
    from serving.reports.blocks import Document

router = APIRouter(include_in_schema=False)
KINDS = ("docx", "pdf")


@router.get("/proposals/{enterprise_id:path}")
def page(request: Request, library: Library, row: Details) -> Response:
    """Show the proposal as it prints, in the reader's language, with links to files and language."""
    from serving.reports.page import to_html

    t, enterprise_id = language_of(request), str(row["enterprise_id"])
    here = quote(enterprise_id, safe="")
    links = [(f".{kind}", f"/proposal-files/{kind}/{here}?lang={t.code}") for kind in KINDS]
    document = _document(request, library, enterprise_id, t.code)
    html = to_html(
        document, tuple(links), f"/enterprises/{here}", (t("nav.switch"), f"/proposals/{here}?lang={t.other}")
    )
    headers = {"cache-control": "no-cache", "content-language": t.tag, "vary": "cookie, accept-language"}
    headers["content-security-policy"] = PAPER_POLICY
    return HTMLResponse(html, headers=headers)


@router.get("/proposal-files/{kind}/{enterprise_id:path}")
def file(request: Request, library: Library, kind: str, row: Details) -> Response:
    """Send the proposal as a file of one kind."""
    from serving.reports.media import MEDIA_TYPES
    from serving.reports.writing import printed

    if kind not in KINDS:
        raise HTTPException(404)
    t = language_of(request)
    document = _document(request, library, str(row["enterprise_id"]), t.code)
    with a_turn():
        content = printed(document, f".{kind}")
    name = f"{document.parts[0].title}_{document.name}_{document.day[:7]}.{kind}"
    headers = {"content-disposition": disposition(name, kind, "proposal"), "cache-control": "no-cache"}
    return Response(content, media_type=MEDIA_TYPES[f".{kind}"], headers=headers)


def _document(request: Request, library: Reading, enterprise_id: str, code: str) -> Document:
    """Return the document, made once for each state of records and outlook."""
    return library.once(
        ("proposal", enterprise_id, code), lambda: _made(request, library, enterprise_id, code)
    )


def _made(request: Request, library: Reading, enterprise_id: str, code: str) -> Document:
    from features.evidence import NoRecordsError
    from features.store import Store
    from serving.reports.proposal.document import proposal
    from serving.reports.proposal.facts import known_from_store
    from serving.web.proposal_words import site_words

    settings = request.app.state.settings
    try:
        with a_turn(), Store.open(settings) as store:
            known = known_from_store(store, settings, enterprise_id, library.history(enterprise_id))
    except NoRecordsError as nothing:
        raise UnknownEnterpriseError(enterprise_id) from nothing
    return proposal(known, site_words(code))
