"""`zhuoyue assess` as people and programs run it, from the blank form to the grade that counts it."""

import json
import os
import subprocess
import sys

import openpyxl
import pytest
from typer.testing import CliRunner

from features.records.schema import ITEMS
from qm_rules import load_pack
from serving.main import build_app


class Answer:
    """What a command said."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in this process, as the console script does; errors are its own."""
    monkeypatch.setenv("ZHUOYUE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ZHUOYUE_DATABASE_URL", raising=False)
    from serving.main import exit_code_for, message_for

    def run(*arguments):
        found = CliRunner().invoke(build_app(), list(map(str, arguments)))
        error = found.exception
        if error is None or isinstance(error, SystemExit):
            return Answer(found.exit_code, found.stdout, found.stderr)
        return Answer(exit_code_for(error), found.stdout, found.stderr + message_for(error))

    return run


@pytest.fixture
def plant(run, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "enterprises.csv").write_text("enterprise_id,name\nE1,甲厂\n", encoding="utf-8")
    (folder / "output_values.csv").write_text("enterprise_id,period,amount\nE1,2026-03,100\n")
    assert run("import", folder).code == 0


def test_from_the_blank_form_to_the_grade(run, plant, tmp_path):
    form = tmp_path / "form.xlsx"
    assert run("assess", "questionnaire", "--out", form).code == 0
    made = run("assess", "new", "--enterprise", "E1", "--by", "李", "--as-of", "2026-02")
    assert (made.code, made.json["id"], made.json["state"]) == (0, "SA-0001", "draft")
    assert {item["level"] for item in made.json["items"]} == {None}

    book = openpyxl.load_workbook(form)
    for row in range(2, 11):
        for column, value in (("H", 3), ("I", "有制度"), ("J", "手册"), ("K", "QM-001")):
            book["问卷"][f"{column}{row}"] = value
    book.save(form)
    assert run("assess", "fill", "SA-0001", form, "--by", "李").code == 0
    own = (
        "--level",
        2,
        "--why",
        "仅检验",
        "--evidence",
        "记录|https://x.cn/1",
        "--evidence",
        "台账|T-1",
        "--by",
        "李",
    )
    answered = run("assess", "answer", "SA-0001", "data", *own).json
    assert answered["items"][ITEMS.index("data")]["evidence"] == [
        {"title": "记录", "link": "https://x.cn/1"},
        {"title": "台账", "link": "T-1"},
    ]
    assert json.loads(run("grade", "--enterprise", "E1").out)["dimensions"]["sustained"] is None

    declared = run("assess", "declare", "SA-0001", "--by", "李", "--role", "质量总监", "--on", "2026-03-01")
    assert (declared.code, declared.json["recorded"]) == (0, ["self"])
    assert json.loads(run("grade", "--enterprise", "E1").out)["dimensions"]["digital"] == 2
    refused = run("assess", "review", "SA-0001", "--organisation", "认证", "--by", "李", "--on", "2026-03-05")
    assert (refused.code, refused.out) == (2, "")
    review = (
        "--organisation",
        "认证",
        "--by",
        "张",
        "--on",
        "2026-03-05",
        "--item",
        "data=4:数据充分: 已核实",
    )
    found = run("assess", "review", "SA-0001", *review).json
    assert found["items"][ITEMS.index("data")]["reason"] == "数据充分: 已核实"
    assert json.loads(run("grade", "--enterprise", "E1").out)["dimensions"]["digital"] == 3

    history = run("assess", "history", "SA-0001", "--format", "jsonl").out.splitlines()
    verdict = run("assess", "verify")
    assert (verdict.code, verdict.json["whole"]) == (0, True)
    assert verdict.json["changes"] > len(history)  # imports and grades stand in the same chain
    assert run("assess", "verify", "--known", json.loads(history[-1])["hash"]).code == 0
    assert run("assess", "list").json[0]["state"] == "reviewed"
    assert run("assess", "verify", "--known", "f" * 64).code == 1


QMS = ["answer", "SA-0001", "qms", "--by", "Li"]
DECLARE = ["declare", "SA-0001", "--by", "Li", "--role", "head"]
REVIEW = ["review", "SA-0001", "--organisation", "Certifiers", "--by", "Zhang"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "--enterprise", "E9", "--by", "Li"], "allowed: one of table enterprises"),
        (["new", "--enterprise", "E1", "--by", " "], "by: found nothing"),
        (["show", "SA-0009"], "no assessment 'SA-0009'"),
        ([*QMS, "--level", "9", "--why", "", "--evidence", "t|javascript:x"], "3 faults"),
        ([*QMS, "--level", "3", "--why", "x", "--evidence", "x"], "TITLE|LINK"),
        (["answer", "SA-0001", "no", "--level", "3", "--why", "x", "--by", "Li"], "allowed: qms, rd_design"),
        (DECLARE, "not yet answered: qms"),
        ([*DECLARE, "--on", "31.3.2026"], "YYYY-MM-DD"),
        (REVIEW, "review: SA-0001 is draft; allowed: answer"),
        ([*REVIEW, "--item", "qms", "--item", "x=y"], "2 faults"),
        (["fill", "SA-0001", "enterprises.csv", "--by", "Li"], "no workbook"),
        (["questionnaire", "--out", "form.pdf"], "FILE.xlsx or FILE.md"),
        (["questionnaire", "--out", "enterprises.csv"], "which is there already"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(run, plant, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path / "in")
    assert run("assess", "new", "--enterprise", "E1", "--by", "Li", "--as-of", "2026-02").code == 0
    refused = run("assess", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert words in refused.err
    assert run("assess", "show", "SA-0001").json["version"] == 1


def test_the_tables_for_people(run, plant):
    run("assess", "new", "--enterprise", "E1", "--by", "Li", "--as-of", "2026-02")
    shown = run("assess", "show", "SA-0001", "--format", "table").out
    assert "not yet answered" in shown
    assert "innovation" in shown
    assert "SA-0001" in run("assess", "list", "--format", "table").out
    assert run("assess", "list", "--enterprise", "E2").json == []
    rows = run("assess", "questionnaire", "--language", "en").json
    assert len(rows) == 45
    assert rows[0]["clause"] == "Annex, Experience"


HISTORY = """\
version 1, 2026-03-31 08:00:00 UTC, Li: new
  id: – → SA-0001
  enterprise_id: – → E1
  as_of: – → 2026-02
  edition: – → miit-2023-249
  pack_sha256: – → {sha256}
  created_by: – → Li
  state: – → draft
version 2, 2026-03-31 08:00:00 UTC, Li: answer
  qms.level: – → 1
  qms.why: – → nothing yet; on two lines
  qms.evidence: – → –
version 3, 2026-03-31 08:00:00 UTC, Wang: answer
  qms.level: 1 → 2
  qms.evidence: – → handbook | QM-1; list | https://x.cn/1
version 4, 2026-03-31 08:00:00 UTC, Wang: withdraw
  state: draft → withdrawn
"""


def test_the_history_as_people_read_it(run, plant, monkeypatch):
    monkeypatch.setattr("features.journal.now", lambda: "2026-03-31T08:00:00+00:00")
    run("assess", "new", "--enterprise", "E1", "--by", "Li", "--as-of", "2026-02")
    why = "nothing yet;\non two lines"
    run("assess", "answer", "SA-0001", "qms", "--level", 1, "--why", why, "--by", "Li")
    links = ("--evidence", "handbook|QM-1", "--evidence", "list|https://x.cn/1", "--version", 2)
    run("assess", "answer", "SA-0001", "qms", "--level", 2, "--why", why, "--by", "Wang", *links)
    run("assess", "withdraw", "SA-0001", "--by", "Wang")
    said = run("assess", "history", "SA-0001", "--format", "table").out
    assert said == HISTORY.format(sha256=load_pack().sha256)


def test_the_console_script_says_that_names_are_claims(tmp_path):
    environment = {**os.environ, "ZHUOYUE_HOME": str(tmp_path), "COLUMNS": "200"}
    command = [sys.executable, "-m", "serving", "assess", "declare"]
    said = subprocess.run([*command, "--help"], env=environment, capture_output=True, text=True, check=True)
    assert "nobody signs in on the command" in said.stdout
    refused = subprocess.run(
        [*command, "SA-0001", "--by", "Li", "--role", "x"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no assessment 'SA-0001'" in refused.stderr
