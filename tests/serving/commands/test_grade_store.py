"""Grades and features from a store that the importer filled, through the command line."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from features.evidence import evidence_with_notes
from features.model_table import build_model_table
from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from qm_rules import canonical_json, grade, parse_evidence
from serving.main import build_app


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grade_store")
    write_tables(World(seed=3, enterprises=4, months=30), folder / "records")
    with Store.open(Settings(home=folder / "home")) as store:
        store.import_paths([folder / "records"])
    return folder / "home"


@pytest.fixture
def zhuoyue(home, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_HOME", str(home))
    return lambda *words: CliRunner().invoke(build_app(), list(words))


@pytest.fixture(scope="module")
def expected(home):
    with Store.open(Settings(home=home)) as store:
        found = evidence_with_notes(store)
    return {
        one.document["enterprise_id"]: grade(parse_evidence(one.document), notes=one.notes) for one in found
    }


def test_one_enterprise_is_one_line_of_canonical_json(zhuoyue, expected):
    name, answer = next(iter(expected.items()))
    result = zhuoyue("grade", "--enterprise", name)
    assert result.exit_code == 0, result.output
    assert result.stdout == canonical_json(answer.to_dict()) + "\n"


def test_the_evidence_file_of_the_same_window_gets_the_same_bytes(zhuoyue, expected, tmp_path):
    name, answer = next(iter(expected.items()))
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps(answer.evidence.document))
    assert zhuoyue("grade", "--evidence", str(file)).stdout == zhuoyue("grade", "--enterprise", name).stdout


def test_all_enterprises_come_as_an_array_or_one_a_line(zhuoyue, expected):
    array, lines = zhuoyue("grade", "--format", "json"), zhuoyue("grade", "--format", "jsonl")
    assert json.loads(array.stdout) == [answer.to_dict() for answer in expected.values()]
    assert [json.loads(line) for line in lines.stdout.splitlines()] == json.loads(array.stdout)


def test_a_table_shows_every_enterprise(zhuoyue, expected):
    result = zhuoyue("grade", "--format", "table")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in expected)


def test_the_window_can_be_chosen(zhuoyue, expected):
    result = zhuoyue("grade", "--enterprise", next(iter(expected)), "--as-of", "2022-12")
    assert json.loads(result.stdout)["window"] == {"start": "2022-01", "end": "2022-12"}


def test_other_readings_and_their_comparison(zhuoyue, expected):
    name = next(iter(expected))
    other = zhuoyue("grade", "--enterprise", name, "--policy", "aggregation=lower_median")
    assert json.loads(other.stdout)["policy"]["aggregation"] == "lower_median"
    compared = zhuoyue("grade", "--enterprise", name, "--compare")
    assert len(json.loads(compared.stdout)["readings"]) > 1
    assert zhuoyue("grade", "--compare", "--format", "table").exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--enterprise", "nobody"], "found 'nobody'"),
        (["--as-of", "2022-13"], "2022-13"),
        (["--as-of", "2022-W05"], "YYYY-MM"),
        (["--policy", "aggregation=mean"], "lower_median"),
    ],
)
def test_bad_input_is_refused_with_a_hint_and_nothing_on_standard_output(zhuoyue, words, message):
    result = zhuoyue("grade", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_an_empty_store_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_HOME", str(tmp_path))
    result = CliRunner().invoke(build_app(), ["grade", "--enterprise", "E1"])
    assert result.exit_code == 2
    assert "no enterprise" in result.stderr


def test_features_writes_the_model_table(zhuoyue, home, tmp_path):
    out = tmp_path / "deep" / "table.parquet"
    result = zhuoyue("features", "--as-of", "2022-06", "--out", str(out), "--format", "json")
    assert result.exit_code == 0, result.output
    with Store.open(Settings(home=home)) as store:
        table = build_model_table(store, "2022-06")
    pd.testing.assert_frame_equal(pd.read_parquet(out), table.frame, check_dtype=False)
    answer = json.loads(result.stdout)
    assert (answer["rows"], answer["features"]) == (len(table.frame), len(table.features))


def test_features_refuses_another_kind_of_file(zhuoyue, tmp_path):
    result = zhuoyue("features", "--out", str(tmp_path / "table.csv"))
    assert result.exit_code == 2
    assert ".parquet" in result.stderr
