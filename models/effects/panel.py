"""From the model table to arrays of one sector: yields of steps, other outcomes, readings of levers and
surroundings.

Every array is dense over enterprises × periods, NaN where nothing was recorded. An `outcome` parameter is in
none of them: it lies on the path from lever to quality and would block it.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.aggregates.steps import STEPS
from features.model_table import finest
from models.effects.links import ESCAPE, TARGETS, FloatArray, loss_offset, to_link

IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

EVERYWHERE: Final = -1
"""Place of a lever that names no step: it may act on all of them."""

LEAST_MONTHS: Final = 18

FEWEST_FAILING: Final = 0.3
"""A step's expected failing units per period are not taken for fewer: the logarithm ends there."""


class EffectTable(Protocol):
    """The two parts of `features.model_table.ModelTable` that effects are estimated from."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row per entity × period, columns as `build_model_table` documents them."""

    @property
    def parameters(self) -> pd.DataFrame:
        """The record table `parameters`, with each parameter's `step`."""


@dataclass(frozen=True)
class Panel:
    """One sector's E enterprises over T periods, `first` being the number of the first one.

    `steps` (E, P, T) is log(−log yield) of each step of the route, `counting` (E, P, T) the variance that
    counting failures gives it. `outcomes[target]` (E, T) are on their links (`models.effects.links`),
    `escape_counting` (E, T) the variance of the escape share by counting what came back.
    `levels` (E, K, T) are readings in their own unit: J levers, then the surroundings; `spread` (E, K) is the
    standard deviation of readings within a period. `place` (E, J) is the step a lever acts on (index, or
    `EVERYWHERE`), `lead` (J,) after how many periods it begins to act.
    """

    sector: str
    frequency: str
    enterprises: tuple[str, ...]
    levers: tuple[str, ...]
    surrounding_names: tuple[str, ...]
    first: int
    steps: FloatArray
    counting: FloatArray
    outcomes: dict[str, FloatArray]
    escape_counting: FloatArray
    levels: FloatArray
    spread: FloatArray
    place: IntArray
    lead: IntArray

    @property
    def periods(self) -> int:
        """T, the number of periods from the first to the last record of the sector."""
        return int(self.steps.shape[2])


def sector_of(industry_code: str | None) -> str:
    """The two-digit division of GB/T 4754 without its section letter: plants that share physics share
    effects.
    """
    digits = "".join(c for c in str(industry_code or "") if c.isdigit())
    return digits[:2]


def build_panels(table: EffectTable) -> list[Panel]:
    """One panel per frequency × sector, from the rows that stand for enterprises as a whole (`paced`)."""
    frame = paced(table.frame).sort_values(["enterprise_id", "t"])
    codes = frame.get("industry_code", pd.Series("", index=frame.index))
    groups = frame.groupby([frame["frequency"], codes.map(sector_of)], sort=True)
    return [_panel(str(f), str(s), part.reset_index(drop=True), table.parameters) for (f, s), part in groups]


def paced(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of enterprises as a whole that effects are estimated from: months where enough of them know a
    yield, so that all plants of a sector inform each other, else each at its own pace.
    """
    whole = frame[frame["product_id"] == ""]
    monthly = whole["frequency"] == "month"
    months = _numbers(whole, "ftq").where(monthly).groupby(whole["enterprise_id"]).transform("count")
    enough = months >= LEAST_MONTHS
    own = whole.index.isin(finest(whole).index)
    kept: pd.DataFrame = whole[(enough & monthly) | (~enough & own)]
    return kept


def kinds_of(parameters: pd.DataFrame, enterprises: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Parameter ids that have this kind in any of the enterprises; blank counts as context
    (DATA_STANDARD.md).
    """
    mine = parameters[parameters["enterprise_id"].isin(enterprises)]
    found = mine.loc[mine["kind"].fillna("context").replace("", "context") == kind, "parameter_id"]
    return tuple(sorted(set(found)))


@dataclass(frozen=True)
class _Grid:
    """Where rows of a frame stand in a dense array (E, T)."""

    frame: pd.DataFrame
    who: IntArray
    at: IntArray
    shape: tuple[int, int]

    def of(self, values: pd.Series) -> FloatArray:
        dense = np.full(self.shape, np.nan)
        dense[self.who, self.at] = values.to_numpy(np.float64)
        return dense

    def column(self, name: str) -> FloatArray:
        return self.of(_numbers(self.frame, name))

    def stacked(self, series: list[FloatArray]) -> FloatArray:
        return np.stack(series, axis=1) if series else np.zeros((self.shape[0], 0, self.shape[1]))


def _panel(frequency: str, sector: str, frame: pd.DataFrame, parameters: pd.DataFrame) -> Panel:
    enterprises = tuple(sorted(set(frame["enterprise_id"])))
    first, last = int(frame["t"].min()), int(frame["t"].max())
    who = pd.Categorical(frame["enterprise_id"], categories=enterprises).codes.astype(np.int64)
    grid = _Grid(frame, who, frame["t"].to_numpy(np.int64) - first, (len(enterprises), last - first + 1))
    mine = parameters[parameters["enterprise_id"].isin(enterprises)]
    levers, context = _roles(frame, mine, enterprises)
    steps, counting = _steps(grid)
    everything = [*levers, *context]
    return Panel(
        sector=sector,
        frequency=frequency,
        enterprises=enterprises,
        levers=levers,
        surrounding_names=context,
        first=first,
        steps=steps,
        counting=counting,
        outcomes={y: grid.of(x) for y, x in _outcomes(frame).items()},
        escape_counting=_returned(grid),
        levels=grid.stacked([_readings(grid, p, mine, p in levers) for p in everything]),
        spread=_spread(grid, everything),
        place=_places(mine, enterprises, levers, steps.shape[1]),
        lead=_leads(mine, levers),
    )


def _roles(
    frame: pd.DataFrame, parameters: pd.DataFrame, enterprises: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(levers, surroundings) that have readings; whatever is an outcome anywhere in the sector is neither."""
    outcomes = set(kinds_of(parameters, enterprises, "outcome"))
    read = [p for p in kinds_of(parameters, enterprises, "actionable") if _is_read(frame, p)]
    levers = tuple(p for p in read if p not in outcomes)
    around = [p for p in kinds_of(parameters, enterprises, "context") if _is_read(frame, p)]
    return levers, tuple(p for p in around if p not in outcomes and p not in levers)


def _is_read(frame: pd.DataFrame, parameter: str) -> bool:
    return f"param.{parameter}.last" in frame and bool(frame[f"param.{parameter}.last"].notna().any())


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(np.nan, index=frame.index)
    return frame[column].astype(np.float64)


def _steps(grid: _Grid) -> tuple[FloatArray, FloatArray]:
    """Links of the steps' yields and their counting variances; where no step is known the whole yield is the
    first step.
    """
    shares = [grid.column(f"q.process.{step}") for step in range(1, STEPS + 1)]
    used = max([k + 1 for k, s in enumerate(shares) if np.isfinite(s).any()], default=1)
    share = np.stack(shares[:used], axis=1)
    whole = grid.of(_numbers(grid.frame, "q.ftq_clipped").fillna(_numbers(grid.frame, "ftq")))
    without = ~np.isfinite(share).any(axis=(1, 2))
    share[without, 0] = whole[without]
    return to_link("ftq", share), _counting(share, grid.column("q.submitted"))


def _counting(share: FloatArray, submitted: FloatArray) -> FloatArray:
    """Variance of log failures: one over what a step usually fails of so many units (Poisson, delta
    method); a plant that does not say how many counts as one that submits a thousand.
    """
    known = np.maximum(np.isfinite(share).sum(axis=2), 1)
    usual = np.nansum(1 - share, axis=2) / known
    units = np.where(np.isfinite(submitted), submitted, 1000.0)
    return np.asarray(1 / np.maximum(usual[:, :, None] * units[:, None, :], FEWEST_FAILING))


def _returned(grid: _Grid) -> FloatArray:
    """One over the nonconforming units that usually come back of so many delivered."""
    units, back = grid.column("q.units"), grid.column("q.nonconforming")
    both = np.isfinite(units) & np.isfinite(back)
    sold = np.where(both, units, 0.0).sum(axis=1)
    rate = np.where(both, back, 0.0).sum(axis=1) / np.maximum(sold, 1.0)
    return np.asarray(1 / np.maximum(rate[:, None] * np.nan_to_num(units), FEWEST_FAILING))


def _readings(grid: _Grid, parameter: str, parameters: pd.DataFrame, lever: bool) -> FloatArray:
    """A parameter's level of each period, NaN where no reading was taken (a carried-forward value is none)
    and, for a lever, where the enterprise may not move it.
    """
    level, spread = grid.column(f"param.{parameter}.last"), grid.column(f"param.{parameter}.sd")
    before = np.concatenate([np.full((len(level), 1), np.nan), level[:, :-1]], axis=1)
    repeated = np.isfinite(spread).sum(axis=1) > 0.5 * np.isfinite(level).sum(axis=1)
    carried = repeated[:, None] & np.isnan(spread) & (level == before)
    if lever:
        named = parameters[(parameters["parameter_id"] == parameter) & (parameters["kind"] == "actionable")]
        owners = np.unique(grid.who[grid.frame["enterprise_id"].isin(named["enterprise_id"]).to_numpy()])
        carried |= ~np.isin(np.arange(len(level)), owners)[:, None]
    return np.asarray(np.where(carried, np.nan, level))


def _spread(grid: _Grid, names: list[str]) -> FloatArray:
    """Root mean square of readings' standard deviation within a period, NaN where readings never repeat."""
    squares = grid.stacked([grid.column(f"param.{p}.sd") ** 2 for p in names])
    seen = np.isfinite(squares).sum(axis=2)
    return np.sqrt(np.where(seen > 0, np.nansum(squares, axis=2) / np.maximum(seen, 1), np.nan))


def _wide(
    parameters: pd.DataFrame, enterprises: tuple[str, ...], names: tuple[str, ...], column: str
) -> FloatArray:
    if column not in parameters or parameters.empty:
        return np.full((len(enterprises), len(names)), np.nan)
    wide = parameters.assign(value=pd.to_numeric(parameters[column], errors="coerce")).pivot_table(
        index="enterprise_id", columns="parameter_id", values="value", aggfunc="first", dropna=False
    )
    return wide.astype(float).reindex(index=list(enterprises), columns=list(names)).to_numpy(np.float64)


def _places(
    parameters: pd.DataFrame, enterprises: tuple[str, ...], levers: tuple[str, ...], steps: int
) -> IntArray:
    step = _wide(parameters, enterprises, levers, "step")
    known = np.isfinite(step) & (step <= steps)
    return np.where(known, np.nan_to_num(step) - 1, EVERYWHERE).astype(np.int64)


def _leads(parameters: pd.DataFrame, levers: tuple[str, ...]) -> IntArray:
    """Periods until a lever begins to act, (J,): the longest that any of the sector's plants names."""
    if "lead_periods" not in parameters:
        return np.zeros(len(levers), dtype=np.int64)
    lead = pd.to_numeric(parameters["lead_periods"], errors="coerce").fillna(0)
    longest = lead.groupby(parameters["parameter_id"]).max()
    return longest.reindex(list(levers)).fillna(0).to_numpy(np.int64)


def _outcomes(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Every target on record, and the escape share where both of its parts are."""
    found = {y: _outcome(frame, y) for y in TARGETS if y in frame}
    return found | {ESCAPE: found["ppm"] - found["ftq"]} if {"ppm", "ftq"} <= set(found) else found


def _outcome(frame: pd.DataFrame, target: str) -> pd.Series:
    clipped = target == "ftq" and "q.ftq_clipped" in frame
    raw = _numbers(frame, target)
    value = _numbers(frame, "q.ftq_clipped").where(raw.notna()) if clipped else raw
    offset = value.groupby(frame["enterprise_id"]).transform(lambda x: loss_offset(x.to_numpy(np.float64)))
    return pd.Series(to_link(target, value, offset), index=frame.index)
