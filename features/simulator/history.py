"""The months that happened, and futures from any of them."""

from dataclasses import dataclass

import numpy as np

from features.simulator.engine import Engine, Intervention
from features.simulator.noise import Noise, draw_noise
from features.simulator.state import Month, State, initial_state
from features.simulator.streams import Array

BURN_IN = 24
"""Months run before the first one of the records, so that it begins in the middle of life."""


@dataclass(frozen=True)
class History:
    """What really happened: `months[t]`, `states[t]` at its end, t = 0 …; R = 1 everywhere."""

    months: tuple[Month, ...]
    states: tuple[State, ...]
    before: State
    noise: Noise

    def state_before(self, t: int) -> State:
        """Hidden state at the end of month t − 1."""
        return self.states[t - 1] if t > 0 else self.before

    def stacked(self, name: str) -> Array:
        """One field of all months, (T, N, …)."""
        return np.stack([getattr(month, name)[0] for month in self.months])


def live(engine: Engine, seed: int, months: int) -> History:
    """Run the world from the burn-in to its last month."""
    noise = draw_noise(seed, "history", BURN_IN + months, 1, engine.plants.count)
    state = initial_state(engine.plants.count, -BURN_IN - 1, engine.levers.home, engine.mechanism.at_rest())
    lived: list[tuple[State, Month]] = []
    for h in range(BURN_IN + months):
        state, month = engine.step(state, noise.month(h))
        lived.append((state, month))
    kept = lived[BURN_IN:]
    return History(
        months=tuple(month for _, month in kept),
        states=tuple(state for state, _ in kept),
        before=lived[BURN_IN - 1][0],
        noise=noise,
    )


@dataclass(frozen=True)
class Course:
    """A run of months: `months[i]` is month `start + i`; `supply[i]` what suppliers sent then."""

    start: int
    months: tuple[Month, ...]
    supply: tuple[Array, ...]


def replay(
    engine: Engine,
    history: History,
    start: int,
    until: int,
    setting: Intervention | None,
    like: Course | None = None,
) -> tuple[Course, State]:
    """Live history again from month `start` to `until` (inclusive) with the same draws, under a setting."""
    state = history.state_before(start)
    return _run(engine, state, history.noise, BURN_IN + start, until - start + 1, setting, like)


def imagine(
    engine: Engine, state: State, noise: Noise, setting: Intervention | None, like: Course | None = None
) -> tuple[Course, State]:
    """Futures from a state: as many as the noise has, over all its months."""
    futures, horizon = noise.province.shape[1], noise.province.shape[0]
    return _run(engine, state.copies(futures), noise, 0, horizon, setting, like)


def _run(
    engine: Engine,
    state: State,
    noise: Noise,
    offset: int,
    steps: int,
    setting: Intervention | None,
    like: Course | None,
) -> tuple[Course, State]:
    start, months, supply = state.t + 1, [], []
    for i in range(steps):
        sent = engine.received(state.trouble) if like is None else like.supply[start - like.start + i]
        supply.append(sent)
        state, month = engine.step(state, noise.month(offset + i), setting, sent)
        months.append(month)
    return Course(start, tuple(months), tuple(supply)), state
