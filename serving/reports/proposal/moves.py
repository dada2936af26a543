"""Published recommendations as the proposal reads them: what is not published is None, never guessed.

An outlook may be older than this program, so rows are read by name and nothing of them is taken for granted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from serving.reports.proposal.estimates import known

Row = Mapping[str, Any]
NOTHING: Row = {}
A_YEAR = 12


@dataclass(frozen=True)
class Amount:
    """An estimate with its 90 % interval; ends are None where none was published."""

    estimate: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class EffectOn:
    """Change of one indicator against leaving the lever alone; `base` is the indicator without the move."""

    target: str
    change: Amount
    base: float | None


@dataclass(frozen=True)
class Move:
    """One lever to move, as published. Money is CNY a year; `row` is the whole published row."""

    rank: int
    parameter_id: str
    start: float | None
    end: float | None
    target: str
    effects: tuple[EffectOn, ...]
    benefit: Amount | None
    cost: float | None
    confidence: str
    arrival: int | None
    row: Row

    @property
    def net(self) -> Amount | None:
        """What is left of the benefit after the cost: as published, else the one less the other."""
        published = amount(part(self.table, "net"))
        if published is not None or self.benefit is None:
            return published
        cost, found = self.cost or 0.0, self.benefit
        low, high = (None if end is None else end - cost for end in (found.low, found.high))
        return Amount(found.estimate - cost, low, high)

    @property
    def table(self) -> Row:
        """The published table of costs and benefits, empty where there is none."""
        return part(self.row, "benefit_table")

    @property
    def payback(self) -> float | None:
        """Months until the benefit has paid the cost: as published, else cost by benefit of a year."""
        published = known(self.row.get("payback_months"))
        if published is not None or self.benefit is None or self.cost is None or self.table:
            return published
        return A_YEAR * self.cost / self.benefit.estimate if self.benefit.estimate > 0 else math.inf

    def text(self, name: str) -> str:
        """Return a text of the row, empty where there is none."""
        value = self.row.get(name)
        return value if isinstance(value, str) else ""

    def evidence(self, name: str) -> float | None:
        """Return a number that the recommendation rests on."""
        return known(part(self.row, "evidence").get(name))


def read_moves(rows: Iterable[Row]) -> tuple[Move, ...]:
    """Return the recommendations in order of rank; rows that recommend nothing are left out."""
    ranked = (row for row in rows if row.get("rank") is not None and row.get("parameter_id"))
    return tuple(_move(row) for row in sorted(ranked, key=lambda row: int(row["rank"])))


def _move(row: Row) -> Move:
    benefit, arrival = known(row.get("benefit")), known(row.get("arrival_periods"))
    ends = (known(row.get("benefit_low")), known(row.get("benefit_high")))
    return Move(
        rank=int(row["rank"]),
        parameter_id=str(row["parameter_id"]),
        start=known(row.get("from")),
        end=known(row.get("to")),
        target=str(row.get("target") or ""),
        effects=read_effects(row),
        benefit=None if benefit is None else Amount(benefit, *ends),
        cost=known(row.get("cost")),
        confidence=str(row.get("confidence") or "none"),
        arrival=None if arrival is None else round(arrival),
        row=row,
    )


def read_effects(row: Row) -> tuple[EffectOn, ...]:
    """Return the effect on every indicator, or the one on the target of a row that says no more."""
    several = row.get("effects") or [{"target": row.get("target"), **part(row, "effect")}]
    found = ((one, amount(one)) for one in several)
    return tuple(
        EffectOn(str(one["target"]), change, known(one.get("base")))
        for one, change in found
        if change is not None and one.get("target")
    )


def amount(row: Row) -> Amount | None:
    """Return `{estimate, low, high}` of a row, None where there is no estimate."""
    estimate = known(row.get("estimate"))
    return None if estimate is None else Amount(estimate, known(row.get("low")), known(row.get("high")))


def part(row: Row, name: str) -> Row:
    """Return a row within a row, empty where there is none."""
    found = row.get(name)
    return found if isinstance(found, Mapping) else NOTHING
