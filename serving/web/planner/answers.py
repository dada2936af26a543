"""The board's numbers from a portfolio, for some of its enterprises: whole-array counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.periods import to_label
from models.portfolio import Portfolio, Progress
from models.portfolio.bases import Basis
from models.portfolio.discretion import shown, shown_cells
from models.portfolio.firsts import Mask
from models.portfolio.horizon import AHEAD
from models.portfolio.targets import RANGE
from models.results import LEVELS
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.planner.schemas import (
    AheadCount,
    Attainment,
    Board,
    HiddenRegion,
    MonthCount,
    RegionLevels,
    TargetProgress,
)

STEPS = LEVELS[1:]
NONE = "none"
PROVINCE, CITY = 2, 4
YEAR, HALF = 12, 6
EVERYBODY = -1
SURE = 0.8
"""A count that such a share of the paths reaches is called sure."""


def board(desk: Desk, wished: Filter) -> Board:
    """Everything that the board counts for a group."""
    portfolio, basis, members = desk.portfolio, wished.basis, desk.members(wished)
    return Board(
        basis=basis,
        as_of=to_label(portfolio.today, "month"),
        enterprises=int(members.sum()),
        without_forecast=int((members & ~portfolio.forecast).sum()),
        levels=_levels(portfolio.level(basis)[members]),
        at_or_above=_at_or_above(portfolio.level(basis)[members]),
        newly={str(level): newly(portfolio, basis, level, members) for level in STEPS},
        regions=regions(portfolio, basis, members),
        hidden=hidden_regions(desk, basis),
        model_version=portfolio.model_version,
    )


def newly(portfolio: Portfolio, basis: Basis, level: int, members: Mask) -> list[AheadCount]:
    """How many reach a level for the first time by each coming month; who has no level today is left out."""
    paths = portfolio.counts(basis, level, members & _open(portfolio, basis, level))
    low, high = np.quantile(paths, RANGE, axis=0, method="inverted_cdf")
    return [
        AheadCount(
            month=to_label(portfolio.today + 1 + at, "month"),
            expected=float(paths[:, at].mean()),
            low=int(low[at]),
            high=int(high[at]),
        )
        for at in range(paths.shape[1])
    ]


def _open(portfolio: Portfolio, basis: Basis, level: int) -> Mask:
    return np.asarray((portfolio.level(basis) > 0) & (portfolio.first(basis, level) == 0))


def regions(portfolio: Portfolio, basis: Basis, members: Mask) -> list[RegionLevels]:
    """A row per province, or per city where all lie in one province."""
    codes = portfolio.text("region_code")
    digits = PROVINCE if len(np.unique(_cut(codes[members], PROVINCE))) > 1 else CITY
    names, place = np.unique(_cut(codes[members], digits), return_inverse=True)
    level = portfolio.level(basis)[members]
    table = np.zeros((len(names), len(LEVELS) + 1), dtype=np.int64)
    np.add.at(table, (place, level), 1)
    fall = _summed(portfolio.fall(basis, HALF)[members], place, len(names))
    new = {
        step: _summed(
            np.where(_open(portfolio, basis, step), portfolio.reach(basis, step, YEAR), 0.0)[members],
            place,
            len(names),
        )
        for step in STEPS
    }
    return [
        RegionLevels(
            region=str(name),
            enterprises=int(table[row].sum()),
            levels=_named(table[row]),
            at_or_above={str(step): int(table[row, step:].sum()) for step in STEPS},
            expected_new={str(step): round(float(new[step][row]), 4) for step in STEPS},
            expected_fall=round(float(fall[row]), 4),
        )
        for row, name in enumerate(names)
    ]


def _summed(values: NDArray[Any], place: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    return np.bincount(place, weights=np.nan_to_num(values), minlength=groups).astype(np.float64)


def hidden_regions(desk: Desk, basis: Basis) -> list[HiddenRegion]:
    """Counts by province of those whom the asker does not see one by one, as far as they may be shown.

    No filter narrows them and no total adds them up: between two narrow groups a single enterprise could be
    read. The levels of a province are cells of one row.
    """
    unseen = ~desk.seen
    names, place = np.unique(_cut(desk.portfolio.text("region_code")[unseen], PROVINCE), return_inverse=True)
    if not len(names):
        return []
    table = np.zeros((len(names), len(LEVELS) + 1), dtype=np.int64)
    np.add.at(table, (place, desk.portfolio.level(basis)[unseen]), 1)
    rows = range(len(names))
    sizes = {EVERYBODY: int(table.sum()), **{row: int(table[row].sum()) for row in rows}}
    allowed = shown(EVERYBODY, {EVERYBODY: list(rows)}, sizes)
    return [
        HiddenRegion(
            region=str(names[row]), enterprises=sizes[row], levels=_named(shown_cells(table[row].tolist()))
        )
        for row in rows
        if row in allowed
    ]


def _cut(codes: NDArray[np.str_], digits: int) -> NDArray[np.str_]:
    return codes.astype(f"<U{digits}")


def _levels(level: NDArray[Any]) -> dict[str, int]:
    return _named(np.bincount(level, minlength=len(LEVELS) + 1).tolist())


def _named(row: Sequence[Any]) -> dict[str, Any]:
    return {NONE if level == 0 else str(level): None if n is None else int(n) for level, n in enumerate(row)}


def _at_or_above(level: NDArray[Any]) -> dict[str, int]:
    return {str(step): int((level >= step).sum()) for step in STEPS}


def nearest(portfolio: Portfolio, basis: Basis, members: Mask) -> NDArray[np.int64]:
    """Rows by the chance of the next level within twelve months, highest first; without one at the end."""
    chance = next_chance(portfolio, basis)
    rows = np.flatnonzero(members)
    return rows[np.argsort(-np.nan_to_num(chance[rows], nan=-1.0), kind="stable")]


def next_chance(portfolio: Portfolio, basis: Basis) -> NDArray[np.float64]:
    """R chances of the next level; NaN without a level or a forecast, and on the highest."""
    level = portfolio.level(basis)
    out = np.full(len(portfolio), np.nan)
    for step in STEPS:
        mine = level == step - 1
        out[mine & (level > 0)] = portfolio.reach(basis, step, YEAR)[mine & (level > 0)]
    return out


def slipping(portfolio: Portfolio, basis: Basis, members: Mask, least: float) -> NDArray[np.int64]:
    """Rows of those whose window in six months stands lower with a probability of at least so much."""
    fall = np.nan_to_num(portfolio.fall(basis, HALF), nan=0.0)
    rows = np.flatnonzero(members & (fall >= least))
    return rows[np.argsort(-fall[rows], kind="stable")]


def attainment(portfolio: Portfolio, basis: Basis, row: int) -> Attainment:
    """One enterprise's row."""
    level = int(portfolio.level(basis)[row])
    following = level + 1 if 0 < level < LEVELS[-1] else None
    there = bool(portfolio.forecast[row])
    end = int(portfolio.columns["end"][row])
    own = {name: str(portfolio.columns[name][row]) for name in _TEXTS}
    months = [ahead for ahead in AHEAD if ahead <= portfolio.months]
    reach = {
        str(step): {str(ahead): _chance(portfolio.reach(basis, step, ahead)[row]) for ahead in months}
        for step in STEPS
    }
    fall = {str(ahead): _chance(portfolio.fall(basis, ahead)[row]) for ahead in months}
    return Attainment(
        **own,
        window_end=to_label(end, "month") if end else None,
        level=level or None,
        next_level=following,
        chance=reach[str(following)][str(YEAR)] if there and following else None,
        was_there=bool(following and portfolio.first(basis, following)[row] > 0),
        reach=reach if there else {},
        fall=fall if there and level else {},
        blocking=blocking(portfolio, basis, row, following),
    )


_TEXTS = ("enterprise_id", "name", "region_code", "industry_code", "size", "chain", "status")


def _chance(value: float) -> float:
    return round(float(value), 4)


def blocking(portfolio: Portfolio, basis: Basis, row: int, level: int | None) -> list[str]:
    """Indicators, and for the whole grade items, that are below a level today."""
    if level is None:
        return []
    indicators = [name for name in portfolio.order if f"value.{name}" in portfolio.columns]
    wanted = indicators if basis == "performance" else portfolio.order
    return [item for item in wanted if int(portfolio.own_level(item)[row]) < level]


def told(
    progress: Progress, basis: Basis, *, version: int | None = None, owner: str | None = None
) -> TargetProgress:
    """A target's progress as it is answered."""
    target, (low, high) = progress.target, progress.range
    then = {
        name: getattr(target, name)
        for name in (
            "id",
            "source",
            "name",
            "level_id",
            "baseline",
            "by",
            "count",
            "region",
            "industry",
            "size",
            "chain",
        )
    }
    return TargetProgress(
        **then,
        version=version,
        owner=owner,
        basis=basis,
        enterprises=progress.members,
        unknown=progress.unknown,
        unknown_there=progress.unknown_there,
        without_forecast=progress.unforecast,
        achieved=progress.achieved,
        shortfall=progress.shortfall,
        decided=progress.decided,
        beyond=progress.beyond,
        expected=progress.expected,
        low=low,
        high=high,
        probability=progress.probability,
        sure=reached_by(progress),
        months=curve(progress),
    )


def reached_by(progress: Progress, share: float = SURE) -> int:
    """The largest count that at least so great a share of the paths reaches by the target's month."""
    falling = np.sort(progress.then)[::-1]
    return int(falling[max(int(np.ceil(share * len(falling) - 1e-9)), 1) - 1])


def curve(progress: Progress) -> list[MonthCount]:
    """The count month by month, as it was and as it is forecast."""
    past = [MonthCount(month=m, count=n, low=n, high=n, forecast=False) for m, n in progress.past]
    means = progress.paths.mean(axis=0).tolist() if progress.months else []
    low, high = (progress.quantiles(q) for q in RANGE)
    ahead = zip(progress.months, means, low, high, strict=True)
    return past + [MonthCount(month=m, count=n, low=a, high=b, forecast=True) for m, n, a, b in ahead]
