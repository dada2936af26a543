"""Judging advice by acting on it: the true gain of every move that a line has shown to be possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.simulator.counterfactual import future_noise, standard
from features.simulator.engine import Setting
from features.simulator.faults import UnknownNameError
from features.simulator.history import Course, imagine
from features.simulator.levers import SLOTS, spec_of
from features.simulator.noise import Noise
from features.simulator.sectors import SECTORS
from features.simulator.specs import KIND_OF_ROLE
from features.simulator.streams import Array, Flags
from features.simulator.targets import TARGETS, true_targets

if TYPE_CHECKING:
    from features.simulator.world import World

SHOWN = (0.05, 0.25, 0.50, 0.75, 0.95)
"""Quantiles of the line's own monthly settings to which a move may go."""

SHOWN_MONTHS, NOW_MONTHS = 36, 12
_GOOD = {"ftq": 1.0, "cpk": 1.0, "internal_loss": -1.0, "external_loss": -1.0, "ppm": -1.0}


@dataclass(frozen=True)
class Move:
    """One possible action; `gain` as in `gains`."""

    enterprise_id: str
    parameter_id: str
    from_value: float
    to_value: float
    target: str
    gain: float


class Judge:
    """Runs many settings over one set of futures, with suppliers held as they would be anyway.

    Every plant is acted on in the same run; holding the suppliers' deliveries fixed keeps one plant's
    action out of another's result.
    """

    def __init__(self, world: World, target: str, origin: int, horizon: int, futures: int) -> None:
        if target not in (*TARGETS, "loss"):
            raise UnknownNameError("target", target, ", ".join((*TARGETS, "loss")))
        self._world, self._target, self._origin = world, target, origin
        self._noise: Noise = future_noise(world, origin, horizon, futures)
        self._state = world.history.states[origin]
        self._alone, _ = imagine(world.engine, self._state, self._noise, None)
        self._base = self._score(self._alone)

    def gain(self, held: Flags, z: Array) -> Array:
        """Gain (N,) of holding `z` (N, L) where `held` (N, L), from the month after the origin on."""
        setting = Setting(held[None], z[None], self._origin + 1)
        course, _ = imagine(self._world.engine, self._state, self._noise, setting, like=self._alone)
        return np.asarray(self._score(course) - self._base)

    def _score(self, course: Course) -> Array:
        """Higher is better: the target's mean with its sign, or minus the losses in CNY a year."""
        rows = [true_targets(self._world.plants, month) for month in course.months]
        if self._target != "loss":
            return np.asarray(
                _GOOD[self._target] * np.mean([row[self._target].mean(axis=0) for row in rows], axis=0)
            )
        months = zip(course.months, rows, strict=True)
        lost = [((r["internal_loss"] + r["external_loss"]) * m.output).mean(axis=0) for m, r in months]
        return np.asarray(-12.0 * np.mean(lost, axis=0))


def actionable(world: World) -> Flags:
    """(N, L): parameters that may be recommended."""
    may = [[KIND_OF_ROLE[p.role] == "actionable" for p in s.parameters] for s in SECTORS]
    padded = np.array([row + [False] * (SLOTS - len(row)) for row in may])
    return np.asarray(padded[world.plants.sector] & world.levers.present)


def gains(world: World, target: str, origin: int, horizon: int, futures: int) -> pd.DataFrame:
    """True gain of every move.

    Returns:
        Rows enterprise_id, parameter_id, from_value, to_value, target, gain, cost. A positive `gain` helps:
        for `loss` CNY a year saved (internal and external), else the target's mean improvement over the
        horizon in its own unit. `cost` (CNY a year) is what the move costs; it is not taken off the gain.
    """
    judge = Judge(world, target, origin, horizon, futures)
    z = world.history.stacked("z")[: origin + 1]
    now, shown = z[-NOW_MONTHS:].mean(axis=0), np.quantile(z[-SHOWN_MONTHS:], SHOWN, axis=0)
    may = actionable(world)
    frames = [
        _moves(world, judge, target, slot, now, to, may)
        for slot in range(SLOTS)
        for to in shown
        if may[:, slot].any()
    ]
    moves = pd.concat(frames, ignore_index=True)
    return moves.sort_values(["enterprise_id", "parameter_id", "to_value"], ignore_index=True)


def _moves(
    world: World, judge: Judge, target: str, slot: int, now: Array, to: Array, may: Flags
) -> pd.DataFrame:
    only = np.zeros_like(may)
    only[:, slot] = may[:, slot]
    gain = judge.gain(only, to)
    n = np.flatnonzero(only[:, slot])
    centre, scale = world.levers.centre[n, slot], world.levers.scale[n, slot]
    return pd.DataFrame(
        {
            "enterprise_id": [world.enterprises[i] for i in n],
            "parameter_id": [spec_of(int(world.plants.sector[i]), slot).parameter_id for i in n],
            "from_value": centre + scale * now[n, slot],
            "to_value": centre + scale * to[n, slot],
            "target": target,
            "gain": gain[n],
            "cost": 12 * world.levers.cost[n, slot] * scale * np.abs(to - now)[n, slot],
        }
    )


def best_action(moves: pd.DataFrame, enterprise_id: str) -> Move:
    """The greatest gain among a plant's moves."""
    own = moves[moves["enterprise_id"] == enterprise_id]
    if own.empty:
        raise UnknownNameError("enterprise", enterprise_id, "those with actionable parameters")
    row = own.iloc[int(own["gain"].to_numpy().argmax())]
    return Move(
        enterprise_id,
        str(row["parameter_id"]),
        float(row["from_value"]),
        float(row["to_value"]),
        str(row["target"]),
        float(row["gain"]),
    )


def realised(
    world: World,
    advice: Iterable[tuple[str, str, float]],
    target: str,
    origin: int,
    horizon: int,
    futures: int,
) -> list[float]:
    """True gains of advised moves (enterprise_id, parameter_id, to) in their order, as in `gains`."""
    judge = Judge(world, target, origin, horizon, futures)
    asked = [(world.plant(e), *standard(world, world.plant(e), p, to)) for e, p, to in advice]
    answer = [0.0] * len(asked)
    for batch in _batches([plant for plant, _, _ in asked]):
        held, z = np.zeros_like(world.levers.present), np.zeros(world.levers.present.shape)
        for i in batch:
            plant, slot, value = asked[i]
            held[plant, slot], z[plant, slot] = True, value
        gain = judge.gain(held, z)
        for i in batch:
            answer[i] = float(gain[asked[i][0]])
    return answer


def _batches(plants: Sequence[int]) -> list[list[int]]:
    """Positions grouped so that no group holds two moves of one plant."""
    seen: dict[int, int] = {}
    groups: list[list[int]] = []
    for i, plant in enumerate(plants):
        turn = seen.get(plant, 0)
        seen[plant] = turn + 1
        if turn == len(groups):
            groups.append([])
        groups[turn].append(i)
    return groups
