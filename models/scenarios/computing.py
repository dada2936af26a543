"""A scenario computed: the first months of everybody whom it touches, on the portfolio's own joint paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from features.periods import to_index
from models.attainment.start import Start
from models.chains.keeping import Chains
from models.effects.links import ESCAPE
from models.plans.actions import Action
from models.plans.joint import joint_effects
from models.plans.trial import NEVER, Trial
from models.portfolio import Portfolio
from models.portfolio.bases import BASES, Basis
from models.portfolio.firsts import Firsts
from models.portfolio.paths import kept_firsts
from models.portfolio.targets import group
from models.results import LEVELS
from models.scenarios import changing
from models.scenarios.downstream import Downstream, downstream, slopes
from models.scenarios.keeping import Result
from models.scenarios.programme import actions_of, takes_up
from models.scenarios.wish import Scenario
from models.what_if.kept import Kept, Plant

Recommended = Callable[[str], Sequence[Mapping[str, Any]]]
"""Published rows of one enterprise."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Touched:
    """One enterprise in the scenario: first months 4 × P by basis, and actions it is helped to begin."""

    firsts: Mapping[Basis, Firsts]
    actions: Sequence[Action]


@dataclass(frozen=True)
class Computing:
    """A scenario, and what it is computed from: one publication's files. `listed` are the ids of its list."""

    scenario: Scenario
    portfolio: Portfolio
    kept: Kept
    recommended: Recommended
    chains: Chains | None = None
    listed: frozenset[str] | None = None

    def result(self, progress: Progress = lambda _what, _done, _total: None) -> Result:
        """Compute everybody whom the scenario touches and whose levels are forecast."""
        names, found = self.names, []
        for done, name in enumerate(names):
            progress("scenario", done, len(names))
            found.append(self.touched(name))
        return Result(
            names,
            {basis: self._together([one.firsts[basis] for one in found]) for basis in BASES},
            np.array([sum(action.cost for action in one.actions) for one in found], dtype=np.float64),
            np.array([len(one.actions) for one in found], dtype=np.int64),
            np.array([all(action.cost_known for action in one.actions) for one in found], dtype=np.bool_),
            self.said,
        )

    def _together(self, found: Sequence[Firsts]) -> Firsts:
        """4 × n × P, also of nobody."""
        nobody = np.empty((len(LEVELS) - 1, 0, self.portfolio.paths), dtype=np.uint8)
        return np.stack(found, axis=1) if found else nobody

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Whom it touches, in the order of the portfolio."""
        touched = {*self._tightened, *(self._downstream.reached if self._downstream else ())}
        if self.scenario.about_group:
            touched |= self._members
        known = set(self.kept.names)
        return tuple(str(n) for n in self.portfolio.enterprise_ids if str(n) in touched and str(n) in known)

    @property
    def said(self) -> dict[str, Any]:
        """What a reader must know of it: whether suppliers' quality is shown to arrive (`carried`)."""
        carry = self._downstream.carry if self._downstream else None
        reason = "no_chains" if carry is None else carry.reason
        return {"carried": reason if self.scenario.tightened else None}

    @cached_property
    def _members(self) -> set[str]:
        own = self.scenario
        chosen = group(self.portfolio, own.region, own.industry, own.size, own.chain)
        members = {str(name) for name in self.portfolio.enterprise_ids[chosen]}
        return members if self.listed is None else members & self.listed

    @property
    def _tightened(self) -> tuple[str, ...]:
        return self.scenario.tightened.suppliers if self.scenario.tightened else ()

    @cached_property
    def _downstream(self) -> Downstream | None:
        tightened = self.scenario.tightened
        return downstream(self.chains, tightened) if self.chains and tightened else None

    def touched(self, name: str) -> Touched:
        """Compute one enterprise; KeyError for one whose levels are not forecast."""
        plant = self.kept.plant(name)
        actions = self._actions(plant)
        trial = self._trial(plant, actions)
        levels = trial.levels(self._starts(plant, len(actions)))
        late = np.array([max(self.portfolio.today - int(plant.facts["origin"]), 0)])
        sample = trial.begun.sample
        firsts = {}
        for basis in BASES:
            own = [kept_firsts(levels[basis][[at]], sample, (name,), late)[:, 0] for at in (0, -1)]
            firsts[basis] = self._taken(name, *own)
        return Touched(firsts, actions)

    def _taken(self, name: str, without: Firsts, acted: Firsts) -> Firsts:
        programme = self.scenario.programme
        share = programme.share if programme else 0.0
        return np.where(takes_up(name, share, without.shape[1]), acted, without)

    def _actions(self, plant: Plant) -> list[Action]:
        programme, name = self.scenario.programme, plant.enterprise_id
        if programme is None or name not in self._members:
            return []
        return actions_of(self.recommended(name), plant.levers, programme.option)

    def _starts(self, plant: Plant, actions: int) -> Any:  # noqa: ANN401 - an index
        """Two sets: nothing begun, and everything in the programme's month."""
        origin, programme = int(plant.facts["origin"]), self.scenario.programme
        first = max(to_index(programme.start) - origin - 1, 0) if programme else NEVER
        return np.stack([np.full(actions, NEVER), np.full(actions, first)])[: 1 + bool(actions)]

    def _trial(self, plant: Plant, actions: Sequence[Action]) -> Trial:
        follows = plant.effects[ESCAPE].follows if ESCAPE in plant.effects else 0.0
        effects = joint_effects(lambda m: plant.model.together(plant.enterprise_id, m), actions, follows)
        kept = self.kept
        begun = self.begun(plant)
        items = self._items(plant, begun.sample.months)
        return Trial(begun, 0, kept.learned, effects, plant.losses, kept.following, items, kept.rules)

    def begun(self, plant: Plant) -> Start:
        """The plant's start, with all that is otherwise but its actions and its management."""
        own, begun = self.scenario, plant.ahead()
        since, name = to_index(own.start), plant.enterprise_id
        if name in self._members and own.about_group:
            if own.demand != 1.0:
                begun = changing.with_demand(begun, own.demand, since)
            begun = changing.with_prices(begun, own.internal_price, own.external_price, since)
        if name in self._tightened and own.tightened:
            change = np.log(own.tightened.factor) * changing.from_month(begun, since)
            begun = changing.with_deliveries(begun, change, self.kept.following)
        return self._incoming(plant, begun, since)

    def _incoming(self, plant: Plant, begun: Start, since: int) -> Start:
        found, name = self._downstream, plant.enterprise_id
        if found is None or name not in found.reached:
            return begun
        arrives = found.by_month(name, since, int(plant.facts["origin"]), begun.sample.months)
        failing = slopes(found.carry, name, begun.sample.shock)[:, None] * arrives
        return changing.with_incoming(begun, failing, plant.losses, self.kept.following)

    def _items(self, plant: Plant, months: int) -> dict[str, Any]:
        assessed, origin = plant.state.items, int(plant.facts["origin"])
        if plant.enterprise_id not in self._members:
            return dict(assessed)
        moves: dict[str, dict[int, int]] = {}
        for move in self.scenario.items:
            moves.setdefault(move.item, {})[to_index(move.since)] = move.level
        return {
            item: changing.raised(level, moves.get(item, {}), origin, months)
            for item, level in assessed.items()
        }
