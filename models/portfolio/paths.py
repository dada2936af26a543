"""The months ahead of many enterprises: joint level paths of both readings, drawn once per publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.attainment.level_model import LevelModel
from models.attainment.levels import Levels, graded, path_levels
from models.attainment.portfolio import own_order
from models.attainment.sample import Sample
from models.attainment.start import Start, parts
from models.portfolio.bases import BASES, Basis, levels_of
from models.portfolio.firsts import NEVER, Firsts, first_months, in_calendar
from models.portfolio.horizon import AHEAD
from models.results import LEVELS
from models.rules_numpy import ArrayRules

if TYPE_CHECKING:
    from models.forecast.forecaster import ForecastModel

KEPT_PATHS = 500
"""Joint paths that are kept: a probability read from them has a standard error of at most 0.022."""
Chances = NDArray[np.float32]


@dataclass(frozen=True)
class Ahead:
    """Of N enterprises with forecasts, by basis: `first` 4 × N × P months ahead, of at most `months`, at
    which a path reaches level 2 … 5, chances `reach` N × 4 × AHEAD and `fall` N × AHEAD.

    Months are counted from each one's own records. Chances are NaN past `months`.
    """

    enterprise_ids: tuple[str, ...]
    paths: int
    months: int
    first: Mapping[Basis, Firsts]
    reach: Mapping[Basis, Chances]
    fall: Mapping[Basis, Chances]

    def first_months(self, basis: Basis, names: Sequence[str]) -> Firsts:
        """4 × R × P for any enterprises: those without a forecast never reach anything."""
        out = np.full((len(LEVELS) - 1, len(names), self.paths), NEVER, dtype=np.uint8)
        rows, own = self._rows(names)
        out[:, rows] = self.first[basis][:, own]
        return out

    def columns(self, basis: Basis, names: Sequence[str]) -> dict[str, Chances]:
        """Chances as columns; NaN without a forecast."""
        rows, own = self._rows(names)
        columns = {}
        for at, ahead in enumerate(AHEAD):
            named = {f"{basis}.fall.{ahead}": self.fall[basis][:, at]}
            for step, level in enumerate(LEVELS[1:]):
                named[f"{basis}.reach.{level}.{ahead}"] = self.reach[basis][:, step, at]
            for name, values in named.items():
                columns[name] = np.full(len(names), np.nan, dtype=np.float32)
                columns[name][rows] = values[own]
        return columns

    def _rows(self, names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where each forecast enterprise stands in `names`, and in here."""
        place = {name: row for row, name in enumerate(names)}
        pairs = [(place[name], at) for at, name in enumerate(self.enterprise_ids) if name in place]
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]


def ahead_of(
    begun: Start | None,
    model: ForecastModel,
    answers: Mapping[str, Mapping[str, Any]],
    threads: int = 1,
) -> Ahead:
    """Levels on joint paths of everybody whom the model forecasts by the month.

    `answers` are today's official ones: what falls, falls from there.
    """
    if begun is None:
        return _blank((), 1, 0)
    names, learned = begun.sample.enterprise_ids, LevelModel.from_dict(model.levels)
    now = {
        basis: np.array([levels_of(answers[name])[basis] for name in names], dtype=np.int8) for basis in BASES
    }
    return levels_ahead(begun, learned, now, threads)


def levels_ahead(begun: Start, learned: LevelModel, now: Mapping[Basis, Levels], threads: int = 1) -> Ahead:
    """The same of the windows of any start, whose official levels of today are `now` (R by basis)."""
    names, sample, rules = begun.sample.enterprise_ids, begun.sample, ArrayRules()
    ahead = _blank(names, kept_paths(sample), sample.months)

    def fill(part: slice) -> None:
        window = learned.blended(path_levels(rules, begun, part, learned.admission), names[part])
        levels = {"grade": graded(rules, window, begun.states[part]), "performance": window}
        order = _order(sample, names[part])
        for basis in BASES:
            first = first_months(levels[basis])
            ahead.first[basis][:, part] = _shuffled(first, order)
            ahead.reach[basis][part] = _reached(first, sample.months)
            ahead.fall[basis][part] = _fallen(levels[basis], now[basis][part])

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(fill, parts(len(names), sample.count)):
            pass
    return ahead


def kept_paths(sample: Sample) -> int:
    """How many of a sample's paths a portfolio keeps."""
    return min(KEPT_PATHS, sample.count)


def kept_firsts(
    levels: Levels, sample: Sample, enterprise_ids: Sequence[str], late: NDArray[np.int64]
) -> Firsts:
    """First months 4 × R × K, as a portfolio keeps them, of level paths R × P × months.

    They are the same paths, shuffled and thinned as its own. So path k of an enterprise that was changed goes
    with path k of those that were not: what differs between them is the change alone. `late` R says how many
    months an enterprise's records end before the latest of all.
    """
    return in_calendar(_shuffled(first_months(levels), _order(sample, enterprise_ids)), late)


def _order(sample: Sample, enterprise_ids: Sequence[str]) -> NDArray[np.int64]:
    """R × K: the path that an enterprise lives through in each joint one that is kept."""
    kept = kept_paths(sample)
    return own_order(sample.shock, enterprise_ids)[:, :: max(sample.count // kept, 1)][:, :kept]


def _shuffled(first: Firsts, order: NDArray[np.int64]) -> Firsts:
    return np.take_along_axis(first, order[None], axis=2)


def _reached(first: Firsts, months: int) -> Chances:
    """R × 4 × AHEAD chances of being there at least once."""
    found = [(first <= ahead).mean(axis=2).T if ahead <= months else np.nan for ahead in AHEAD]
    return np.stack(np.broadcast_arrays(*found), axis=2).astype(np.float32)


def _fallen(levels: Levels, now: Levels) -> Chances:
    """R × AHEAD chances of standing below the level of today; NaN where there is none."""
    found = np.full((len(levels), len(AHEAD)), np.nan, dtype=np.float32)
    for at, ahead in enumerate(AHEAD):
        if ahead <= levels.shape[2]:
            below = (levels[:, :, ahead - 1] < now[:, None]).mean(axis=1)
            found[:, at] = np.where(now > 0, below, np.nan)
    return found


def _blank(names: tuple[str, ...], paths: int, months: int) -> Ahead:
    """To be filled in."""
    steps = len(LEVELS) - 1
    first = {basis: np.full((steps, len(names), paths), NEVER, dtype=np.uint8) for basis in BASES}
    reach = {basis: np.full((len(names), steps, len(AHEAD)), np.nan, dtype=np.float32) for basis in BASES}
    fall = {basis: np.full((len(names), len(AHEAD)), np.nan, dtype=np.float32) for basis in BASES}
    return Ahead(names, paths, months, first, reach, fall)
