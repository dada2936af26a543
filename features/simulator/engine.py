"""One month after another: hidden causes, policies, stress, failures, losses."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from features.simulator.levers import Levers
from features.simulator.losses import internal_shares
from features.simulator.mechanism import Mechanism
from features.simulator.noise import Noise
from features.simulator.plants import Plants
from features.simulator.scenario import Scenario
from features.simulator.sectors import SECTORS
from features.simulator.state import Month, State
from features.simulator.streams import Array, Flags

_DEMAND_SEASON = np.array([s.demand_season for s in SECTORS])
_CLIMATE_PHASE, _DEMAND_PHASE = 4.0, 7.5


class Intervention(Protocol):
    """Somebody's hand on the levers."""

    def applied(self, z: Array, t: int) -> Array:
        """Settings (R, N, L) of month t as they are under the intervention."""
        ...


@dataclass(frozen=True)
class Setting:
    """A do-intervention: wherever `held`, z is set to `value` in every month from `since` on."""

    held: Flags  # (R or 1, N, L)
    value: Array
    since: int

    def applied(self, z: Array, t: int) -> Array:
        """Settings of month t: as people would have them before `since`."""
        return z if t < self.since else np.where(self.held, self.value, z)


@dataclass(frozen=True)
class Schedule:
    """A do-intervention that follows a plan: in month `since` + i, z is set to `value[i]` wherever `held[i]`.

    Before the plan and after its last month levers are left alone.
    """

    held: Flags  # (H, R or 1, N, L)
    value: Array
    since: int

    def applied(self, z: Array, t: int) -> Array:
        """Settings of month t."""
        i = t - self.since
        return z if not 0 <= i < len(self.held) else np.where(self.held[i], self.value[i], z)


@dataclass(frozen=True)
class Engine:
    """The structural equations of one world. `first_month` is the calendar month (0 = January) of t = 0."""

    plants: Plants
    levers: Levers
    mechanism: Mechanism
    scenario: Scenario
    moved: Array  # (H, N, L) shifts of the usual settings by improvement actions; H months from t = 0
    first_month: int

    def step(
        self, s: State, e: Noise, setting: Intervention | None = None, supply: Array | None = None
    ) -> tuple[State, Month]:
        """The month after `s`. `supply` (R, N) replaces what the suppliers send, to hold them fixed."""
        now = self._exogenous(s, e)
        z = self._settings(now, e)
        if setting is not None:
            z = setting.applied(z, now.t)
        felt = self._felt(z, now)
        caused, memory = self.mechanism.stress(felt, self.load(now), now.memory, now.t)
        received = self.received(s.trouble) if supply is None else supply
        stress = self._stress(now, caused, received)
        now = replace(
            now, memory=memory, settings=np.concatenate([z[None], now.settings])[: now.settings.shape[0]]
        )
        return self._aftermath(now, e, z, stress, setting)

    def received(self, trouble: Array) -> Array:
        """Trouble that arrives with bought material, (R, N)."""
        return np.asarray(trouble @ self.plants.supply.T) * self.scenario.supply

    def _exogenous(self, s: State, e: Noise) -> State:
        """Hidden common cause, demand, shocks, level shifts and the processes' own wandering."""
        sc, p = self.scenario, self.plants
        jumped = e.jump < 0.008 * sc.level_shifts
        own = 0.18 * p.volatility[:, None] * sc.process_noise
        return replace(
            s,
            t=s.t + 1,
            hidden=0.75 * s.hidden + 0.66 * e.hidden,
            demand=0.6 * s.demand + 0.8 * e.demand,
            sector=0.7 * s.sector + 0.71 * e.sector,
            province=0.6 * s.province + 0.8 * e.province,
            shift=s.shift + np.where(jumped, 0.3 * e.jump_size, 0.0),
            process=0.93 * s.process + 0.368 * own * e.process,
            wander=self.levers.persistence * s.wander + np.sqrt(1 - self.levers.persistence**2) * e.lever,
        )

    def _cycle(self, t: int, phase: Array | float) -> Array:
        return np.asarray(np.sin(2 * np.pi * (t + self.first_month - phase) / 12))

    def load(self, s: State) -> Array:
        """Demand with its yearly cycle, in standard units, (R, N)."""
        season = (
            _DEMAND_SEASON[self.plants.sector] * self.scenario.seasonality * self._cycle(s.t, _DEMAND_PHASE)
        )
        return np.asarray(s.demand + season)

    def _settings(self, s: State, e: Noise) -> Array:
        """Where people and circumstances put the levers this month (R, N, L)."""
        lv = self.levers
        drive = lv.confounded * s.hidden[..., None] + lv.react * s.answer[..., None]
        drive = drive + lv.demand * self.load(s)[..., None] + lv.season * self._cycle(s.t, lv.phase)
        visible = self.scenario.proxy_visible
        proxy = np.sqrt(visible) * s.hidden[..., None] + np.sqrt(1 - visible) * e.lever
        moving = np.where(lv.is_proxy, proxy / 0.8, s.wander + drive)
        z = lv.home + self.moved[min(max(s.t, 0), len(self.moved) - 1)] + lv.spread * moving
        return np.asarray(np.clip(z, -3.0, 3.0))

    def _felt(self, z: Array, s: State) -> Array:
        """Settings that act now: those of `lead` months ago."""
        felt = np.where(self.levers.lead == 0, z, s.settings[0])
        return np.where(self.levers.lead == 2, s.settings[1], felt)

    def _stress(self, s: State, caused: Array, received: Array) -> Array:
        """Log-odds above baseline, (R, N, J); a process feels part of what the one before it did."""
        p = self.plants
        shared = p.shock_share[:, 0] * s.sector[:, p.sector] + p.shock_share[:, 1] * s.province[:, None]
        trend = p.drift * (1 - np.exp(-max(s.t, 0) / 30.0)) + p.season[:, 0] * self._cycle(
            s.t, p.season[:, 1]
        )
        whole = shared + trend + s.shift + 0.25 * received
        stress = s.process + caused + p.hidden_harm * s.hidden[..., None] + whole[..., None]
        stress = np.clip(stress, -2.0, 2.0)
        own = stress - whole[..., None]
        stress[..., 1:] += 0.15 * own[..., :-1]
        return np.asarray(stress)

    def _aftermath(
        self, s: State, e: Noise, z: Array, stress: Array, setting: Intervention | None
    ) -> tuple[State, Month]:
        """Failures, escapes and losses; what people notice; what suppliers pass on."""
        p = self.plants
        level = (stress * p.has_process).sum(axis=2) / p.processes
        month = self._failures(s, z, stress, level)
        badness = np.clip((level - s.usual) / 0.35 + 0.4 * e.notice, 0.0, 2.5)
        outcome = 2.8 * level + 0.45 * (e.lever * self.levers.is_outcome).sum(axis=2)
        z = np.where(self.levers.is_outcome, self.levers.home + 0.7 * outcome[..., None], z)
        if setting is not None:
            z = setting.applied(z, s.t)
        lost = (month.escape * p.mix).sum(axis=2) * month.output
        after = replace(
            s,
            answer=0.5 * s.answer + badness,
            stress=level,
            usual=0.9 * s.usual + 0.1 * level,
            escaped=np.concatenate([lost[None], s.escaped])[: s.escaped.shape[0]],
            trouble=month.trouble,
        )
        return after, replace(month, z=np.clip(z, -3.5, 3.5))

    def _failures(self, s: State, z: Array, stress: Array, level: Array) -> Month:
        p, lv = self.plants, self.levers
        odds = p.log_odds + stress
        chance = 1 / (1 + np.exp(-(odds[:, :, None, :] + p.difficulty[:, :, None])))
        chance = chance * p.has_process[:, None, :]
        failing = 1 - np.prod(1 - chance, axis=3)
        checked = (lv.detection * (z - lv.home)).sum(axis=2)
        miss = np.minimum(np.exp(p.log_miss + checked + 0.25 * level), 0.9)
        escape = failing * miss[..., None]
        mean_failing = (failing * p.mix).sum(axis=2)
        caught = mean_failing * (1 - miss) / (p.base.failing * (1 - np.exp(p.log_miss)))
        downtime = np.exp(0.8 * (s.process * p.has_process).sum(axis=2) / p.processes + 0.2 * s.hidden)
        output = p.base.output * np.exp(0.10 * self.load(s) + 0.002 * s.t)
        claims = np.tensordot(self.mechanism.claim_shape, s.escaped, axes=1) / output
        return Month(
            z=z,
            stress=stress,
            nonconforming=chance,
            escape=escape,
            output=np.asarray(output),
            internal=p.base.internal * internal_shares(caught, np.asarray(downtime), level).sum(axis=-1),
            external=p.base.external * (0.92 * claims / p.base.escape + 0.08),
            caught=caught,
            downtime=np.asarray(downtime),
            process=s.process,
            trouble=np.clip(np.log((escape * p.mix).sum(axis=2) / p.base.escape), -1.0, 1.5),
        )
