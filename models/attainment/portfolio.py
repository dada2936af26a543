"""Joint level paths of many enterprises: what counts of a group are made from.

In path number 7 all of them live through the same past months' shocks, each on a path of its own: a count
over a group varies as much as the months' common part makes it, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from models.attainment.known import Index
from models.attainment.level_model import LevelModel
from models.attainment.levels import Levels, graded, path_levels
from models.attainment.sample import PATHS, SEED
from models.attainment.start import parts, start
from models.forecast.forecaster import ForecastModel, ModelRows
from models.results import HORIZONS
from models.rules_numpy import ArrayRules

if TYPE_CHECKING:
    from features.tables import Tables


@dataclass(frozen=True)
class LevelPaths:
    """Levels of R enterprises from month index `origin` (R): `now` R, and R × P × M on paths of the official
    window.
    """

    enterprise_ids: tuple[str, ...]
    origin: Index
    now: Levels
    levels: Levels

    def newly_reached(self, level: int) -> NDArray[np.int64]:
        """P × M: how many enterprises below a level today reached it or a better one by each month."""
        below = self.levels[self.now < level]
        reached = np.maximum.accumulate(below, axis=2) >= level
        return np.asarray(reached.sum(axis=0), dtype=np.int64)


def level_paths(
    tables: Tables,
    model: ForecastModel,
    table: ModelRows,
    paths: int = PATHS,
    *,
    management: bool = True,
    months: int = HORIZONS,
) -> LevelPaths:
    """Draw the grades of every enterprise with monthly forecasts, so many months ahead.

    Without `management` the levels are those of the performance dimension alone: what would be reached if
    the management items kept pace.
    """
    begun, rules = start(tables, model, table, paths, months=months), ArrayRules()
    if begun is None:
        nobody = np.empty((0, paths, months), dtype=np.int8)
        return LevelPaths((), np.empty(0, np.int64), np.empty(0, np.int8), nobody)
    learned, now, ahead = LevelModel.from_dict(model.levels), [], []
    for part in parts(len(begun.sample)):
        found = path_levels(rules, begun, part, learned.admission)
        window = learned.blended(found, begun.sample.enterprise_ids[part])
        today, states = found.window[:, :1, :1], begun.states[part]
        ahead.append(graded(rules, window, states) if management else window)
        now.append((graded(rules, today, states) if management else today)[:, 0, 0])
    names, origin = begun.sample.enterprise_ids, begun.sample.origin
    joint = own_paths(np.concatenate(ahead), begun.sample.shock, names)
    return LevelPaths(names, origin, np.concatenate(now), joint)


def own_paths(levels: Levels, shock: Index, enterprise_ids: Sequence[str]) -> Levels:
    """Shuffle each enterprise's paths R × P × M among those of one shock (P), by a lot of its own."""
    return np.take_along_axis(levels, own_order(shock, enterprise_ids)[:, :, None], axis=1)


def own_order(shock: Index, enterprise_ids: Sequence[str]) -> Index:
    """R × P: which of its paths each enterprise lives through in each joint one."""
    place, out = np.argsort(shock, kind="stable"), np.empty((len(enterprise_ids), len(shock)), np.int64)
    for row, name in enumerate(enterprise_ids):
        lots = np.random.default_rng([SEED, 2, crc32(name.encode())]).random(len(shock))
        out[row, place] = np.lexsort((lots, shock))
    return out
