"""Scenarios counted over whom the asker sees: whole-array counts, the same for API, pages and the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.periods import to_label
from models.portfolio.firsts import Mask
from models.scenarios.comparing import STEPS, Compared, Count, compared, spending, with_result
from models.scenarios.keeping import Result
from serving.scenarios import KeptScenario
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.planner.targets import Wanted
from serving.web.scenarios.schemas import (
    ScenarioColumn,
    ScenarioComparison,
    ScenarioCount,
    ScenarioMonth,
    ScenarioSpending,
    ScenarioTarget,
)

AS_IT_STANDS = ""
"""The name of the column in which nothing is otherwise."""


@dataclass(frozen=True)
class Asked:
    """What is compared: scenarios with what was computed of them (None: not yet), over a group (R booleans),
    with targets. `own` R booleans: of whom the asker sees actions and costs one by one.
    """

    desk: Desk
    wished: Filter
    scenarios: Sequence[tuple[KeptScenario, Result | None]]
    targets: Sequence[Wanted]
    own: Mask


def comparison(asked: Asked, outlook_id: str) -> ScenarioComparison:
    """Count every scenario beside the forecast as it stands."""
    portfolio, basis, members = asked.desk.portfolio, asked.wished.basis, asked.desk.members(asked.wished)
    plain = _counted(asked, members, None)
    columns = [_column(AS_IT_STANDS, plain, plain, asked)]
    for scenario, result in asked.scenarios:
        columns.append(_of_scenario(asked, members, plain, scenario, result))
    return ScenarioComparison(
        basis=basis,
        as_of=to_label(portfolio.today, "month"),
        enterprises=int(members.sum()),
        without_forecast=int((members & ~portfolio.forecast).sum()),
        columns=columns,
        outlook_id=outlook_id,
    )


def _counted(asked: Asked, members: Mask, result: Result | None) -> Compared:
    portfolio, basis = asked.desk.portfolio, asked.wished.basis
    known = portfolio if result is None else with_result(portfolio, result, basis)
    return compared(known, basis, members, [(own.target, own.among) for own in asked.targets])


def _of_scenario(
    asked: Asked, members: Mask, plain: Compared, scenario: KeptScenario, result: Result | None
) -> ScenarioColumn:
    if result is None:
        return _column(scenario.wish.name, None, plain, asked, scenario)
    found = _column(scenario.wish.name, _counted(asked, members, result), plain, asked, scenario)
    rows = np.array([asked.desk.portfolio.place[name] for name in result.enterprise_ids], dtype=np.int64)
    return found.model_copy(
        update={
            "touched": int(members[rows].sum()),
            "carried": result.said["carried"],
            "spending": _spending(asked, scenario, result, members, rows),
        }
    )


def _spending(
    asked: Asked, scenario: KeptScenario, result: Result, members: Mask, rows: np.ndarray
) -> ScenarioSpending | None:
    programme = scenario.wish.programme
    if programme is None:
        return None
    chosen = members[rows]
    found = spending(result, chosen, programme.share, own=bool(asked.own[rows][chosen].all()))
    return ScenarioSpending(**vars(found))


def _column(
    name: str, found: Compared | None, plain: Compared, asked: Asked, scenario: KeptScenario | None = None
) -> ScenarioColumn:
    return ScenarioColumn(
        id=scenario.id if scenario else None,
        name=name,
        computed=found is not None,
        touched=0,
        carried=None,
        levels={str(level): _months(found, plain, level, asked) for level in STEPS} if found else {},
        targets=[_target(asked, at, found) for at in range(len(asked.targets))] if found else [],
        spending=None,
    )


def _months(found: Compared, plain: Compared, level: int, asked: Asked) -> list[ScenarioMonth]:
    columns = zip(asked.desk.portfolio.ahead, found.counts(level), found.more(plain, level), strict=True)
    return [
        ScenarioMonth(month=month, ahead=ahead, count=_count(count), more=_count(more))
        for ahead, (month, count, more) in enumerate(columns, start=1)
    ]


def _count(found: Count) -> ScenarioCount:
    return ScenarioCount(**vars(found))


def _target(asked: Asked, at: int, found: Compared) -> ScenarioTarget:
    progress = found.targets[at]
    low, high = progress.range
    return ScenarioTarget(
        id=asked.targets[at].target.id,
        expected=progress.expected,
        low=low,
        high=high,
        probability=progress.probability,
    )
