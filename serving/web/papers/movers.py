"""Who may rise and who may fall, counted for a briefing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.portfolio import Portfolio
from models.portfolio.bases import Basis
from serving.reports.briefing.facts import Binding, Near, Reach, Region, Risks, Slip
from serving.web.planner.answers import (
    CITY,
    HALF,
    PROVINCE,
    YEAR,
    blocking,
    next_chance,
    slipping,
)

Mask = NDArray[np.bool_]
BOUNDS = (0.2, 0.8)
"""Chances of the next level between which help is taken to change most."""
LEAST = 0.1
"""Who falls with less than this is not listed."""
PLACES = 40
MOST = 8
"""Enterprises and items that are handed over; a page takes fewer."""


def reach(portfolio: Portfolio, basis: Basis, members: Mask) -> Reach:
    """Return who may rise, nearest to even chances first, and what holds how many back."""
    chance = next_chance(portfolio, basis)
    open_ = members & np.isfinite(chance)
    rows = np.flatnonzero(open_ & (chance >= BOUNDS[0]) & (chance <= BOUNDS[1]))
    held = {
        int(row): blocking(portfolio, basis, int(row), int(portfolio.level(basis)[row]) + 1)
        for row in np.flatnonzero(open_)
    }
    first = sorted(rows, key=lambda row: (len(held[int(row)]), -chance[row]))[:MOST]
    return Reach(
        open=int(open_.sum()),
        expected=float(chance[open_].sum()),
        balanced=len(rows),
        alone=sum(len(items) == 1 for items in held.values()),
        bounds=BOUNDS,
        nearest=tuple(
            Near(
                *_who(portfolio, int(row)),
                int(portfolio.level(basis)[row]),
                float(chance[row]),
                tuple(held[int(row)]),
            )
            for row in first
        ),
        binding=_binding(held),
    )


def _binding(held: dict[int, list[str]]) -> tuple[Binding, ...]:
    every = [item for items in held.values() for item in items]
    alone = [items[0] for items in held.values() if len(items) == 1]
    found = [Binding(item, every.count(item), alone.count(item)) for item in dict.fromkeys(every)]
    return tuple(sorted(found, key=lambda own: (-own.enterprises, -own.alone))[:MOST])


def risks(portfolio: Portfolio, basis: Basis, members: Mask) -> Risks:
    """Return who may fall within six months, likeliest first, and how many where."""
    rows = slipping(portfolio, basis, members, LEAST)
    half, year = (np.nan_to_num(portfolio.fall(basis, ahead)) * members for ahead in (HALF, YEAR))
    return Risks(
        least=LEAST,
        likely=len(rows),
        expected=float(half.sum()),
        expected_year=float(year.sum()),
        first=tuple(
            Slip(
                *_who(portfolio, int(row)),
                int(portfolio.level(basis)[row]),
                float(half[row]),
                float(year[row]),
            )
            for row in rows[:MOST]
        ),
    )


def regions(portfolio: Portfolio, basis: Basis, members: Mask) -> tuple[Region, ...]:
    """Return provinces, or the cities of one, those with most graded enterprises first."""
    codes, level = portfolio.text("region_code")[members], portfolio.level(basis)[members]
    many = len(np.unique(codes.astype(f"<U{PROVINCE}"))) > 1
    names, place = np.unique(codes.astype(f"<U{PROVINCE if many else CITY}"), return_inverse=True)

    def summed(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.bincount(place, weights=np.nan_to_num(values), minlength=len(names)).astype(np.float64)

    rise, fall = (
        summed(own[members]) for own in (next_chance(portfolio, basis), portfolio.fall(basis, HALF))
    )
    graded, inspection, assurance = (summed(level >= step) for step in (1, 2, 3))
    found = [
        Region(
            str(name),
            int(graded[at]),
            int(inspection[at]),
            int(assurance[at]),
            float(rise[at]),
            float(fall[at]),
        )
        for at, name in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda own: -own.graded)[:PLACES])


def _who(portfolio: Portfolio, row: int) -> tuple[str, str, str]:
    own = portfolio.columns
    return str(own["enterprise_id"][row]), str(own["name"][row]), str(own["region_code"][row])
