"""At publication: every enterprise's options, tried on the portfolio's own joint paths.

An option is some of an enterprise's published recommendations, begun next month: each alone, each two, and
all. One that costs no less than another and is nowhere better is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from models.assistance.options import ENDS, Action, Option, Options, none, write
from models.plans import actions as planned
from models.plans.schedule import lasting
from models.plans.trial import NEVER, Trial
from models.portfolio import Portfolio
from models.portfolio.bases import BASES, Basis
from models.portfolio.firsts import Firsts
from models.portfolio.horizon import AHEAD
from models.portfolio.paths import kept_firsts
from models.recommend.money import benefit
from models.what_if.answering import trial_of
from models.what_if.kept import Kept, Plant

if TYPE_CHECKING:
    from models.outlook import Publication

WEAK: Final = float(ndtri(0.95))
"""Standard deviations to the weak end of a 90 % interval."""
MOST_ACTIONS: Final = 3
Levels = Mapping[Any, NDArray[np.int8]]


def keep_assistance(made: Publication) -> None:
    """Write the options of every enterprise: what its actions would do on the joint paths."""
    from models.outlook_files import read_rows

    portfolio = Portfolio.load(made.folder)
    try:
        kept = Kept(made.folder)
    except FileNotFoundError:
        write(made.folder, none(portfolio.paths))
        return
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in read_rows(made.folder, "recommendations"):
        rows.setdefault(str(row["enterprise_id"]), []).append(row)
    write(made.folder, options_of(portfolio, kept, rows))


def options_of(
    portfolio: Portfolio, kept: Kept, recommended: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Options:
    """Everybody's options, in the order of the portfolio; `recommended` are published rows by enterprise."""
    known, found = set(kept.names), []
    for row, name in enumerate(map(str, portfolio.enterprise_ids)):
        if name in known and any(one["rank"] is not None for one in recommended.get(name, ())):
            now = {basis: int(portfolio.level(basis)[row]) for basis in BASES}
            found.append(options(kept.plant(name), recommended[name], portfolio, now))
    if not found:
        return none(portfolio.paths)
    firsts = {key: np.concatenate([one.firsts[key] for one in found], axis=1) for key in found[0].firsts}
    return Options(tuple(row for one in found for row in one.rows), firsts)


def actions_of(plant: Plant, rows: Sequence[Mapping[str, Any]]) -> tuple[planned.Action, ...]:
    """An enterprise's published recommendations as actions, the best first."""
    ranked = sorted((row for row in rows if row["rank"] is not None), key=lambda row: row["rank"])
    return tuple(
        planned.Action(
            row["parameter_id"],
            row["parameter_name"],
            row["unit"],
            row["from"],
            row["to"],
            float(row["cost"] or 0.0),
            plant.levers[row["parameter_id"]].cost_per_unit is not None,
            row["confidence"],
        )
        for row in ranked[:MOST_ACTIONS]
    )


def options(
    plant: Plant, rows: Sequence[Mapping[str, Any]], portfolio: Portfolio, now: Mapping[Basis, int]
) -> Options:
    """One enterprise's options; `now` is its official level by reading (0: none)."""
    actions = actions_of(plant, rows)
    sets = [one for size in range(1, len(actions) + 1) for one in combinations(range(len(actions)), size)]
    likely = trial_of(plant, actions, portfolio.months)
    late = max(portfolio.today - likely.origin, 0)
    trials = {"likely": likely, "weak": replace(likely, effects=likely.effects.weak(WEAK))}
    tried = {end: _Tried.of(trials[end], sets, late, now) for end in ENDS}
    months = lasting(likely.effects.arrival)
    told = [
        Option(
            plant.enterprise_id,
            tuple(_told(actions[a]) for a in own),
            int(months[list(own)].max()),
            _benefit(plant, [actions[a] for a in own]),
            {b: {end: tuple(map(float, tried[end].falls[b][at])) for end in ENDS} for b in BASES},
        )
        for at, own in enumerate(sets)
    ]
    firsts = {(basis, end): tried[end].firsts[basis] for basis in BASES for end in ENDS}
    good = np.concatenate([_good(tried[end], portfolio.months) for end in ENDS], axis=1)
    kept = undominated(np.array([one.cost for one in told]), good)
    return Options(tuple(told[at] for at in kept), {key: own[:, kept] for key, own in firsts.items()})


@dataclass(frozen=True)
class _Tried:
    """What S sets of actions do: first months 4 × S × P and chances of falling S × AHEAD, by reading."""

    firsts: Mapping[Basis, Firsts]
    falls: Mapping[Basis, NDArray[np.float64]]

    @classmethod
    def of(cls, trial: Trial, sets: Sequence[tuple[int, ...]], late: int, now: Mapping[Basis, int]) -> _Tried:
        """Begin each set in the month after the latest records of all."""
        starts = np.full((len(sets), len(trial.effects.names)), NEVER, dtype=np.int64)
        for at, own in enumerate(sets):
            starts[at, list(own)] = late
        levels: Levels = trial.levels(starts)
        names = (trial.begun.sample.enterprise_ids[trial.row],) * len(sets)
        lates = np.full(len(sets), late)
        firsts = {b: kept_firsts(levels[b], trial.begun.sample, names, lates) for b in BASES}
        return cls(firsts, {b: _falls(levels[b], now[b]) for b in BASES})


def _falls(levels: NDArray[np.int8], now: int) -> NDArray[np.float64]:
    """S × AHEAD, of level paths S × P × months; NaN past these, and where there is nothing to fall from."""
    out = np.full((len(levels), len(AHEAD)), np.nan)
    for at, ahead in enumerate(AHEAD):
        if now and ahead <= levels.shape[2]:
            out[:, at] = (levels[:, :, ahead - 1] < now).mean(axis=1)
    return out


def _good(tried: _Tried, months: int) -> NDArray[np.float64]:
    """S × all that an option is wanted for: chances of each level by each month, and of not falling."""
    by = [(tried.firsts[basis] <= month).mean(axis=2).T for basis in BASES for month in range(1, months + 1)]
    held = [-np.nan_to_num(tried.falls[basis]) for basis in BASES]
    return np.concatenate([*by, *held], axis=1)


def undominated(costs: NDArray[np.float64], good: NDArray[np.float64]) -> list[int]:
    """Positions of the options than which none that costs as much or less is at least as good in all that it
    is wanted for (S × any number).
    """
    kept: list[int] = []
    for at in sorted(range(len(costs)), key=lambda s: (costs[s], -float(good[s].sum()), s)):
        if not any((good[one] >= good[at]).all() for one in kept):
            kept.append(at)
    return sorted(kept)


def _benefit(plant: Plant, actions: Sequence[planned.Action]) -> float | None:
    """Failure cost avoided a year (CNY) by the actions together."""
    if not plant.losses.known:
        return None
    does = plant.model.together(plant.enterprise_id, {action.parameter_id: action.move for action in actions})
    return float(benefit(plant.losses, np.array(does.failing.mean), np.array(does.escape.mean)))


def _told(action: planned.Action) -> Action:
    return Action(
        action.parameter_id,
        action.parameter_name,
        action.unit,
        action.before,
        action.after,
        action.cost,
        action.cost_known,
        action.confidence,
    )
