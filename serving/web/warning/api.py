"""`/api/v1/warnings`: listed, read one by one, acknowledged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Header, HTTPException, Path, Query, Request, Response

from serving.warnings.finding import CHANCES, LEAST_CHANCE, Kind
from serving.web.api import NotModified
from serving.web.asking import Asker
from serving.web.html import language_of
from serving.web.jobs.api import refusals
from serving.web.problems import RESPONSES
from serving.web.schemas import Page
from serving.web.warning.asking import engine_of, seen_by, shown
from serving.web.warning.schemas import Acknowledgement, Warning_
from serving.web.warning.words import said

if TYPE_CHECKING:
    from serving.warnings.keeping import Warned

router = APIRouter(prefix="/api/v1/warnings", tags=["warnings"], responses=RESPONSES)
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the warning")]
IfMatch = Annotated[
    str | None, Header(max_length=40, description='Version that was read, such as `"3"`; `*`: any')
]
StateQuery = Annotated[
    Literal["open", "acknowledged", "resolved"] | None, Query(description="Only warnings of this state")
]


@router.get("")
def warnings(
    request: Request,
    response: Response,
    person: Asker,
    state: StateQuery = None,
    kind: Annotated[Kind | None, Query(description="Only warnings of this kind")] = None,
    enterprise: Annotated[str | None, Query(max_length=200, description="Only of this enterprise")] = None,
    chance: Annotated[
        float, Query(ge=LEAST_CHANCE, le=1.0, description="Forecasts and levels from this probability on")
    ] = LEAST_CHANCE,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page[Warning_]:
    """List open warnings and those resolved in the last thirty days, the newest first."""
    found = [
        one
        for one in seen_by(request, person)
        if state in (None, one.state)
        and kind in (None, one.kind)
        and enterprise in (None, one.enterprise_id)
        and (one.kind not in CHANCES or one.weight >= chance)
    ]
    page = found[offset : offset + limit]
    answer: Page[Warning_] = Page(
        items=[_told(request, one) for one in page], total=len(found), limit=limit, offset=offset
    )
    _tag(request, response, answer.model_dump_json())
    return answer


@router.get("/{number}")
def warning(request: Request, response: Response, person: Asker, number: Number) -> Warning_:
    """Return one warning; its ETag is its version, for `If-Match`."""
    found = _visible(request, person, number)
    response.headers["etag"] = f'"{found.version}"'
    response.headers["cache-control"] = "private, no-cache"
    return _told(request, found)


@router.post(
    "/{number}/acknowledge",
    responses=refusals(_409="It has resolved itself", _412="Somebody was faster"),
)
def acknowledge_warning(
    request: Request,
    response: Response,
    person: Asker,
    number: Number,
    body: Acknowledgement,
    if_match: IfMatch = None,
) -> Warning_:
    """Say that somebody has seen it: it is not told again unless it gets worse. Again replaces the note."""
    from serving.warnings.register import NotOpenError, StaleVersionError, acknowledge

    _visible(request, person, number)
    try:
        done = acknowledge(engine_of(request), number, person.name, body.note, version_of(if_match))
    except StaleVersionError as error:
        raise HTTPException(412, str(error)) from error
    except NotOpenError as error:
        raise HTTPException(409, str(error)) from error
    finally:
        shown(request).forget()
    response.headers["etag"] = f'"{done.version}"'
    return _told(request, done)


def version_of(if_match: str | None) -> int | None:
    """Return the version in an `If-Match`; 412 for one that none of ours can be."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise HTTPException(412, "If-Match: found no version of this; allowed is the ETag that was read")
    return int(text)


def _visible(request: Request, person: Asker, number: int) -> Warned:
    """Return a warning as it is now; one that may not be seen is as unknown as one not there."""
    from serving.warnings.register import UnknownWarningError, find
    from serving.warnings.subscriptions import sees

    try:
        found = find(engine_of(request), number)
    except UnknownWarningError:
        raise HTTPException(404, f"no warning {number}") from None
    if not sees(person, found, request.app.state.reading.enterprises()):
        raise HTTPException(404, f"no warning {number}")
    return found


def _told(request: Request, one: Warned) -> Warning_:
    words = said(language_of(request), one.kind, one.enterprise_id, one.facts, LEAST_CHANCE)
    names = [name for name in Warning_.model_fields if name not in ("title", "detail")]
    return Warning_(title=words.title, detail=words.detail, **{name: getattr(one, name) for name in names})


def _tag(request: Request, response: Response, content: str) -> None:
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    if etag in {
        tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")
    }:
        raise NotModified(etag)
    response.headers["etag"] = etag
    response.headers["cache-control"] = "private, no-cache"
    response.headers["vary"] = "cookie, accept-language"
