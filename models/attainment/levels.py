"""From paths to levels: the official rules on every path of every window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from models.attainment import window
from models.attainment.admission import Admission
from models.attainment.known import MONTHS, Array, Known, Mask
from models.attainment.official import INADMISSIBLE, MEASURED, State
from models.attainment.start import Start
from models.rules_numpy import ArrayRules
from qm_rules.rulebook import HIGHEST

Levels = NDArray[np.int8]
TARGET_OF = {
    "sigma": "ppm",
    "cpk": "cpk",
    "ftq": "ftq",
    "internal_loss": "internal_loss",
    "external_loss": "external_loss",
}


@dataclass(frozen=True)
class PathLevels:
    """Levels of the performance dimension on paths: R × P × (M + 1) of the official window (0 … M months
    ahead, as far as the sample goes), R × P × M of the `month` alone.

    `finer` is the mean of the indicators' own levels in the window (R × P × (M + 1)): which of two paths of
    one level is the better one.
    """

    window: Levels
    finer: Array
    run: _Run

    @cached_property
    def month(self) -> Levels:
        """As above; made when it is asked for."""
        own = {name: self.run.month_levels(name) for name in TARGET_OF}
        rows, paths, months = self.window.shape
        return np.broadcast_to(_performance(self.run.rules, own), (rows, paths, months - 1))


def path_levels(
    rules: ArrayRules, begun: Start, part: slice, admission: Admission | None = None
) -> PathLevels:
    """Run the rules on the paths of some windows."""
    run = _Run(rules, begun, part, admission or Admission())
    own = {name: run.window_levels(name) for name in TARGET_OF}
    finer = reduce(np.add, own.values()) / len(own)
    shape = (part.stop - part.start, begun.sample.count, begun.sample.months + 1)
    return PathLevels(np.broadcast_to(_performance(rules, own), shape), np.broadcast_to(finer, shape), run)


@dataclass(frozen=True)
class IndicatorPaths:
    """One indicator on the paths of R official windows: its own `levels` R × (P or 1) × (M + 1), its `values`
    R × P × (M + 1) in the target's unit (None: not forecast), and where it `moves` (R booleans; else it is
    held).
    """

    levels: Levels
    values: Array | None
    moves: Mask


def indicator_paths(
    rules: ArrayRules, begun: Start, part: slice, admission: Admission | None = None
) -> dict[str, IndicatorPaths]:
    """What every indicator does on the paths of some windows: what stands between them and a level."""
    run = _Run(rules, begun, part, admission or Admission())
    return {
        name: IndicatorPaths(run.window_levels(name), run.values.get(name), run.moves(name)[:, 0, 0])
        for name in TARGET_OF
    }


def _performance(rules: ArrayRules, own: dict[str, Levels]) -> Levels:
    return rules.grade(own, {}).dimensions["performance"]


def graded(rules: ArrayRules, performance: Levels, states: Sequence[State]) -> Levels:
    """Levels R × P × H of the grade: performance with the management items as they stand."""
    items = {item: np.array([_or_highest(s.items[item]) for s in states]) for item in rules.book.items}
    held = rules.grade({}, {item: level[:, None, None] for item, level in items.items()}).dimensions
    return rules.together({**held, "performance": performance})


def _or_highest(level: int | None) -> int:
    return HIGHEST if level is None else level


class _Run:
    """Indicators' levels on the paths of some windows."""

    def __init__(self, rules: ArrayRules, begun: Start, part: slice, admission: Admission) -> None:
        self.rules, self.sample, self.part = rules, begun.sample, part
        self.states, self.known = begun.states[part], begun.known.take(part)
        self.paths = {target: drawn.paths(part) for target, drawn in begun.sample.drawn.items()}
        pace = None if begun.pace is None else begun.pace[part]
        self.values = {
            name: VALUE_OF[name](self.known, self.paths[target], pace)
            for name, target in TARGET_OF.items()
            if target in self.paths
        }
        if "cpk" in self.values:
            self.values["cpk"] = as_graded(self.values["cpk"], [s.values.get("cpk") for s in self.states])
        closed = np.array([state.status["cpk"] == INADMISSIBLE for state in self.states])
        names, drawn = begun.sample.enterprise_ids[part], begun.sample
        self.inadmissible = admission.inadmissible(names, closed, drawn.count, drawn.months, drawn.seed)

    def window_levels(self, name: str) -> Levels:
        """R × (P or 1) × (M + 1): moving where the indicator is measured and forecast, else held."""
        levels = self._levels(name, self.values.get(name))
        return np.where(self.inadmissible & self.moves(name), np.int8(1), levels) if name == "cpk" else levels

    def month_levels(self, name: str) -> Levels:
        """R × (P or 1) × M: of the path's own months."""
        levels = self._levels(name, self.paths.get(TARGET_OF[name]))
        closed = self.inadmissible[:, :, 1:]
        return np.where(closed & self.moves(name), np.int8(1), levels) if name == "cpk" else levels

    def moves(self, name: str) -> Mask:
        """R × 1 × 1 booleans."""
        kept = np.array([state.status[name] in {MEASURED, INADMISSIBLE} for state in self.states])
        drawn = self.sample.drawn.get(TARGET_OF[name])
        answered = np.zeros_like(kept) if drawn is None else drawn.answered[self.part]
        return np.asarray((kept & answered)[:, None, None])

    def _levels(self, name: str, value: Array | None) -> Levels:
        # What was not supplied does not limit, as in the official `at_most`.
        held = np.array([state.levels[name] or HIGHEST for state in self.states], dtype=np.int8)[
            :, None, None
        ]
        if value is None:
            return held
        known, moves = np.isfinite(value), self.moves(name)
        whole = bool(known.all())
        found = self.rules.level_of_value(name, value if whole else np.nan_to_num(value))
        return found if whole and moves.all() else np.where(moves & known, found, held)


def as_graded(cpk: Array, official: Sequence[float | None]) -> Array:
    """Cpk R × P × (M + 1) by the normal formula → as graded: the official one may rest on percentiles.

    Today's ratio of the two fades as its months leave the window: on simulated plants two thirds of such
    verdicts stand after a month, two fifths after three, a fifth after six.
    """
    graded = np.array([_number(value) for value in official])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = graded / cpk[:, 0, 0]
    kept = np.where(np.isfinite(ratio) & (ratio > 0), ratio, 1.0).clip(*FARTHEST)
    left = (1.0 - np.minimum(np.arange(cpk.shape[2]), MONTHS) / MONTHS) ** 2
    # Down to six decimals, as an official Cpk, but not below one that the division has just missed.
    return np.asarray(np.floor(cpk * (kept[:, None] ** left)[:, None] * 1e6 + 1e-3) / 1e6)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


FARTHEST = (0.5, 2.0)
"""Between these the official Cpk is a multiple of the one by the normal formula."""
VALUE_OF: dict[str, Callable[[Known, Array, Array | None], Array]] = {
    "sigma": window.nonconforming_ppm,
    "cpk": window.lowest_cpk,
    "ftq": window.rolled_yield,
    "internal_loss": window.internal_rate,
    "external_loss": window.external_rate,
}
