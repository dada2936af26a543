"""Who stands where when: randomised schedules of a pilot, drawn from a seed so that anybody can check them.

Two settings, A (where the lever stands) and B (where it would go). A *switchback* goes to and fro within
every line: pairs of blocks, a coin for which of the two comes first, and the first periods of a block not
counted while the old setting still works (Bojinov, Simchi-Levi & Zhao 2023, *Management Science* 69). A
*stepped wedge* only goes one way, line after line in an order drawn by lot (Hussey & Hughes 2007, *Contemp.
Clin. Trials* 28): for what cannot be turned back every few periods.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.effects.links import FloatArray

BoolArray = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Switchback:
    """`pairs` pairs of two blocks of `block` periods, of which the first `washout` are not counted."""

    pairs: int
    block: int
    washout: int

    @property
    def periods(self) -> int:
        """Length of the pilot."""
        return 2 * self.block * self.pairs

    def coins(self, lines: int, rng: np.random.Generator) -> BoolArray:
        """(lines, pairs): whether B comes first."""
        return np.asarray(rng.random((lines, self.pairs)) < 0.5)

    def treated(self, b_first: BoolArray) -> BoolArray:
        """(lines, periods): whether the line stands at B."""
        halves = np.stack([b_first, ~b_first], axis=-1).reshape(len(b_first), -1)
        return np.repeat(halves, self.block, axis=1)

    def counted(self) -> BoolArray:
        """(periods,): periods that enter the analysis."""
        return np.tile(np.arange(self.block) >= self.washout, 2 * self.pairs)

    def pair_weights(self) -> FloatArray:
        """(2 · block,): mean of the counted periods of the second block less that of the first."""
        half = (np.arange(self.block) >= self.washout) / (self.block - self.washout)
        return np.concatenate([-half, half])


@dataclass(frozen=True)
class SteppedWedge:
    """`lines` lines, all at A first; over `periods` periods they step to B one by one, evenly spread."""

    lines: int
    periods: int

    def steps(self) -> Places:
        """(lines,): the period from which the first, second, … of the order stands at B."""
        return np.ceil(np.arange(1, self.lines + 1) * self.periods / (self.lines + 1)).astype(np.int64)

    def order(self, rng: np.random.Generator) -> Places:
        """(lines,): each line's place in the order."""
        return np.asarray(rng.permutation(self.lines))

    def treated(self, order: Places) -> BoolArray:
        """(lines, periods): whether the line stands at B."""
        return np.asarray(np.arange(self.periods) >= self.steps()[order][:, None])


def in_force(treated: BoolArray, arrival: tuple[float, ...]) -> FloatArray:
    """Share of B's full effect in force (lines, periods), where `arrival[h]` of it is there h + 1 periods
    after a change, coming and going alike.
    """
    share = np.diff(np.concatenate([[0.0], arrival, [1.0]]))
    answer = np.zeros(treated.shape)
    for h, s in enumerate(share):
        answer[:, h:] += s * treated[:, : treated.shape[1] - h]
    return answer
