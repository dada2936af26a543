"""A chain's papers as files: the proposal, and the workbook with live formulas."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from serving.web.declarations import a_turn, disposition

if TYPE_CHECKING:
    from serving.reports.chain.gathering import Gathered

KINDS: Final = ("docx", "pdf", "xlsx")
TITLES: Final = {"zh": "产业链质量提升工作簿", "en": "Chain workbook"}


def paper(found: Gathered, kind: str, language: str) -> Response:
    """Return a file of one of `KINDS`."""
    from serving.reports.media import MEDIA_TYPES

    with a_turn():
        title, content = _workbook(found, language) if kind == "xlsx" else _printed(found, kind, language)
    name = f"{title}_{found.study.name}_{found.study.period}.{kind}"
    headers = {"content-disposition": disposition(name, kind, "chain"), "cache-control": "no-cache"}
    return Response(content, media_type=MEDIA_TYPES[f".{kind}"], headers=headers)


def _printed(found: Gathered, kind: str, language: str) -> tuple[str, bytes]:
    from serving.reports.writing import printed

    document = found.document(language)
    return document.parts[0].title, printed(document, f".{kind}")


def _workbook(found: Gathered, language: str) -> tuple[str, bytes]:
    from serving.reports.chain.workbook import write_chain_workbook

    buffer = BytesIO()
    write_chain_workbook(found.telling(language), buffer)
    return TITLES[language], buffer.getvalue()
