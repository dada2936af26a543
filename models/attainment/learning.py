"""What training learns about levels from its own backtest: out of sample, as the forecasts themselves.

Every third month of the past serves as an origin: paths are drawn around what the backtest had forecast from
there, and compared with the official performance levels that came three to twelve months later. The errors
that the paths are made of are the final model's, which is a little kind to the paths; what they hide, the
blend learns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from features.model_table import ModelTable
from features.periods import to_label
from features.tables import Tables
from models.attainment.admission import Admission, learn_admission
from models.attainment.blend import learn_blend, shares
from models.attainment.known import MONTHS, Array, Index, Mask
from models.attainment.level_model import LevelModel
from models.attainment.levels import path_levels
from models.attainment.official import INADMISSIBLE, MEASURED, State, states_at
from models.attainment.records import monthly_records
from models.attainment.sample import Sample, sample_of
from models.attainment.sectors import sector_shares
from models.attainment.start import Start, parts
from models.forecast.rows import RowTable
from models.learning.fit import Fitted
from models.results import HORIZONS
from models.rules_numpy import ArrayRules

MONTHLY = ("month", "enterprise")
STEP = 3  # months between origins
MOST = 2400  # official answers that are worth their seconds
MOST_ENTERPRISES = 200
PATHS = 200
SEED = 20260101


@dataclass(frozen=True)
class Past:
    """Monthly rows of the enterprises chosen, their backtest's points, and official states by (enterprise,
    month).
    """

    table: RowTable
    points: dict[str, Array]
    months: tuple[int, ...]
    states: dict[tuple[str, int], State]


@dataclass(frozen=True)
class Cases:
    """n comparisons of a forecast with what came: `share` n × 4 of paths at level 2 … 5 or better, the level
    `now`, the months `ahead`, and the performance level that `came`; and `sectors`, what each shows today.
    """

    admission: Admission
    share: Array
    now: Index
    ahead: Index
    came: Index
    sectors: dict[str, list[float]]


def fit_levels(tables: Tables, table: ModelTable, fitted: Fitted) -> dict[str, Any]:
    """The level model as JSON; empty where nothing was forecast out of sample by the month."""
    cases = past_cases(tables, table, fitted)
    if cases is None:
        return {}
    blend = learn_blend(cases.share, cases.now, cases.ahead, cases.came, PATHS)
    return LevelModel(cases.admission, blend, cases.sectors).to_dict()


def past_cases(tables: Tables, table: ModelTable, fitted: Fitted) -> Cases | None:
    """What the level model is learned from."""
    points = fitted.points.get(MONTHLY)
    past = None if not points else _past(tables, table, points)
    if past is None or len(past.months) < 2:
        return None
    admission = _admission(past)
    drawn = _sample(past, fitted)
    share, now = _shares(tables, past, drawn, admission)
    row, ahead, came = _came(past, drawn)
    return Cases(admission, share[row, ahead - 1], now[row], ahead, came, _sectors(past))


def _past(tables: Tables, table: ModelTable, points: dict[str, Array]) -> Past:
    frame = table.frame
    frame = frame[(frame["frequency"] == MONTHLY[0]) & (frame["product_id"] == "")]
    frame = frame.sort_values(["enterprise_id", "t"], kind="stable", ignore_index=True)
    forecast = np.any([np.isfinite(own).all(axis=1) for own in points.values()], axis=0)
    chosen = _choose(frame)
    kept = frame["enterprise_id"].isin(chosen).to_numpy()
    months = _months(frame["t"].to_numpy(np.int64), forecast & kept, len(chosen))
    rows = frame[kept].reset_index(drop=True)
    mine = {target: np.where(forecast[:, None], own, np.nan)[kept] for target, own in points.items()}
    return Past(RowTable(rows, tuple(table.features)), mine, months, _states(tables, rows, months))


def _choose(frame: pd.DataFrame) -> set[str]:
    """All enterprises, or as many as are enough, drawn by lot."""
    names = np.array(sorted(frame["enterprise_id"].unique()), dtype=object)
    count = min(len(names), MOST_ENTERPRISES)
    return set(np.random.default_rng(SEED).choice(names, count, replace=False))


def _months(t: Index, forecast: Mask, enterprises: int) -> tuple[int, ...]:
    """The last month, and every third before it that was forecast from."""
    if not forecast.any():
        return ()
    found = range(int(t.max()), int(t[forecast].min()) - 1, -STEP)
    return tuple(sorted(found[: max(MOST // max(enterprises, 1), 2)]))


def _states(tables: Tables, rows: pd.DataFrame, months: tuple[int, ...]) -> dict[tuple[str, int], State]:
    found = {}
    for month in months:
        own = rows.loc[rows["t"] == month, "enterprise_id"].astype(str).tolist()
        for name, state in states_at(tables, own, month).items() if own else ():
            if any(level is not None for level in state.levels.values()):
                found[name, month] = state
    return found


def _admission(past: Past) -> Admission:
    """From the Cpk's state in pairs of months that lie STEP apart."""
    allowed = {MEASURED, INADMISSIBLE}
    status = {key: state.status["cpk"] for key, state in past.states.items()}
    pairs = [(status[key], status.get((key[0], key[1] + STEP), "")) for key in sorted(status)]
    closed = np.array([[s == INADMISSIBLE for s in pair] for pair in pairs if allowed.issuperset(pair)], bool)
    closed = closed.reshape(-1, 2)
    return learn_admission(closed[:, 0], closed[:, 1], STEP)


def _sectors(past: Past) -> dict[str, list[float]]:
    """Shares of performance levels in the last month."""
    rules, last = ArrayRules(), past.months[-1]
    levels = {name: performance(rules, own) for (name, month), own in past.states.items() if month == last}
    codes = past.table.frame.drop_duplicates("enterprise_id").set_index("enterprise_id")["industry_code"]
    if not levels:
        return {}
    return sector_shares(codes.reindex(list(levels)), np.array(list(levels.values()), dtype=np.int64))


def _sample(past: Past, fitted: Fitted) -> Sample:
    """Paths from every origin but the last, around the backtest's points."""
    labels = [to_label(month, "month") for month in past.months[:-1]]
    asked = past.table.frame["period"].isin(labels).to_numpy()
    outlooks = [o for o in fitted.model.outlooks(past.table, labels) if o.model.target in past.points]
    return sample_of(outlooks, PATHS, {target: own[asked] for target, own in past.points.items()})


def _shares(tables: Tables, past: Past, drawn: Sample, admission: Admission) -> tuple[Array, Index]:
    """R × 12 × 4 shares of paths at each level or better, and the R levels of today (0: not known)."""
    first, last = past.months[0] - MONTHS + 1, past.months[-1]
    records = monthly_records(tables, sorted(set(drawn.enterprise_ids)), first, last)
    rules = ArrayRules()
    unknown = State(dict.fromkeys(rules.book.ladders, ""), dict.fromkeys(rules.book.ladders), {}, {})
    keys = zip(drawn.enterprise_ids, drawn.origin.tolist(), strict=True)
    states = tuple(past.states.get(key, unknown) for key in keys)
    begun = Start(drawn, states, records.windows(drawn.enterprise_ids, drawn.origin))
    found = [path_levels(rules, begun, part, admission).window for part in parts(len(drawn))]
    share = np.concatenate([shares(levels[:, :, 1:]) for levels in found])
    now = np.concatenate([levels[:, 0, 0] for levels in found]).astype(np.int64)
    return share, np.where([state is unknown for state in states], 0, now)


def _came(past: Past, drawn: Sample) -> tuple[Index, Index, Index]:
    """Cases: the path's row, the months ahead, and the performance level that came."""
    rules, cases = ArrayRules(), []
    for row, (name, origin) in enumerate(zip(drawn.enterprise_ids, drawn.origin.tolist(), strict=True)):
        for ahead in range(STEP, HORIZONS + 1, STEP):
            later = past.states.get((name, origin + ahead))
            if later is not None and (name, origin) in past.states:
                cases.append((row, ahead, performance(rules, later)))
    table = np.array(cases, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def performance(rules: ArrayRules, state: State) -> int:
    """The level of an official state's performance dimension, as far as it is supplied."""
    return int(rules.grade(state.levels, {}).dimensions["performance"])
