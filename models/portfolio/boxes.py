"""Groups that lie in each other like boxes: everybody ⊃ division ⊃ size ⊃ province ⊃ city.

Region lies within size, not beside it: groups that cross each other could be taken from one another until a
single enterprise is left. That industry and size come first is what tells values apart best on simulated
provinces (`tests/benchmarks/judge_benchmarks.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.portfolio.discretion import FEWEST, shown
from models.portfolio.firsts import Mask

Codes = NDArray[np.int64]
Texts = NDArray[np.str_]
PROVINCE, CITY = 2, 4
Node = tuple[int, int]
"""Layer (0: everybody … 4: cities) and number of a group in it."""


class Box(NamedTuple):
    """One group: division (two digits), size, region (two or four digits); "" is all."""

    division: str = ""
    size: str = ""
    region: str = ""

    def concerns(self, divisions: Sequence[str], size: str, region: str) -> bool:
        """Say whether the group lies in what is wished for, or around it."""
        return (
            (not divisions or self.division in {"", *divisions})
            and (not size or self.size in {"", size})
            and (not region or region.startswith(self.region) or self.region.startswith(region))
        )


EVERYBODY = Box()


class Boxes:
    """The tree of groups of N members, by text of division, size and region; "" is not known."""

    def __init__(self, division: Texts, size: Texts, region: Texts) -> None:
        """Number the groups of every layer."""
        self._texts = (division, size, region.astype(f"<U{PROVINCE}"), region.astype(f"<U{CITY}"))
        self.layers: list[Codes] = [np.zeros(len(division), dtype=np.int64)]
        for text in self._texts:
            _, own = np.unique(text, return_inverse=True)
            mixed = self.layers[-1] * (own.max(initial=0) + 1) + own
            self.layers.append(np.unique(mixed, return_inverse=True)[1].astype(np.int64))

    @cached_property
    def nodes(self) -> dict[Node, Box]:
        """Every group with its name; a group whose own mark is not known has none."""
        found: dict[Node, Box] = {(0, 0): EVERYBODY} if len(self.layers[0]) else {}
        for layer in range(1, len(self.layers)):
            for number, member in enumerate(self._someone[layer]):
                box = self._box(layer, int(member))
                if box is not None:
                    found[layer, number] = box
        return found

    @cached_property
    def _someone(self) -> list[Codes]:
        """Any member of every group, by layer."""
        return [np.unique(layer, return_index=True)[1].astype(np.int64) for layer in self.layers]

    @cached_property
    def _numbers(self) -> dict[Box, Node]:
        return {box: node for node, box in self.nodes.items()}

    def _box(self, layer: int, member: int) -> Box | None:
        """The name of a member's group in a layer, None where something of it is not known."""
        marks = [str(text[member]) for text in self._texts[:layer]]
        whole = all(marks) and (layer < len(self._texts) or len(marks[-1]) == CITY)
        return Box(*marks[:2], *marks[2:][-1:]) if whole else None

    def named(self, node: Node) -> Box | None:
        """The name of a group."""
        return self.nodes.get(node)

    def count(self, box: Box) -> int:
        """Members."""
        layer, number = self._numbers[box]
        return int(self._counts[layer][number])

    @cached_property
    def _counts(self) -> list[Codes]:
        return [np.bincount(layer) for layer in self.layers]

    def around(self, member: int) -> list[Box]:
        """The groups of a member that have a name, the largest first."""
        nodes = [(layer, int(codes[member])) for layer, codes in enumerate(self.layers)]
        return [self.nodes[node] for node in nodes if node in self.nodes]

    def path(self, box: Box) -> list[Node]:
        """The groups around a group and itself, without everybody, the largest first."""
        layer, number = self._numbers[box]
        member = int(self._someone[layer][number])
        return [(at, int(self.layers[at][member])) for at in range(1, layer + 1)]

    @cached_property
    def _parts(self) -> dict[Node, list[Node]]:
        """The groups that each group falls into."""
        parts: dict[Node, list[Node]] = {}
        for layer, (around, codes) in enumerate(pairwise(self.layers)):
            for parent, number in np.unique(np.stack([around, codes]), axis=1).T.tolist():
                parts.setdefault((layer, parent), []).append((layer + 1, number))
        return parts

    def shown(self, unseen: Mask) -> set[Box]:
        """Groups that may be shown to somebody from whom these members (N booleans) are hidden."""
        if not len(unseen):
            return set()
        hidden: dict[Node, int] = {}
        for layer, codes in enumerate(self.layers):
            for number, count in enumerate(np.bincount(codes[unseen], minlength=codes.max() + 1)):
                hidden[layer, number] = int(count)
        found = shown((0, 0), self._parts, hidden)
        boxes = [self.nodes[node] for node in found if node in self.nodes]
        return {box for box in boxes if self.count(box) >= FEWEST}
