"""The OpenAPI document, put right where the framework says too much: errors are problem documents only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.web.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI

Document = dict[str, Any]
PROBLEM = {"$ref": "#/components/schemas/Problem"}
FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")


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
