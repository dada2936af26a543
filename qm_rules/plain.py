"""The quick look: says of most sound evidences that they are sound, without looking for what could be wrong.

What passes here has no fault by `evidence_law` (a property test holds that). What does not pass is not refused:
the law then looks at every field and decides. So speed is here, and the law is there.
"""

from __future__ import annotations

import re
from typing import Any

from qm_rules.evidence_law import (
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

_TOP = frozenset(
    (
        "enterprise_id",
        "window",
        "deliveries",
        "first_pass",
        "capability",
        "losses",
        "output_value",
        "management",
    )
    + ("missing_months",)
)
_INTERNAL, _EXTERNAL = frozenset(INTERNAL), frozenset(EXTERNAL)
_ITEMS, _STATISTICS = frozenset(ITEMS), frozenset(STATISTICS)
_FAMILIES = frozenset(("internal", "external"))
_CAPABILITY = (
    frozenset(("characteristic_id", "key", "cpk", "n", "stable")),
    frozenset(("characteristic_id", "cpk", "n", "stable")),
)
_MAX_ROWS = 1000
_AMOUNT = r"[0-9]{1,100}(?:\.[0-9]{1,100})?"
_amounts = re.compile(rf"{_AMOUNT}(?: {_AMOUNT})*").fullmatch


def is_plainly_sound(evidence: Any) -> bool:
    """Say whether the evidence is sound at a quick look; False means only that the law must look."""
    try:
        return (
            type(evidence) is dict
            and evidence.keys() <= _TOP
            and is_text(evidence["enterprise_id"])
            and _sound_window(evidence["window"], evidence.get("missing_months"))
            and ("deliveries" not in evidence or _sound_deliveries(evidence["deliveries"]))
            and ("first_pass" not in evidence or _sound_first_pass(evidence["first_pass"]))
            and ("capability" not in evidence or _sound_capability(evidence["capability"]))
            and ("losses" not in evidence or _sound_losses(evidence["losses"]))
            and ("output_value" not in evidence or is_positive_money(evidence["output_value"]))
            and ("management" not in evidence or _sound_management(evidence["management"]))
        )
    except (TypeError, KeyError, AttributeError, ValueError):
        return False


def _sound_window(window: Any, missing: Any) -> bool:
    start, end = window["start"], window["end"]
    if not (type(window) is dict and len(window) == 2 and is_month(start) and is_month(end) and start <= end):
        return False
    months = months_of(start, end)
    return len(months) <= WINDOW_MONTHS and (missing is None or _sound_missing(missing, months))


def _sound_missing(missing: Any, months: tuple[str, ...]) -> bool:
    return (
        type(missing) is dict
        and missing.keys() <= _STATISTICS
        and all(type(named) is list and all(month in months for month in named) for named in missing.values())
    )


def _sound_deliveries(rows: Any) -> bool:
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


def _sound_first_pass(rows: Any) -> bool:
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


def _sound_capability(rows: Any) -> bool:
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


def _sound_losses(losses: Any) -> bool:
    return (
        type(losses) is dict
        and losses.keys() <= _FAMILIES
        and ("internal" not in losses or _sound_family(losses["internal"], _INTERNAL))
        and ("external" not in losses or _sound_family(losses["external"], _EXTERNAL))
    )


def _sound_family(family: Any, categories: frozenset[str]) -> bool:
    if family["tracked"] is False:
        return type(family) is dict and len(family) == 1
    amounts = family["amounts"]
    if not (family["tracked"] is True and len(family) == 2 and amounts.keys() <= categories):
        return False
    text = " ".join(amounts.values())
    return text.count(" ") == len(amounts) - 1 and _amounts(text) is not None


def _sound_management(management: Any) -> bool:
    return (
        type(management) is dict
        and management.keys() <= _ITEMS
        and all(type(level) is int and 1 <= level <= 5 for level in management.values())
    )
