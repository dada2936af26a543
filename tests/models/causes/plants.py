"""Small plants whose causes are known: states that drive one another, controllers that hide shifts, analysers
that hold their value, recycles. Nothing here comes from the code under test.
"""

from dataclasses import dataclass

import numpy as np

KINDS = ("step", "random", "drift", "freeze")
WARM_UP = 100


@dataclass(frozen=True)
class Plant:
    good: np.ndarray
    episode: np.ndarray
    names: list[str]
    cause: str


def plant(seed: int, kind: str, states: int = 16, valves: int = 4, good: int = 500, run: int = 200) -> Plant:
    """A disturbance of `kind` enters at one state (a valve freezes, if `freeze`) when good running ends."""
    rng = np.random.default_rng(seed)
    drives, steered = _structure(rng, states, valves)
    gains = rng.uniform(0.1, 0.3, valves), rng.uniform(0.02, 0.1, valves)
    sizes = rng.uniform(0.5, 1.5, states)
    place = states + int(rng.integers(valves)) if kind == "freeze" else int(rng.integers(states))
    push = 0.0 if kind == "freeze" else float(rng.choice([-1, 1]) * rng.uniform(2, 4) * sizes[place])
    x, total, u, wander = np.zeros(states), np.zeros(valves), np.zeros(valves), 0.0
    rows = []
    for t in range(-WARM_UP, good + run):
        shocks, since = rng.normal(0, sizes), t - good
        if since >= 0 and kind == "step":
            shocks[place] += push
        elif since >= 0 and kind == "drift":
            shocks[place] += push * min(since / 100, 1)
        elif since >= 0 and kind == "random":
            wander = 0.9 * wander + rng.normal(0, abs(push))
            shocks[place] += 0.7 * wander
        x = drives @ x + shocks
        x[steered] += u
        total += gains[1] * x[steered]
        wanted = -(gains[0] * x[steered] + total) + rng.normal(0, 0.05, valves)
        if since >= 0 and kind == "freeze":
            wanted[place - states] = u[place - states]
        u = wanted
        rows.append(np.r_[x, u])
    seen = _gauged(rng, np.array(rows[WARM_UP:]), states, good)
    if kind == "freeze":
        seen[good:, place] = seen[good, place]
    names = [f"v{j}" for j in range(states + valves)]
    return Plant(seen[:good], seen[good:], names, names[place])


def _structure(rng, states, valves):
    drives = np.diag(rng.uniform(0.3, 0.9, states))
    for i in range(1, states):
        for j in rng.choice(i, min(i, rng.integers(1, 3)), replace=False):
            drives[i, j] = rng.normal(0, 0.5)
    for _ in range(3):  # recycles
        i, j = sorted(rng.choice(states, 2, replace=False))
        drives[i, j] = rng.normal(0, 0.15)
    largest = np.abs(np.linalg.eigvals(drives)).max()
    return drives * min(1.0, 0.97 / largest), rng.choice(states, valves, replace=False)


def _gauged(rng, rows, states, good):
    noise = rows[:good].std(axis=0) * rng.uniform(0.05, 0.4, rows.shape[1])
    noise[states:] *= 0.1
    seen = rows + rng.normal(0, 1, rows.shape) * noise
    for j in np.flatnonzero(rng.random(states) < 0.3):  # analysers that hold their value
        every = int(rng.integers(2, 5))
        seen[:, j] = seen[np.arange(len(seen)) // every * every, j]
    return seen
