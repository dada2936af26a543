"""产品质量水平 written out: nonconforming units ÷ units delivered, over all products together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qm_rules.beside import continuous_sigma, worst_delivery
from qm_rules.json_types import Json
from qm_rules.trace import phrases
from qm_rules.trace.numbers import LISTED, equals, sum_of, whole
from qm_rules.trace.parts import Input
from qm_rules.words import NOTHING, Words, label, same, sentences

Rows = Sequence[Mapping[str, Json]]

_WORKING = Words(
    "不良品数:{bad};交付数:{units};{quotient}(每百万单位不良品数)。",
    "Nonconforming units: {bad}; units delivered: {units}; {quotient} (nonconforming units per million).",
)
_BESIDE = Words(
    "参考,不影响等级:按公式为 {sigma} σ。", "For information, not decisive: {sigma} σ by the formula."
)
_WORST = Words("最差产品 {id}:{ppm}。", "Worst product {id}: {ppm}.")
_OF = Words("{id} · {what}", "{id} · {what}")
_MORE = Words("其余 {n} 个产品 · {what}合计", "{n} more products · {what}, together")


def inputs(rows: Rows) -> tuple[Input, ...]:
    """Return both counts of each product, those beyond `LISTED` as sums."""
    ordered, found = by_product(rows), []
    fields = (("units", phrases.UNITS_DELIVERED), ("nonconforming", phrases.NONCONFORMING))
    for row in ordered[:LISTED]:
        found += [
            Input(_OF.fill(id=label(row["product_id"]), what=what), str(row[key])) for key, what in fields
        ]
    rest = ordered[LISTED:]
    if rest:
        found += [
            Input(_MORE.fill(n=whole(len(rest)), what=what), str(sum(row[key] for row in rest)))
            for key, what in fields
        ]
    return tuple(found)


def working(rows: Rows) -> Words:
    """Return the arithmetic, and beside it what is shown and never decides."""
    ordered = by_product(rows)
    bad, units = [row["nonconforming"] for row in ordered], [row["units"] for row in ordered]
    lost, made = sum(bad), sum(units)
    quotient = f"{whole(lost)} × 10⁶ ÷ {whole(made)}{equals(lost * 10**6, made)}"
    text = _WORKING.fill(bad=sum_of(bad), units=sum_of(units), quotient=same(quotient))
    return sentences((text, _BESIDE.fill(sigma=continuous_sigma(lost, made)), _worst(ordered)))


def by_product(rows: Rows) -> list[Mapping[str, Json]]:
    """Return the rows by product, so that the order in which they were handed in never matters."""
    return sorted(rows, key=lambda row: str(row["product_id"]))


def _worst(rows: Rows) -> Words:
    worst = worst_delivery(rows)
    return NOTHING if worst is None else _WORST.fill(id=label(worst[0]), ppm=worst[1])
