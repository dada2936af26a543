"""Placebo actions: the same estimate where nothing was done, on other lines (space), at other dates (time).

Their errors choose how much weight the like lines get, and give p-values and intervals by rank (Abadie et al.
2010; conformal inference, Chernozhukov, Wüthrich & Zhu 2021): no formula for the standard error is believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.effects.links import FloatArray
from models.verdicts.errors import Shape, fit_shape
from models.verdicts.interrupted import Gap, foretold
from models.verdicts.lines import Lines
from models.verdicts.synthetic import filled, weights

BEFORE: Final = 36
"""Periods before the start that are looked at, at most."""
LEAST_BEFORE: Final = 8
LEAST_DONORS: Final = 3
MOST_DONORS: Final = 20
"""The donors that ran most alike before the start; more change nothing but the time it takes."""
CLEAR: Final = 12
"""Periods before the start in which a donor must not have acted itself."""
MOST_PLACEBOS: Final = 300
LEAST_PLACEBOS: Final = 9
"""With fewer side by side, a 90 % interval by rank does not exist."""
OWN_SCALE: Final = 8.0
"""Degrees of freedom with which the like lines' common scale enters a line's own."""


@dataclass(frozen=True)
class Window:
    """Columns of `Lines.links`: before [begin, start), left out [start, finish), after [finish, end)."""

    line: int
    begin: int
    start: int
    finish: int
    end: int

    @staticmethod
    def of(line: int, start: int, finish: int, end: int) -> Window:
        """The window that looks back `BEFORE` periods."""
        return Window(line, max(0, start - BEFORE), start, finish, end)


IntArray = npt.NDArray[np.int64]
Events = dict[int, tuple[tuple[int, int], ...]]
"""Per line the columns (start, finish) of its actions, dropped ones left out."""


@dataclass(frozen=True)
class Estimates:
    """One window by both ways; `beside` is None with fewer than three usable donors."""

    alone: Gap
    beside: Gap | None
    donors: tuple[int, ...]
    weights: tuple[float, ...]


class Group:
    """Like lines with the shapes of their errors, ready to estimate any window; placebo pools are kept."""

    def __init__(self, lines: Lines, events: Events) -> None:
        """Fit the shapes; `events` are all actions of these lines."""
        self.lines, self.events = lines, events
        self._filled = filled(lines.links)
        year = {"month": 12.0, "week": 52.18, "day": 365.25}[lines.frequency]
        self._alone = fit_shape(lines.links, year)
        self._beside = (
            fit_shape(self._against_others(), year) if len(lines.enterprises) > LEAST_DONORS else None
        )
        self._pools: dict[tuple[int, int], Pool] = {}

    def _against_others(self) -> FloatArray:
        n = len(self._filled)
        return np.asarray(self.lines.links - (self._filled.sum(0) - self._filled) / (n - 1))

    def estimate(self, window: Window, own: FloatArray | None = None) -> Estimates | None:
        """Both estimates of a window; None where too little is known before or nothing after it.

        `own` (T,) stands for the line's values where something of them is to be kept or taken off.
        """
        y = self.lines.links[window.line] if own is None else own
        before, after = _known(y, window.begin, window.start), _known(y, window.finish, window.end)
        if len(before) < LEAST_BEFORE or not len(after):
            return None
        ends = [finish for _, finish in self.events.get(window.line, ())]
        steps = np.array([end for end in ends if window.begin < end <= window.start], dtype=float)
        alone = _gap(self._alone, y, before, after, steps)
        donors = self._donors(window)
        if self._beside is None or len(donors) < LEAST_DONORS:
            return Estimates(alone, None, (), ())
        donors = _most_alike(y[before], self._filled[:, before], donors)
        others = self._filled[donors]
        share = weights(y[before], others[:, before])
        beside = _gap(self._beside, y - share @ others, before, after, steps)
        return Estimates(alone, beside, tuple(int(d) for d in donors), tuple(float(w) for w in share))

    def _donors(self, window: Window) -> IntArray:
        usable = [
            d
            for d in range(len(self.lines.enterprises))
            if d != window.line
            and not self._acted(d, window.start - CLEAR, window.end)
            and self._mostly_known(d, window)
        ]
        return np.array(usable, dtype=np.int64)

    def _acted(self, line: int, first: int, end: int) -> bool:
        """Whether a line carried out an action of its own between two columns."""
        return any(start < end and finish >= first for start, finish in self.events.get(line, ()))

    def _mostly_known(self, line: int, window: Window) -> bool:
        known = np.isfinite(self.lines.links[line])
        parts = known[window.begin : window.start], known[window.finish : window.end]
        return all(len(part) and part.mean() >= 2 / 3 for part in parts)

    def pool(self, gap: int, after: int) -> Pool:
        """Placebos with `gap` periods left out and `after` periods looked at."""
        if (gap, after) not in self._pools:
            windows = list(self._quiet(gap, after))
            self._pools[gap, after] = Pool.of([self.estimate(w) for w in windows], side_by_side(windows))
        return self._pools[gap, after]

    def _quiet(self, gap: int, after: int) -> Iterator[Window]:
        """Windows in which the line itself did nothing, evenly over lines and dates."""
        n, periods = self.lines.links.shape
        found = [
            Window.of(line, start, start + gap, start + gap + after)
            for line in range(n)
            for start in range(LEAST_BEFORE, periods - gap - after + 1)
            if not self._acted(line, start, start + gap + after)
        ]
        step = max(1, -(-len(found) // MOST_PLACEBOS))
        yield from found[::step]


@dataclass(frozen=True)
class Pool:
    """Errors of placebos (n,), standardised, and what was learned from them.

    `share` is the weight of the comparison with like lines (0: the line alone); `scale` the lines' common
    scales (alone, beside); `errors` |error| ÷ standard deviation, ascending; `apart` how many placebos would
    fit side by side without overlap: only so many count when a rank is taken.
    """

    share: float
    scale: tuple[float, float]
    errors: FloatArray
    spread: tuple[float, float]
    apart: int

    @staticmethod
    def of(found: list[Estimates | None], apart: int) -> Pool:
        """Learn from the placebos that could be estimated."""
        both = [one for one in found if one is not None]
        paired = [(one.alone, one.beside) for one in both if one.beside is not None]
        scale = (_common([o.alone for o in both]), _common([b for _, b in paired]))
        share = _best_share(paired) if len(paired) >= LEAST_PLACEBOS else 0.0
        used = both if share == 0.0 else [one for one in both if one.beside is not None]
        mixed = [combined(one, share, scale) for one in used]
        errors = np.sort([abs(estimate) / sd for estimate, sd in mixed])
        spread = tuple(
            float(np.sqrt(np.mean([g.estimate**2 for g in gaps]))) if gaps else float("nan")
            for gaps in ([a for a, _ in paired] or [o.alone for o in both], [b for _, b in paired])
        )
        return Pool(share, scale, errors, (spread[0], spread[1]), min(apart, len(errors)))

    def quantile(self, level: float) -> float:
        """The multiple of the standard deviation that covers `level` of placebos; infinite if too few."""
        rank = int(np.ceil(level * (self.apart + 1)))
        return float(np.quantile(self.errors, rank / self.apart)) if rank <= self.apart else float("inf")

    def p_value(self, size: float) -> float:
        """Share of placebos whose standardised error is at least `size`, counting the action itself."""
        share = float(np.mean(self.errors >= size)) if len(self.errors) else 1.0
        return (1 + self.apart * share) / (1 + self.apart)


def side_by_side(windows: list[Window]) -> int:
    """How many of these windows fit beside each other without sharing a period of a line (greedy, exact)."""
    count, last, line = 0, -1, -1
    for window in sorted(windows, key=lambda w: (w.line, w.end)):
        if window.line != line or window.start >= last:
            count, last, line = count + 1, window.end, window.line
    return count


def combined(one: Estimates, share: float, scale: tuple[float, float]) -> tuple[float, float]:
    """(estimate, standard deviation) of the mixture of both ways; `scale` as in `Pool`."""
    sd = _sd(one.alone, scale[0])
    if one.beside is None or share == 0.0:
        return one.alone.estimate, sd
    estimate = (1 - share) * one.alone.estimate + share * one.beside.estimate
    return estimate, (1 - share) * sd + share * _sd(one.beside, scale[1])


def _sd(gap: Gap, common: float) -> float:
    """The gap's sd with a scale between the line's own and that of its like."""
    own = gap.periods - 1
    return gap.sd * float(np.sqrt((OWN_SCALE * common**2 + own * gap.scale**2) / (OWN_SCALE + own)))


def _common(gaps: list[Gap]) -> float:
    return float(np.sqrt(np.median([g.scale**2 for g in gaps]))) if gaps else 0.0


def _best_share(paired: list[tuple[Gap, Gap]]) -> float:
    """The share between 0 and 1 with the least squared placebo error."""
    alone = np.array([a.estimate for a, _ in paired])
    apart = alone - np.array([b.estimate for _, b in paired])
    power = float(apart @ apart)
    return float(np.clip(alone @ apart / power, 0.0, 1.0)) if power > 0 else 0.0


def _most_alike(own: FloatArray, lines: FloatArray, donors: IntArray) -> IntArray:
    """The donors whose path before, level aside, is nearest to the line's own."""
    apart = lines[donors] - own
    distance = apart.var(axis=1)
    return np.asarray(donors[np.argsort(distance, kind="stable")[:MOST_DONORS]])


def _known(y: FloatArray, first: int, end: int) -> IntArray:
    return np.asarray(first + np.flatnonzero(np.isfinite(y[first:end])))


def _gap(shape: Shape, y: FloatArray, before: IntArray, after: IntArray, steps: FloatArray) -> Gap:
    return foretold(shape, before.astype(float), y[before], y[after], after.astype(float), steps)
