"""Values that an adversary would try, each taken or refused for what it is, as a text and as an object."""

import json

import pytest

from qm_rules import EvidenceError, canonical_json, grade, parse_evidence
from qm_rules.answer_line import answer_line
from qm_rules.trace import trace
from tests.qm_rules.evidences import EXCELLENT, excellent

NINES = "9" * 100
TAKEN = [
    ("enterprise_id", '"\\u0000"'),
    ("enterprise_id", '" "'),
    ("enterprise_id", '"\\ud83d\\ude00"'),
    ("enterprise_id", '"\\u202e{0}%s\\\\"'),
    ("enterprise_id", f'"{"长" * 100_000}"'),
    ("window", '{"start": "0000-01", "end": "0000-12"}'),
    ("window", '{"start": "9999-12", "end": "9999-12"}'),
    ("window", '{"start": "2024-02", "end": "2025-01"}'),
    ("deliveries", f'[{{"product_id": "P", "units": {NINES}, "nonconforming": {NINES[1:]}}}]'),
    ("deliveries", '[{"product_id": "P", "units": 1, "nonconforming": -0}]'),
    (
        "first_pass",
        f'[{{"product_id": "P", "process_id": "1", "seq": {NINES}, "submitted": {NINES}, "passed_first":0}}]',
    ),
    ("capability", f'[{{"characteristic_id": "C", "cpk": "0.{NINES}", "n": {NINES}, "stable": true}}]'),
    ("capability", '[{"characteristic_id": "C", "cpk": "-0", "n": 25, "stable": true}]'),
    ("capability", '[{"characteristic_id": "C", "cpk": "007.50", "n": 25, "stable": true}]'),
    ("capability", f'[{{"characteristic_id": "C", "cpk": "-{NINES}.{NINES}", "n": 25, "stable": true}}]'),
    ("output_value", f'"0.{"0" * 99}1"'),
    ("output_value", f'"{NINES}.{NINES}"'),
    ("losses", '{"internal": {"tracked": true, "amounts": {"scrap": "-0.00"}}}'),
    ("losses", '{"internal": {"tracked": false, "amounts": {}}}'),
    ("losses", "{}"),
    ("management", "{}"),
    ("capability", "[]"),
    ("missing_months", '{"internal": ["2025-03", "2025-03"]}'),
]
REFUSED = [
    ("enterprise_id", '""', "enterprise_id"),
    ("enterprise_id", '"\\ud800"', "enterprise_id"),
    ("enterprise_id", '"\\udfff\\ud800"', "enterprise_id"),
    ("window", '{"start": "2025-13", "end": "2025-12"}', "window.start"),
    ("window", '{"start": "2025-00", "end": "2025-12"}', "window.start"),
    ("window", '{"start": "2025-01 ", "end": "2025-12"}', "window.start"),
    ("window", '{"start": "2025-01\\n", "end": "2025-12"}', "window.start"),
    ("window", '{"start": "٢٠٢٥-01", "end": "2025-12"}', "window.start"),
    ("window", '{"start": "-001-01", "end": "2025-12"}', "window.start"),
    ("window", '{"start": "12025-01", "end": "2025-12"}', "window.start"),
    ("window", '{"start": "2024-12", "end": "2025-12"}', "window"),
    ("window", '{"start": "2025-12", "end": "2025-11"}', "window.end"),
    ("output_value", '"+1"', "output_value"),
    ("output_value", '"1e400"', "output_value"),
    ("output_value", '"1E-400"', "output_value"),
    ("output_value", f'"0.{"0" * 400}1"', "output_value"),
    ("output_value", f'"1{NINES}"', "output_value"),
    ("output_value", '"1"', None),
    ("output_value", '"１"', "output_value"),
    ("output_value", '"1,000"', "output_value"),
    ("output_value", '"1 000"', "output_value"),
    ("output_value", '"-0"', "output_value"),
    ("output_value", '"0x10"', "output_value"),
    ("output_value", '"inf"', "output_value"),
    ("output_value", '"1.\\n"', "output_value"),
    ("output_value", "1e2", "output_value"),
    ("output_value", "true", "output_value"),
    ("deliveries", f'[{{"product_id": "P", "units": 1{NINES}, "nonconforming": 0}}]', "deliveries[0].units"),
    (
        "deliveries",
        f'[{{"product_id": "P", "units": {"9" * 5000}, "nonconforming": 0}}]',
        "deliveries[0].units",
    ),
    (
        "deliveries",
        f'[{{"product_id": "P", "units": -{"9" * 5000}, "nonconforming": 0}}]',
        "deliveries[0].units",
    ),
    ("deliveries", '[{"product_id": "P", "units": 1.0, "nonconforming": 0}]', "deliveries[0].units"),
    ("deliveries", '[{"product_id": "P", "units": 1e400, "nonconforming": 0}]', "deliveries[0].units"),
    ("deliveries", '[{"product_id": "P", "units": 01, "nonconforming": 0}]', "$"),
    ("deliveries", '[{"product_id": "P", "units": +1, "nonconforming": 0}]', "$"),
    (
        "deliveries",
        '[{"product_id": "P", "product_id": "P", "units": 1, "nonconforming": 0}]',
        "deliveries[0].product_id",
    ),
    (
        "losses",
        '{"internal": {"tracked": true, "amounts": {"scrap": "1", "scrap": "1"}}}',
        "losses.internal.amounts.scrap",
    ),
    ("losses", '{"internal": {"tracked": false}, "internal": {"tracked": false}}', "losses.internal"),
    ("management", '{"qms": 5, "qms": 5}', "management.qms"),
    ("management", '{"qms": 5, "\\u0071ms": 5}', "management.qms"),
    ("management", '{"": 5}', "management."),
    ("missing_months", '{"internal": ["2026-01"]}', "missing_months.internal[0]"),
    ("missing_months", '{"capability": []}', "missing_months.capability"),
]


def written(key, value):
    """The excellent evidence as a text, one value of it written as given."""
    parts = {name: json.dumps(part) for name, part in EXCELLENT.items()} | {key: value}
    return "{" + ",".join(f'"{name}":{part}' for name, part in parts.items()) + "}"


@pytest.mark.parametrize(("key", "value"), TAKEN)
def test_what_is_allowed_gets_a_grade_in_canonical_form(key, value):
    text = written(key, value)
    result = grade(parse_evidence(text.encode()))
    line = answer_line(result)
    assert line == canonical_json(result.to_dict())
    assert "\n" not in line
    assert canonical_json(json.loads(line.encode())) == line
    again = grade(parse_evidence(json.loads(text)))
    assert answer_line(again) == line
    assert grade(parse_evidence(result.evidence.canonical)).evidence.sha256 == result.evidence.sha256
    canonical_json(trace(result).to_dict()).encode()


@pytest.mark.parametrize(("key", "value", "path"), REFUSED)
def test_what_is_not_allowed_is_refused_where_it_stands(key, value, path):
    if path is None:
        assert grade(parse_evidence(written(key, value))).level == 5
        return
    with pytest.raises(EvidenceError) as refused:
        parse_evidence(written(key, value).encode())
    assert [fault.path for fault in refused.value.faults] == [path]
    str(refused.value).encode()


@pytest.mark.parametrize("text", ["\ufeff{}", "[" * 100_000, '{"a":' * 100_000, "{}\x00", "nul", '"', "{]"])
def test_texts_that_are_no_evidence_get_a_fault(text):
    for source in (text, text.encode()):
        with pytest.raises(EvidenceError) as refused:
            parse_evidence(source)
        assert refused.value.faults


def test_a_deep_object_in_memory_is_refused_too():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(EvidenceError) as refused:
        parse_evidence(excellent(enterprise_id="E", window=5) | {"deliveries": deep})
    assert [fault.path for fault in refused.value.faults] == ["window", "deliveries[0]"]
    while deep:
        deep = deep.pop()
