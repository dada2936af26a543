"""Against lost updates: how a version that was read is named, and what is answered if it has changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

from serving.web.problems import MEDIA_TYPE, Problem

STALE: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": words, "content": {MEDIA_TYPE: {}}}
    for status, words in (
        (403, "A role is missing"),
        (409, "It was changed since the version you named"),
        (412, "It was changed since the tag of your `If-Match`"),
    )
}
IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=60, description="The `ETag` that you read")
]
