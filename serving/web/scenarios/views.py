"""Scenarios in words: the list, and the columns side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from serving.access import Person, Role
from serving.scenarios import KeptScenario
from serving.web.language import Language
from serving.web.planner.asked import BoardQuery
from serving.web.planner.targets import Wanted
from serving.web.scenarios.figures import side_by_side, told
from serving.web.scenarios.schemas import ScenarioColumn, ScenarioComparison, ScenarioMonth
from serving.web.scenarios.words import about, group
from serving.web.views.words import level_name

ComputedState = Literal["computed", "under_way", "none"]
AHEAD = (6, 12, 24, 36)
"""Months ahead that the table shows; the chart has all."""
LEAST = 0.01
"""A target that no scenario meets with so much is not listed."""


def listed(
    t: Language,
    own: KeptScenario,
    person: Person,
    rows: Mapping[str, Any],
    lists: Mapping[str, str],
    *,
    state: ComputedState,
    chosen: bool,
) -> dict[str, Any]:
    """Return one scenario in the list."""
    return {
        "id": own.id,
        "version": own.version,
        "name": own.wish.name,
        "owner": own.owner,
        "group": group(t, own.wish, lists=lists),
        "about": about(t, own, rows) or [t("scenarios.otherwise.nothing")],
        "open": state == "none",
        "state": t(f"scenarios.state.{state}"),
        "chosen": chosen,
        "given": f"/board/scenarios?given={own.id}",
        "mine": own.owner == person.name or person.has(Role.ADMIN),
    }


def comparison_view(
    t: Language,
    found: ScenarioComparison,
    wished: BoardQuery,
    targets: Sequence[Wanted],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Return chart and tables of a comparison; `names` are the targets' by id."""
    level, columns, step = wished.level, found.columns, str(wished.level)
    months = columns[0].levels[step][: wished.months]
    shown = [month.ahead for month in months if month.ahead in AHEAD]
    title = t("scenarios.newly", level=level_name(t, level))
    return {
        "title": title,
        "figure": side_by_side(t, columns, step, len(months)),
        "label": f"{title} {t.listing([_name(t, column) for column in columns])}",
        "columns": [_head(t, at, column) for at, column in enumerate(columns)],
        "rows": [_months_row(t, columns, step, ahead) for ahead in shown],
        "levels": [_levels_row(t, columns, str(other), shown[-1]) for other in (2, 3, 4, 5)],
        "levels_head": t("scenarios.levels", month=t.period(months[shown[-1] - 1].month)),
        **_targets(t, columns, targets, names),
        "said": [_said(t, column) for column in columns[1:] if column.computed],
        "notes": [note for column in columns if (note := _note(t, column))],
    }


def _name(t: Language, column: ScenarioColumn) -> str:
    return column.name or t("scenarios.as_it_stands")


def _head(t: Language, at: int, column: ScenarioColumn) -> dict[str, Any]:
    return {
        "name": _name(t, column),
        "key": at,
        "computed": column.computed,
    }


def _said(t: Language, column: ScenarioColumn) -> str:
    touched = t("scenarios.touched", count=t.number(column.touched))
    return t("scenarios.said", name=_name(t, column), touched=touched, cost=_cost(t, column)).strip()


def _cost(t: Language, column: ScenarioColumn) -> str:
    own = column.spending
    if own is None:
        return ""
    if own.cost is None:
        return t("scenarios.cost.held", count=t.number(own.offered))
    told = t("scenarios.cost", cost=t.money(own.cost), count=t.number(own.offered))
    return f"{told} {t('scenarios.cost.unpriced', count=t.number(own.unpriced))}" if own.unpriced else told


def _months_row(t: Language, columns: Sequence[ScenarioColumn], step: str, ahead: int) -> dict[str, Any]:
    month = columns[0].levels[step][ahead - 1].month
    return {"name": t.period(month), "cells": [_cell(t, column, step, ahead) for column in columns]}


def _levels_row(t: Language, columns: Sequence[ScenarioColumn], step: str, ahead: int) -> dict[str, Any]:
    return {"name": level_name(t, int(step)), "cells": [_cell(t, column, step, ahead) for column in columns]}


def _cell(t: Language, column: ScenarioColumn, step: str, ahead: int) -> dict[str, str]:
    if not column.levels:
        return {"count": t("none.dash"), "more": ""}
    month = column.levels[step][ahead - 1]
    return {"count": told(t, month), "more": _more(t, month) if column.id else ""}


def _more(t: Language, month: ScenarioMonth) -> str:
    own = month.more
    if own.low == own.high == 0 and abs(own.expected) < 0.05:
        return t("scenarios.no_change")
    sign = "+" if own.expected > 0 else ""
    return t(
        "scenarios.more",
        count=f"{sign}{t.number(own.expected, 1)}",
        low=_signed(t, own.low),
        high=_signed(t, own.high),
    )


def _signed(t: Language, value: int) -> str:
    return f"+{t.number(value)}" if value > 0 else t.number(value)


def _targets(
    t: Language, columns: Sequence[ScenarioColumn], targets: Sequence[Wanted], names: Mapping[str, str]
) -> dict[str, Any]:
    """Return a row for every target that some column may meet; of the others only how many there are."""
    forecast = [at for at, own in enumerate(targets) if own.target.level is not None]
    open_ = [at for at in forecast if any(_likely(column, at) for column in columns)]
    rest = len(forecast) - len(open_)
    return {
        "targets": [_target_row(t, columns, at, names) for at in open_],
        "hopeless": t("scenarios.targets.hopeless", count=t.number(rest)) if rest else "",
    }


def _likely(column: ScenarioColumn, at: int) -> bool:
    return bool(column.targets) and (column.targets[at].probability or 0.0) >= LEAST


def _target_row(
    t: Language, columns: Sequence[ScenarioColumn], at: int, names: Mapping[str, str]
) -> dict[str, Any]:
    cells = [_chance(t, column, at) if column.targets else t("none.dash") for column in columns]
    return {"name": names[columns[0].targets[at].id], "cells": cells}


def _chance(t: Language, column: ScenarioColumn, at: int) -> str:
    probability = column.targets[at].probability
    return t("none.dash") if probability is None else t.chance(probability)


def _note(t: Language, column: ScenarioColumn) -> str:
    """Return what a reader must know: suppliers whose quality is not shown to arrive."""
    return t(f"scenarios.carried.{column.carried}", name=_name(t, column)) if column.carried else ""
