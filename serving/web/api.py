"""`/api/v1`: the same answers as the pages, typed. Every route parses, asks once, and shapes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response

from models.results import Target
from serving.web import schemas
from serving.web.problems import RESPONSES
from serving.web.reading import Kind, Reading, UnknownEnterpriseError

EnterpriseId = Annotated[str, Path(min_length=1, max_length=200, description="Id of the enterprise")]
AsOf = Annotated[
    str | None,
    Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Last month of the window, `YYYY-MM`"),
]
TargetQuery = Annotated[Target | None, Query(description="Only rows of this target")]


class NotModified(Exception):  # noqa: N818 - not an error: the reader already has the answer
    """The reader's copy is still good."""

    def __init__(self, etag: str) -> None:
        """Carry the tag that the answer repeats."""
        super().__init__(etag)
        self.etag = etag


def reading(request: Request) -> Reading:
    """Return what the application reads from."""
    found: Reading = request.app.state.reading
    return found


Library = Annotated[Reading, Depends(reading)]


def tagged(request: Request, response: Response, library: Library) -> None:
    """Give the answer an ETag of data, outlook, address and version; stop early if the reader has it."""
    state = library.state()
    address = f"{request.url.path}?{request.url.query}"
    parts = (state.fingerprint, state.outlook_id, address, request.app.version)
    etag = f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'
    seen = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in seen or "*" in seen:
        raise NotModified(etag)
    response.headers["etag"] = etag
    response.headers["cache-control"] = "no-cache"


router = APIRouter(prefix="/api/v1", dependencies=[Depends(tagged)], responses=RESPONSES)


@router.get("/enterprises", tags=["enterprises"])
def enterprises(
    library: Library,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> schemas.Page[schemas.Enterprise]:
    """List the enterprises in order of id."""
    rows = list(library.enterprises().values())
    items = [schemas.Enterprise(**_known(row)) for row in rows[offset : offset + limit]]
    return schemas.Page(items=items, total=len(rows), limit=limit, offset=offset)


@router.get("/enterprises/{enterprise_id:path}/grade", tags=["official grade"])
def grade(library: Library, enterprise_id: EnterpriseId, as_of: AsOf = None) -> schemas.OfficialGrade:
    """Return the official grade on the twelve months to `as_of` (default: the latest complete month)."""
    found = library.grade(enterprise_id, as_of)
    if found is None:
        raise HTTPException(404, f"enterprise {enterprise_id!r} has no records to grade in that window")
    return schemas.OfficialGrade.model_validate(found.grade)


@router.get("/enterprises/{enterprise_id:path}/forecasts", tags=["forecast"])
def forecasts(library: Library, enterprise_id: EnterpriseId, target: TargetQuery = None) -> schemas.Forecasts:
    """Return the published forecasts: mean and quantiles per target and period. A forecast is not a grade."""
    return schemas.Forecasts(**_published(library, "forecasts", enterprise_id, target))


@router.get("/enterprises/{enterprise_id:path}/drivers", tags=["forecast"])
def drivers(library: Library, enterprise_id: EnterpriseId, target: TargetQuery = None) -> schemas.Drivers:
    """Return what moves each forecast (SHAP). Drivers explain a forecast; they are not advice."""
    return schemas.Drivers(**_published(library, "drivers", enterprise_id, target))


@router.get("/enterprises/{enterprise_id:path}/attainment", tags=["forecast"])
def attainment(library: Library, enterprise_id: EnterpriseId) -> schemas.Attainments:
    """Return the probability of each level in the coming months."""
    return schemas.Attainments(**_published(library, "attainment", enterprise_id))


@router.get("/enterprises/{enterprise_id:path}/recommendations", tags=["advice"])
def recommendations(library: Library, enterprise_id: EnterpriseId) -> schemas.Recommendations:
    """Return what to change first, by the effect model; one row without rank if nothing is trustworthy."""
    return schemas.Recommendations(**_published(library, "recommendations", enterprise_id))


@router.get("/enterprises/{enterprise_id:path}", tags=["enterprises"])
def enterprise(library: Library, enterprise_id: EnterpriseId) -> schemas.Enterprise:
    """Return one enterprise."""
    # Declared last: ids may hold a slash, and this path would swallow those above.
    rows = library.enterprises()
    if enterprise_id not in rows:
        raise UnknownEnterpriseError(enterprise_id)
    return schemas.Enterprise(**_known(rows[enterprise_id]))


def _published(library: Reading, kind: Kind, enterprise_id: str, target: str | None = None) -> dict[str, Any]:
    if enterprise_id not in library.enterprises():
        raise UnknownEnterpriseError(enterprise_id)
    rows = library.outlook(kind, enterprise_id)
    state = library.state()
    return {
        "items": [row for row in rows if target is None or row["target"] == target],
        "model_version": state.model_version or None,
        "fingerprint": state.fingerprint,
    }


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in {None, ""}}
