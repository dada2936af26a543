"""Briefing and workbook of a group as files: of the published portfolio, for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from serving.web.language import language
from serving.web.papers.cases import Computed, cases
from serving.web.papers.gathering import gathered
from serving.web.papers.helping import help_for
from serving.web.papers.names import SiteNames
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk

if TYPE_CHECKING:
    from serving.reports.blocks import Document
    from serving.web.planner.targets import Wanted

Code = Literal["zh", "en"]


def briefing_of(
    desk: Desk, wished: Filter, wanted: Sequence[Wanted], code: Code, *, details: bool
) -> Document:
    """Return the briefing of a group in one language; `wanted` are all targets, `details` whether the reader
    sees actions and costs of every single enterprise of the group.
    """
    from serving.reports.briefing.document import briefing

    found = help_for(desk, wished, wanted, details=details)
    return briefing(
        gathered(desk, wished, wanted, (found.offer,) if found else ()), SiteNames(language(code)), code
    )


def workbook_of(
    desk: Desk, wished: Filter, wanted: Sequence[Wanted], scenarios: Computed = (), *, details: bool
) -> bytes:
    """Return the planning workbook of a group, bilingual; as `briefing_of`, with the computed scenarios."""
    from serving.reports.planning.writing import write_planning
    from serving.web.papers.tabling import tabled

    buffer = BytesIO()
    found = help_for(desk, wished, wanted, details=details)
    known = replace(tabled(desk, wished, wanted, found), cases=cases(desk, wished, scenarios))
    write_planning(known, buffer)
    return buffer.getvalue()
