"""全过程一次交验合格率 written out: pooled parallel processes, the product over stages, the weighted mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import prod

from qm_rules.beside import worst_first_pass
from qm_rules.exact import add_ratios, reduced, twelve_digits
from qm_rules.first_pass import Chain, chains_of, first_pass_yield
from qm_rules.json_types import Json
from qm_rules.trace import phrases
from qm_rules.trace.numbers import LISTED, added_counts, equals, factor, percent, whole
from qm_rules.trace.parts import Input
from qm_rules.words import NOTHING, Words, joined, label, same, sentences

Rows = Sequence[Mapping[str, Json]]

_OF = Words("{product} · {process} · {what}", "{product} · {process} · {what}")
_MORE = Words("其余 {n} 个产品工序 · {what}合计", "{n} more processes of products · {what}, together")
_PRODUCT = Words("{id}:{stages}{result}", "{id}: {stages}{result}")
_REST_STAGES = Words("[其余 {n} 道工序之积]", "[product of {n} more stages]")
_MORE_PRODUCTS = Words("另有 {n} 个产品", "{n} more products")
_MEAN = Words("按投入数加权:{mean}", "weighted by units started: {mean}")
_PERCENT = Words("[{rate}]。", "[{rate}].")
_REST_MEAN = Words("[其余 {n} 个产品之和]", "[sum of {n} more products]")
_WORST = Words("最差产品 {id}:{rate}(仅供参考)。", "Worst product {id}: {rate} (for information).")


def inputs(rows: Rows) -> tuple[Input, ...]:
    """Return sequence and both counts of each process of each product, those beyond `LISTED` as sums."""
    ordered, found = in_sequence(rows), []
    counts = (("submitted", phrases.SUBMITTED), ("passed_first", phrases.PASSED))
    for row in ordered[:LISTED]:
        ids = {"product": label(row["product_id"]), "process": label(row["process_id"])}
        found += [
            Input(_OF.fill(**ids, what=what), str(row[key]))
            for key, what in (("seq", phrases.SEQUENCE), *counts)
        ]
    rest = ordered[LISTED:]
    if rest:
        found += [
            Input(_MORE.fill(n=whole(len(rest)), what=what), str(sum(row[key] for row in rest)))
            for key, what in counts
        ]
    return tuple(found)


def working(rows: Rows) -> Words:
    """Return the product over each product's stages, then the mean over the products."""
    ordered = in_sequence(rows)
    chains = chains_of(ordered)
    products = [list(group) for _, group in groupby(ordered, key=lambda row: str(row["product_id"]))]
    lines = [_product(chain, own) for chain, own in zip(chains[:LISTED], products, strict=False)]
    more = len(chains) - LISTED
    lines += [_MORE_PRODUCTS.fill(n=whole(more))] if more > 0 else []
    lines += [_mean(chains)] if len(chains) > 1 else []
    return sentences(
        (joined(lines, ";", "; "), _PERCENT.fill(rate=percent(*first_pass_yield(chains))), _worst(rows))
    )


def in_sequence(rows: Rows) -> list[Mapping[str, Json]]:
    """Return the rows by product, sequence and process, whatever order they were handed in."""
    return sorted(rows, key=lambda row: (str(row["product_id"]), row["seq"], str(row["process_id"])))


def _product(chain: Chain, rows: Rows) -> Words:
    stages = [list(group) for _, group in groupby(rows, key=lambda row: int(row["seq"]))]
    terms = [_stage(stage) for stage in stages[:LISTED]]
    rest = stages[LISTED:]
    if rest:
        passed, submitted = (
            prod(sum(row[key] for row in stage) for stage in rest) for key in ("passed_first", "submitted")
        )
        note = _REST_STAGES.fill(n=len(rest))
        terms.append(joined((same(twelve_digits(passed, submitted)), note), " ", " "))
    result = equals(chain.passed, chain.submitted)
    return _PRODUCT.fill(id=label(chain.product_id), stages=joined(terms, " × ", " × "), result=result)


def _stage(rows: Rows) -> Words:
    """Return `990 ÷ 1 000`; of parallel processes `(900 + 95) ÷ (1 000 + 100)`."""
    passed, submitted = ([row[key] for row in rows] for key in ("passed_first", "submitted"))
    if len(rows) == 1:
        return same(f"{whole(passed[0])} ÷ {whole(submitted[0])}")
    above, below = added_counts(passed), added_counts(submitted)
    return Words(f"({above.zh}) ÷ ({below.zh})", f"({above.en}) ÷ ({below.en})")


def _mean(chains: Sequence[Chain]) -> Words:
    terms = [
        same(f"{whole(chain.started)} × {factor(chain.passed, chain.submitted)}") for chain in chains[:LISTED]
    ]
    rest = chains[LISTED:]
    if rest:
        together = add_ratios([reduced(chain.started * chain.passed, chain.submitted) for chain in rest])
        terms.append(joined((same(twelve_digits(*together)), _REST_MEAN.fill(n=whole(len(rest)))), " ", " "))
    below = added_counts([chain.started for chain in chains])
    above, result = joined(terms, " + ", " + "), equals(*first_pass_yield(chains))
    mean = Words(f"({above.zh}) ÷ ({below.zh}){result}", f"({above.en}) ÷ ({below.en}){result}")
    return _MEAN.fill(mean=mean)


def _worst(rows: Rows) -> Words:
    worst = worst_first_pass(in_sequence(rows))
    return NOTHING if worst is None else _WORST.fill(id=label(worst[0]), rate=worst[1])
