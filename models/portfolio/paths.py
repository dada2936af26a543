"""The months ahead of many enterprises: joint level paths of both readings, drawn once per publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.attainment.level_model import LevelModel
from models.attainment.levels import Levels, graded, path_levels
from models.attainment.portfolio import own_paths
from models.attainment.start import Start, parts
from models.portfolio.bases import BASES, Basis, levels_of
from models.portfolio.kept import AHEAD
from models.portfolio.planes import first_months
from models.results import LEVELS
from models.rules_numpy import ArrayRules

if TYPE_CHECKING:
    from models.forecast.forecaster import ForecastModel

KEPT_PATHS = 500
"""Joint paths that are kept: a probability read from them has a standard error of at most 0.022."""
NEVER = 255


@dataclass(frozen=True)
class Ahead:
    """Of N enterprises with forecasts, by basis: `first` 4 × N × P months ahead at which a path reaches level
    2 … 5 (255: not within twelve), chances `reach` N × 4 × 3 and `fall` N × 3 at 3, 6 and 12 months.
    """

    enterprise_ids: tuple[str, ...]
    paths: int
    first: Mapping[Basis, NDArray[np.uint8]]
    reach: Mapping[Basis, NDArray[np.float32]]
    fall: Mapping[Basis, NDArray[np.float32]]

    def first_months(self, basis: Basis, names: Sequence[str]) -> NDArray[np.uint8]:
        """4 × R × P for any enterprises: those without a forecast never reach anything."""
        out = np.full((len(LEVELS) - 1, len(names), self.paths), NEVER, dtype=np.uint8)
        rows, own = self._rows(names)
        out[:, rows] = self.first[basis][:, own]
        return out

    def columns(self, basis: Basis, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
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
    names = begun.sample.enterprise_ids if begun else ()
    pieces: dict[Basis, list[tuple[Any, ...]]] = {basis: [] for basis in BASES}
    rules, learned = ArrayRules(), LevelModel.from_dict(model.levels)
    for part in parts(len(names)):
        assert begun is not None  # noqa: S101 - there are names
        found = path_levels(rules, begun, part, learned.admission)
        window = learned.blended(found, names[part])
        today = [levels_of(answers[name]) for name in names[part]]
        levels = {"grade": graded(rules, window, begun.states[part]), "performance": window}
        for basis in BASES:
            now = np.array([own[basis] for own in today], dtype=np.int8)
            pieces[basis].append(_piece(levels[basis], now, begun, names[part]))
    paths = min(KEPT_PATHS, begun.sample.count) if begun else 1
    return _joined(names, paths, pieces)


def _piece(levels: Levels, now: Levels, begun: Start, names: Sequence[str]) -> tuple[Any, ...]:
    joint = own_paths(levels, begun.sample.shock, names)[:, :: max(levels.shape[1] // KEPT_PATHS, 1)]
    best = np.maximum.accumulate(levels, axis=2)[:, :, [ahead - 1 for ahead in AHEAD]]
    reach = np.stack([(best >= step).mean(axis=1) for step in LEVELS[1:]], axis=1)
    then = levels[:, :, [ahead - 1 for ahead in AHEAD]]
    fall = np.where(now[:, None] > 0, (then < now[:, None, None]).mean(axis=1), np.nan)
    return first_months(joint[:, :KEPT_PATHS]), reach.astype(np.float32), fall.astype(np.float32)


def _joined(names: tuple[str, ...], paths: int, pieces: Mapping[Basis, Sequence[tuple[Any, ...]]]) -> Ahead:
    if not names:
        empty = {basis: np.empty((0, len(AHEAD)), np.float32) for basis in BASES}
        none = {basis: np.empty((0, len(LEVELS) - 1, len(AHEAD)), np.float32) for basis in BASES}
        return Ahead(
            (), paths, {b: np.empty((len(LEVELS) - 1, 0, paths), np.uint8) for b in BASES}, none, empty
        )
    first = {basis: np.concatenate([piece[0] for piece in own], axis=1) for basis, own in pieces.items()}
    reach = {basis: np.concatenate([piece[1] for piece in own]) for basis, own in pieces.items()}
    fall = {basis: np.concatenate([piece[2] for piece in own]) for basis, own in pieces.items()}
    return Ahead(names, paths, first, reach, fall)
