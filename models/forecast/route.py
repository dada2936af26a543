"""The yield of a route from the yields of its steps.

−log of a rolled yield is the sum of those of its steps. A lever acts at one step, where its effect is
clearer than in the product of all of them, so each step's change is learned by itself and added up by the
step's share of what the plant loses now: η = Σ share × (change of the step), to first order.
"""

from __future__ import annotations

import numpy as np

from models.forecast.design import YIELD, Design
from models.forecast.links import Array
from models.forecast.panel import Index, Panel

ROLLED = "ftq"
LEVEL = "ew12"  # the part of a step's history that its change is told against


def route_of(panel: Panel, target: str) -> tuple[str, ...]:
    """Signals of the steps that a target is composed of; none for any other target than the rolled yield."""
    if target != ROLLED:
        return ()
    steps = sorted(name for name in panel.scored if name.startswith("process."))
    return tuple(s for s in steps if np.isfinite(panel.scored[s]).any() and f"{s}.{LEVEL}" in panel.names)


def step_level(panel: Panel, step: str) -> Array:
    """n: a step's usual level on the model scale, NaN where it was never inspected."""
    return YIELD.forward(panel.column(f"{step}.{LEVEL}"))


def shares(panel: Panel, route: tuple[str, ...]) -> Array:
    """n × (1 + steps), rows adding up to one: what goes to the target's own line, then to each step's."""
    lost = np.column_stack([np.zeros(len(panel.t)), *(np.exp(step_level(panel, step)) for step in route)])
    lost[np.isnan(lost)] = 0.0
    total = lost.sum(axis=1, keepdims=True)
    lost[:, 0] = np.where(total[:, 0] > 0, 0.0, 1.0)
    return np.asarray(lost / np.where(total > 0, total, 1.0))


def spread_out(matrix: Array, share: Array) -> Array:
    """n × (1 + steps)·(columns + 1): for each part its share of every column, and the share itself.

    In these columns the composed forecast is linear, so that its contributions stay exact.
    """
    one = np.hstack([matrix, np.ones((len(matrix), 1))])
    return np.hstack([one * share[:, [k]] for k in range(share.shape[1])])


def mean_spread_out(matrix: Array, share: Array) -> Array:
    """Column means of `spread_out`, without making it."""
    one = np.hstack([share.T @ matrix, share.sum(axis=0)[:, None]])
    return np.asarray(one.ravel() / len(matrix))


def spread_groups(design: Design, target: str, route: tuple[str, ...]) -> Index:
    """For each column of `spread_out`, the position of its feature: a share belongs to its step's level."""
    levels = [design.names.index(f"{name}.{LEVEL}") for name in (target, *route)]
    return np.concatenate([np.append(design.groups(), level) for level in levels])
