"""A folder of broken evidences: each is refused, with all its faults and nothing else."""

import json
from pathlib import Path

import pytest
import yaml

from qm_rules import EvidenceError, parse_evidence
from tests.qm_rules.evidences import excellent

FOLDER = Path(__file__).parent / "broken"
FAULTS = yaml.safe_load((FOLDER / "faults.yaml").read_text(encoding="utf-8"))


def refusal(source):
    with pytest.raises(EvidenceError) as refused:
        parse_evidence(source)
    return refused.value


def test_every_broken_file_is_listed():
    assert sorted(FAULTS) == sorted(file.name for file in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", FAULTS)
def test_all_faults_are_found(name):
    error = refusal((FOLDER / name).read_bytes())
    assert [f"{fault.path}: {fault.found}" for fault in error.faults] == FAULTS[name]
    assert all(fault.path and fault.found and fault.allowed for fault in error.faults)
    assert all(
        part in str(error) for fault in error.faults for part in (fault.path, fault.found, fault.allowed)
    )
    str(error).encode()  # whatever was found can be written


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("enterprise_id", 5, "enterprise_id"),
        ("deliveries", ({"product_id": "P1", "units": 1, "nonconforming": 0},), "deliveries"),
        ("deliveries", [{"product_id": "P1", "units": 1.0, "nonconforming": 0}], "deliveries[0].units"),
        ("deliveries", [{"product_id": ["P1"], "units": 1, "nonconforming": 0}], "deliveries[0].product_id"),
        ("output_value", float("nan"), "output_value"),
        ("window", ["2025-01", "2025-12"], "window"),
        ("capability", {}, "capability"),
        ("first_pass", [None], "first_pass[0]"),
        ("window", {"start": ["2025-01"], "end": "2025-12"}, "window.start"),
    ],
)
def test_a_dict_is_checked_like_a_text(key, value, path):
    assert [fault.path for fault in refusal(excellent(**{key: value})).faults] == [path]


def test_too_many_digits_together_are_refused():
    rows = [
        {"product_id": "P", "process_id": str(i), "seq": i, "submitted": 10**99, "passed_first": 1}
        for i in range(3100)
    ]
    assert [fault.path for fault in refusal(excellent(first_pass=rows)).faults] == ["first_pass"]


def test_a_duplicate_key_behind_an_escape_is_found():
    text = json.dumps(excellent()).replace('"output_value"', '"output_\\u0076alue": "1", "output_value"')
    assert [fault.path for fault in refusal(text).faults] == ["output_value"]


@pytest.mark.parametrize(
    "twice", ['"seq": 1', '"key": true', '"tracked": true', '"qms": 5', '"start": "2025-01"']
)
def test_a_key_twice_with_the_same_value_is_refused(twice):
    text = json.dumps(excellent())
    assert twice in text
    error = refusal(text.replace(twice, f"{twice}, {twice}", 1))
    assert [fault.found for fault in error.faults] == ["the key more than once"]
