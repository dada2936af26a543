"""Monthly series of a panel: means over plants of the distance from their own usual.

A plant counts from `FEWEST_OWN` trained months on; a plant that came later has no usual to be far from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from features.periods import Frequency, month_of, to_index, to_label
from models.drift.change import FEWEST_BEFORE, MOST_BEFORE, MOST_SINCE
from models.drift.step import Array
from models.forecast.asked import PanelModel
from models.forecast.panel import Index, Panel
from models.results import TARGETS

FEWEST_OWN = 6
LENGTHS = 6  # trained months come in multiples of this
FAR = 4.0  # a plant's own deviations at which it stops counting for more
EDGE = 0.01  # share of all readings on each side that lies at the edge of the range
COPIES = re.compile(r"\.(lag\d+|ew\d+|mean\d*|known)$|^capability\.")
"""Features that repeat a reading or a target smoothed or late: that itself is tested."""
CONTEXT = re.compile(r"^(age|industry|size|calendar\..*)$")


@dataclass(frozen=True)
class Monthly:
    """A series by month in order of time: `before` of them were trained on. `about` says what is measured:
    `level`, `missing`, `edge`, `loss` or `coverage`.
    """

    frequency: str
    what: str
    about: str
    months: Index
    points: Array
    before: int

    def label(self, position: int) -> str:
        """The month's label."""
        return to_label(int(self.months[position]), "month")


@dataclass(frozen=True)
class Months:
    """The months that a check compares: up to `MOST_BEFORE` trained ones, up to `MOST_SINCE` since."""

    frequency: str
    all: Index
    before: int

    def series(self, what: str, about: str, values: Array) -> Monthly:
        """A series of one value per month, without the months in which it is unknown.

        Beyond a year of trained months, single ones are left off at the start: each other length wants a
        null distribution of its own, and simulating one takes seconds.
        """
        known = np.flatnonzero(np.isfinite(values))
        before = int((known < self.before).sum())
        off = before % LENGTHS if before > FEWEST_BEFORE + LENGTHS else 0
        kept = known[off:]
        return Monthly(self.frequency, what, about, self.all[kept], values[kept], before - off)


def compared_months(panel: Panel, trained_until: str) -> Months:
    """Months of a panel around the last period that a model was trained on."""
    frequency = cast("Frequency", panel.frequency)
    months = np.unique(months_of(panel.t, panel.frequency))
    last = month_of(to_index(trained_until), frequency)
    before = months[months <= last][-MOST_BEFORE:]
    return Months(panel.frequency, np.append(before, months[months > last][-MOST_SINCE:]), len(before))


def months_of(t: Index, frequency: str) -> Index:
    """The month in which each period begins."""
    periods, where = np.unique(t, return_inverse=True)
    return np.array([month_of(int(p), cast("Frequency", frequency)) for p in periods], dtype=np.int64)[where]


def target_series(panel: Panel, model: PanelModel, months: Months) -> Iterator[Monthly]:
    """The level of every target on the model scale, turned so that more is more."""
    place = Plants(panel, months)
    for name, target in model.targets.items():
        sign = -1.0 if target.link.falling else 1.0
        values = place.dense(sign * target.link.forward(panel.scored[name]))
        yield months.series(name, "level", level(values, months.before))


def input_series(panel: Panel, model: PanelModel, months: Months) -> Iterator[Monthly]:
    """The level of every reading that the model has as an input, and of all of them together the share that
    is missing and the share at the edge of their range.
    """
    place = Plants(panel, months)
    gaps, edges = np.zeros((2, len(months.all))), np.zeros((2, len(months.all)))
    for name in readings(model.design.names):
        values = place.dense(panel.column(name))
        yield months.series(name, "level", level(values, months.before))
        gaps += missing(values, place.present, months.before)
        edges += at_edge(values)
    yield months.series("inputs", "missing", _share(gaps))
    yield months.series("inputs", "edge", _share(edges))


def _share(counts: Array) -> Array:
    """First row ÷ second row; NaN where that is 0."""
    of, among = counts
    share: Array = np.divide(of, among, out=np.full(len(of), np.nan), where=among > 0)
    return share


def readings(names: tuple[str, ...]) -> list[str]:
    """Inputs that say something new each period; targets' own histories are tested as targets."""
    own = tuple(f"{target}." for target in TARGETS)
    return [n for n in names if not (COPIES.search(n) or CONTEXT.match(n) or n.startswith(own))]


class Plants:
    """Lays a panel's rows out as plants × months."""

    def __init__(self, panel: Panel, months: Months) -> None:
        month = months_of(panel.t, panel.frequency)
        self.shape = (int(panel.entity.max()) + 1, len(months.all))
        column = np.searchsorted(months.all, month)
        self.rows = np.flatnonzero(np.isin(month, months.all))
        self.at = (panel.entity[self.rows], column[self.rows])
        self.present = self._sum(np.ones(len(self.rows))) > 0

    def _sum(self, values: Array) -> Array:
        cell = np.ravel_multi_index(self.at, self.shape)
        sums = np.bincount(cell, values, minlength=int(np.prod(self.shape)))
        return np.asarray(sums.reshape(self.shape), dtype=np.float64)

    def dense(self, values: Array) -> Array:
        """Plants × months: means of the known values of a column over the panel's rows, NaN for none."""
        known = np.isfinite(values[self.rows])
        count = self._sum(known.astype(np.float64))
        total = self._sum(np.where(known, values[self.rows], 0.0))
        mean: Array = np.divide(total, count, out=np.full(self.shape, np.nan), where=count > 0)
        return mean


def level(values: Array, before: int) -> Array:
    """Mean over plants (rows) of the distance from each plant's own usual, in its own usual deviations.

    Both are taken over all months: what is measured by the months before would, by that alone, leave those
    after it farther away.
    """
    enough = np.isfinite(values[:, :before]).sum(axis=1) >= FEWEST_OWN
    if not enough.any():
        return np.full(values.shape[1], np.nan)
    values = values[enough]
    own = np.nanstd(values, axis=1, keepdims=True)
    distance = (values - np.nanmean(values, axis=1, keepdims=True)) / np.where(own > 0, own, 1.0)
    known = np.isfinite(distance)
    total = np.where(known, np.clip(distance, -FAR, FAR), 0.0).sum(axis=0)
    # Rounded, so that what differs by the last bit of a sum ranks as equal.
    return np.asarray(_share(np.stack([total, known.sum(axis=0)])).round(9), dtype=np.float64)


def missing(values: Array, present: NDArray[np.bool_], before: int) -> Array:
    """2 × months: plants without a value, and plants that are there and ever had one while training."""
    ever = np.isfinite(values[:, :before]).any(axis=1, keepdims=True)
    kept = present & ever
    return np.stack([(kept & np.isnan(values)).sum(axis=0), kept.sum(axis=0)]).astype(np.float64)


def at_edge(values: Array) -> Array:
    """2 × months: plants among the outermost values of all months compared, and plants with a value."""
    known = np.isfinite(values)
    low, high = np.quantile(values[known], (EDGE, 1.0 - EDGE)) if known.any() else (0.0, 0.0)
    outside = (values < low) | (values > high)
    return np.stack([outside.sum(axis=0), known.sum(axis=0)]).astype(np.float64)
