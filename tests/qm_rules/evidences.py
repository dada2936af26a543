"""Evidences to test with: one that is complete and excellent, ways to change it, and hypothesis
strategies.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from qm_rules.evidence.values import EXTERNAL, INTERNAL, ITEMS, STATISTICS, months_of

Document = dict[str, Any]

EXCELLENT: Document = {
    "enterprise_id": "E1",
    "window": {"start": "2025-01", "end": "2025-12"},
    "deliveries": [{"product_id": "P1", "units": 10_000_000, "nonconforming": 0}],
    "first_pass": [
        {"product_id": "P1", "process_id": "10", "seq": 1, "submitted": 1_000_000, "passed_first": 1_000_000}
    ],
    "capability": [{"characteristic_id": "C1", "key": True, "cpk": "3.00", "n": 10_000, "stable": True}],
    "losses": {
        "internal": {"tracked": True, "amounts": {"scrap": "0"}},
        "external": {"tracked": True, "amounts": {"claims": "0"}},
    },
    "output_value": "1000000.00",
    "management": dict.fromkeys(ITEMS, 5),
}


def excellent(**changes: Any) -> Document:
    """Return a copy of the excellent evidence with top-level keys replaced (`...` leaves a key out)."""
    document = {**copy.deepcopy(EXCELLENT), **copy.deepcopy(changes)}
    return {key: value for key, value in document.items() if value is not ...}


def delivered(nonconforming: int, units: int) -> list[Document]:
    return [{"product_id": "P1", "units": units, "nonconforming": nonconforming}]


def first_passed(passed: int, submitted: int) -> list[Document]:
    return [
        {"product_id": "P1", "process_id": "10", "seq": 1, "submitted": submitted, "passed_first": passed}
    ]


def capable(
    cpk: str | None, n: int = 1000, *, stable: bool = True, key: bool = True, name: str = "C1"
) -> Document:
    return {"characteristic_id": name, "key": key, "cpk": cpk, "n": n, "stable": stable}


def lost(internal: str = "0", external: str = "0") -> Document:
    return {
        "internal": {"tracked": True, "amounts": {"scrap": internal}},
        "external": {"tracked": True, "amounts": {"claims": external}},
    }


ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
counts = st.one_of(st.integers(0, 50), st.integers(0, 10**6), st.integers(0, 10**12))
money = st.one_of(
    st.decimals(0, 10**8, places=2).map(str), st.sampled_from(["0", "-0.00", "007.5", "3", "0.000001"])
)
cpks = st.one_of(
    st.none(),
    st.sampled_from(["1", "1.33", "1.67", "2.00", "1.3299", "-0.5", "0"]),
    st.decimals(-1, 4, places=4).map(str),
)


@st.composite
def deliveries(draw: st.DrawFn) -> list[Document]:
    names = draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    rows = []
    for name in names:
        units = draw(counts)
        rows.append({"product_id": name, "units": units, "nonconforming": draw(st.integers(0, units))})
    rows[0]["units"] += 1
    return rows


@st.composite
def first_passes(draw: st.DrawFn) -> list[Document]:
    keys = draw(st.lists(st.tuples(ids, ids), min_size=1, max_size=5, unique=True))
    rows = []
    for product, process in keys:
        submitted = 1 + draw(counts)
        passed = submitted - min(submitted, draw(st.one_of(st.integers(0, 3), counts)))
        seq = draw(st.integers(0, 3))
        rows.append({"product_id": product, "process_id": process, "seq": seq, "submitted": submitted})
        rows[-1]["passed_first"] = passed
    return rows


@st.composite
def capabilities(draw: st.DrawFn) -> list[Document]:
    rows = []
    for name in draw(st.lists(ids, max_size=4, unique=True)):
        row: Document = {"characteristic_id": name, "cpk": draw(cpks)}
        if row["cpk"] is not None or draw(st.booleans()):
            row |= {"n": draw(st.integers(0, 300)), "stable": draw(st.integers(0, 3)) > 0}
        if draw(st.booleans()):
            row["key"] = draw(st.booleans())
        rows.append(row)
    return rows


def families(categories: tuple[str, ...]) -> st.SearchStrategy[Document]:
    amounts = st.dictionaries(st.sampled_from(categories), money, min_size=1)
    tracked = st.fixed_dictionaries({"tracked": st.just(True), "amounts": amounts})
    return st.one_of(
        tracked, tracked, st.fixed_dictionaries({"tracked": st.just(False)}, optional={"amounts": amounts})
    )


@st.composite
def windows(draw: st.DrawFn) -> Document:
    start = 2020 * 12 + draw(st.integers(0, 60))
    end = start + draw(st.one_of(st.just(11), st.integers(0, 11)))
    return {"start": f"{start // 12}-{start % 12 + 1:02d}", "end": f"{end // 12}-{end % 12 + 1:02d}"}


@st.composite
def evidences(draw: st.DrawFn) -> Document:
    """Any evidence that the specification allows."""
    window = draw(windows())
    months = st.lists(st.sampled_from(months_of(window["start"], window["end"])), max_size=3)
    optional = {
        "deliveries": deliveries(),
        "first_pass": first_passes(),
        "capability": capabilities(),
        "losses": st.fixed_dictionaries(
            {}, optional={"internal": families(INTERNAL), "external": families(EXTERNAL)}
        ),
        "output_value": st.decimals("0.01", 10**9, places=2).map(str),
        "management": st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 5)),
        "missing_months": st.dictionaries(st.sampled_from(STATISTICS), months),
    }
    if draw(st.booleans()):  # complete ones too, or nearly all would be incomplete
        optional["management"] = st.fixed_dictionaries(dict.fromkeys(ITEMS, st.integers(1, 5)))
        optional["losses"] = st.fixed_dictionaries(
            {"internal": families(INTERNAL), "external": families(EXTERNAL)}
        )
        return draw(st.fixed_dictionaries({"enterprise_id": ids, "window": st.just(window), **optional}))
    return draw(st.fixed_dictionaries({"enterprise_id": ids, "window": st.just(window)}, optional=optional))
