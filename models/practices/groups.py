"""Whom an enterprise's practice is held against: the leaders of its group, and the group's others.

Groups part the enterprises, they do not overlap: then nobody can take one group's leaders from another's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.portfolio.discretion import FEWEST
from models.portfolio.firsts import Mask
from models.portfolio.kept import Portfolio
from models.portfolio.shrinkage import normal_scores
from qm_rules import load_pack

INDICATORS = ("sigma", "cpk", "ftq", "internal_loss", "external_loss")
LEAST_KNOWN = 3
"""Indicators that an enterprise must have to be placed at all."""
TOP = 5
"""One in so many is a leader."""
LEAST_GROUP = 3 * FEWEST
"""Members of a group at least: with fewer, its best five would be no leaders."""
OWN_SIZE = 2 * LEAST_GROUP
"""Members from which enterprises of one size are a group of their own."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """R booleans each: `members` that could be placed, and the `leaders` among them.

    `division` and `size` say who they are; "" stands for all others that were too few for themselves.
    """

    division: str
    size: str
    members: Mask
    leaders: Mask


def placed(portfolio: Portfolio) -> Array:
    """R mean normal scores over the official indicators on record, more is better; NaN with too few."""
    total, known = np.zeros(len(portfolio)), np.zeros(len(portfolio))
    for indicator in INDICATORS:
        values = portfolio.value(indicator)
        there = np.isfinite(values)
        if there.sum() < FEWEST:
            continue
        sign = 1.0 if load_pack().thresholds[indicator][-1][1] == ">=" else -1.0
        total[there] += sign * normal_scores(values[there])
        known += there
    return np.where(known >= LEAST_KNOWN, total / np.maximum(known, 1), np.nan)


def groups(portfolio: Portfolio) -> list[Group]:
    """Part the placed enterprises: sizes of a division that are many, the rest of it, all others."""
    scores = placed(portfolio)
    left = np.isfinite(scores)
    found = []
    for division, size, members in _cells(portfolio, left):
        left &= ~members
        found.append(Group(division, size, members, _best(scores, members)))
    return found


def _cells(portfolio: Portfolio, placed_: Mask) -> Iterator[tuple[str, str, Mask]]:
    left, size = placed_.copy(), portfolio.text("size")
    for division in sorted(set(portfolio.divisions[placed_]) - {""}):
        own = (portfolio.divisions == division) & placed_
        for name in sorted(set(size[own]) - {""}):
            alike = own & (size == name)
            if alike.sum() >= OWN_SIZE and (own & ~alike).sum() != 0:
                left &= ~alike
                yield division, name, alike
        rest = own & left
        if rest.sum() >= LEAST_GROUP:
            left &= ~rest
            yield division, "", rest
    if left.sum() >= LEAST_GROUP:
        yield "", "", left


def _best(scores: Array, members: Mask) -> Mask:
    rows = np.flatnonzero(members)
    count = max(FEWEST, round(len(rows) / TOP))
    order = rows[np.argsort(-scores[rows], kind="stable")]
    best = np.zeros(len(scores), dtype=np.bool_)
    best[order[:count]] = True
    return best
