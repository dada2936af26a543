"""The parts of one enterprise's evidence, each from the rows of its window.

A part that cannot be supplied is None; the evidence then leaves its key out, which says `not_supplied`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from functools import reduce
from typing import Any, Protocol

from features.aggregates.first_pass import UNLISTED
from features.capability.indices import graded
from features.evidence.rows import Characteristic, Declared, Delivered, Listed, Lost, Produced, Submitted

Json = dict[str, Any]


EXACT = Context(prec=100)
"""Adds money without rounding, whatever context the caller's thread has."""


class Monthly(Protocol):
    """A row of a month."""

    @property
    def t(self) -> int:
        """Index of the month."""
        ...


def months(rows: Iterable[Monthly]) -> set[int]:
    """Return the month indices that the rows speak of."""
    return {row.t for row in rows}


def delivery_rows(rows: Sequence[Delivered]) -> list[Json] | None:
    """Sum deliveries by product; None if nothing was delivered (a share of nothing is no share)."""
    units: dict[str, int] = defaultdict(int)
    bad: dict[str, int] = defaultdict(int)
    for row in rows:
        units[row.product_id] += row.units
        bad[row.product_id] += row.nonconforming
    if not sum(units.values()):
        return None
    return [{"product_id": name, "units": units[name], "nonconforming": bad[name]} for name in sorted(units)]


def first_pass_rows(rows: Sequence[Submitted]) -> list[Json] | None:
    """Sum first submissions by process, in the order of the route; None without any."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    seq: dict[tuple[str, str], int | None] = {}
    for row in rows:
        key = (row.product_id, row.process_id)
        sums[key][0] += row.submitted
        sums[key][1] += row.passed
        seq[key] = row.seq
    place = _places(seq)
    return [
        {
            "product_id": key[0],
            "process_id": key[1],
            "seq": place[key],
            "submitted": sums[key][0],
            "passed_first": sums[key][1],
        }
        for key in sorted(sums, key=lambda key: (key[0], place[key], key[1]))
    ] or None


def _places(seq: dict[tuple[str, str], int | None]) -> dict[tuple[str, str], int]:
    """Give a process that is not listed a place of its own after the listed ones: never pooled, never
    first.
    """
    unlisted = sorted(key for key, place in seq.items() if place is None)
    last = max((place for place in seq.values() if place is not None), default=0)
    after = {key: max(UNLISTED, last + 1) + number for number, key in enumerate(unlisted)}
    return {key: after[key] if place is None else place for key, place in seq.items()}


def made_products(delivered: Iterable[Delivered], submitted: Iterable[Submitted]) -> set[str]:
    """Return the products of which a unit was submitted or delivered in the window."""
    shipped = {row.product_id for row in delivered if row.units > 0}
    return shipped | {row.product_id for row in submitted}


def uninspected(processes: Iterable[Listed], submitted: Iterable[Submitted], made: set[str]) -> list[Json]:
    """Return a note for every listed process without a first submission in the window.

    A product of which nothing was submitted at any process and nothing delivered was not made in the
    window: it has no yield that could be missing.
    """
    seen = {(row.product_id, row.process_id) for row in submitted}
    silent = sorted(
        (row.product_id, row.process_id)
        for row in processes
        if row.product_id in made and (row.product_id, row.process_id) not in seen
    )
    return [
        {"code": "uninspected_process", "indicator": "ftq", "product_id": product, "process_id": process}
        for product, process in silent
    ]


def capability_rows(
    rows: Sequence[Characteristic], made: set[str], *, declared_untracked: bool
) -> list[Json] | None:
    """Return a row per characteristic; an empty list says that no Cpk is kept, None that none was supplied.

    A characteristic of a product that was not made in the window, and was not measured, is left out.
    """
    if not any(row.n for row in rows):
        return [] if declared_untracked else None
    return [_capability(row) for row in rows if row.n or _is_due(row, made)]


def _is_due(row: Characteristic, made: set[str]) -> bool:
    """Say whether a characteristic without a value in the window should have had one."""
    return not made or not row.product_id or row.product_id in made


def _capability(row: Characteristic) -> Json:
    named = {"characteristic_id": row.characteristic_id, "key": row.key}
    return named | {"cpk": None if row.cpk is None else graded(row.cpk), "n": row.n, "stable": row.stable}


def output_value(rows: Iterable[Produced], used: set[int]) -> str | None:
    """Return the output value of the months used; None where it is not above zero."""
    total = reduce(EXACT.add, (row.amount for row in rows if row.t in used), Decimal(0))
    return f"{total:f}" if total > 0 else None


def family(rows: Sequence[Lost], used: set[int], *, declared_untracked: bool) -> Json | None:
    """Return one loss family: amounts by category over the months used, or that it is not tracked."""
    if not rows:
        return {"tracked": False} if declared_untracked else None
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.t in used:
            amounts[row.category] = EXACT.add(amounts[row.category], row.amount)
    stated = {category: f"{amount:f}" for category, amount in sorted(amounts.items())}
    return {"tracked": True, "amounts": stated} if stated else None


def common_months(output: set[int], families: Sequence[set[int]]) -> set[int]:
    """Return the months over which losses and output are summed: those that have both.

    The evidence has one output value, so the months are those that the output and every family with any
    month have. Where two families share none, the one with more months stands alone (the first, if equal);
    where there is no output, there is no rate, and the families keep their own months.
    """
    known = [months for months in families if months]
    if not known:
        return output
    if not output:
        return set().union(*known)
    together = output.intersection(*known)
    return together or max((output & months for months in known), key=len)


def untracked(rows: Iterable[Declared], statistic: str) -> bool:
    """Say whether the latest declaration in force says that the statistic is not tracked (rows by date)."""
    states = [row.tracked for row in rows if row.statistic == statistic]
    return bool(states) and not states[-1]
