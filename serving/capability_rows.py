"""A characteristic's capability as a row of plain values: what the command prints and the API answers."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

NUMBERS = (
    "n", "subgroups", "mean", "sd_within", "sd_overall",
    "cp", "cpk", "cpk_low", "cpk_high", "pp", "ppk", "ppk_low", "ppk_high", "cpm",
    "p_normal", "q_low", "q_mid", "q_high", "expected_outside", "observed_outside",
    "beyond", "drift", "excursion", "autocorrelation",
)  # fmt: skip


def capability_row(found: dict[str, Any], start: date | None, end: date | None) -> dict[str, Any]:
    """Return what `zhuoyue capability` and the API say of a characteristic; null for what is no number."""
    return {
        "enterprise_id": found["enterprise_id"],
        "characteristic_id": found["characteristic_id"],
        "product_id": found["product_id"] or None,
        "since": start,
        "until": end,
        "key": bool(found["key"]),
        **{name: _number(found[name]) for name in ("nominal", "lsl", "usl")},
        **{name: _number(found[name]) for name in NUMBERS},
        "method": found["method"],
        "distribution": found["distribution"] or None,
        "stable": bool(found["stable"]),
        "reasons": list(found["reasons"]),
    }


def _number(value: Any) -> float | int | None:  # noqa: ANN401 - a number of whatever kind
    """Return a plain number; None for what is none."""
    if value is None or value != value or (isinstance(value, float) and math.isinf(value)):
        return None
    return int(value) if float(value).is_integer() and not isinstance(value, float) else float(value)
