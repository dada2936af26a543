"""The five quantitative indicators: from checked evidence to value, level and what must be noted.

- `sigma` is about delivered units, `ftq` about first submissions: neither is ever derived from the other.
- An `inadmissible` Cpk still shows its value (something was computed); it counts as level 1.
- `thin_evidence` of `cpk`: the claim is that every graded characteristic reaches the level, so it is thin as soon as
  the bound of any of them misses it (an intersection-union test needs no correction for their number).
- `thin_evidence` of `ftq`: a product of proportions has no Clopper-Pearson bound of its own. By Lindstrom and Madden
  (in Lloyd and Lipow, Reliability, 1962) a chain is known no better than its least inspected stage: the bound of
  n·(1 − FTQ) in n, with n the smallest number submitted. One process: exactly Clopper-Pearson. Several products:
  n is the effective number (Σw)²/Σ(w²/n) with the weights of the mean, which pools where nothing is weighted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import prod
from typing import Any, NamedTuple

from qm_rules.confidence import counts_miss, cpk_misses
from qm_rules.exact import Ratio, add_ratios, exact_text, reduced, total, twelve_digits
from qm_rules.ladder import Ladder

MILLION = 10**6

NoteCodes = tuple[str, ...]


class Indicator(NamedTuple):
    """An indicator's value (12 digits), exact ratio, own level and status; None where there is none."""

    value: str | None
    exact: str | None
    level: int | None
    status: str


class Chain(NamedTuple):
    """One product's first passes: the ratio through all stages, units started, and the least inspected stage."""

    product_id: str
    passed: int
    submitted: int
    started: int
    fewest: int


Judged = tuple[Indicator, NoteCodes]

NOT_SUPPLIED = Indicator(None, None, None, "not_supplied")
NOT_TRACKED = Indicator(None, None, 1, "not_tracked")


def sigma(rows: Sequence[Mapping[str, Any]] | None, ladder: Ladder) -> Judged:
    """Judge 产品质量水平: nonconforming units per million delivered, over all products together."""
    if rows is None:
        return NOT_SUPPLIED, ()
    units = sum(row["units"] for row in rows)
    nonconforming = sum(row["nonconforming"] for row in rows)
    found = _measured(nonconforming * MILLION, units, ladder)
    level = found.level
    if level is None or level == 1:
        return found, ()
    numerator, denominator = ladder.bound(level)
    thin = counts_miss(nonconforming, units, (numerator, denominator * MILLION))
    return found, ("thin_evidence",) if thin else ()


def cpk(rows: Sequence[Mapping[str, Any]] | None, ladder: Ladder, min_values: int, few_values: int) -> Judged:
    """Judge 过程能力指数: the lowest Cpk over the rows marked key (all rows, if none is marked)."""
    if rows is None:
        return NOT_SUPPLIED, ()
    marked = [row for row in rows if row.get("key", False)]
    unmarked: NoteCodes = () if marked or not rows else ("no_key_marked",)
    graded = marked or rows
    if not graded or any(row["cpk"] is None for row in graded):
        return NOT_TRACKED, unmarked
    numerator, denominator = min(Decimal(row["cpk"]) for row in graded).as_integer_ratio()
    found = _measured(numerator, denominator, ladder)
    codes = _sample_notes(graded, min_values, few_values)
    if "too_few" in codes or "unstable" in codes:
        return found._replace(level=1, status="inadmissible"), codes + unmarked
    return found, _thin_cpk(graded, found.level or 1, ladder) + codes + unmarked


def ftq(rows: Sequence[Mapping[str, Any]] | None, ladder: Ladder) -> Judged:
    """Judge 全过程一次交验合格率: the product over the stages, then the mean over products by units started."""
    if rows is None:
        return NOT_SUPPLIED, ()
    chains = chains_of(rows)
    passed, submitted = first_pass_yield(chains)
    found = _measured(passed, submitted, ladder)
    level = found.level
    if level is None or level == 1:
        return found, ()
    numerator, denominator = ladder.bound(level)
    n = _effective_number(chains)
    failed = -(n * (passed - submitted) // submitted)  # rounded up: whole units, never too few
    return found, ("thin_evidence",) if counts_miss(failed, n, (denominator - numerator, denominator)) else ()


def loss(family: Mapping[str, Any] | None, output_value: str | None, ladder: Ladder) -> Judged:
    """Judge a 质量损失率: the sum of the amounts divided by the output value of the window."""
    if family is not None and not family["tracked"]:
        return NOT_TRACKED, ()
    if family is None or output_value is None:
        return NOT_SUPPLIED, ()
    lost, base = total(tuple(family["amounts"].values())).as_integer_ratio()
    numerator, denominator = Decimal(output_value).as_integer_ratio()
    return _measured(lost * denominator, base * numerator, ladder), ()


def chains_of(rows: Sequence[Mapping[str, Any]]) -> list[Chain]:
    """Return each product's chain; processes of equal seq are parallel: pooled first, then multiplied."""
    stages: dict[str, dict[int, list[int]]] = {}
    for row in rows:
        stage = stages.setdefault(row["product_id"], {}).setdefault(row["seq"], [0, 0])
        stage[0] += row["passed_first"]
        stage[1] += row["submitted"]
    return [_chain(product_id, by_seq) for product_id, by_seq in stages.items()]


def first_pass_yield(chains: Sequence[Chain]) -> Ratio:
    """Return the mean over products, weighted by the units started at each product's first stage."""
    if len(chains) == 1:
        return chains[0].passed, chains[0].submitted
    passed, submitted = add_ratios(
        [reduced(chain.started * chain.passed, chain.submitted) for chain in chains]
    )
    return passed, submitted * sum(chain.started for chain in chains)


def _chain(product_id: str, by_seq: Mapping[int, Sequence[int]]) -> Chain:
    passed = prod(stage[0] for stage in by_seq.values())
    submitted = prod(stage[1] for stage in by_seq.values())
    return Chain(
        product_id, passed, submitted, by_seq[min(by_seq)][1], min(stage[1] for stage in by_seq.values())
    )


def _effective_number(chains: Sequence[Chain]) -> int:
    if len(chains) == 1:
        return chains[0].fewest
    started = sum(chain.started for chain in chains)
    numerator, denominator = add_ratios([(chain.started**2, chain.fewest) for chain in chains])
    return max(1, started**2 * denominator // numerator)


def _measured(numerator: int, denominator: int, ladder: Ladder) -> Indicator:
    numerator, denominator = reduced(numerator, denominator)
    value, exact = twelve_digits(numerator, denominator), exact_text(numerator, denominator)
    return Indicator(value, exact, ladder.level(numerator, denominator), "measured")


def _sample_notes(graded: Sequence[Mapping[str, Any]], min_values: int, few_values: int) -> NoteCodes:
    fewest = min(row["n"] for row in graded)
    holds: dict[str, Callable[[], bool]] = {
        "few_values": lambda: fewest < few_values,
        "too_few": lambda: fewest < min_values,
        "unstable": lambda: not all(row["stable"] for row in graded),
    }
    return tuple(code for code, is_so in holds.items() if is_so())


def _thin_cpk(graded: Sequence[Mapping[str, Any]], level: int, ladder: Ladder) -> NoteCodes:
    if level == 1:
        return ()
    bound = ladder.bound(level)
    misses = any(cpk_misses(Decimal(row["cpk"]).as_integer_ratio(), row["n"], bound) for row in graded)
    return ("thin_evidence",) if misses else ()
