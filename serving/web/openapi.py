"""The OpenAPI document: what an operation that sends a file says, and errors as problem documents only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.reports.media import MEDIA_TYPES
from serving.web.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI

Document = dict[str, Any]
PROBLEM = {"$ref": "#/components/schemas/Problem"}
FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")

ANY_FILE = "application/octet-stream"


def file_of(*kinds: str) -> dict[str, Any]:
    """Return the response of an operation that sends a file of one of these kinds (`docx`, …).

    The last media type is for generated clients, which know no other for bytes.
    """
    types = (*(MEDIA_TYPES[f".{kind}"] for kind in kinds), ANY_FILE)
    schema = {"type": "string", "format": "binary"}
    return {"description": "The file", "content": {name: {"schema": schema} for name in types}}


def describe_problems(app: FastAPI) -> None:
    """Let `app.openapi()` answer the document put right."""
    described = app.openapi

    def openapi() -> Document:
        document = described()
        for operation in _operations(document):
            for status, response in operation["responses"].items():
                if int(status) >= 400 and MEDIA_TYPE in response.get("content", {}):
                    response["content"] = {MEDIA_TYPE: {"schema": PROBLEM}}
        for name in FRAMEWORK_ERRORS:
            document["components"]["schemas"].pop(name, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _operations(document: Document) -> list[Document]:
    return [
        operation
        for methods in document["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict) and "responses" in operation
    ]
