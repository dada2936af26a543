"""The Pareto table: which few causes make up most of the count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ParetoRow(NamedTuple):
    """One cause: its events, the events up to here, and both as a share of the total (0 … 1)."""

    name: str
    events: float
    cumulative: float
    share: float
    cumulative_share: float


def pareto(counts: Mapping[str, float]) -> tuple[ParetoRow, ...]:
    """Return the causes from the most frequent to the least; equal ones keep their order.

    Raises:
        ValueError: a count is negative or not a number.
    """
    wrong = [name for name, count in counts.items() if not count >= 0]
    if wrong:
        raise ValueError(f"count of {', '.join(wrong)}: allowed is a number, not below 0")
    total = sum(counts.values())
    rows, cumulative = [], 0.0
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        cumulative += count
        rows.append(ParetoRow(name, count, cumulative, count / (total or 1), cumulative / (total or 1)))
    return tuple(rows)
