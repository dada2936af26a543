"""From the model table to arrays of one sector: outcomes, lever levels, and the controls known before them.

A row is an enterprise's period t. The outcome and the levers are those of t. Controls are what stood before
the levers were set (own history up to t−1 of outcomes and levers), context of t, and the calendar. Nothing
later than t is ever a control, an `outcome` parameter is none at all: it lies on the path from lever to
quality and would block it.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pandas as pd

from features.model_table import finest
from models.effects.links import ESCAPE, TARGETS, FloatArray, loss_offset, to_link
from models.effects.nuisance import IntArray

OUTCOME_HISTORY: Final = ("last", "lag1", "ew3", "ew12", "mean12")
LEVER_HISTORY: Final = ("last", "ew3", "ew12")
CALENDAR: Final = ("calendar.sin", "calendar.cos", "calendar.dow_sin", "calendar.dow_cos")


class EffectTable(Protocol):
    """The two parts of `features.model_table.ModelTable` that effects are estimated from."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row per entity × period, columns as `build_model_table` documents them."""

    @property
    def parameters(self) -> pd.DataFrame:
        """The record table `parameters`."""


@dataclass(frozen=True)
class Panel:
    """One sector's enterprises, n rows sorted by enterprise and period.

    `outcomes[target]` (n,) on the link scale; `levels` (n, J) lever levels in their own unit, NaN where not
    observed in that period, `spread` (n, J) the standard deviation of their readings within it;
    `surroundings` (n, C) context parameters of t; `controls` (n, p), all known before t but the calendar;
    `who` (n,) index into `enterprises`.
    """

    sector: str
    frequency: str
    enterprises: tuple[str, ...]
    levers: tuple[str, ...]
    who: IntArray
    t: IntArray
    outcomes: dict[str, FloatArray]
    levels: FloatArray
    controls: FloatArray
    control_names: tuple[str, ...]
    spread: FloatArray
    surroundings: FloatArray
    surrounding_names: tuple[str, ...]


def sector_of(industry_code: str | None) -> str:
    """The two-digit division of GB/T 4754 without its section letter: plants that share physics share
    effects.
    """
    digits = "".join(c for c in str(industry_code or "") if c.isdigit())
    return digits[:2]


def build_panels(table: EffectTable) -> list[Panel]:
    """One panel per frequency × sector, from the rows that stand for enterprises as a whole at their own
    pace.
    """
    whole = table.frame[table.frame["product_id"] == ""]
    frame = finest(whole).sort_values(["enterprise_id", "t"])
    codes = frame.get("industry_code", pd.Series("", index=frame.index))
    groups = frame.groupby([frame["frequency"], codes.map(sector_of)], sort=True)
    return [_panel(str(f), str(s), part.reset_index(drop=True), table.parameters) for (f, s), part in groups]


def kinds_of(parameters: pd.DataFrame, enterprises: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Parameter ids that have this kind in any of the enterprises; blank counts as context
    (DATA_STANDARD.md).
    """
    mine = parameters[parameters["enterprise_id"].isin(enterprises)]
    found = mine.loc[mine["kind"].fillna("context").replace("", "context") == kind, "parameter_id"]
    return tuple(sorted(set(found)))


def _panel(frequency: str, sector: str, frame: pd.DataFrame, parameters: pd.DataFrame) -> Panel:
    enterprises = tuple(sorted(set(frame["enterprise_id"])))
    outcome_ids = set(kinds_of(parameters, enterprises, "outcome"))
    known = [p for p in kinds_of(parameters, enterprises, "actionable") if _is_read(frame, p)]
    levers = tuple(p for p in known if p not in outcome_ids)
    context = [
        p for p in kinds_of(parameters, enterprises, "context") if p not in outcome_ids and p not in levers
    ]
    leads = _leads(parameters, enterprises)
    controls = _controls(frame, levers, context, leads)
    return Panel(
        sector=sector,
        frequency=frequency,
        enterprises=enterprises,
        levers=levers,
        who=pd.Categorical(frame["enterprise_id"], categories=enterprises).codes.astype(np.int64),
        t=frame["t"].to_numpy(np.int64),
        outcomes=_outcomes(frame),
        levels=_columns([_lever_level(frame, p, parameters, leads.get(p, 0)) for p in levers], len(frame)),
        controls=controls.to_numpy(np.float64),
        control_names=tuple(controls.columns),
        spread=_columns([_numbers(frame, f"param.{p}.sd") for p in levers], len(frame)),
        surroundings=_columns([_numbers(frame, f"param.{p}.last") for p in context], len(frame)),
        surrounding_names=tuple(context),
    )


def _is_read(frame: pd.DataFrame, parameter: str) -> bool:
    return f"param.{parameter}.last" in frame and bool(frame[f"param.{parameter}.last"].notna().any())


def _leads(parameters: pd.DataFrame, enterprises: tuple[str, ...]) -> dict[str, int]:
    mine = parameters[parameters["enterprise_id"].isin(enterprises)]
    leads = (
        pd.to_numeric(mine["lead_periods"], errors="coerce").fillna(0)
        if "lead_periods" in mine
        else 0.0 * mine.index
    )
    return {str(p): int(lead) for p, lead in zip(mine["parameter_id"], leads, strict=True)}


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(np.nan, index=frame.index)
    return frame[column].astype(np.float64)


def _columns(series: list[pd.Series], n: int) -> FloatArray:
    return np.column_stack([s.to_numpy(np.float64) for s in series]) if series else np.zeros((n, 0))


def _shift(frame: pd.DataFrame, values: pd.Series, periods: int) -> pd.Series:
    return values.groupby(frame["enterprise_id"]).shift(periods)


def _lever_level(frame: pd.DataFrame, lever: str, parameters: pd.DataFrame, lead: int) -> pd.Series:
    """The lever's level of period t−lead, NaN where no reading was taken (a carried-forward value is not a
    reading).
    """
    level, spread = _numbers(frame, f"param.{lever}.last"), _numbers(frame, f"param.{lever}.sd")
    mine = set(
        parameters.loc[
            (parameters["parameter_id"] == lever) & (parameters["kind"] == "actionable"), "enterprise_id"
        ]
    )
    repeated = spread.notna().groupby(frame["enterprise_id"]).transform("mean") > 0.5
    carried = repeated & spread.isna() & (level == _shift(frame, level, 1))
    return _shift(frame, level.where(~carried & frame["enterprise_id"].isin(mine)), lead)


def _offset(frame: pd.DataFrame, target: str) -> pd.Series:
    values = _numbers(frame, target).groupby(frame["enterprise_id"])
    return values.transform(lambda x: loss_offset(x.to_numpy(np.float64)))


def _outcomes(frame: pd.DataFrame) -> dict[str, FloatArray]:
    """Every target on record, and the escape share where both of its parts are."""
    found = {y: _outcome(frame, y) for y in TARGETS if y in frame}
    return found | {ESCAPE: found["ppm"] - found["ftq"]} if {"ppm", "ftq"} <= set(found) else found


def _outcome(frame: pd.DataFrame, target: str) -> FloatArray:
    clipped = target == "ftq" and "q.ftq_clipped" in frame
    raw = _numbers(frame, target)
    value = _numbers(frame, "q.ftq_clipped").where(raw.notna()) if clipped else raw
    return to_link(target, value, _offset(frame, target))


def _controls(
    frame: pd.DataFrame, levers: tuple[str, ...], context: list[str], leads: dict[str, int]
) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for target in TARGETS:
        offset = _offset(frame, target) if target in frame else 0.0
        for f in OUTCOME_HISTORY:
            linked = pd.Series(to_link(target, _numbers(frame, f"{target}.{f}"), offset), index=frame.index)
            columns[f"{target}.{f}"] = _shift(frame, linked, 1)
    for p in levers:
        for f in LEVER_HISTORY:
            columns[f"param.{p}.{f}"] = _shift(frame, _numbers(frame, f"param.{p}.{f}"), 1 + leads.get(p, 0))
    for p in context:
        columns |= {
            f"param.{p}.{f}": _shift(frame, _numbers(frame, f"param.{p}.{f}"), 1) for f in LEVER_HISTORY
        }
    means = {
        f"{c}.mean": _past_mean(frame, columns[c])
        for c in columns
        if c.endswith(".last") and c[6:-5] not in context
    }
    squares = {
        f"{c}.square": _square(columns[c]) for p in levers for c in (f"param.{p}.last", f"param.{p}.ew3")
    }
    calendar = {c: _numbers(frame, c) for c in CALENDAR if c in frame}
    return pd.DataFrame(columns | means | squares | calendar, index=frame.index).dropna(axis=1, how="all")


def _square(values: pd.Series) -> pd.Series:
    """Squared distance from the sector's mean: what a lever with an optimum leaves in history."""
    return (values - values.mean()) ** 2


def _past_mean(frame: pd.DataFrame, lagged: pd.Series) -> pd.Series:
    """Mean of everything known before t: a plant's own level, without the future that a full-sample mean
    would leak.
    """
    seen = lagged.notna().astype(np.float64).groupby(frame["enterprise_id"]).cumsum()
    return lagged.groupby(frame["enterprise_id"]).cumsum() / seen.where(seen > 0)
