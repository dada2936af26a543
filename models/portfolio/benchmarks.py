"""Where an enterprise stands among its like: percentiles by industry, size and region, shrunk.

Groups lie in each other like boxes: everybody ⊃ division ⊃ size ⊃ province ⊃ city. A group's distribution is
everybody's, moved by the group's mean normal score, which is drawn to the mean of the group around it
(`models.portfolio.shrinkage`). So few members say little, and all that a group tells of itself is how many
they are and one mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.portfolio.boxes import EVERYBODY, Box, Boxes
from models.portfolio.discretion import FEWEST
from models.portfolio.firsts import Mask
from models.portfolio.kept import Portfolio
from models.portfolio.shrinkage import depths, normal_scores
from qm_rules import load_pack

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
ALIKE = 0.1
"""Standard deviations of a member's score by which a group must be moved to be worth a row of its own."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Benchmark:
    """One indicator in one group: `members` with a value, and quantiles from 0.1 to 0.9, shrunk.

    `division` has two digits of GB/T 4754, `region` two or four of GB/T 2260; "" stands for all. `alike`: its
    members lie where those of the group around it do (`ALIKE`), as far as can be told.
    """

    indicator: str
    division: str
    size: str
    region: str
    members: int
    quantiles: tuple[float, ...]
    alike: bool = False


@dataclass(frozen=True)
class Standing:
    """An enterprise's `value` of an indicator among `members` others of its group: the share of them that is
    worse (`better_than`), shrunk; its own value is not among them.
    """

    indicator: str
    value: float
    division: str
    size: str
    region: str
    members: int
    better_than: float


def benchmarks(
    groups: Groups, divisions: Sequence[str] = (), size: str = "", region: str = ""
) -> list[Benchmark]:
    """All groups that may be shown; with a wish only those within it, and the ones around them."""
    wanted = [box for box in groups.open if box.concerns(divisions, size, region)]
    return [
        Benchmark(groups.indicator, *box, groups.count(box), tuple(groups.quantiles(box)), groups.alike(box))
        for box in sorted(wanted)
    ]


def standing(groups: Groups, row: int) -> Standing | None:
    """Where one enterprise (its row) stands in the finest group that may be shown; None without a value."""
    value, box = float(groups.values[row]), groups.finest(row)
    if not np.isfinite(value) or box is None or len(groups.scores) <= 1:
        return None
    share = groups.below(box, row)
    better = share if _rising(groups.indicator) else 1.0 - share
    return Standing(groups.indicator, value, *box, groups.count(box) - 1, better)


def _rising(indicator: str) -> bool:
    return load_pack().thresholds[indicator][-1][1] == ">="


class Groups:
    """One indicator's tree of groups, of those with a value.

    `open` are those that a reader may be shown who sees the enterprises `seen` (R booleans) one by one.
    """

    def __init__(self, portfolio: Portfolio, indicator: str, seen: Mask) -> None:
        """Find out which groups may be shown, and how far each is drawn."""
        self.indicator = indicator
        self.values = portfolio.value(indicator)
        self.known = np.isfinite(self.values)
        self.place = np.cumsum(self.known) - 1
        own = self.values[self.known]
        texts = (portfolio.divisions, portfolio.text("size"), portfolio.text("region_code"))
        self.boxes = Boxes(*(text[self.known] for text in texts))
        self.scores = normal_scores(own) if len(own) else own
        self.order = np.sort(own)
        self._depths = depths(self.scores, self.boxes.layers[1:]) if len(own) else []
        self.open = self.boxes.shown(~seen[self.known])

    def count(self, box: Box) -> int:
        """Members with a value."""
        return self.boxes.count(box)

    def finest(self, row: int) -> Box | None:
        """The smallest group of an enterprise that may be shown."""
        if not self.known[row]:
            return None
        own = self.boxes.around(int(self.place[row]))
        return next((box for box in reversed(own) if box in self.open), None)

    def alike(self, box: Box) -> bool:
        """Say whether a group is moved by less than `ALIKE` from the smallest one around it that is open."""
        names = [self.boxes.named(node) for node in reversed(self.boxes.path(box)[:-1])]
        around = next((name for name in names if name is not None and name in self.open), EVERYBODY)
        mean, spread = self._predicted(box)
        return box != EVERYBODY and abs(mean - self._predicted(around)[0]) <= ALIKE * spread

    def quantiles(self, box: Box) -> list[float]:
        """Everybody's values at the places to which the group's mean moves QUANTILES."""
        from scipy import special

        mean, spread = self._predicted(box)
        places = special.ndtr(mean + spread * special.ndtri(np.array(QUANTILES)))
        return [self._value_at(place) for place in places]

    def below(self, box: Box, row: int) -> float:
        """The share of a group's others that lies below one member, as far as the group can be told apart."""
        from scipy import special

        score = float(self.scores[self.place[row]])
        mean, spread = self._predicted(box, score)
        return float(special.ndtr((score - mean) / spread)) if spread > 0 else 0.5

    def _predicted(self, box: Box, without: float | None = None) -> tuple[float, float]:
        """Mean and standard deviation of a member's score in a group."""
        count, total, within = self._everybody
        mean = total / count if without is None else (total - without) / (count - 1)
        unsure = 0.0
        for depth, own in zip(self._depths, self.boxes.path(box), strict=False):
            if self.boxes.named(own) in self.open:
                mean, unsure = (float(one) for one in depth.drawn(mean, own[1], unsure, without))
                within = depth.within
        return mean, float(np.sqrt(unsure + within))

    @cached_property
    def _everybody(self) -> tuple[int, float, float]:
        """How many there are, the sum of their scores, and the variance."""
        return len(self.scores), float(self.scores.sum()), float(self.scores.var())

    def _value_at(self, place: float) -> float:
        """The mean of the FEWEST values nearest to a place among everybody's: no figure is one's own."""
        first = round(place * len(self.order) - FEWEST / 2)
        first = min(max(first, 0), max(len(self.order) - FEWEST, 0))
        return float(self.order[first : first + FEWEST].mean())


__all__ = ["EVERYBODY", "QUANTILES", "Benchmark", "Groups", "Standing", "benchmarks", "standing"]
