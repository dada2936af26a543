"""Computed scenarios as rows of the workbook: against the forecast as it stands, on the same paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from serving.reports.planning.facts import Case
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk

if TYPE_CHECKING:
    from models.scenarios.keeping import Result
    from serving.scenarios import KeptScenario
    from serving.web.scenarios.schemas import ScenarioColumn

YEARS = (12, 24, 36)
MOST = 8
"""Scenarios of one workbook."""
Computed = Sequence[tuple["KeptScenario", "Result | None"]]


def cases(desk: Desk, wished: Filter, scenarios: Computed) -> tuple[Case, ...]:
    """Return how many newly reach each level after one, two and three years in every computed scenario."""
    from serving.web.scenarios.answers import Asked, comparison

    found = [(own, result) for own, result in scenarios if result is not None][:MOST]
    if not found:
        return ()
    nobody = np.zeros(len(desk.portfolio), dtype=np.bool_)  # costs are no part of these rows
    told = comparison(Asked(desk, wished, found, (), nobody), desk.portfolio.folder.name)
    return tuple(case for column in told.columns[1:] for case in _rows(column))


def _rows(column: ScenarioColumn) -> Iterator[Case]:
    for level, months in column.levels.items():
        for own in months:
            if own.ahead in YEARS:
                yield Case(
                    scenario=column.name,
                    level=int(level),
                    month=own.month,
                    expected=own.count.expected,
                    low=own.count.low,
                    high=own.count.high,
                    more=own.more.expected,
                    more_low=own.more.low,
                    more_high=own.more.high,
                )
