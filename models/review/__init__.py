"""Is the model still good: what the scientist's board shows, put together in a job and read as one file.

What puts it together is loaded when first asked for: the web process only reads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from models.review.reading import read_review

if TYPE_CHECKING:
    from models.review.kept import keep_review, review_part

__all__ = ["keep_review", "read_review", "review_part"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in {"keep_review", "review_part"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("models.review.kept"), name)
