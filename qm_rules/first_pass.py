"""全过程一次交验合格率: the product of the first-pass yields along each product's processes.

Processes of equal seq are parallel: pooled, then multiplied. Several products: the mean weighted by the units
started at each product's first process (lowest seq).

How far first passes carry a level (`effective_number`): a product of proportions has no Clopper-Pearson
bound of its own. By Lindstrom and Madden (in Lloyd and Lipow, Reliability: Management, Methods and
Mathematics, 1962) a chain is known no better than its least inspected stage, so its bound is that of n·(1
− FTQ) failures in n, with n the fewest submitted at any stage. For one process this is exactly
Clopper-Pearson. For several products n is the effective number (Σw)²/Σ(w²/n) of the weighted mean; where
the weights are the n themselves, it is their sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from qm_rules.exact import Ratio, add_ratios, reduced
from qm_rules.json_types import Json


class Chain(NamedTuple):
    """One product's first passes: passed and submitted multiplied over the stages, and two counts of units.

    `started` were submitted at the first stage, `fewest` at the least inspected one.
    """

    product_id: str
    passed: int
    submitted: int
    started: int
    fewest: int


def chains_of(rows: Sequence[Mapping[str, Json]]) -> list[Chain]:
    """Return each product's chain of pooled stages, in the order in which the products first appear."""
    if len(rows) == 1:
        submitted = rows[0]["submitted"]
        return [Chain(rows[0]["product_id"], rows[0]["passed_first"], submitted, submitted, submitted)]
    stages: dict[str, dict[int, list[int]]] = {}
    for row in rows:
        stage = stages.setdefault(row["product_id"], {}).setdefault(row["seq"], [0, 0])
        stage[0] += row["passed_first"]
        stage[1] += row["submitted"]
    return [_chain(product_id, by_seq) for product_id, by_seq in stages.items()]


def first_pass_yield(chains: Sequence[Chain]) -> Ratio:
    """Return the mean yield over the products, weighted by units started; not reduced."""
    if len(chains) == 1:
        return chains[0].passed, chains[0].submitted
    weighted = [reduced(chain.started * chain.passed, chain.submitted) for chain in chains]
    passed, submitted = add_ratios(weighted)
    return passed, submitted * sum(chain.started for chain in chains)


def effective_number(chains: Sequence[Chain]) -> int:
    """Return how many submissions stand behind the mean yield (at least 1)."""
    if len(chains) == 1:
        return chains[0].fewest
    started = sum(chain.started for chain in chains)
    numerator, denominator = add_ratios([(chain.started**2, chain.fewest) for chain in chains])
    return max(1, started**2 * denominator // numerator)


def _chain(product_id: str, by_seq: Mapping[int, Sequence[int]]) -> Chain:
    passed = prod([stage[0] for stage in by_seq.values()])
    submitted = prod([stage[1] for stage in by_seq.values()])
    fewest = min([stage[1] for stage in by_seq.values()])
    return Chain(product_id, passed, submitted, by_seq[min(by_seq)][1], fewest)
