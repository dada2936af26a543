"""`/warnings`: what waits for somebody, what was seen, what is over; acknowledged on the spot."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from serving.warnings.finding import Kind
from serving.warnings.settings import WarningSettings
from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.html import language_of, render
from serving.web.warning.asking import engine_of, own_filter, seen_by, shown
from serving.web.warning.views import chosen, honesty, looks_view, row_view, tabs

router = APIRouter(include_in_schema=False)
A_PAGE = 50
State = Literal["open", "acknowledged", "resolved"]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/warnings")
def warnings_page(
    request: Request,
    library: Library,
    person: Asker,
    state: State = "open",
    kind: Annotated[Literal["", "chart", "forecast", "level", "drift", "stale"], Query()] = "",
    enterprise: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show the warnings of one state, the newest first."""
    from serving.warnings.register import looks

    t, wanted = language_of(request), own_filter(request, person)
    found = [one for one in seen_by(request, person) if wanted.wants(one)]
    asked = {"state": state, "kind": kind, "enterprise": enterprise}
    rows = chosen(found, state, kind, enterprise)
    names = library.enterprises()
    context = {
        "here": "warnings",
        "rows": [row_view(t, one, names, wanted.chance) for one in rows[(page - 1) * A_PAGE : page * A_PAGE]],
        "tabs": tabs(t, found, asked),
        "asked": asked,
        "kinds": [(str(one), t(f"warn.kind.{one}")) for one in Kind],
        "chance": t.percent(wanted.chance, 0),
        "looks": looks_view(t, looks(engine_of(request))),
        "honesty": honesty(t, WarningSettings().warning_false_alarm),
        "pages": _pages(len(rows), page, asked),
    }
    return render(request, "warning/list.html", context)


@router.post("/warnings/{number}/acknowledge")
def acknowledge_on_page(
    request: Request,
    person: Asker,
    number: Number,
    note: Annotated[str, Form(max_length=2000)] = "",
    version: Annotated[int | None, Form(ge=1)] = None,
) -> Response:
    """Note that this person has seen it, and go back to the list."""
    from serving.warnings.register import NotOpenError, StaleVersionError, acknowledge

    if not any(one.id == number for one in seen_by(request, person)):
        raise HTTPException(404)
    try:
        acknowledge(engine_of(request), number, person.name, note, version)
    except (NotOpenError, StaleVersionError) as error:
        raise HTTPException(409, str(error)) from error
    finally:
        shown(request).forget()
    return RedirectResponse("/warnings", 303)


def _pages(total: int, page: int, asked: dict[str, str]) -> dict[str, object]:
    last = max(1, -(-total // A_PAGE))

    def url(at: int) -> str:
        kept = {name: value for name, value in asked.items() if value}
        return f"/warnings?{urlencode({**kept, 'page': at})}"

    before = url(page - 1) if page > 1 else None
    return {"at": page, "count": last, "before": before, "after": url(page + 1) if page < last else None}
