"""Evidence taken away from the store: graded elsewhere, it gets the same bytes."""

import json

import pytest
from typer.testing import CliRunner

from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from qm_rules import parse_evidence
from serving.main import build_app

CLEAN, HOLED = 3, 0


@pytest.fixture(scope="module")
def plant(tmp_path_factory):
    """A store of four plants; one lists a process that nobody ever inspected."""
    folder = tmp_path_factory.mktemp("evidence")
    write_tables(World(seed=3, enterprises=4, months=26), folder / "records")
    with Store.open(Settings(home=folder / "home")) as store:
        store.import_paths([folder / "records"])
        route = store.table("processes").collect("pyarrow").to_arrow().to_pylist()
        names = store.enterprises()
        row = next(row for row in route if row["enterprise_id"] == names[HOLED])
        more = folder / "processes.csv"
        head = "enterprise_id,product_id,process_id,seq\n"
        more.write_text(f"{head}{names[HOLED]},{row['product_id']},目检,99\n", encoding="utf-8")
        store.import_paths([more])
    return folder / "home", names


@pytest.fixture
def zhuoyue(plant, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_HOME", str(plant[0]))
    monkeypatch.setenv("ZHUOYUE_QUIET", "1")
    return lambda *words: CliRunner().invoke(build_app(), list(words))


@pytest.fixture
def names(plant):
    return plant[1]


def test_one_enterprise_is_a_line_of_canonical_json_that_grades_the_same(zhuoyue, names, tmp_path):
    result = zhuoyue("evidence", "--enterprise", names[CLEAN])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == parse_evidence(result.stdout).canonical + "\n"
    file = tmp_path / "evidence.json"
    file.write_bytes(result.stdout_bytes)
    graded = zhuoyue("grade", "--evidence", str(file))
    assert graded.stdout == zhuoyue("grade", "--enterprise", names[CLEAN]).stdout
    assert json.loads(graded.stdout)["status"] != "incomplete"


def test_all_enterprises_are_a_line_each_that_grade_the_same_but_for_what_a_file_cannot_say(
    zhuoyue, names, tmp_path
):
    file = tmp_path / "deep" / "all.jsonl"
    written = zhuoyue("evidence", "--as-of", "2022-06", "--out", str(file))
    assert (written.exit_code, written.stdout) == (0, "")
    ours = zhuoyue("grade", "--as-of", "2022-06", "--format", "jsonl").stdout.splitlines()
    theirs = zhuoyue("grade", "--evidence", str(file)).stdout.splitlines()
    assert ours[1:] == theirs[1:]
    holed, bare = json.loads(ours[HOLED]), json.loads(theirs[HOLED])
    assert [json.loads(line)["enterprise_id"] for line in ours] == names
    dropped = [note for note in holed["notes"] if note["code"] == "uninspected_process"]
    assert [note["process_id"] for note in dropped] == ["目检"]
    assert bare == holed | {"notes": [note for note in holed["notes"] if note not in dropped]}


def test_what_a_file_cannot_say_is_said_on_standard_error(zhuoyue, names):
    result = zhuoyue("evidence", "--enterprise", names[HOLED])
    assert "first_pass" not in json.loads(result.stdout)
    assert names[HOLED] in result.stderr
    assert "目检" in result.stderr


def test_the_forms_hold_the_same(zhuoyue, names):
    array, lines = zhuoyue("evidence", "--format", "json"), zhuoyue("evidence", "--format", "jsonl")
    assert json.loads(array.stdout) == [json.loads(line) for line in lines.stdout.splitlines()]
    assert zhuoyue("evidence").stdout == lines.stdout
    table = zhuoyue("evidence", "--format", "table")
    assert all(name in table.stdout for name in names)


def test_a_file_of_one_enterprise_holds_what_is_printed(zhuoyue, names, tmp_path):
    file = tmp_path / "one.json"
    assert zhuoyue("evidence", "--enterprise", names[CLEAN], "--out", str(file)).exit_code == 0
    assert file.read_bytes() == zhuoyue("evidence", "--enterprise", names[CLEAN]).stdout_bytes


def test_an_older_reading_of_assessments_reaches_the_evidence(zhuoyue, names):
    words = ("evidence", "--enterprise", names[CLEAN], "--as-of", "2030-12")
    assert "management" not in json.loads(zhuoyue(*words).stdout)
    older = zhuoyue(*words, "--policy", "assessment_months=120")
    assert "management" in json.loads(older.stdout)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--enterprise", "nobody"], "found 'nobody'"),
        (["--as-of", "2022-13"], "2022-13"),
        (["--as-of", "9999-12"], "from 1000-01 to 2999-12"),
        (["--policy", "aggregation=mean"], "lower_median"),
        (["--out", "all.json"], "FILE.jsonl for several enterprises"),
        (["--enterprise", "E", "--out", "one.csv"], "FILE.json or FILE.jsonl"),
        (["--out", "all.jsonl", "--format", "json"], "--format json beside it"),
    ],
)
def test_bad_input_is_refused_with_a_hint_and_nothing_on_standard_output(zhuoyue, words, message):
    result = zhuoyue("evidence", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
