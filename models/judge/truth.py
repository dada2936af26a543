"""The truth of a move: the plant really makes it, in the simulator, and lives the next year twice.

Definitions that every figure of the judge rests on:

- **Leaving alone**: people and circumstances go on moving the levers as they did. **The move**: from the
  month after the records end the lever is held at `to`, by do-intervention; nothing else is held.
- Both lives share every draw (common random numbers), and suppliers deliver as they would without the move,
  so that all plants can act in one run without meeting in each other's results.
- **Gain** (gross): CNY a year of internal and external loss saved against leaving alone, mean over the twelve
  months after the origin and over all futures. **Net gain**: less the cost of holding the move, which is
  12 × (CNY a month per unit) × |to − where the lever stands left alone, on average over those months|. The
  same for every chooser, whatever it believed the lever's place to be.
- **Effect** on an indicator: its mean over those months and futures, acting minus leaving alone.
- **Lets more out**: more nonconforming units per million are delivered (mean `ppm` rises). Such a move may
  save money (it checks less), but never counts as the best.
- **The best possible** move of a plant: the largest net gain over all its actionable levers × the five
  places of `features.simulator.judging.SHOWN`, quantiles 5 … 95 % of its own true settings of the last 36
  months, joined with every move that a chooser named (lots aside).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from features.simulator import World
from features.simulator.counterfactual import future_noise, standard
from features.simulator.engine import Setting
from features.simulator.judging import SHOWN, SHOWN_MONTHS, actionable
from features.simulator.levers import spec_of
from features.simulator.streams import Array
from features.simulator.targets import TARGETS, true_targets

MONTHS: Final = 12
FUTURES: Final = 48
TIE: Final = 1e-9
"""Relative change of ppm that is rounding, not a change."""

Move = tuple[str, str, float]
"""(enterprise_id, parameter_id, to) in the lever's unit."""


@dataclass(frozen=True)
class Year:
    """Means over the counted months and all futures, by plant: `loss` (N,) CNY a year, `targets` in their
    units (N,), `place` (N, L) where the levers stood, in standard units.
    """

    loss: Array
    targets: Mapping[str, Array]
    place: Array


class Truth:
    """What moves would bring in one world, all plants acting in the same run.

    Args:
        world: whose plants act, from the month after its history on.
        futures: how many futures each move is lived through; the same ones for all.

    Memory is that of one month of `futures` × plants: months are summed up as they are lived.
    """

    def __init__(self, world: World, futures: int = FUTURES) -> None:
        self.world = world
        self._noise = future_noise(world, world.months - 1, MONTHS, futures)
        self._start = world.history.states[-1].copies(futures)
        self._supply: list[Array] = []
        self._told: dict[Move, dict[str, object]] = {}
        self.alone = self._live(None)

    def of(self, moves: Iterable[Move]) -> pd.DataFrame:
        """The truth of each move, in the order asked.

        Columns enterprise_id, parameter_id, to, gain, cost, net, leaks (lets more out), and for every target
        `effect.<target>` and `alone.<target>`. Raises WorldError for a parameter or value that cannot be.
        """
        asked = list(moves)
        new = [move for move in dict.fromkeys(asked) if move not in self._told]
        for batch in _one_each([enterprise for enterprise, _, _ in new]):
            some = [new[i] for i in batch]
            self._told |= dict(zip(some, self._together(some), strict=True))
        told = pd.DataFrame([self._told[move] for move in asked], columns=list(_TYPES))
        return told.astype(_TYPES)

    def grid(self, places: int = 0) -> pd.DataFrame:
        """`of` every actionable lever of every plant at the five places shown, or at so many evenly spread
        ones.
        """
        may, levers = actionable(self.world), self.world.levers
        settings = self.world.history.stacked("z")[-SHOWN_MONTHS:]
        shown = np.quantile(settings, SHOWN, axis=0)
        if places:
            shown = np.linspace(shown[0], shown[-1], places)
        sectors = self.world.plants.sector
        return self.of(
            (
                self.world.enterprises[n],
                spec_of(int(sectors[n]), int(slot)).parameter_id,
                float(levers.centre[n, slot] + levers.scale[n, slot] * place[n, slot]),
            )
            for place in shown
            for n, slot in np.argwhere(may)
        )

    def _together(self, moves: Sequence[Move]) -> Iterator[dict[str, object]]:
        """One move each of several plants."""
        held = np.zeros((1, *self.world.levers.present.shape), dtype=np.bool_)
        value = np.zeros(held.shape)
        places = [
            (self.world.plant(e), *standard(self.world, self.world.plant(e), p, to)) for e, p, to in moves
        ]
        for plant, slot, z in places:
            held[0, plant, slot], value[0, plant, slot] = True, z
        year = self._live(Setting(held, value, self.world.months))
        for (plant, slot, z), move in zip(places, moves, strict=True):
            yield dict(zip(_MOVE, move, strict=True)) | self._compared(year, plant, slot, z)

    def _compared(self, year: Year, plant: int, slot: int, z: float) -> dict[str, object]:
        levers, alone = self.world.levers, self.alone
        unit = MONTHS * levers.cost[plant, slot] * levers.scale[plant, slot]
        gain, cost = (
            float(alone.loss[plant] - year.loss[plant]),
            float(unit * abs(z - alone.place[plant, slot])),
        )
        before, after = alone.targets["ppm"][plant], year.targets["ppm"][plant]
        told: dict[str, object] = {"gain": gain, "cost": cost, "net": gain - cost}
        told["leaks"] = bool(after > before * (1 + TIE))
        for y in TARGETS:
            told[f"alone.{y}"] = float(alone.targets[y][plant])
            told[f"effect.{y}"] = float(year.targets[y][plant] - alone.targets[y][plant])
        return told

    def _live(self, setting: Setting | None) -> Year:
        """One year under a setting; the first call, without one, keeps what suppliers sent."""
        state, years = self._start, list[Year]()
        for h in range(MONTHS):
            sent = self.world.engine.received(state.trouble) if setting is None else self._supply[h]
            if setting is None:
                self._supply.append(sent)
            state, month = self.world.engine.step(state, self._noise.month(h), setting, sent)
            targets = {y: x.mean(axis=0) for y, x in true_targets(self.world.plants, month).items()}
            lost = ((month.internal + month.external) * month.output).mean(axis=0)
            years.append(Year(MONTHS * lost, targets, month.z.mean(axis=0)))
        return Year(
            np.mean([y.loss for y in years], axis=0),
            {name: np.mean([y.targets[name] for y in years], axis=0) for name in TARGETS},
            np.mean([y.place for y in years], axis=0),
        )


_MOVE: Final = ("enterprise_id", "parameter_id", "to")
_TYPES: Final = {
    "enterprise_id": "str", "parameter_id": "str", "to": "float", "gain": "float", "cost": "float",
    "net": "float", "leaks": "bool",
    **{f"{what}.{y}": "float" for y in TARGETS for what in ("alone", "effect")},
}  # fmt: skip


def _one_each(enterprises: Sequence[str]) -> list[list[int]]:
    """Positions in groups that hold no enterprise twice."""
    turns: dict[str, int] = {}
    groups: list[list[int]] = []
    for i, enterprise in enumerate(enterprises):
        turn = turns.get(enterprise, 0)
        turns[enterprise] = turn + 1
        if turn == len(groups):
            groups.append([])
        groups[turn].append(i)
    return groups
