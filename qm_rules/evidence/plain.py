"""The quick look: says of most sound evidences that they are sound, without looking for what could be wrong.

What passes here has no fault by `evidence_law` (a property test holds that). What does not pass is not
refused: the law then looks at every field and decides. So speed is here, and the law is there.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qm_rules.evidence.law import EVIDENCE
from qm_rules.evidence.values import (
    COUNT_LIMIT,
    EXTERNAL,
    INTERNAL,
    ITEMS,
    STATISTICS,
    WINDOW_MONTHS,
    is_month,
    is_positive_money,
    is_text,
    months_of,
)
from qm_rules.exact import is_decimal
from qm_rules.json_types import Json

_TOP = frozenset(EVIDENCE.fields)
_INTERNAL, _EXTERNAL = frozenset(INTERNAL), frozenset(EXTERNAL)
_ITEMS, _STATISTICS = frozenset(ITEMS), frozenset(STATISTICS)
_ITEM_LEVELS, _WHOLE = frozenset(range(1, 6)), {int}
_FAMILIES = frozenset(("internal", "external"))
_CAPABILITY = (
    frozenset(("characteristic_id", "key", "cpk", "n", "stable")),
    frozenset(("characteristic_id", "cpk", "n", "stable")),
)
_MAX_ROWS = 1000
_AMOUNT = r"[0-9]{1,100}(?:\.[0-9]{1,100})?"
_amounts = re.compile(rf"{_AMOUNT}(?: {_AMOUNT})*").fullmatch


def is_plainly_sound(evidence: Json) -> bool:
    """Say whether the evidence is sound at a quick look; False means only that the law must look."""
    try:
        return (
            type(evidence) is dict
            and evidence.keys() <= _TOP
            and is_text(evidence["enterprise_id"])
            and _sound_window(evidence["window"], evidence.get("missing_months", {}))
            and ("deliveries" not in evidence or _sound_deliveries(evidence["deliveries"]))
            and ("first_pass" not in evidence or _sound_first_pass(evidence["first_pass"]))
            and ("capability" not in evidence or _sound_capability(evidence["capability"]))
            and ("losses" not in evidence or _sound_losses(evidence["losses"]))
            and ("output_value" not in evidence or is_positive_money(evidence["output_value"]))
            and ("management" not in evidence or _sound_management(evidence["management"]))
        )
    except (TypeError, KeyError, AttributeError, ValueError):
        return False


def _sound_window(window: Json, missing: Json) -> bool:
    months = _months_of_sound(window["start"], window["end"])
    return months != () and type(window) is dict and len(window) == 2 and _sound_missing(missing, months)


@lru_cache(maxsize=4096)
def _months_of_sound(start: Json, end: Json) -> tuple[str, ...]:
    """Return the months of a window; none if the law would refuse it."""
    if not (is_month(start) and is_month(end) and start <= end):
        return ()
    months = months_of(start, end)
    return months if len(months) <= WINDOW_MONTHS else ()


def _sound_missing(missing: Json, months: tuple[str, ...]) -> bool:
    return (
        type(missing) is dict
        and missing.keys() <= _STATISTICS
        and all(type(named) is list and all(month in months for month in named) for named in missing.values())
    )


def _sound_deliveries(rows: Json) -> bool:
    ids, total = set(), 0
    for row in rows:
        product, units, bad = row["product_id"], row["units"], row["nonconforming"]
        if not (
            type(units) is int and type(bad) is int and 0 <= bad <= units < COUNT_LIMIT and len(row) == 3
        ):
            return False
        if not is_text(product):
            return False
        ids.add(product)
        total += units
    return total > 0 and type(rows) is list and len(ids) == len(rows)


def _sound_first_pass(rows: Json) -> bool:
    ids = set()
    for row in rows:
        seq, submitted, passed = row["seq"], row["submitted"], row["passed_first"]
        if not (type(seq) is int and type(submitted) is int and type(passed) is int and len(row) == 5):
            return False
        if not (0 <= passed <= submitted < COUNT_LIMIT and submitted and 0 <= seq < COUNT_LIMIT):
            return False
        product, process = row["product_id"], row["process_id"]
        if not (is_text(product) and is_text(process)):
            return False
        ids.add((product, process))
    return type(rows) is list and 0 < len(rows) <= _MAX_ROWS and len(ids) == len(rows)


def _sound_capability(rows: Json) -> bool:
    ids = set()
    for row in rows:
        cpk, n = row["cpk"], row["n"]
        if not (type(cpk) is str and is_decimal(cpk) and type(n) is int and 0 <= n < COUNT_LIMIT):
            return False
        if not (
            type(row["stable"]) is bool and row.keys() in _CAPABILITY and type(row.get("key", False)) is bool
        ):
            return False
        name = row["characteristic_id"]
        if not is_text(name):
            return False
        ids.add(name)
    return type(rows) is list and len(ids) == len(rows)


def _sound_losses(losses: Json) -> bool:
    return (
        type(losses) is dict
        and losses.keys() <= _FAMILIES
        and ("internal" not in losses or _sound_family(losses["internal"], _INTERNAL))
        and ("external" not in losses or _sound_family(losses["external"], _EXTERNAL))
    )


def _sound_family(family: Json, categories: frozenset[str]) -> bool:
    if family["tracked"] is False:
        return type(family) is dict and len(family) == 1
    amounts = family["amounts"]
    if not (family["tracked"] is True and len(family) == 2 and amounts.keys() <= categories):
        return False
    text = " ".join(amounts.values())
    return text.count(" ") == len(amounts) - 1 and _amounts(text) is not None


def _sound_management(management: Json) -> bool:
    return (
        type(management) is dict
        and management.keys() <= _ITEMS
        and _ITEM_LEVELS.issuperset(management.values())
        and _WHOLE.issuperset(map(type, management.values()))
    )
