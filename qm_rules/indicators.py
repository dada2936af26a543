"""The five quantitative indicators: from checked evidence to value, level and what must be noted.

- `sigma` is about delivered units, `ftq` about first submissions: neither is ever derived from the other.
- An `inadmissible` Cpk still shows its value (something was computed); it counts as level 1.
- `few_values` and `too_few` are both noted where n is under both limits; where a graded Cpk is lacking the
  statistic is not tracked, and nothing is noted about the others.
- `thin_evidence` of `cpk`: the claim is that every graded characteristic reaches the level, so it is thin as
  soon as the bound of any of them misses it (intersection-union: no correction for their number is needed).
- `thin_evidence` of `ftq`: see `qm_rules.first_pass`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from qm_rules.confidence import counts_miss, cpk_misses
from qm_rules.exact import Ratio, exact_text, reduced, total, twelve_digits
from qm_rules.first_pass import chains_of, effective_number, first_pass_yield
from qm_rules.json_types import Json
from qm_rules.ladder import Ladder

MILLION = 10**6

Rows = Sequence[Mapping[str, Json]]
NoteCodes = tuple[str, ...]


class Indicator(NamedTuple):
    """An indicator's value (12 digits), exact ratio, own level and status; None where there is none."""

    value: str | None
    exact: str | None
    level: int | None
    status: str


Judged = tuple[Indicator, NoteCodes]

NOT_SUPPLIED = Indicator(None, None, None, "not_supplied")
NOT_TRACKED = Indicator(None, None, 1, "not_tracked")
THIN: NoteCodes = ("thin_evidence",)


def sigma(rows: Rows | None, ladder: Ladder) -> Judged:
    """Judge 产品质量水平: nonconforming units per million delivered, over all products together."""
    if rows is None:
        return NOT_SUPPLIED, ()
    units = nonconforming = 0
    for row in rows:
        units += row["units"]
        nonconforming += row["nonconforming"]
    numerator, denominator = reduced(nonconforming * MILLION, units)
    level = ladder.level(numerator, denominator)
    found = _measured(numerator, denominator, level)
    if level == 1:
        return found, ()
    bound, scale = ladder.bound(level)
    return found, THIN if counts_miss(nonconforming, units, (bound, scale * MILLION)) else ()


def cpk(rows: Rows | None, ladder: Ladder, min_values: int, few_values: int) -> Judged:
    """Judge 过程能力指数: the lowest Cpk over the rows marked key (all rows, if none is marked)."""
    if rows is None:
        return NOT_SUPPLIED, ()
    marked = [row for row in rows if row.get("key")]
    unmarked: NoteCodes = ("no_key_marked",) if rows and not marked else ()
    graded = marked or rows
    if not graded or None in [row["cpk"] for row in graded]:
        return NOT_TRACKED, unmarked
    values = [Decimal(row["cpk"]) for row in graded]
    numerator, denominator = min(values).as_integer_ratio()
    sizes = [row["n"] for row in graded]
    few, spoilt = _sample_notes(
        min(sizes), False not in [row["stable"] for row in graded], min_values, few_values
    )
    if spoilt:
        return _measured(numerator, denominator, 1, "inadmissible"), few + spoilt + unmarked
    level = ladder.level(numerator, denominator)
    thin = THIN if level > 1 and _is_thin(values, sizes, ladder.bound(level)) else ()
    return _measured(numerator, denominator, level), thin + few + unmarked


def ftq(rows: Rows | None, ladder: Ladder) -> Judged:
    """Judge 全过程一次交验合格率: the product over stages, then the mean over products by units started."""
    if rows is None:
        return NOT_SUPPLIED, ()
    chains = chains_of(rows)
    numerator, denominator = reduced(*first_pass_yield(chains))
    level = ladder.level(numerator, denominator)
    found = _measured(numerator, denominator, level)
    if level == 1:
        return found, ()
    bound, scale = ladder.bound(level)
    n = effective_number(chains)
    failed = -(n * (numerator - denominator) // denominator)  # rounded up: whole units, never too few
    return found, THIN if counts_miss(failed, n, (scale - bound, scale)) else ()


def loss(family: Mapping[str, Json] | None, output_value: Ratio | None, ladder: Ladder) -> Judged:
    """Judge a 质量损失率: the sum of the amounts divided by the output value of the window."""
    if family is not None and not family["tracked"]:
        return NOT_TRACKED, ()
    if family is None or output_value is None:
        return NOT_SUPPLIED, ()
    lost, base = total(family["amounts"].values()).as_integer_ratio()
    made, unit = output_value
    numerator, denominator = reduced(lost * unit, base * made)
    return _measured(numerator, denominator, ladder.level(numerator, denominator)), ()


def _measured(numerator: int, denominator: int, level: int, status: str = "measured") -> Indicator:
    return Indicator(twelve_digits(numerator, denominator), exact_text(numerator, denominator), level, status)


def _sample_notes(fewest: int, stable: bool, min_values: int, few_values: int) -> tuple[NoteCodes, NoteCodes]:
    """Return what is merely noted, and what makes the Cpk inadmissible."""
    few: NoteCodes = ("few_values",) if fewest < few_values else ()
    if fewest >= min_values and stable:
        return few, ()
    return few, (("too_few",) if fewest < min_values else ()) + (() if stable else ("unstable",))


def _is_thin(values: Sequence[Decimal], sizes: Sequence[int], bound: Ratio) -> bool:
    pairs = zip(values, sizes, strict=True)
    return any(cpk_misses(value.as_integer_ratio(), n, bound) for value, n in pairs)
