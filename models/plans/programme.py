"""Many actions: a chance-constrained programme over sampled paths (Luedtke & Ahmed 2008, *SIAM J.
Optimization* 19), solved by HiGHS through `scipy.optimize.milp`.

One row per path and indicator: on a scale on which actions nearly add up (log of a rate, log(−log yield)),
the window's value must come below the level's bound, or the path is given up; at most a share 1 − p may be.
The scale is almost linear in the choice; the rows are its tangents, drawn anew at each answer. The programme
only proposes: sets are judged by the trial itself, and then on paths that nobody has chosen by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from models.attainment.known import Array, Index, Mask
from models.plans.search import Chosen, Starts, Target, Tried, cost_of, tried
from models.plans.shifts import MOVED
from models.plans.trial import Trial

PATHS: Final = 150
ROUNDS: Final = 6
SECONDS: Final = 10.0
STEP: Final = 0.05


@dataclass(frozen=True)
class Rows:
    """`slope` n × A and `bound` n: slope · x ≤ bound keeps the path (`path` n) good; `lost` (P) cannot be."""

    slope: Array
    bound: Array
    path: Index
    lost: Mask


def proposed(
    trial: Trial,
    target: Target,
    wanted: float,
    costs: Sequence[float],
    budget: float | None,
    starts: Starts,
) -> Tried:
    """Sets worth judging for a probability `wanted`: answers of the programme, and each less one action."""
    few, every = trial.first(PATHS), tuple(range(len(costs)))
    x, share, sets = np.full(len(costs), 0.5), wanted, {(), *_steps_to(every, costs, budget)}
    for _ in range(ROUNDS):
        answer = _solve(_tangents(few, target, x, starts(every)), share, np.asarray(costs), budget)
        chosen = tuple(int(a) for a in np.flatnonzero(answer > 0.5))
        fresh = chosen not in sets
        sets |= {chosen, *(tuple(a for a in chosen if a != left) for left in chosen)}
        found = float(target.probability(trial, starts(chosen)[None])[0])
        share = float(np.clip(share + wanted - found, 0.02, 1.0 - 1.0 / PATHS))
        x = 0.5 * (x + answer)
        if not fresh and abs(wanted - found) < STEP:
            break
    judged = sorted((s for s in sets if budget is None or cost_of(s, costs) <= budget + 1e-9), key=len)
    return tried(trial, target, judged, costs, starts)


def _steps_to(every: Chosen, costs: Sequence[float], budget: float | None) -> list[Chosen]:
    """Cheap actions first, one more at a time: rungs for the frontier, and everything if it can be paid."""
    order = sorted(every, key=lambda a: costs[a])
    rungs = [tuple(sorted(order[: n + 1])) for n in range(len(order))]
    return [one for one in rungs if budget is None or cost_of(one, costs) <= budget + 1e-9]


def _tangents(trial: Trial, target: Target, x: Array, starts: Index) -> Rows:
    """Rows at the choice `x` (A shares of each action, between 0 and 1)."""
    count, paths = len(x), trial.begun.sample.count
    shares = np.vstack([x, x + STEP * np.eye(count)])
    found = trial.indicators(np.tile(starts, (count + 1, 1)), shares)
    slope, bound, path, lost = (
        [np.empty((0, count))],
        [np.empty(0)],
        [np.empty(0, int)],
        np.zeros(paths, bool),
    )
    for name, own in found.items():
        if own.values is None or name not in MOVED or not own.moves.any():
            levels = np.broadcast_to(own.levels[0], (paths, own.levels.shape[2]))
            lost |= levels[:, target.month + 1] < target.level
            continue
        value = _scale(name, own.values[:, :, target.month + 1])
        step = next(s for s in trial.rules.book.ladders[name].steps if s.level == target.level)
        rise = (value[1:] - value[0]).T / STEP
        slope.append(rise)
        bound.append(_scale(name, np.array(step.numerator / step.denominator)) - value[0] + rise @ x)
        path.append(np.arange(paths))
    return Rows(np.concatenate(slope), np.concatenate(bound), np.concatenate(path), lost)


def _scale(name: str, value: Array) -> Array:
    """Where actions nearly add up, more being worse."""
    if name == "ftq":
        return np.asarray(np.log(-np.log(np.clip(value, 1e-9, 1 - 1e-9))))
    return np.asarray((-1.0 if name == "cpk" else 1.0) * np.log(np.maximum(value, 1e-12)))


def _solve(rows: Rows, share: float, costs: Array, budget: float | None) -> Array:
    """Cheapest choice that keeps `share` of the paths good; where there is none, the one that keeps most."""
    for most_lost in ((1.0 - share) * len(rows.lost), None):
        found = _programme(rows, costs, budget, most_lost)
        if found is not None:
            return found
    return np.zeros(len(costs))


def _programme(rows: Rows, costs: Array, budget: float | None, most_lost: float | None) -> Array | None:
    count, paths = len(costs), len(rows.lost)
    over = np.maximum(rows.slope, 0.0).sum(axis=1) - rows.bound  # how far a row can be missed at all
    kept = (over > 0.0) & ~rows.lost[rows.path]
    slack = sparse.csr_array(
        (-over[kept], (np.arange(kept.sum()), rows.path[kept])), shape=(int(kept.sum()), paths)
    )
    limits = (
        [LinearConstraint(sparse.hstack([rows.slope[kept], slack]), ub=rows.bound[kept])]
        if kept.any()
        else []
    )
    no_path = np.zeros(paths)
    if budget is not None:
        limits.append(LinearConstraint(np.append(costs, no_path), ub=budget))
    if most_lost is not None:
        limits.append(LinearConstraint(np.append(np.zeros(count), np.ones(paths)), ub=np.floor(most_lost)))
    scale = max(float(costs.sum()), 1.0)
    price = costs / scale + 1e-3 / count
    weight = no_path if most_lost is not None else np.full(paths, 10.0)
    answer = milp(
        np.append(price, weight),
        integrality=np.ones(count + paths),
        bounds=Bounds(np.append(np.zeros(count), rows.lost.astype(float)), 1.0),
        constraints=limits,
        options={"time_limit": SECONDS},
    )
    return None if answer.x is None else np.round(answer.x[:count])
