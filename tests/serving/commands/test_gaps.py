"""`zhuoyue gaps` as a user runs it: files, lines, the store, unit costs, both languages, what is refused."""

import json

import pytest
from typer.testing import CliRunner

from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from qm_rules import grade, parse_evidence
from qm_rules.shortfall import shortfalls
from serving.main import build_app
from tests.qm_rules.evidences import delivered, excellent

ROUTE = [
    {"product_id": "P", "process_id": str(seq), "seq": seq, "submitted": 1000, "passed_first": passed}
    for seq, passed in ((1, 960), (2, 950))
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gaps")
    write_tables(World(seed=3, enterprises=2, months=14), folder / "records")
    with Store.open(Settings(home=folder / "home")) as store:
        store.import_paths([folder / "records"])
    return folder / "home"


@pytest.fixture
def zhuoyue(home, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_HOME", str(home))
    return lambda *words, **more: CliRunner().invoke(build_app(), ["gaps", *map(str, words)], **more)


@pytest.fixture
def written(tmp_path):
    def write(name, *documents):
        file = tmp_path / name
        file.write_text("\n".join(json.dumps(one) for one in documents), encoding="utf-8")
        return file

    return write


def test_a_file_gives_one_canonical_line_with_every_shortfall(zhuoyue, written):
    document = excellent(deliveries=delivered(231, 10**6), first_pass=ROUTE)
    result = zhuoyue("--evidence", written("one.json", document))
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("\n") == 1
    answer = json.loads(result.stdout)
    expected = shortfalls(grade(parse_evidence(document)))
    assert answer["gaps"] == [one.to_dict() for one in expected]
    assert (answer["level"], answer["enterprise_id"]) == (2, "E1")
    assert answer["gaps"][0]["sentence"]["zh"] == expected[0].sentence.zh


def test_lines_are_answered_one_by_one_and_a_bad_one_stops_none(zhuoyue, written):
    file = written("many.jsonl", excellent(), {"wrong": 1}, excellent(deliveries=delivered(231, 10**6)))
    result = zhuoyue("--evidence", file, "--to-level", 4, "--format", "jsonl")
    assert result.exit_code == 2
    first, bad, last = map(json.loads, result.stdout.splitlines())
    assert first["gaps"] == []
    assert bad["line"] == 2
    assert [(one["indicator"], one["amount"]) for one in last["gaps"]] == [("sigma", "1")]
    assert zhuoyue("--evidence", "-", input=json.dumps(excellent())).exit_code == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["到预防级(4)还需", "不良品须减少 1 件"]),
        ("en", ["Still needed for Prevention (4)", "1 fewer"]),
    ],
)
def test_a_table_speaks_either_language(zhuoyue, written, language, words):
    file = written("one.json", excellent(deliveries=delivered(231, 10**6), first_pass=ROUTE))
    text = zhuoyue("--evidence", file, "--format", "table", "--language", language).stdout
    assert all(word in text for word in words)
    both = zhuoyue("--evidence", file, "--format", "table", "--language", "both").stdout
    assert text.strip() in both


def test_a_reading_changes_what_is_needed(zhuoyue, written):
    file = written("one.json", excellent(deliveries=delivered(231, 10**6)))
    found = json.loads(zhuoyue("--evidence", file, "--policy", "sigma_method=formula").stdout)
    assert [one["to_level"] for one in found["gaps"]] == [5]
    assert found["policy"]["sigma_method"] == "formula"


def test_unit_costs_come_from_a_file_and_move_the_split(zhuoyue, written, tmp_path):
    costs = tmp_path / "costs.csv"
    costs.write_text("\ufeffproduct_id,process_id,unit_cost\nP,2,100.00\n\nelsewhere,1,7\n", encoding="utf-8")
    file = written("one.json", excellent(first_pass=ROUTE))
    found = json.loads(zhuoyue("--evidence", file, "--to-level", 3, "--unit-costs", costs).stdout)["gaps"]
    assert [(part["id"], part["change"]) for part in found[0]["parts"]] == [("1", "40")]
    assert (found[0]["amount"], found[0]["unit"]) == ("40", "cost")
    plain = json.loads(zhuoyue("--evidence", file, "--to-level", 3).stdout)["gaps"]
    assert {part["id"] for part in plain[0]["parts"]} == {"1", "2"}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["line 1: found nothing; allowed: the columns product_id,process_id,unit_cost"]),
        ("a,b\n", ["line 1: found a,b; allowed: the columns"]),
        (
            "product_id,process_id,unit_cost\nP,1,0\nP,1\nP,2,1e5\nP,3,4\nP,3,4\nP,4,NaN\n",
            ["line 2, unit_cost: found 0", "line 3: found 2 fields", "line 4, unit_cost: found 1e5",
             "line 6: found P, 3 a second time", "line 7, unit_cost: found NaN"],
        ),
        ('product_id,process_id,unit_cost\n"P,1,3\n', ["a CSV file in UTF-8"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_cost_file_is_named(zhuoyue, written, tmp_path, text, faults):
    costs = tmp_path / "costs.csv"
    costs.write_text(text, encoding="utf-8")
    result = zhuoyue("--evidence", written("one.json", excellent()), "--unit-costs", costs)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == len(faults)
    assert all(fault in line for fault, line in zip(faults, result.stderr.splitlines(), strict=True))


def test_the_store_answers_for_one_enterprise_and_for_all(zhuoyue):
    everyone = json.loads(zhuoyue("--format", "json").stdout)
    assert len(everyone) == 2
    name = everyone[0]["enterprise_id"]
    assert json.loads(zhuoyue("--enterprise", name).stdout) == everyone[0]
    assert {one["to_level"] for one in everyone[0]["gaps"]} == set(range(everyone[0]["at_most"] + 1, 6))
    table = zhuoyue("--enterprise", name, "--format", "table").stdout
    assert name in table
    start = everyone[0]["window"]["start"]  # as of its first month the window is another one
    earlier = json.loads(zhuoyue("--enterprise", name, "--as-of", start).stdout)
    assert earlier["window"]["end"] == start
    assert earlier["evidence_sha256"] != everyone[0]["evidence_sha256"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--enterprise", "nobody"), "nobody"),
        (("--policy", "nothing=1"), "nothing"),
        (("--evidence", "no such file.json"), "no such file.json"),
        (("--evidence", "a.json", "--enterprise", "E1"), "--evidence: found --enterprise"),
        (("--as-of", "2025-13"), "2025-13"),
    ],
)
def test_what_cannot_be_answered_is_refused(zhuoyue, words, said):
    result = zhuoyue(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
