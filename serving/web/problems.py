"""Errors as problem documents (RFC 9457) for programs; pages say the same in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """A problem document."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    request_id: str | None = None
    errors: list[dict[str, Any]] | None = None


def problem(
    request: Request | None,
    status: int,
    detail: str | None = None,
    errors: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the answer to a request that cannot be served."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=quote(request.url.path) if request else None,
        request_id=getattr(request.state, "request_id", None) if request else None,
        errors=errors,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def faults(error: RequestValidationError) -> list[dict[str, Any]]:
    """Return what was found where and what is allowed, without echoing more than 80 characters."""
    return [
        {
            "path": ".".join(str(part) for part in fault["loc"]),
            "found": str(fault.get("input"))[:80],
            "allowed": fault["msg"],
        }
        for fault in error.errors()
    ]


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {}}}
    for status in (400, 401, 403, 404, 413, 422, 429, 500, 503)
}
"""What OpenAPI says about errors of every path."""
