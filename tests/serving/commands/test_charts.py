"""`zhuoyue charts` on records in a store."""

import json

import pytest
from typer.testing import CliRunner

from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from serving.main import build_app

KEYS = {
    "chart", "point", "time", "name", "size", "statistic", "centre", "lcl", "ucl", "baseline", "beyond",
    "rules",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    write_tables(World(seed=3, enterprises=2, months=12), folder / "records")
    with Store.open(Settings(home=folder / "var")) as store:
        store.import_paths([folder / "records"])
    return folder / "var"


@pytest.fixture(scope="module")
def run(home):
    def go(*arguments):
        runner = CliRunner(env={"ZHUOYUE_HOME": str(home), "COLUMNS": "200"})
        return runner.invoke(build_app(), ["charts", *arguments])

    return go


@pytest.fixture(scope="module")
def rows(run):
    def go(*arguments):
        result = run(*arguments, "--format", "jsonl")
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return go


@pytest.fixture(scope="module")
def characteristic(rows):
    return rows("--enterprise", "E0001")[0]["characteristic_id"]


def test_one_row_per_characteristic_without_a_choice(rows):
    found = rows("--enterprise", "E0001")
    assert len({row["characteristic_id"] for row in found}) == len(found) >= 2
    assert all(0 <= row["beyond"] <= row["signalling"] <= row["points"] for row in found)


def test_one_row_per_point_of_both_charts(rows, characteristic):
    found = rows("--enterprise", "E0001", "--characteristic", characteristic, "--rules", "nelson")
    assert all(set(row) == KEYS for row in found)
    level = [row for row in found if row["chart"] == "xbar"]
    spread = [row for row in found if row["chart"] == "R"]
    assert [row["point"] for row in level] == [row["point"] for row in spread] == [*range(1, len(level) + 1)]
    assert all(row["lcl"] < row["centre"] < row["ucl"] for row in level)
    assert all((1 in row["rules"]) == row["beyond"] for row in level)


def test_a_baseline_and_rules_are_options(rows, characteristic):
    ask = ("--enterprise", "E0001", "--characteristic", characteristic)
    found = rows(*ask, "--baseline-until", "2021-06", "--rules", "none", "--kind", "ewma")
    assert {row["chart"] for row in found} == {"ewma"}
    assert {row["baseline"] for row in found} == {True, False}
    assert all((row["time"] < "2021-07") == row["baseline"] for row in found)
    assert all(row["rules"] == [] for row in found)
    short = rows(*ask, "--since", "2021-03", "--until", "2021-W20")
    assert all("2021-03" <= row["time"] < "2021-05-24" for row in short)


def test_processes_and_deliveries(rows):
    by_month = rows("--enterprise", "E0001", "--process", "10", "--by", "month")
    assert [row["time"] for row in by_month][:2] == ["2021-01", "2021-02"]
    assert {row["chart"] for row in by_month} <= {"p", "p_laney"}
    assert {row["chart"] for row in rows("--enterprise", "E0001", "--process", "10", "--kind", "u")} == {"u"}
    assert len(rows("--enterprise", "E0001", "--deliveries")) == 12
    pareto = rows("--enterprise", "E0001", "--kind", "pareto")
    assert pareto == sorted(pareto, key=lambda row: -row["events"])
    assert pareto[-1]["cumulative_share"] == 1


def test_a_person_reads_a_table_in_the_language_asked_for(run, characteristic):
    ask = ("--enterprise", "E0001", "--characteristic", characteristic, "--format", "table")
    chinese, english = run(*ask).stdout, run(*ask, "--language", "en").stdout
    assert chinese.splitlines()[0].startswith("均值控制图（X̄）")
    assert chinese.splitlines()[1].split()[:3] == ["点", "时间", "名称"]
    assert "极差控制图（R）" in chinese
    heads = ["point", "time", "name", "n", "value", "CL", "LCL", "UCL", "base", "beyond", "rules"]
    assert english.splitlines()[1].split() == heads
    assert run(*ask, "--language", "both").stdout == chinese + english


def test_a_program_reads_rows_alone(run, characteristic):
    result = run("--enterprise", "E0001", "--characteristic", characteristic)
    assert len(json.loads(result.stdout)) > 10
    assert "均值控制图（X̄）" in result.stderr
    assert "R chart (ranges)" in result.stderr


def test_lists_fit_a_narrow_page(home):
    runner = CliRunner(env={"ZHUOYUE_HOME": str(home), "COLUMNS": "80"})
    for more in ([], ["--kind", "pareto"]):
        arguments = ["charts", "--enterprise", "E0001", *more, "--language", "en", "--format", "table"]
        lines = runner.invoke(build_app(), arguments).stdout.splitlines()
        assert lines[0].split()[0] in ("characteristic", "name")
        assert all(len(line) <= 110 for line in lines)
        assert all(len(line.split()) > 3 for line in lines if line)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--enterprise", "X"], "enterprise: found 'X'"),
        (["--enterprise", "E0001", "--characteristic", "none"], "characteristic: found 'none'"),
        (["--enterprise", "E0001", "--process", "10", "--kind", "pie"], "kind: found 'pie'"),
        (["--enterprise", "E0001", "--process", "10", "--by", "year"], "by: found 'year'"),
        (["--enterprise", "E0001", "--rules", "all"], "rules: found 'all'"),
        (["--enterprise", "E0001", "--since", "2021-13"], "period: found '2021-13'"),
    ],
)
def test_bad_input_is_named(run, arguments, message):
    from serving.main import BAD_INPUT, exit_code_for

    result = run(*arguments)
    assert message in str(result.exception)
    assert exit_code_for(result.exception) == BAD_INPUT
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--process", "10", "--deliveries"],
        ["--kind", "ewma"],
        ["--centre", "5"],
        ["--kind", "pareto", "--deliveries"],
        ["--kind", "ewma", "--characteristic", "a", "--characteristic", "b"],
    ],
)
def test_no_option_is_passed_over_in_silence(run, arguments):
    result = run("--enterprise", "E0001", *arguments)
    assert result.exit_code == 2
    assert "allowed" in result.stderr
    assert result.stdout == ""


def test_what_the_limits_rest_on_can_be_given(rows, characteristic):
    ask = ("--enterprise", "E0001", "--characteristic", characteristic)
    given = rows(*ask, "--centre", "100", "--sigma", "5", "--sigmas", "2")[0]
    assert given["ucl"] - 100 == pytest.approx(2 * 5 / given["size"] ** 0.5)
    assert not given["baseline"]
    without = rows(*ask, "--exclude", "1", "--exclude", "3")
    assert [row["point"] for row in without if not row["baseline"] and row["chart"] == "xbar"] == [1, 3]
    sure = rows(*ask, "--confidence", "0.9973")[0]
    assert sure["ucl"] == pytest.approx(rows(*ask)[0]["ucl"], rel=1e-4)
