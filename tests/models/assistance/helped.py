"""Options by hand: at which month each path is at the level with help, and what that costs."""

from __future__ import annotations

import numpy as np

from models.assistance.options import ENDS, Action, Option, Options
from models.portfolio.bases import BASES
from models.portfolio.firsts import NEVER
from models.portfolio.horizon import AHEAD


def action(name="p1", cost=1e5, *, known=True):
    """A lever that moves from 1 to 2."""
    return Action(name, f"{name} 参数", "mm", 1.0, 2.0, cost, known, "strong")


def option(name, cost=1e5, fall=0.0, weak_fall=None, known=True):
    """One action; the same chances of falling at every distance."""
    falls = {
        basis: {
            "likely": (fall,) * len(AHEAD),
            "weak": (fall if weak_fall is None else weak_fall,) * len(AHEAD),
        }
        for basis in BASES
    }
    return Option(name, (action(cost=cost, known=known),), 3, 2e5, falls)


def options(rows, paths=4):
    """`rows`: (option, {level: months on each path, 0 never}[, the same at the weak end])."""
    firsts = {}
    for basis in BASES:
        for number, end in enumerate(ENDS):
            own = np.full((4, len(rows), paths), NEVER, dtype=np.uint8)
            for at, (_, *ends) in enumerate(rows):
                for level, months in ends[min(number, len(ends) - 1)].items():
                    own[level - 2, at] = [month or NEVER for month in months]
            firsts[basis, end] = own
    return Options(tuple(row for row, *_ in rows), firsts)
