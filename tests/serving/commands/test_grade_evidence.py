"""`zhuoyue grade --evidence` as a user runs it: bytes out, faults on standard error, exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.qm_rules.evidences import delivered, excellent

GOLDEN = Path(__file__).parents[2] / "qm_rules" / "golden"


def zhuoyue(*arguments, stdin=b""):
    command = [sys.executable, "-m", "serving", "grade", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


@pytest.fixture
def evidence(tmp_path):
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps(excellent()), encoding="utf-8")
    return file


def test_a_file_gives_the_golden_bytes():
    done = zhuoyue("--evidence", GOLDEN / "specification.evidence.json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (GOLDEN / "specification.answer.json").read_bytes()


@pytest.mark.parametrize("fmt", ["json", "jsonl"])
def test_json_formats_are_the_same_bytes(fmt):
    done = zhuoyue("--evidence", GOLDEN / "specification.evidence.json", "--format", fmt)
    assert done.stdout == (GOLDEN / "specification.answer.json").read_bytes()


def test_a_bad_file_says_everything_on_standard_error_and_nothing_else(evidence):
    evidence.write_text(
        json.dumps(excellent(deliveries=delivered(5, 4), output_value=1, wrong=1)), encoding="utf-8"
    )
    done = zhuoyue("--evidence", evidence)
    assert (done.returncode, done.stdout) == (2, b"")
    faults = done.stderr.decode().splitlines()
    assert [fault.split(":")[0] for fault in faults] == [
        "wrong",
        "deliveries[0].nonconforming",
        "output_value",
    ]
    assert all("found" in fault and "allowed" in fault for fault in faults)


@pytest.mark.parametrize("where", ["file", "standard input"])
def test_lines_in_the_same_order(where, tmp_path):
    lines = [json.dumps(excellent(enterprise_id=f"企业{i}"), ensure_ascii=False) for i in range(3)]
    data = f"{lines[0]}\n\n{{bad\n{lines[1]}\r\n   \n{lines[2]}".encode()
    (tmp_path / "some.JSONL").write_bytes(data)
    done = (
        zhuoyue("--evidence", tmp_path / "some.JSONL")
        if where == "file"
        else zhuoyue("--evidence", "-", stdin=data)
    )
    assert (done.returncode, done.stderr) == (2, b"")
    found = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [answer.get("enterprise_id") for answer in found] == ["企业0", None, "企业1", "企业2"]
    assert (found[1]["line"], list(found[1])) == (3, ["error", "line"])
    assert done.stdout.endswith(b"\n")


def test_only_good_lines_end_well():
    assert zhuoyue("--evidence", "-", stdin=json.dumps(excellent()).encode()).returncode == 0
    empty = zhuoyue("--evidence", "-", stdin=b"\n")
    assert (empty.returncode, empty.stdout) == (0, b"")


def test_policies(evidence):
    done = zhuoyue(
        "--evidence", evidence, "--policy", "sigma_method=formula", "--policy", "aggregation=lower_median"
    )
    policy = json.loads(done.stdout)["policy"]
    assert (policy["sigma_method"], policy["aggregation"]) == ("formula", "lower_median")
    wrong = zhuoyue("--evidence", evidence, "--policy", "aggregation=average")
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert "lower_median" in wrong.stderr.decode()


def test_compare(evidence):
    done = zhuoyue("--evidence", evidence, "--compare")
    assert len(json.loads(done.stdout)["readings"]) == 12


@pytest.mark.parametrize("arguments", [[], ["--compare"]])
def test_tables_speak_the_document_s_words(arguments):
    done = zhuoyue("--evidence", GOLDEN / "specification.evidence.json", "--format", "table", *arguments)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "保证级" in text
    assert "过程能力指数" in text


@pytest.mark.parametrize("path", ["no such file.json", "no such file.jsonl", "."])
def test_what_cannot_be_read(path, tmp_path):
    done = zhuoyue("--evidence", tmp_path / path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "allowed" in done.stderr.decode()


def test_an_evidence_file_stands_alone(evidence):
    assert zhuoyue("--evidence", evidence, "--enterprise", "E1").returncode == 2
