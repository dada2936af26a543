"""The five targets as the true month has them, and as an observer would count them."""

import numpy as np

from features.simulator.plants import Plants
from features.simulator.sectors import SECTORS
from features.simulator.state import Month
from features.simulator.streams import Array

TARGETS = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")

_ONE_SIDED = np.array([[c.upper_only for c in s.characteristics] for s in SECTORS])
KEY = 2
"""Characteristics that are marked key, and so graded: the first ones."""

_SPREAD_PER_STRESS = 0.25


def true_targets(plants: Plants, month: Month) -> dict[str, Array]:
    """Expectation of each target given the month, (R, N); rates are fractions, ppm per million."""
    right_first = np.prod(1 - month.nonconforming, axis=3)
    _, _, capability = characteristics(plants, month.stress, month.process)
    return {
        "ftq": (right_first * plants.mix).sum(axis=2),
        "internal_loss": month.internal,
        "external_loss": month.external,
        "ppm": 1e6 * (month.escape * plants.mix).sum(axis=2),
        "cpk": capability[..., :KEY].min(axis=-1),
    }


def characteristics(plants: Plants, stress: Array, process: Array) -> tuple[Array, Array, Array]:
    """(mean, sigma, Cpk) of each characteristic, (…, N, C), mean and sigma in units of the tolerance.

    A process under stress spreads wider; in immature plants its state also carries the mean away.
    """
    rows = np.arange(plants.count)[:, None]
    here, state = stress[..., rows, plants.char_process], process[..., rows, plants.char_process]
    rest = (1 - plants.char_offset) / (3 * plants.char_cpk)
    sigma = rest * np.exp(_SPREAD_PER_STRESS * here)
    mean = plants.char_offset + rest * plants.char_wander * state / 0.18
    near = np.where(_ONE_SIDED[plants.sector], mean, np.abs(mean))
    return mean, sigma, (1 - near) / (3 * sigma)
