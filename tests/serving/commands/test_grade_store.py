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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_enterprises_are_compared_in_one_table(zhuoyue, expected, language):
    text = zhuoyue("grade", "--compare", "--format", "table", "--language", language).stdout
    compared = json.loads(zhuoyue("grade", "--compare", "--format", "json").stdout)
    changed = [one for one in compared if any(reading["changed"] for reading in one["readings"])]
    for one in compared:
        (row,) = [line for line in text.splitlines() if line.startswith(f"{one['enterprise_id']} ")]
        assert ("≠" in row) is (one in changed)
    many = f"{len(changed)} of {len(expected)}" if language == "en" else f"{len(changed)}/{len(expected)} 家"
    assert many in text
    assert text.count("lower_median") <= 1 + len(expected) * 2  # the fewest departures only, then the legend


def test_a_trace_of_one_enterprise_is_the_grade_s(zhuoyue, expected):
    name, answer = next(iter(expected.items()))
    found = json.loads(zhuoyue("grade", "--enterprise", name, "--trace").stdout)
    assert found["answer"] == answer.to_dict()
    text = zhuoyue("grade", "--enterprise", name, "--trace", "--format", "table", "--language", "en").stdout
    assert found["trace"]["verdict"]["en"] in text


def test_the_store_is_graded_by_the_edition_that_was_asked_for(zhuoyue, expected):
    name = next(iter(expected))
    plain = zhuoyue("grade", "--enterprise", name).stdout
    assert zhuoyue("grade", "--enterprise", name, "--in-force-on", "2024-02-29").stdout == plain
    assert zhuoyue("grade", "--enterprise", name, "--edition", "miit-2023-249").stdout == plain


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_enterprises_speaks_both_languages(zhuoyue, expected, language):
    text = zhuoyue("grade", "--format", "table", "--language", language).stdout
    answer = next(iter(expected.values()))
    name = answer.book.pack.level_words(answer.at_most)
    assert (name.en if language == "en" else name.zh) in text


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
