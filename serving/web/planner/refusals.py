"""What the planner's routes refuse beyond what every route may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException

from features.documents.refusals import (
    NotYourDocumentError,
    StaleDocumentError,
    TooManyDocumentsError,
    UnknownDocumentError,
)
from serving.web.problems import MEDIA_TYPE, Problem

MORE: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": HTTPStatus(code).phrase, "content": {MEDIA_TYPE: {}}}
    for code in (403, 409, 412, 429)
}
"""Statuses for `responses=` of single routes."""
_STATUS = {
    UnknownDocumentError: 404,
    NotYourDocumentError: 403,
    StaleDocumentError: 412,
    TooManyDocumentsError: 409,
}


@contextmanager
def refused() -> Iterator[None]:
    """Turn what a register of documents refuses into the status that says so."""
    try:
        yield
    except tuple(_STATUS) as error:
        raise HTTPException(_STATUS[type(error)], str(error)) from error
