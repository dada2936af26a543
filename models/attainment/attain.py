"""`zhuoyue attain`: the rules, run on joint sample paths of the future."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from features.evidence import evidence_with_notes
from features.periods import to_index, to_label
from models.attainment import window
from models.attainment.known import Known, known_months
from models.attainment.sample import PATHS, Paths, sample
from models.forecast.forecaster import ForecastModel, ModelRows
from models.results import HORIZONS, LEVELS, AttainmentRow, level_names
from models.rules_numpy import ArrayRules
from qm_rules import grade, load_pack, parse_evidence

if TYPE_CHECKING:
    from features.tables import Tables

Levels = NDArray[np.int8]
Basis = Literal["window", "period"]
INDICATORS = {
    "sigma": "ppm",
    "cpk": "cpk",
    "ftq": "ftq",
    "internal_loss": "internal_loss",
    "external_loss": "external_loss",
}
MEASURED = "measured"


@dataclass(frozen=True)
class State:
    """Where an enterprise stands officially: own levels of indicators and items, and what is not measured."""

    end: int
    status: dict[str, str]
    levels: dict[str, int | None]
    items: dict[str, int | None]

    @property
    def scope(self) -> Literal["grade", "performance"]:
        """`performance` where no management item was ever supplied."""
        return "grade" if any(level is not None for level in self.items.values()) else "performance"


def attain(
    tables: Tables,
    model: ForecastModel,
    enterprise_ids: Sequence[str] | None = None,
    horizon: int = HORIZONS,
    table: ModelRows | None = None,
    as_of: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[AttainmentRow]:
    """Probabilities of each level for every enterprise with monthly forecasts, one row per month and basis.

    What was not measured in the latest official window (not tracked, not supplied, inadmissible) and the
    management items are held at their latest state; `held` names them.
    """
    if table is None:
        from features.model_table import build_model_table

        table = build_model_table(tables, as_of, enterprise_ids)
    wanted = None if enterprise_ids is None else set(enterprise_ids)
    drawn = [
        p
        for p in sample(model, table)
        if p.frequency == "month" and (wanted is None or p.enterprise_id in wanted)
    ]
    months = {p.enterprise_id: p.origin for p in drawn}
    states, known = official_states(tables, months), known_months(tables, months)
    rules, rows = ArrayRules(), []
    for done, paths in enumerate(drawn):
        if progress:
            progress("attainment", done, len(drawn))
        rows += _rows(rules, paths, states[paths.enterprise_id], known[paths.enterprise_id], horizon)
    return rows


def official_states(tables: Tables, months: dict[str, int]) -> dict[str, State]:
    """The official grade's parts of each enterprise at its month."""
    states, pack = {}, load_pack()
    by_month: dict[int, list[str]] = {}
    for enterprise, month in months.items():
        by_month.setdefault(month, []).append(enterprise)
    for month, enterprises in by_month.items():
        for document, notes in evidence_with_notes(tables, enterprises, to_label(month, "month")):
            answer = grade(parse_evidence(document), pack=pack, notes=notes).to_dict()
            states[str(document["enterprise_id"])] = state_of(answer, document.get("management", {}))
    return states


def state_of(answer: dict[str, Any], management: dict[str, int]) -> State:
    """Read a grade's answer."""
    indicators = answer["indicators"]
    items = {item: management.get(item) for item in ArrayRules().book.items}
    return State(
        to_index(answer["window"]["end"]),
        {name: found["status"] for name, found in indicators.items()},
        {name: found["level"] for name, found in indicators.items()},
        items,
    )


def _rows(rules: ArrayRules, paths: Paths, state: State, known: Known, horizon: int) -> list[AttainmentRow]:
    held = tuple(sorted(held_names(state, paths)))
    rows = []
    for basis in ("window", "period"):
        levels = np.stack([path_levels(rules, paths, state, known, h, basis) for h in range(1, horizon + 1)])
        best = np.maximum.accumulate(levels, axis=0)
        rows += [
            AttainmentRow(
                enterprise_id=paths.enterprise_id,
                period=to_label(paths.origin + h, "month"),
                horizon=h,
                basis=basis,
                probabilities=level_names({k: float((levels[h - 1] == k).mean()) for k in LEVELS}),
                reached_by=level_names({k: float((best[h - 1] >= k).mean()) for k in LEVELS[1:]}),
                scope=state.scope,
                held=held,
            )
            for h in range(1, horizon + 1)
        ]
    return rows


def held_names(state: State, paths: Paths) -> set[str]:
    """Indicators that are not forecast, with why, and the management items that are supplied."""
    held = {f"{name}: {status}" for name, status in state.status.items() if status != MEASURED}
    held |= {
        f"{name}: not forecast"
        for name, target in INDICATORS.items()
        if state.status[name] == MEASURED and target not in paths.values
    }
    return held | {item for item, level in state.items.items() if level is not None}


def path_levels(rules: ArrayRules, paths: Paths, state: State, known: Known, h: int, basis: Basis) -> Levels:
    """Each path's level in the month `h` ahead (0: the official window as it is)."""
    indicators: dict[str, Any] = {}
    for name, target in INDICATORS.items():
        moves = state.status[name] == MEASURED and target in paths.values
        indicators[name] = _moving(rules, name, paths, known, h, basis) if moves else state.levels[name]
    level = rules.grade(indicators, state.items).level
    return np.broadcast_to(level, (PATHS if not paths.values else len(next(iter(paths.values.values()))),))


def _moving(rules: ArrayRules, name: str, paths: Paths, known: Known, h: int, basis: Basis) -> Levels:
    path = paths.values[INDICATORS[name]]
    if basis == "period":
        return rules.level_of_value(name, path[:, h - 1])
    if name == "sigma":
        bad, units = window.nonconforming_share(known, path, h)
        return rules.level_of_ratio(name, bad * 1e6, units)
    if name == "cpk":
        return rules.level_of_value(name, window.lowest_cpk(known, path, h))
    if name == "ftq":
        return rules.level_of_value(name, window.rolled_yield(known, path, h))
    return rules.level_of_value(name, window.loss_rate(known, name.split("_")[0], path, h))
