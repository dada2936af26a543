"""`/api/v1`: enterprises, official grades, and what was published of the months ahead.

Published rows are read from the shelf and sent as they lie there: nothing is parsed or computed in a request.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from models.results import Target
from serving.web import schemas
from serving.web.asked_for import EnterpriseId, Library
from serving.web.asking import Asker, Details, Numbers, visible
from serving.web.problems import RESPONSES
from serving.web.reading import Kind, Reading

AsOf = Annotated[
    str | None,
    Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Last month of the window, `YYYY-MM`"),
]
TargetQuery = Annotated[Target | None, Query(description="Only rows of this target")]
WithDrivers = Annotated[
    bool, Query(alias="drivers", description="With what moves each forecast, as `/drivers`")
]
Prefix = Annotated[str, Query(max_length=12, pattern=r"^[0-9A-Z]*$")]


class NotModified(Exception):  # noqa: N818 - not an error: the reader already has the answer
    """The reader's copy is still good."""

    def __init__(self, etag: str) -> None:
        """Carry the tag that the answer repeats."""
        super().__init__(etag)
        self.etag = etag


async def tagged(request: Request, response: Response, library: Library, person: Asker) -> None:
    """Tag the answer by data, outlook, address, version and asker; stop early if the reader has it."""
    state = library.at_hand("state") or await run_in_threadpool(library.state)
    address = f"{request.url.path}?{request.url.query}"
    parts = (
        state.fingerprint,
        state.outlook_id,
        address,
        request.app.version,
        person.name,
        str(person.scope),
    )
    etag = f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'
    seen = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in seen or "*" in seen:
        raise NotModified(etag)
    response.headers["etag"] = etag
    response.headers["cache-control"] = "private, no-cache"


router = APIRouter(prefix="/api/v1", dependencies=[Depends(tagged)], responses=RESPONSES)
last = APIRouter(prefix="/api/v1", dependencies=[Depends(tagged)], responses=RESPONSES)
"""Included after everything else: ids may hold a slash, and its path would swallow longer ones."""


@router.get("/enterprises", tags=["enterprises"])
def enterprises(
    library: Library,
    person: Asker,
    region: Prefix = "",
    industry: Prefix = "",
    chain: Annotated[str, Query(max_length=200)] = "",
    size: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> schemas.Page[schemas.Enterprise]:
    """List the enterprises that you may see, in order of id.

    `region` (GB/T 2260) and `industry` (GB/T 4754) are beginnings of codes, `chain` and `size` whole words.
    """
    begins = {"region_code": region, "industry_code": industry}
    equal = {"chain": chain, "size": size}
    rows = [row for row in visible(library, person).values() if _wanted(row, begins, equal)]
    items = [schemas.Enterprise(**_known(row)) for row in rows[offset : offset + limit]]
    return schemas.Page(items=items, total=len(rows), limit=limit, offset=offset)


@router.get("/grades", tags=["official grade"])
def grades(
    library: Library,
    person: Asker,
    level: Annotated[int | None, Query(ge=1, le=5)] = None,
    region: Prefix = "",
    industry: Prefix = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> schemas.Page[schemas.GradeLine]:
    """List the official grades that you may see on their latest window, in order of enterprise."""
    begins, told = {"region_code": region, "industry_code": industry}, library.overview()
    mine = [name for name, row in visible(library, person).items() if _wanted(row, begins, {})]
    found = [(name, told[name]["grade"]) for name in mine if told.get(name, {}).get("grade")]
    rows = [(name, grade) for name, grade in found if level in (None, grade["level"])]
    shown = rows[offset : offset + limit]
    items = [schemas.GradeLine(enterprise_id=name, **_line(grade)) for name, grade in shown]
    return schemas.Page(items=items, total=len(rows), limit=limit, offset=offset)


@router.get("/enterprises/{enterprise_id:path}/grade", tags=["official grade"])
def grade(
    library: Library, enterprise_id: EnterpriseId, _: Numbers, as_of: AsOf = None
) -> schemas.OfficialGrade:
    """Return the official grade on the twelve months to `as_of` (default: the latest complete month)."""
    found = library.grade(enterprise_id, as_of)
    if found is None:
        raise HTTPException(404, f"enterprise {enterprise_id!r} has no records to grade in that window")
    return schemas.OfficialGrade.model_validate(found.grade)


@router.get(
    "/enterprises/{enterprise_id:path}/forecasts", tags=["forecast"], response_model=schemas.Forecasts
)
async def forecasts(
    response: Response,
    library: Library,
    person: Asker,
    enterprise: Numbers,
    target: TargetQuery = None,
    drivers: WithDrivers = False,
) -> Response:
    """Return the published forecasts: mean and quantiles per target and period. A forecast is not a grade.

    With `drivers=true` what moves each of them stands beside them, in one answer.
    """
    if drivers and not person.sees_details(enterprise):
        raise HTTPException(403, "you may see this enterprise's numbers, not what moves them")
    kinds: tuple[Kind, ...] = ("forecasts", "drivers") if drivers else ("forecasts",)
    return _published(response, library, str(enterprise["enterprise_id"]), kinds, target)


@router.get("/enterprises/{enterprise_id:path}/drivers", tags=["forecast"], response_model=schemas.Drivers)
async def drivers(
    response: Response, library: Library, enterprise: Details, target: TargetQuery = None
) -> Response:
    """Return what moves each forecast (SHAP). Drivers explain a forecast; they are not advice."""
    return _published(response, library, str(enterprise["enterprise_id"]), ("drivers",), target)


@router.get(
    "/enterprises/{enterprise_id:path}/attainment", tags=["forecast"], response_model=schemas.Attainments
)
async def attainment(response: Response, library: Library, enterprise: Numbers) -> Response:
    """Return the probability of each level in the coming months."""
    return _published(response, library, str(enterprise["enterprise_id"]), ("attainment",))


@router.get(
    "/enterprises/{enterprise_id:path}/recommendations",
    tags=["advice"],
    response_model=schemas.Recommendations,
)
async def recommendations(response: Response, library: Library, enterprise: Details) -> Response:
    """Return what to change first, by the effect model; one row without rank if nothing is trustworthy."""
    return _published(response, library, str(enterprise["enterprise_id"]), ("recommendations",))


@last.get("/enterprises/{enterprise_id:path}", tags=["enterprises"])
def enterprise(row: Numbers) -> schemas.Enterprise:
    """Return one enterprise."""
    return schemas.Enterprise(**_known(row))


def _published(
    response: Response,
    library: Reading,
    enterprise_id: str,
    kinds: tuple[Kind, ...],
    target: str | None = None,
) -> Response:
    """Put the slices of the shelf together; the first kind is `items`, others stand under their own name."""
    state = library.at_hand("state") or library.state()
    facts = {
        "model_version": state.model_version or None,
        "fingerprint": state.outlook_fingerprint or state.fingerprint,
        "current": not state.outlook_id or state.outlook_fingerprint == state.fingerprint,
    }
    parts = [
        b'"%s":[%s]' % (name.encode(), library.body(kind, enterprise_id, target))
        for name, kind in zip(("items", *kinds[1:]), kinds, strict=True)
    ]
    body = b"{%s,%s" % (b",".join(parts), json.dumps(facts)[1:].encode())
    return Response(body, media_type="application/json", headers=dict(response.headers))


def _wanted(row: Mapping[str, Any], begins: Mapping[str, str], equal: Mapping[str, str]) -> bool:
    return all(str(row.get(name) or "").startswith(text) for name, text in begins.items()) and all(
        row.get(name) == text for name, text in equal.items() if text
    )


def _line(grade: Mapping[str, Any]) -> dict[str, Any]:
    return {name: grade[name] for name in ("window", "level", "status", "at_most", "binding")}


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in {None, ""}}
