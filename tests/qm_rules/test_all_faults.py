"""Any number of independent faults at once: each is named where it stands, and nothing else is."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qm_rules import EvidenceError, parse_evidence
from tests.qm_rules.evidences import Document, capable, excellent

SOUND: Document = excellent(
    deliveries=[{"product_id": f"P{i}", "units": 100 + i, "nonconforming": i} for i in range(3)],
    first_pass=[
        {"product_id": f"P{i}", "process_id": "10", "seq": i, "submitted": 100 + i, "passed_first": i}
        for i in range(3)
    ],
    capability=[capable("1.5", name=f"C{i}") for i in range(3)],
    missing_months={"internal": ["2025-01", "2025-02"], "deliveries": []},
)
GONE = object()
COUNT = [-1, 1.5, 2.0, "5", None, True, 10**100, [], {}]
TEXT = ["", 5, None, "\ud800", ["P1"], False]
FLAG = [0, 1, "true", None, "", []]
ITEM = [0, 6, 3.0, "3", True, None, -1, 10**30]
DECIMAL = [
    "+1",
    "1e3",
    1,
    1.5,
    "",
    "NaN",
    "١",
    ".5",
    "5.",
    " 1",
    "1\n",
    "0" * 101,
    "0." + "0" * 101,
    False,
    {},
]
MONEY = [*DECIMAL, None, "-0.01"]
MONTH = ["2025-13", "2025-00", "2025-1", 202501, None, "2025-01-01", "٢٠٢٥-01", ""]
ROW = ["P1", None, 5, []]
BAD = {
    "enterprise_id": TEXT,
    "product_id": TEXT,
    "process_id": TEXT,
    "characteristic_id": TEXT,
    "units": COUNT,
    "nonconforming": COUNT,
    "seq": COUNT,
    "submitted": COUNT,  # a 0 would make passed_first a second fault
    "passed_first": COUNT,
    "n": COUNT,
    "cpk": DECIMAL,
    "stable": FLAG,
    "key": FLAG,
    "tracked": FLAG,
    "scrap": MONEY,
    "claims": MONEY,
    "output_value": [*MONEY, "0", "-0", "0.000"],
    "start": MONTH,
    "end": MONTH,
    **dict.fromkeys(SOUND["management"], ITEM),
}
OPTIONAL = {"key", "output_value", "scrap", "claims", *SOUND["management"]}
"""What may be left out; of an amount the test of `tracked` says more, so it is not left out here."""


def leaves(value, way=()):
    """Yield the way to every single value, and whether it stands in an array."""
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*way, key))
    else:
        yield way


def path_of(way) -> str:
    text = ""
    for key in way:
        text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text.removeprefix(".")


WAYS = list(leaves(SOUND))


@st.composite
def spoilt(draw):
    document, paths = copy.deepcopy(SOUND), []
    for way in draw(st.lists(st.sampled_from(WAYS), min_size=1, max_size=12, unique=True)):
        *where, last = way
        at = document
        for key in where:
            at = at[key]
        bad = MONTH if isinstance(last, int) else BAD[last]
        choices = [*bad, GONE] if isinstance(last, str) and last not in OPTIONAL else bad
        value = draw(st.sampled_from(choices))
        if value is GONE:
            del at[last]
        else:
            at[last] = value
        paths.append(path_of(way))
    for where in draw(
        st.lists(st.sampled_from(["", "window", "losses", "losses.internal.amounts"]), unique=True)
    ):
        at = document
        for key in filter(None, where.split(".")):
            at = at[key]
        at["surplus"] = 1
        paths.append(f"{where}.surplus".removeprefix("."))
    return document, sorted(paths)


@settings(max_examples=300, deadline=None)
@given(spoilt())
def test_every_fault_is_named_and_nothing_else(case):
    document, paths = case
    for source in (document, json.dumps(document), json.dumps(document, indent=1).encode()):
        with pytest.raises(EvidenceError) as refused:
            parse_evidence(source)
        assert sorted(fault.path for fault in refused.value.faults) == paths
        assert all(fault.found and fault.allowed for fault in refused.value.faults)
        str(refused.value).encode()


def test_the_evidence_itself_is_sound():
    assert parse_evidence(SOUND).canonical
    assert parse_evidence(json.dumps(SOUND)).sha256 == parse_evidence(SOUND).sha256
