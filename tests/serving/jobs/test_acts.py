"""What jobs do, done in this process: without a champion, with one, and again when nothing has changed."""

import json

import pytest

from features.settings import Settings
from features.store import Store
from features.store.database import open_database
from models.outlook import FOLDER, POINTER, Outlook
from models.review import read_review
from serving.acts import models, plans
from serving.jobs import KINDS, enqueue, leasing, register
from serving.jobs.task import JobRefused, Task
from tests.command import zhuoyue
from tests.serving import province


def done(settings, engine, kind, run, **arguments):
    enqueue(engine, kind, arguments, "zhao")
    job = leasing.take(engine, "test")
    result = run(Task(job, settings, engine), KINDS[kind].arguments.model_validate(arguments))
    leasing.end(engine, job, "done", result)
    return result


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return province.with_records(tmp_path_factory)


@pytest.fixture(scope="module")
def engine(home):
    engine = open_database(home, pooled=True)
    yield engine
    engine.dispose()


def test_without_a_champion_nothing_is_published_and_the_review_says_so(home, engine, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert done(home, engine, "publish", models.publish) == {"outlook_id": None, "model_version": None}
    done(home, engine, "review", models.review)
    found = read_review(home)
    assert (found["champion"], found["versions"], found["due"]["due"]) == (None, [], True)


def test_a_plan_for_nobody_says_why(home, engine):
    with pytest.raises(Exception, match="champion"):
        done(home, engine, "plan", plans.plan, enterprise_id="E0001", level=4, by="2026-06")


def test_what_is_shown_already_is_not_computed_again(home, engine):
    """An outlook of the present records and champion: the job ends at once; of others it does not."""
    with Store.open(home) as store:
        fingerprint = store.fingerprint()
    shown = {
        "folder": "x",
        "model_version": "m1",
        "fingerprint": fingerprint,
        "created_at": "2026",
        "as_of": None,
    }
    for folder, said in (("champion", {"version": "m1"}), (FOLDER, shown)):
        (home.home / folder).mkdir(exist_ok=True)
        (home.home / folder / POINTER).write_text(json.dumps(said), encoding="utf-8")
    (home.home / FOLDER / "x").mkdir()
    (home.home / FOLDER / "x" / "recommendations.shelf").touch()
    task = Task(None, home, engine)
    with Store.open(home) as store:
        assert isinstance(models._shown_already(task, store), Outlook)
        for other in ({"model_version": "m2"}, {"fingerprint": "older"}, {"as_of": "2026-01"}):
            (home.home / FOLDER / POINTER).write_text(json.dumps(shown | other), encoding="utf-8")
            assert models._shown_already(task, store) is None


def test_an_import_by_command_has_the_outlook_computed_where_a_model_is_served(tmp_path):
    table = tmp_path / "enterprises.csv"
    table.write_text("enterprise_id,name\nE1,First Plant\n", encoding="utf-8")
    settings = Settings(home=tmp_path / "home", threads=1)
    environment = {"ZHUOYUE_HOME": settings.home, "ZHUOYUE_QUIET": "1"}
    assert "publish" not in zhuoyue("import", table, **environment).stderr
    (settings.home / "champion").mkdir()
    (settings.home / "champion" / "current.json").write_text('{"version": "m1"}', encoding="utf-8")
    assert "publish" not in zhuoyue("import", table, **environment).stderr, "nothing has changed"
    table.write_text("enterprise_id,name\nE2,第二厂\n", encoding="utf-8")
    assert "job publish" in zhuoyue("import", table, **environment).stderr
    engine = open_database(settings)
    assert [job.kind for job in register.listed(engine)[0]] == ["publish"]
    engine.dispose()


def test_a_shut_gate_is_a_refusal_in_words_and_not_a_fault(home, engine, monkeypatch):
    from models import training
    from models.training.promotion import GateRefusedError

    def shut(*_, **__):
        raise GateRefusedError("version 3 is not promoted: ftq is worse")

    monkeypatch.setattr(training, "promote", shut)
    monkeypatch.setattr(models, "_review", lambda _task: None)
    with pytest.raises(JobRefused, match="ftq is worse") as refused:
        done(home, engine, "promote", models.promote, version="3")
    assert refused.value.result == {"promoted": False}
