"""`zhuoyue attain`: the rules, run on joint sample paths of the future."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from features.periods import to_label
from models.attainment.chances import Chances
from models.attainment.known import Array
from models.attainment.level_model import LevelModel
from models.attainment.levels import TARGET_OF, Levels, graded, path_levels
from models.attainment.official import MEASURED, State
from models.attainment.sample import Sample
from models.attainment.sectors import without_records
from models.attainment.start import Start, parts, start
from models.forecast.forecaster import ForecastModel, ModelRows
from models.results import HORIZONS, LEVELS, AttainmentRow, level_names
from models.rules_numpy import ArrayRules

if TYPE_CHECKING:
    from features.tables import Tables

Basis = Literal["window", "period"]
Progress = Callable[[str, int, int], None]


def attain(
    tables: Tables,
    model: ForecastModel,
    enterprise_ids: Sequence[str] | None = None,
    horizon: int = HORIZONS,
    table: ModelRows | None = None,
    as_of: str | None = None,
    progress: Progress | None = None,
    begun: Start | None = None,
) -> list[AttainmentRow]:
    """Probabilities of each level for every enterprise with monthly forecasts, one row per month and basis.

    What was not measured in the latest official window (not tracked, not supplied, inadmissible) and the
    management items are held at their latest state; `held` names them. Only a Cpk that is inadmissible today
    may be admitted again, where training has learned how often that happens. A registered enterprise
    without any record gets what its sector shows today. `begun` is `start(tables, model, table)`, where
    it was drawn already.
    """
    if table is None:
        from features.model_table import build_model_table

        table = build_model_table(tables, as_of, enterprise_ids)
    learned, begun = LevelModel.from_dict(model.levels), begun or start(tables, model, table)
    rows = _of_sample(begun.within(HORIZONS), learned, horizon, progress) if begun else []
    if enterprise_ids is not None:
        rows = [row for row in rows if row.enterprise_id in set(enterprise_ids)]
    last_month = as_of or model.facts.get("periods", {}).get("month", (None, None))[1]
    return [*rows, *without_records(tables, learned.sectors, last_month, enterprise_ids, horizon)]


def _of_sample(
    begun: Start, learned: LevelModel, horizon: int, progress: Progress | None
) -> list[AttainmentRow]:
    rules = ArrayRules()
    rows: list[AttainmentRow] = []
    for part in parts(len(begun.sample)):
        if progress:
            progress("attainment", part.start, len(begun.sample))
        rows += _rows(rules, learned, begun, part, horizon)
    return rows


def _rows(
    rules: ArrayRules, learned: LevelModel, begun: Start, part: slice, horizon: int
) -> Iterator[AttainmentRow]:
    found = path_levels(rules, begun, part, learned.admission)
    window = learned.blended(found, begun.sample.enterprise_ids[part])
    levels: dict[Basis, Levels] = {
        "window": graded(rules, window, begun.states[part]),
        "period": graded(rules, found.month, begun.states[part]),
    }
    chances = {basis: Chances.of(own[:, :, :horizon]) for basis, own in levels.items()}
    for row, number in enumerate(range(part.start, part.stop)):
        yield from _of_enterprise(begun, number, row, chances)


def _of_enterprise(
    begun: Start, number: int, row: int, chances: dict[Basis, Chances]
) -> Iterator[AttainmentRow]:
    state, origin = begun.states[number], int(begun.sample.origin[number])
    held = tuple(sorted(held_names(state, begun.sample, number)))
    for basis, found in chances.items():
        for h in range(found.exactly.shape[1]):
            yield AttainmentRow(
                enterprise_id=begun.sample.enterprise_ids[number],
                period=to_label(origin + h + 1, "month"),
                horizon=h + 1,
                basis=basis,
                probabilities=named(LEVELS, found.exactly[row, h]),
                reached_by=named(LEVELS[1:], found.reached[row, h, 1:]),
                held_for_three=named(LEVELS[1:], found.kept[row, h, 1:]),
                scope=state.scope,
                held=held,
            )


def held_names(state: State, drawn: Sample, row: int) -> set[str]:
    """Indicators that are not forecast, with why, and the management items that are supplied."""
    held = {f"{name}: {status}" for name, status in state.status.items() if status != MEASURED}
    held |= {
        f"{name}: not forecast"
        for name, target in TARGET_OF.items()
        if state.status[name] == MEASURED and not drawn.forecasts(target, row)
    }
    return held | {item for item, level in state.items.items() if level is not None}


def named(levels: Sequence[int], values: Array) -> dict[str, float]:
    """Probabilities by level, as rows have them."""
    return level_names(dict(zip(levels, values.tolist(), strict=True)))
