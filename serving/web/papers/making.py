"""Briefing and workbook of a group as files: of the published portfolio, for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from serving.web.language import language
from serving.web.papers.gathering import gathered
from serving.web.papers.names import SiteNames
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk

if TYPE_CHECKING:
    from serving.reports.blocks import Document
    from serving.web.planner.targets import Wanted

Code = Literal["zh", "en"]


def briefing_of(desk: Desk, wished: Filter, wanted: Sequence[Wanted], code: Code) -> Document:
    """Return the briefing of a group in one language; `wanted` are all targets."""
    from serving.reports.briefing.document import briefing

    return briefing(gathered(desk, wished, wanted), SiteNames(language(code)), code)


def workbook_of(desk: Desk, wished: Filter, wanted: Sequence[Wanted]) -> bytes:
    """Return the planning workbook of a group, bilingual."""
    from serving.reports.planning import write_planning
    from serving.web.papers.tabling import tabled

    buffer = BytesIO()
    write_planning(tabled(desk, wished, wanted), buffer)
    return buffer.getvalue()
