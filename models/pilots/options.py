"""Schedules that could be run with so many lines in so many periods, each with what it can hear."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from models.pilots.layout import SteppedWedge, Switchback, in_force
from models.pilots.noise import LineNoise
from models.pilots.power import (
    LEAST_PAIRS,
    SIZE,
    attainable,
    detectable,
    switchback_error,
    switchback_share,
    wedge_error,
)

LONGEST_BLOCK: Final = 3
LEAST_WEDGE: Final = 4
"""Four lines have 24 orders; with three no permutation test reaches 5 %."""


@dataclass(frozen=True)
class Option:
    """A schedule with the standard error of its estimate of the *full* effect (link scale), degrees of
    freedom, the share of it that shows, the test's size, and the smallest effect found with the wanted power.
    """

    layout: Switchback | SteppedWedge
    error: float
    degrees: int
    share: float
    size: float
    detectable: float

    @property
    def periods(self) -> int:
        """Length of the pilot."""
        return self.layout.periods

    @property
    def treated_share(self) -> float:
        """Share of line-periods that stand at the new setting."""
        if isinstance(self.layout, Switchback):
            return 0.5
        return float(self.layout.treated(np.arange(self.layout.lines)).mean())


def switchbacks(
    noises: tuple[LineNoise, ...], periods: int, arrival: tuple[float, ...], wanted: float
) -> Iterator[Option]:
    """All switchbacks of at most `periods` periods with enough pairs for the test."""
    for block in range(1, LONGEST_BLOCK + 1):
        pairs = periods // (2 * block)
        if pairs * len(noises) < LEAST_PAIRS:
            continue
        for washout in range(block):
            layout = Switchback(pairs, block, washout)
            share = _share(layout, arrival)
            if share > 0:
                error, degrees = switchback_error(layout, noises) / share, pairs * len(noises) - 1
                size = attainable(degrees + 1)
                yield Option(layout, error, degrees, share, size, detectable(error, degrees, wanted, size))


@cache
def _share(layout: Switchback, arrival: tuple[float, ...]) -> float:
    return switchback_share(layout, arrival)


def wedge(
    noises: tuple[LineNoise, ...], periods: int, arrival: tuple[float, ...], wanted: float
) -> Option | None:
    """The stepped wedge of exactly `periods` periods; None with too few lines or periods."""
    if len(noises) < LEAST_WEDGE or periods <= len(noises):
        return None
    layout = SteppedWedge(len(noises), periods)
    error, degrees = wedge_error(layout, noises, arrival), len(noises) - 1
    exposure = in_force(layout.treated(np.arange(layout.lines)), arrival)
    share = float(exposure.sum() / layout.treated(np.arange(layout.lines)).sum())
    return Option(layout, error, degrees, share, SIZE, detectable(error, degrees, wanted))
