"""Evidence for reports: a whole one, one with nothing, and one that means ill."""

from __future__ import annotations

from typing import Any

ITEMS = (
    "qms", "rd_design", "production", "quality_assurance", "supply_chain", "data", "strategy", "culture",
    "innovation",
)  # fmt: skip
RARE = "鑫垚㐂𠮷"
"""Characters of company names that small fonts lack; the last is outside the basic plane."""
ABSENT = "😀\U0002f9f4"
"""Characters that the font of the reports has not (the first), or perhaps has (the second)."""


def whole(enterprise_id: str = "E001", **changes: Any) -> dict[str, Any]:
    """Return an evidence that gives a final grade, level 3."""
    return {
        "enterprise_id": enterprise_id,
        "window": {"start": "2025-01", "end": "2025-12"},
        "deliveries": [
            {"product_id": "P1", "units": 900000, "nonconforming": 150},
            {"product_id": "P2", "units": 100000, "nonconforming": 30},
        ],
        "first_pass": [
            {"product_id": "P1", "process_id": "10", "seq": 1, "submitted": 51000, "passed_first": 50800},
            {"product_id": "P1", "process_id": "20", "seq": 2, "submitted": 50000, "passed_first": 49600},
            {"product_id": "P2", "process_id": "10", "seq": 1, "submitted": 9000, "passed_first": 8900},
        ],
        "capability": [
            {"characteristic_id": "C1", "key": True, "cpk": "1.412", "n": 125, "stable": True},
            {"characteristic_id": "C2", "key": True, "cpk": "1.7", "n": 250, "stable": True},
        ],
        "losses": {
            "internal": {"tracked": True, "amounts": {"scrap": "120000.00", "rework": "80000.50"}},
            "external": {"tracked": True, "amounts": {"claims": "30000.00", "goodwill": "0"}},
        },
        "output_value": "98000000.00",
        "management": dict.fromkeys(ITEMS, 4) | {"data": 3, "culture": 3},
        **changes,
    }


def provisional() -> dict[str, Any]:
    """Return the same with months missing."""
    return whole(missing_months={"internal": ["2025-03"]})


def incomplete() -> dict[str, Any]:
    """Return an evidence with two items, the output value and every first submission lacking."""
    found = whole()
    for name in ("output_value", "first_pass"):
        del found[name]
    del found["management"]["strategy"], found["management"]["data"]
    return found


def hostile() -> dict[str, Any]:
    """Return an evidence with much of everything, whose names are markup, control characters and endless."""
    evil = [
        "<script>alert(1)</script>", '#import "/etc/passwd": *', "#eval(\"1\")", "]]>&amp;<!--",
        "{{ 7*7 }}{% raw %}", "$x^2$ *bold* _it_ `raw` @ref <label>", "\\u{41}\\n", "a\u0000b\u0008c\u001fd",
        "\u202egnp.exe", "x" * 200, "长" * 120, "C:\\..\\..\\etc", "=cmd|' /C calc'!A0",
    ]  # fmt: skip
    products = [f"{evil[index % len(evil)]}{index}" for index in range(12)]
    return whole(
        f"{RARE}{ABSENT}#import<script>&\u0007{'长' * 80}",
        deliveries=[
            {"product_id": product, "units": 10_000_000, "nonconforming": index}
            for index, product in enumerate(products)
        ],
        first_pass=[
            {"product_id": products[index % 12], "process_id": f"{evil[index % len(evil)]}-{index}",
             "seq": 1 + index // 12, "submitted": 10_000, "passed_first": 9_999 - index}
            for index in range(30)
        ],
        capability=[
            {"characteristic_id": f"{evil[index % len(evil)]}/{index}", "key": True,
             "cpk": f"1.{400 + index}", "n": 100 + index, "stable": True}
            for index in range(60)
        ],
    )  # fmt: skip
