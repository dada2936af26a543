"""`zhuoyue actions` as people run it: accept, move, verdict, score."""

import json

import pytest
from typer.testing import CliRunner

from features.settings import Settings
from features.store import Store
from serving.main import build_app, exit_code_for, message_for

ROW = {
    "enterprise_id": "E1", "rank": 1, "parameter_id": "temp", "parameter_name": "炉温", "unit": "°C",
    "from": 850.0, "to": 860.0, "target": "ftq", "effect": {"estimate": 0.012, "low": 0.004, "high": 0.02},
    "benefit": 250_000.0, "cost": 3_000.0, "confidence": "fair",
}  # fmt: skip
SILENT = {"enterprise_id": "E2", "rank": None, "confidence": "none", "reason": "the interval covers zero"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with two enterprises and a published outlook of one recommendation and one abstention."""
    from models import outlook
    from models.outlook_files import write_rows

    monkeypatch.setenv("ZHUOYUE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ZHUOYUE_DATABASE_URL", raising=False)
    settings = Settings(home=tmp_path / "home", threads=1)
    (tmp_path / "enterprises.csv").write_text("enterprise_id,name\nE1,a\nE2,b\n")
    (tmp_path / "parameters.csv").write_text("enterprise_id,parameter_id,kind\nE1,temp,actionable\n")
    with Store.open(settings) as store:
        store.import_paths([tmp_path / "enterprises.csv", tmp_path / "parameters.csv"])
    folder = settings.home / "outlook" / "20260101T000000-x"
    folder.mkdir(parents=True)
    write_rows([ROW, SILENT], folder, "recommendations")
    facts = {
        "folder": folder.name,
        "model_version": "m1",
        "fingerprint": "f",
        "created_at": "2026-01-01",
        "as_of": None,
    }
    outlook._point(settings.home / "outlook", facts)
    return settings


@pytest.fixture
def run(home):
    def run(*arguments):
        found = CliRunner().invoke(build_app(), ["actions", *arguments])
        error = found.exception
        if error is None or isinstance(error, SystemExit):
            return found.exit_code, found.stdout, found.stderr
        return exit_code_for(error), found.stdout, message_for(error)

    return run


def test_from_accepting_to_closing(run):
    code, out, _ = run("accept", "--enterprise", "E1", "--by", "Li", "--start", "2025-01-02")
    made = json.loads(out)
    assert (code, made["status"], made["promised_benefit"], made["model_version"]) == (
        0,
        "planned",
        250_000.0,
        "m1",
    )
    for to, on in (("doing", "2025-01-05"), ("checking", "2025-02-01"), ("done", "2025-06-01")):
        assert run("move", made["action_id"], to, "--by", "Li", "--on", on)[0] == 0
    (row,) = json.loads(run("list")[1])
    assert (row["status"], row["started_on"], row["finished_on"]) == ("done", "2025-01-05", "2025-02-01")
    assert json.loads(run("verify")[1])["whole"] is True
    fields = {change["field"] for change in json.loads(run("history", made["action_id"])[1])}
    assert {"promise", "status", "started_on", "finished_on"} <= fields


def test_refusals_say_what_is_allowed(run):
    assert run("accept", "--enterprise", "E1", "--rank", "2", "--by", "Li")[0] == 2
    assert "allowed: rank 1" in run("accept", "--enterprise", "E1", "--rank", "2", "--by", "Li")[2]
    assert "the interval covers zero" in run("accept", "--enterprise", "E2", "--by", "Li")[2]
    assert (
        "allowed: a day, YYYY-MM-DD"
        in run("accept", "--enterprise", "E1", "--by", "Li", "--start", "soon")[2]
    )
    name = json.loads(run("accept", "--enterprise", "E1", "--by", "Li")[1])["action_id"]
    code, _, said = run("move", name, "done", "--by", "Li")
    assert (code, "allowed: doing, dropped" in said) == (2, True)
    assert run("move", "nothing", "doing", "--by", "Li")[0] == 2


def test_verdicts_and_scores_without_any_indicator(run):
    name = json.loads(run("accept", "--enterprise", "E1", "--by", "Li", "--start", "2025-01-02")[1])[
        "action_id"
    ]
    run("move", name, "doing", "--by", "Li", "--on", "2025-01-05")
    run("move", name, "checking", "--by", "Li", "--on", "2025-02-01")
    (row,) = json.loads(run("verdict")[1])
    assert (row["action_id"], row["verdict"], row["reason_code"]) == (name, "cannot be told", "no_records")
    score = json.loads(run("score")[1])[0]
    assert (score["scope"], score["promised"], score["untold"], score["few"]) == ("all", 1, 1, True)
    assert [one["name"] for one in json.loads(run("score", "--enterprise", "E1")[1])] == ["E1"]
    assert run("verdict", "nothing")[0] == 2


def test_tables_for_people(run):
    run("accept", "--enterprise", "E1", "--by", "Li")
    assert "planned" in run("list", "--format", "table")[1]
    assert "(no rows)" in run("verdict", "--format", "table")[1]
