"""The journal as page and as `/api/v1`: each reader sees the entries that are theirs to see."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from serving.journal.wanted import Sight, Wanted, sight
from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.html import language_of, render
from serving.web.problems import RESPONSES
from serving.web.schemas import Page
from serving.web.views.journal import EVENTS, ROWS, events, journal_view

api = APIRouter(prefix="/api/v1/journal", tags=["journal"], responses=RESPONSES)
pages = APIRouter(include_in_schema=False)

LINE = r"^[^\x00]*$"
Text = Annotated[str | None, Query(max_length=400, pattern=LINE)]


class JournalEntry(BaseModel):
    """One entry: one fact of one act. `hash` chains it to the entry before."""

    seq: int = Field(examples=[42])
    at: str = Field(description="UTC", examples=["2026-03-31T08:00:00+00:00"])
    who: str = Field(examples=["li"])
    subject: str = Field(examples=["grade:E0001"])
    version: int = Field(description="Revision of the subject; 0 where it has none")
    action: str = Field(examples=["issue"])
    field: str = Field(examples=["2025-01/2025-12"])
    old: object = None
    new: object = None
    hash: str = Field(description="SHA-256 over the hash before and this entry's canonical JSON")


class JournalHead(BaseModel):
    """The end of the chain: note it where nobody here can write, and `verify` will look for it."""

    entries: int
    head: str = Field(examples=["0" * 64])


def may_see(library: Library, person: Asker) -> Sight:
    """Return what of the journal the asker may see."""
    return sight(person, library.enterprises().values())


Seen = Annotated[Sight, Depends(may_see)]


@api.get("")
def journal(
    request: Request,
    seen: Seen,
    kind: Annotated[
        str | None,
        Query(
            max_length=40, pattern=LINE, description="grade, outlook, model, import, assessment, action, …"
        ),
    ] = None,
    who: Text = None,
    subject: Text = None,
    enterprise: Text = None,
    since: Annotated[date | None, Query(description="From this day (China Standard Time)")] = None,
    until: Annotated[date | None, Query(description="To this day, included")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page[JournalEntry]:
    """List what happened, the newest first: who, when, from what evidence; chained by hashes."""
    from serving.journal.listing import count, listed

    wanted = Wanted(kind, who, subject, enterprise, since, until)
    with request.app.state.database.engine.connect() as connection:
        found = listed(connection, wanted, seen, limit, offset)
        total = count(connection, wanted, seen)
    items = [JournalEntry(**change._asdict()) for change in found]
    return Page(items=items, total=total, limit=limit, offset=offset)


@api.get("/head")
def journal_head(request: Request, _: Asker) -> JournalHead:
    """Return how long the chain is and the hash of its end."""
    from features.journal import head

    with request.app.state.database.engine.connect() as connection:
        entries, digest = head(connection)
    return JournalHead(entries=entries, head=digest)


@pages.get("/journal")
def journal_page(
    request: Request,
    library: Library,
    seen: Seen,
    kind: Text = None,
    who: Text = None,
    enterprise: Text = None,
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """Show what happened, the newest first."""
    from features.journal import head
    from serving.journal.listing import listed

    asked = {"kind": kind, "who": who, "enterprise": enterprise, "since": since, "until": until}
    given = {name: value.strip() for name, value in asked.items() if value and value.strip()}
    wanted = Wanted(
        given.get("kind"),
        given.get("who"),
        None,
        given.get("enterprise"),
        _day(since),
        _day(until),
        before,
    )
    with request.app.state.database.engine.connect() as connection:
        rows = listed(connection, wanted, seen, ROWS)
        entries, digest = head(connection)
    found = events(rows)
    shown = found[:EVENTS]
    further = len(found) > EVENTS or len(rows) == ROWS
    older = f"/journal?{urlencode({**given, 'before': shown[-1][0].seq})}" if further else None
    view = journal_view(language_of(request), shown, library.enterprises(), given)
    chain = {"entries": entries, "head": digest}
    newest = f"/journal?{urlencode(given)}" if before else None
    return render(
        request, "journal.html", {**view, "chain": chain, "older": older, "newest": newest, "here": "journal"}
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
