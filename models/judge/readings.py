"""Two ways to read a forecaster for advice: permutation importance, and counterfactuals.

**Permutation importance** (Breiman 2001; scikit-learn's `permutation_importance`, on the held-out last twelve
months) ranks a sector's levers; the way and the place come from the line's partial dependence: the end of its
own range at which the forecast is better, all else as in its last month.

**Counterfactuals** as Mothilal, Sharma & Tan (2020, FAT*, DiCE) define them: the smallest sparse change of
actionable features, inside the range shown, that makes the forecast better by a wanted amount. Searched here
over one lever at a time, the sparsest there is, at eight places each way; distance is measured in median
absolute deviations, as there; diversity by naming each lever once. dice-ml 0.12 itself would run here, but
draws its counterfactuals by a genetic search and brings xgboost along; for one lever this search is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from features.simulator.streams import Array
from models.judge.choice import Choice, Lever
from models.judge.forecaster import Forecaster, of_sectors
from models.judge.promises import ranked
from models.judge.province import Province
from models.judge.sample import samples

REPEATS: Final = 10
WANTED: Final = -0.05
"""Wanted change of the link: one twentieth fewer failing units."""

PLACES: Final = 8


Row = tuple[Lever, Forecaster, Array]
"""A lever, its sector's forecaster, and the last row of its plant."""


def by_permutation(province: Province) -> list[Choice]:
    """A sector's most important levers, each line's to the end at which its forecast is better."""
    importance: dict[int, Array] = {}
    valued = []
    for lever, f, start in _rows(province):
        if id(f) not in importance:
            importance[id(f)] = _importance(f)
        low, high = f.moved(start, lever.parameter_id, np.array([lever.low, lever.high]))
        if low != high:
            weight = float(importance[id(f)][f.sample.levers.index(lever.parameter_id)])
            valued.append((weight, lever.to(lever.low if low < high else lever.high)))
    return ranked(valued)


def by_counterfactual(province: Province) -> list[Choice]:
    """The smallest changes of one lever that make the line's forecast better by a twentieth; none where no
    lever reaches that.
    """
    found = [_nearest(province, *row) for row in _rows(province)]
    return ranked([(-near[0], near[1]) for near in found if near is not None])


def _rows(province: Province) -> Iterator[Row]:
    forecasters = of_sectors(samples(province))
    for lever in province.levers:
        f = forecasters.get(lever.enterprise_id)
        start = None if f is None else f.latest(lever.enterprise_id)
        if f is not None and start is not None and lever.parameter_id in f.sample.levers:
            yield lever, f, start


def _importance(f: Forecaster) -> Array:
    """Mean loss of R² when a lever's held-out levels are shuffled, (J,)."""
    from sklearn.inspection import permutation_importance

    found = permutation_importance(
        f.booster, f.x[f.late], f.sample.y[f.late], n_repeats=REPEATS, random_state=0, n_jobs=1
    )
    return np.asarray(found.importances_mean[: len(f.sample.levers)])


def _nearest(province: Province, lever: Lever, f: Forecaster, start: Array) -> tuple[float, Choice] | None:
    """(distance, move) of the nearest place that is good enough."""
    ways = [np.linspace(lever.now, end, PLACES + 1)[1:] for end in (lever.low, lever.high)]
    places = np.unique(np.concatenate(ways))
    expected = f.moved(start, lever.parameter_id, np.r_[lever.now, places])
    change, spread = expected[1:] - expected[0], f.sample.spread(lever.enterprise_id, lever.parameter_id)
    good = np.flatnonzero(change <= WANTED)
    if not len(good) or not spread > 0:
        return None
    at = good[np.argmin(np.abs(places[good] - lever.now))]
    saved = province.saved(lever.enterprise_id, float(change[at]))
    return abs(float(places[at]) - lever.now) / spread, lever.to(places[at], benefit=saved)
