"""What stands between an enterprise and a level: indicators on the lines, and management items."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.attainment.known import Array, Index, Mask
from models.attainment.levels import IndicatorPaths, Levels
from models.plans.asked import Asked
from models.plans.rows import Binding, Cap
from models.plans.shifts import MOVED
from models.plans.trial import Trial
from qm_rules.ladder import Step as Bound


def bindings(trial: Trial, asked: Asked, starts: Index) -> tuple[Binding, ...]:
    """Every indicator in the month asked for, the one that most often fails first; `starts` 2 × A: without
    any action, and the plan's.
    """
    found, column = trial.indicators(starts), asked.target.month + 1
    paths = trial.begun.sample.count
    level = {name: _at(own.levels, column, paths) for name, own in found.items()}
    good = {name: own >= asked.goal.level for name, own in level.items()}
    state = trial.begun.states[trial.row]
    rows = [
        _binding(trial, asked, name, own, good, column, state.status[name]) for name, own in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.supports, row.indicator)))


def _at(levels: Levels, column: int, paths: int) -> Levels:
    """2 × P levels in one month."""
    return np.broadcast_to(levels[:, :, column], (len(levels), paths))


def _binding(
    trial: Trial,
    asked: Asked,
    name: str,
    own: IndicatorPaths,
    good: Mapping[str, Mask],
    column: int,
    status: str,
) -> Binding:
    bound = next(s for s in trial.rules.book.ladders[name].steps if s.level == asked.goal.level)
    others = np.logical_and.reduce([kept[1] for other, kept in good.items() if other != name])
    known = own.values is not None and bool(own.moves.all())
    value = own.values[1, :, column] if known and own.values is not None else None
    return Binding(
        indicator=name,
        supports=float(good[name][1].mean()),
        before=float(good[name][0].mean()),
        alone=float((others & ~good[name][1]).mean()),
        value=None if value is None else float(np.median(value)),
        needs=bound.numerator / bound.denominator,
        operator=bound.operator,
        gap=None if value is None else _gap(value[~good[name][1]], bound),
        moved=name in MOVED and known,
        status=status,
    )


def _gap(failing: Array, bound: Bound) -> float | None:
    """Median of what is missing; None where nothing is (a process that is not admitted lacks no number)."""
    missing = failing - bound.numerator / bound.denominator
    missing = missing if bound.operator.startswith("<") else -missing
    return float(np.median(missing[missing >= 0])) if (missing >= 0).any() else None


def caps(trial: Trial, asked: Asked) -> tuple[Cap, ...]:
    """Management items that the level needs more of by the month asked for, and those never assessed."""
    assessed = trial.begun.states[trial.row].items
    assumed = {one.item: one.level for one in asked.goal.assumed}
    found = []
    for item in trial.rules.book.items:
        level = asked.items[item]
        by_then = level if level is None or isinstance(level, int) else int(level[asked.target.month])
        if by_then is None or by_then < asked.goal.level:
            found.append(
                Cap(item=item, now=assessed[item], needs=asked.goal.level, assumed=assumed.get(item))
            )
    return tuple(found)
