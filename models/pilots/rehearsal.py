"""A pilot played many times on what the lines' quality really did: do the closed forms keep their word?"""

import numpy as np

from models.effects.links import FloatArray
from models.pilots.analysis import flip_p_values, judge_wedge, pair_differences
from models.pilots.layout import SteppedWedge, Switchback, in_force
from models.pilots.noise import LineNoise
from models.pilots.power import SIZE

PLAYS = 400
WEDGE_PLAYS = 200


def stretch(noise: LineNoise, periods: int, rng: np.random.Generator) -> FloatArray:
    """A stretch (periods,) of the line's own residuals from a random start, wrapped round at the end."""
    known = noise.residuals[np.isfinite(noise.residuals)]
    return np.asarray(np.resize(np.roll(known, -int(rng.integers(len(known)))), periods))


def found_switchback(
    layout: Switchback,
    noises: tuple[LineNoise, ...],
    arrival: tuple[float, ...],
    effect: float,
    seed: int,
) -> float:
    """Share of plays in which the planned sign-flip test finds a full `effect` (link scale), p ≤ `SIZE`."""
    rng = np.random.default_rng(seed)
    played = []
    for _ in range(PLAYS):
        coins = layout.coins(len(noises), rng)
        y = np.column_stack([stretch(n, layout.periods, rng) for n in noises])
        y = y + effect * in_force(layout.treated(coins), arrival).T
        played.append(pair_differences(y, layout, coins))
    return float((flip_p_values(np.array(played), seed) <= SIZE).mean())


def found_wedge(
    layout: SteppedWedge,
    noises: tuple[LineNoise, ...],
    arrival: tuple[float, ...],
    effect: float,
    seed: int,
) -> float:
    """The same for a stepped wedge and its permutation test."""
    rng = np.random.default_rng(seed)
    found = 0
    for play in range(WEDGE_PLAYS):
        order = layout.order(rng)
        y = np.column_stack([stretch(n, layout.periods, rng) for n in noises])
        y = y + effect * in_force(layout.treated(order), arrival).T
        found += judge_wedge(y, layout, order, arrival, seed=play).p_value <= SIZE
    return found / WEDGE_PLAYS
