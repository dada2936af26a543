"""`zhuoyue template` and `zhuoyue import` as people and programs run them."""

import json
from functools import partial

import pytest

from tests.command import zhuoyue


@pytest.fixture
def run(tmp_path):
    return partial(zhuoyue, ZHUOYUE_HOME=tmp_path / "home", ZHUOYUE_QUIET="1")


def test_from_template_to_conflict(tmp_path, run, rows, write):
    made = run("template", tmp_path / "t", "--format", "json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)[-1]["file"].endswith(".xlsx")
    assert run("template", tmp_path / "t").returncode == 2

    first = run("import", write(tmp_path / "in", rows), "--format", "json")
    assert (first.returncode, first.stderr) == (0, "")
    answer = {row["table"]: row for row in json.loads(first.stdout)}
    assert answer["measurements"] == {"table": "measurements", "rows": 2, "new": 2, "same": 0, "conflict": 0}

    rows["measurements"][0]["value"] = "11"
    other = write(tmp_path / "other", rows)
    torn = run("import", other, "--format", "jsonl")
    assert torn.returncode == 2
    assert {"table": "measurements", "rows": 2, "new": 0, "same": 1, "conflict": 1} in [
        json.loads(line) for line in torn.stdout.splitlines()
    ]
    assert "measurements.csv" in torn.stderr
    assert "--on-conflict replace" in torn.stderr
    assert run("import", other, "--on-conflict", "replace").returncode == 0


def test_faults_are_a_table_on_standard_error(tmp_path, run):
    path = tmp_path / "enterprises.csv"
    path.write_text("enterprise_id,size\nA,[bold]huge\n")
    refused = run("import", path)
    assert refused.returncode == 2
    assert refused.stdout == ""
    lines = refused.stderr.splitlines()
    assert lines[0] == "zhuoyue: nothing was imported: 1 fault"
    assert lines[1].split() == ["file", "table", "row", "column", "found", "allowed"]
    assert "[bold]huge" in refused.stderr
    assert "one of large, medium, small, micro" in refused.stderr


def test_the_encoding_is_said(tmp_path, run):
    path = tmp_path / "enterprises.csv"
    path.write_bytes("企业编号,名称\nA,东风\n".encode("gb18030"))
    taken = run("import", path)
    assert taken.returncode == 0
    assert "read as GB 18030" in taken.stderr
