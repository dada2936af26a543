"""The months ahead of many enterprises: joint level paths of both readings, drawn once per publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.attainment.blend import shares
from models.attainment.level_model import LevelModel
from models.attainment.levels import Levels, graded, path_levels
from models.attainment.portfolio import own_paths
from models.attainment.sample import Sample
from models.attainment.start import Start, parts
from models.portfolio.bases import BASES, Basis, levels_of
from models.portfolio.firsts import NEVER, Firsts, first_months, in_calendar
from models.portfolio.horizon import AHEAD
from models.results import HORIZONS, LEVELS
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


def ahead_of(begun: Start | None, model: ForecastModel, answers: Mapping[str, Mapping[str, Any]]) -> Ahead:
    """Levels on joint paths of everybody whom the model forecasts by the month.

    `answers` are today's official ones: what falls, falls from there.
    """
    if begun is None:
        return _blank((), 1, 0)
    names, months = begun.sample.enterprise_ids, HORIZONS
    ahead = _blank(names, min(KEPT_PATHS, begun.sample.count), months)
    rules, learned = ArrayRules(), LevelModel.from_dict(model.levels)
    for part in parts(len(names)):
        window = learned.blended(path_levels(rules, begun, part, learned.admission), names[part])
        today = [levels_of(answers[name]) for name in names[part]]
        levels = {"grade": graded(rules, window, begun.states[part]), "performance": window}
        for basis in BASES:
            now = np.array([own[basis] for own in today], dtype=np.int8)
            ahead.first[basis][:, part] = first_months(_thinned(levels[basis], begun.sample, names[part]))
            ahead.reach[basis][part], ahead.fall[basis][part] = _chances(levels[basis], now)
    return ahead


def kept_firsts(
    levels: Levels, sample: Sample, enterprise_ids: Sequence[str], late: NDArray[np.int64]
) -> Firsts:
    """First months 4 × R × K, as a portfolio keeps them, of level paths R × P × months.

    They are the same paths, shuffled and thinned as its own. So path k of an enterprise that was changed goes
    with path k of those that were not: what differs between them is the change alone. `late` R says how many
    months an enterprise's records end before the latest of all.
    """
    return in_calendar(first_months(_thinned(levels, sample, enterprise_ids)), late)


def _thinned(levels: Levels, sample: Sample, enterprise_ids: Sequence[str]) -> Levels:
    joint = own_paths(levels, sample.shock, enterprise_ids)
    return joint[:, :: max(levels.shape[1] // KEPT_PATHS, 1)][:, :KEPT_PATHS]


def _chances(levels: Levels, now: Levels) -> tuple[Chances, Chances]:
    """Of reaching R × 4 × AHEAD, and of falling R × AHEAD."""
    reach = np.full((len(levels), len(LEVELS) - 1, len(AHEAD)), np.nan, dtype=np.float32)
    fall = np.full((len(levels), len(AHEAD)), np.nan, dtype=np.float32)
    best = np.maximum.accumulate(levels, axis=2)
    for at, ahead in enumerate(AHEAD):
        if ahead <= levels.shape[2]:
            then = levels[:, :, ahead - 1]
            reach[:, :, at] = shares(best[:, :, ahead - 1, None])[:, 0]
            fall[:, at] = np.where(now > 0, (then < now[:, None]).mean(axis=1), np.nan)
    return reach, fall


def _blank(names: tuple[str, ...], paths: int, months: int) -> Ahead:
    """To be filled in."""
    steps = len(LEVELS) - 1
    first = {basis: np.full((steps, len(names), paths), NEVER, dtype=np.uint8) for basis in BASES}
    reach = {basis: np.full((len(names), steps, len(AHEAD)), np.nan, dtype=np.float32) for basis in BASES}
    fall = {basis: np.full((len(names), len(AHEAD)), np.nan, dtype=np.float32) for basis in BASES}
    return Ahead(names, paths, months, first, reach, fall)
