"""Which of the paths of one past month are lived through together.

Paths of one month share its shocks. But a forecast errs for everybody at once by more than months differ:
what a model has learned too well or too little, it has for all enterprises. So paths are told apart once
more, by whether their errors were fortunate, and enterprises meet on paths that are more or less alike in
this too. Nobody's own chances change by it; counts over many vary more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.attainment.known import Array, Index

CLASSES = 2
"""Parts of equal size that a month's paths fall into."""
LUCK = 1.0
"""How much a part is chance: standard deviations of noise on those of fortune. Both were chosen on simulated
provinces, where the errors of counts then are as large as said (docs/measured.md)."""
SEED = 20260101
MORE_IS_BETTER = frozenset({"cpk"})
"""Targets of which a larger error on the model scale is good; of others a smaller one (`forecast.links`)."""


def told_apart(
    origin: Index, ranks: Array, targets: Sequence[str], classes: int = CLASSES, luck: float = LUCK
) -> Index:
    """P labels: alike for paths of one past month (`origin` P) with errors of like fortune.

    `ranks` P × targets × 12 are those of the errors.
    """
    better = np.array([1.0 if target in MORE_IS_BETTER else -1.0 for target in targets])
    fortune = ranks.mean(axis=2) @ better
    fortune = fortune + luck * fortune.std() * np.random.default_rng(SEED).standard_normal(len(fortune))
    order = np.lexsort((fortune, origin))
    _, first, size = np.unique(origin[order], return_index=True, return_counts=True)
    place = np.arange(len(origin)) - np.repeat(first, size)
    out = np.empty_like(origin)
    out[order] = origin[order] * classes + place * classes // np.repeat(size, size)
    return out
