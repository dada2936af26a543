"""How much of a supplier's bad month arrives at its customers: one slope per outcome, over all links.

For every customer and month the incoming trouble is Σ share × (supplier's log rate of delivered
nonconforming units − its usual one) of the month before. The customer's outcome is regressed on it, given
its own two months before, with effects of the customer and of its industry's month: what shakes a whole
industry at once is no supplier's doing. Residuals of a customer, and of a month, may hang together.

The slope says what moves *within* suppliers over time; carrying it to differences *between* suppliers is an
assumption. Where the suppliers' *next* month shows as well (a lead, given the month before), something else
moves both, and the slope is refuted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from models.chains.links import Links
from models.chains.months import Array, Months

Ints = NDArray[np.int64]
OUTCOMES = ("ftq", "internal_loss", "ppm")
FEWEST_CUSTOMERS = 10
FEWEST_OF_A_SECTOR = 4
SWEEPS = 40
WIDER = 1.35
"""Standard errors times this: on twenty simulated provinces estimates scatter so much more than they say
(`tests/benchmarks/judge_chains.py`)."""
REFUTED = 2.6
"""Standard errors of the lead beyond which the slope is not believed: one in a hundred by chance."""
Reason = Literal["few_customers", "not_shown", "refuted", ""]


@dataclass(frozen=True)
class Carry:
    """The slope of one outcome (its log per unit of incoming log rate) with 90 % interval.

    A `reason` withholds it. `lead` is the slope on the suppliers' *next* month, in standard errors: it
    should be none.
    """

    outcome: str
    slope: float
    low: float
    high: float
    customers: int
    months: int
    lead: float
    reason: Reason

    @property
    def shown(self) -> bool:
        """Whether the records show that suppliers' quality arrives."""
        return self.reason == ""


def incoming(months: Months, links: Links) -> Array:
    """Return Σ share × deviation of every customer's suppliers, by month: nothing is lagged."""
    return np.asarray((links.weights @ months.deviation.T).T)


def carried(months: Months, links: Links) -> dict[str, Carry]:
    """Return the slope of every outcome."""
    arrives = incoming(months, links)
    buys = np.asarray(links.weights.sum(axis=1)).ravel() > 0
    groups = _groups(months)
    return {name: _carry(name, months.outcomes[name], arrives, buys, groups) for name in OUTCOMES}


def _carry(name: str, outcome: Array, arrives: Array, buys: NDArray[np.bool_], groups: Ints) -> Carry:
    before, after = _shifted(arrives, 1), _shifted(arrives, -1)
    slope, error, customers, used = _fitted(outcome, [before], buys, groups)
    ahead, ahead_error, _, _ = _fitted(outcome, [after, before], buys, groups)
    lead = ahead / ahead_error if ahead_error > 0 else 0.0
    wide = float(student.ppf(0.95, max(customers - 1, 1))) * error if customers else np.nan
    reason: Reason = ""
    if customers < FEWEST_CUSTOMERS or not np.isfinite(wide):
        reason = "few_customers"
    elif abs(lead) > REFUTED:
        reason = "refuted"
    elif slope - wide <= 0:
        reason = "not_shown"
    return Carry(name, slope, slope - wide, slope + wide, customers, used, lead, reason)


def _shifted(grid: Array, months: int) -> Array:
    """Return the grid as it was `months` before (negative: will be); NaN where that is not recorded."""
    moved = np.full_like(grid, np.nan)
    if months >= 0:
        moved[months:] = grid[: len(grid) - months]
    else:
        moved[:months] = grid[-months:]
    return moved


def _groups(months: Months) -> Ints:
    """Return the number of each enterprise's industry; small industries are one group together."""
    names, number, counts = np.unique(months.sector, return_inverse=True, return_counts=True)
    small = counts < FEWEST_OF_A_SECTOR
    return np.asarray(np.where(small[number], len(names), number), dtype=np.int64)


def _fitted(
    outcome: Array, arrives: Sequence[Array], buys: NDArray[np.bool_], groups: Ints
) -> tuple[float, float, int, int]:
    """Return slope on the first of `arrives`, its error, customers and months used; NaN where none is."""
    columns = [outcome, *arrives, _shifted(outcome, 1), _shifted(outcome, 2)]
    known = np.all([np.isfinite(column) for column in columns], axis=0)
    month, who = np.nonzero(known)
    customers = int(np.sum(buys & known.any(axis=0)))
    if customers < 2 or len(month) <= 12 * len(columns):
        return np.nan, np.nan, customers, 0
    cell = month * (groups.max() + 1) + groups[who]
    y, *xs = (_within(column[known], who, cell) for column in columns)
    x = np.stack(xs, axis=1)
    gram = np.linalg.pinv(x.T @ x)
    beta = gram @ (x.T @ y)
    score = x * (y - x @ beta)[:, None]
    meat = _clustered(score, who) * customers / (customers - 1)
    both = meat + _clustered(score, month) - score.T @ score
    variance = max(float((gram @ part @ gram)[0, 0]) for part in (meat, both))
    return float(beta[0]), WIDER * float(np.sqrt(variance)), customers, int(np.sum(buys[who]))


def _within(values: Array, *keys: Ints) -> Array:
    """Take off the means of every key, in turn, until nothing is left of them."""
    for _ in range(SWEEPS):
        for key in keys:
            sums, counts = np.bincount(key, weights=values), np.bincount(key)
            values = values - (sums / np.maximum(counts, 1))[key]
    return values


def _clustered(score: Array, key: Ints) -> Array:
    sums = np.stack([np.bincount(key, weights=column) for column in score.T], axis=1)
    return np.asarray(sums.T @ sums)
