"""Sets of actions tried on one enterprise's sample paths, through the same rules as `attain`.

Every set sees the same paths and the same draws of effects (common random numbers), so that sets differ by
what they do and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.attainment.chances import Chances
from models.attainment.known import Array, Characteristics, Index, Known, Mask, Stages
from models.attainment.level_model import LevelModel
from models.attainment.levels import IndicatorPaths, Levels, graded, indicator_paths, path_levels
from models.attainment.start import AT_ONCE, Start
from models.plans.following import Following
from models.plans.joint import Draws, JointEffects
from models.plans.rows import Scope
from models.plans.shifts import in_force, shifted, shifts
from models.recommend.money import Losses
from models.rules_numpy import ArrayRules
from qm_rules.rulebook import HIGHEST

NEVER = 255
"""A first month that no forecast goes as far as."""


@dataclass(frozen=True)
class Moved:
    """One target's paths S × P × M under S sets; `answered` as without any."""

    values: Array
    answered_here: bool

    @property
    def answered(self) -> Mask:
        """S booleans."""
        return np.full(len(self.values), self.answered_here)

    def paths(self, rows: slice) -> Array:
        """Some sets' paths."""
        return self.values[rows]


@dataclass(frozen=True)
class Trial:
    """One enterprise (`row` of `begun`) and A actions; `items` are the management items' levels, each one
    number or M of them (None: never assessed), M as many months as the sample has.
    """

    begun: Start
    row: int
    learned: LevelModel
    effects: JointEffects
    losses: Losses
    following: Following
    items: Mapping[str, int | Levels | None]
    rules: ArrayRules

    @property
    def origin(self) -> int:
        """Month index of the last known month."""
        return int(self.begun.sample.origin[self.row])

    @cached_property
    def now(self) -> dict[Scope, int]:
        """Today's level, as far as supplied, in either scope."""
        state = self.begun.states[self.row]
        performance = path_levels(self.rules, self.begun, self._part, self.learned.admission).window[
            :, :1, :1
        ]
        grade = graded(self.rules, performance, [state])
        return {"performance": int(performance[0, 0, 0]), "grade": int(grade[0, 0, 0])}

    def first(self, paths: int) -> Trial:
        """The same on the first paths only."""
        sample = self.begun.sample
        if paths >= sample.count:
            return self
        fewer = {
            target: Moved(values[None, :paths], self._answered(target))
            for target, values in self._plain.items()
        }
        begun = self._copied(1, fewer)
        short = replace(begun.sample, count=paths, shock=sample.shock[:paths])
        return replace(self, begun=replace(begun, sample=short), row=0)

    def levels(self, starts: Index) -> dict[Scope, Levels]:
        """Level paths S × P × M of the official windows in both scopes, for sets that begin action a in
        month `starts` (S × A; `NEVER`: not at all).
        """
        found = [self._levels(starts[part]) for part in _batches(len(starts))]
        return {scope: np.concatenate([part[scope] for part in found]) for scope in found[0]}

    def chances(self, starts: Index) -> dict[Scope, Chances]:
        """Shares of paths S × M × 5, as `attain` counts them."""
        found = [
            {scope: Chances.of(own) for scope, own in self._levels(starts[part]).items()}
            for part in _batches(len(starts))
        ]
        return {scope: _joined([part[scope] for part in found]) for scope in found[0]}

    def indicators(self, starts: Index, shares: Array | None = None) -> dict[str, IndicatorPaths]:
        """What each indicator does under the sets (few of them: all in memory at once); with `shares` (S × A)
        of each action's effect.
        """
        every = slice(0, len(starts))
        return indicator_paths(self.rules, self._begun(starts, shares), every, self.learned.admission)

    def _levels(self, starts: Index) -> dict[Scope, Levels]:
        begun = self._begun(starts)
        found = path_levels(self.rules, begun, slice(0, len(starts)), self.learned.admission)
        performance = self.learned.blended(found, begun.sample.enterprise_ids)
        return {"performance": performance, "grade": self._graded(performance)}

    def _graded(self, performance: Levels) -> Levels:
        own = {item: HIGHEST if level is None else level for item, level in self.items.items()}
        held = self.rules.grade({}, own).dimensions
        return self.rules.together({**held, "performance": performance})

    def _begun(self, starts: Index, shares: Array | None = None) -> Start:
        """The enterprise as often as there are sets, each on the paths that its set makes."""
        paths = self._moved(starts, shares)
        return self._copied(
            len(starts), {target: Moved(own, self._answered(target)) for target, own in paths.items()}
        )

    def _copied(self, count: int, drawn: Mapping[str, Moved]) -> Start:
        """The enterprise so many times, on other paths."""
        begun = self.begun
        origin = np.full(count, self.origin)
        sample = replace(begun.sample, enterprise_ids=(self._name,) * count, origin=origin, drawn=drawn)
        pace = None if begun.pace is None else np.repeat(begun.pace[self._part], count, axis=0)
        states = (begun.states[self.row],) * count
        return replace(
            begun, sample=sample, states=states, known=copies(begun.known.take(self._part), count), pace=pace
        )

    def _moved(self, starts: Index, shares: Array | None) -> Mapping[str, Array]:
        force = in_force(self.effects.arrival, starts, self.begun.sample.months)
        change = shifts(self._draws, force if shares is None else force * shares[:, :, None])
        return shifted(self._plain, change, self.losses, self.following)

    @cached_property
    def _draws(self) -> Draws:
        sample = self.begun.sample
        return self.effects.draw(sample.count, sample.seed, self.following.capability)

    @cached_property
    def _plain(self) -> dict[str, Array]:
        return {target: drawn.paths(self._part)[0] for target, drawn in self.begun.sample.drawn.items()}

    def _answered(self, target: str) -> bool:
        return self.begun.sample.forecasts(target, self.row)

    @property
    def _name(self) -> str:
        return self.begun.sample.enterprise_ids[self.row]

    @property
    def _part(self) -> slice:
        return slice(self.row, self.row + 1)


def copies(known: Known, count: int) -> Known:
    """One window's known months, as often as asked."""
    stated = (known.units, known.bad, known.output, known.internal, known.external)
    units, bad, output, internal, external = (np.repeat(values, count, axis=0) for values in stated)
    stages, own = known.stages, known.characteristics

    def tiled(values: Array) -> Array:
        return np.concatenate([values] * count)

    return Known(
        units,
        bad,
        output,
        internal,
        external,
        Stages(
            np.repeat(np.arange(count), len(stages.row)),
            np.concatenate([stages.product] * count),
            np.concatenate([stages.first] * count),
            tiled(stages.submitted),
            tiled(stages.passed),
        ),
        Characteristics(
            np.repeat(np.arange(count), len(own.row)),
            *(tiled(values) for values in (own.lsl, own.usl, own.n, own.mean, own.sd, own.df)),
        ),
    )


def _joined(parts: list[Chances]) -> Chances:
    return Chances(*(np.concatenate([getattr(p, name) for p in parts]) for name in Chances.__annotations__))


def _batches(count: int) -> Iterator[slice]:
    for begin in range(0, count, AT_ONCE):
        yield slice(begin, begin + AT_ONCE)
