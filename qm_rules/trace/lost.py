"""The two loss rates written out: the sum of the costs ÷ the gross output value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from qm_rules.evidence.values import EXTERNAL, INTERNAL
from qm_rules.exact import total
from qm_rules.json_types import Json
from qm_rules.trace import phrases
from qm_rules.trace.numbers import decimal_text, equals, percent
from qm_rules.trace.parts import Input
from qm_rules.words import NOTHING, Words, same

_WORKING = Words(
    "损失费用 ÷ 年度总产值:{quotient} [{percent}]", "Costs ÷ gross output value: {quotient} [{percent}]"
)
_TRACKED = Words("已做统计(tracked)", "tracked")


def inputs(family: Mapping[str, Json] | None, output_value: str | None) -> tuple[Input, ...]:
    """Return the amounts by category in the document's order, and the output value."""
    found: list[Input] = []
    if family is not None:
        found.append(Input(_TRACKED, "true" if family["tracked"] else "false"))
        found += [
            Input(phrases.CATEGORIES[name], amount) for name, amount in _amounts(family) if family["tracked"]
        ]
    if output_value is not None:
        found.append(Input(phrases.OUTPUT_VALUE, output_value))
    return tuple(found)


def working(family: Mapping[str, Json] | None, output_value: str | None) -> Words:
    """Return the arithmetic; nothing where a part of it is lacking."""
    if family is None or output_value is None or not family["tracked"]:
        return NOTHING
    texts = [amount for _, amount in _amounts(family)]
    lost, base = total(texts).as_integer_ratio()
    made, unit = Decimal(output_value).as_integer_ratio()
    rate = lost * unit, base * made
    added = f"({' + '.join(texts)}) ÷ {output_value} = " if len(texts) > 1 else ""
    quotient = f"{added}{decimal_text(total(texts))} ÷ {output_value}{equals(*rate)}"
    return _WORKING.fill(quotient=same(quotient), percent=percent(*rate))


def _amounts(family: Mapping[str, Json]) -> list[tuple[str, str]]:
    amounts = family.get("amounts", {})
    return [(name, amounts[name]) for name in (*INTERNAL, *EXTERNAL) if name in amounts]
