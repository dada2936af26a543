"""Jobs by API and on pages: asked for, followed live, cancelled, fetched; who sees and may do what."""

import json
import threading
from contextlib import ExitStack

import httpx
import pytest

from features.settings import Settings
from features.store.database import open_database
from serving.access import LOCAL_ADMINISTRATOR, Person, Role, Scope
from serving.acts import reports
from serving.jobs import KINDS, State, enqueue, leasing
from serving.jobs.task import Task, folder_of
from serving.web.app import create_app
from serving.web.jobs import streaming
from tests.serving import province

LI = Person("li", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"E0001"})))
ZHAO = Person("zhao", frozenset({Role.SCIENTIST}), Scope(everything=True))
WANG = Person("wang", frozenset({Role.PLANNER}), Scope(regions=("1", "2", "3", "4", "5", "6")))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return province.with_records(tmp_path_factory)


@pytest.fixture(scope="module")
def engine(home):
    engine = open_database(home, pooled=True)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def clients(home):
    """A client a person; the forms' token is not asked of people who need not sign in."""
    with ExitStack() as stack:
        found = {}
        for person in (LOCAL_ADMINISTRATOR, LI, ZHAO, WANG):
            url = stack.enter_context(province.served(create_app(home, open_to=person)))
            found[person.name] = stack.enter_context(httpx.Client(base_url=url, timeout=60))
        yield found


def ask(client, kind, **arguments):
    return client.post("/api/v1/jobs", json={"kind": kind, "arguments": arguments})


def work(engine, settings):
    """Do the next job in this process, as a worker's child does it."""
    job = leasing.take(engine, "test")
    task = Task(job, settings, engine)
    result = reports.write(task, KINDS["report"].arguments.model_validate(job.arguments))
    leasing.end(engine, job, State.DONE, result)
    return job


def test_a_report_is_asked_for_written_and_fetched_by_who_may(clients, engine, home):
    li = clients["li"]
    answer = li.post("/api/v1/reports", json={"enterprise_id": "E0001", "format": "docx"})
    assert answer.status_code == 202
    address = answer.headers["location"]
    assert li.get(address).json()["state"] == "queued"
    assert li.get(f"{address}/file").status_code == 404
    work(engine, home)
    job = li.get(address).json()
    assert (job["state"], job["who"], job["result"]["file"]) == ("done", "li", "declaration.docx")
    file = li.get(job["file"])
    assert file.content.startswith(b"PK")
    assert "E0001_declaration.docx" in file.headers["content-disposition"]
    assert li.get(f"/api/v1/reports/{job['id']}/file").content == file.content
    assert [one["id"] for one in li.get("/api/v1/reports").json()["items"]] == [job["id"]]
    assert clients["zhao"].get(address).status_code == 404
    assert clients["local"].get(address).status_code == 200
    assert "下载文件" in li.get(f"/jobs/{job['id']}?lang=zh").text


@pytest.mark.parametrize(
    ("name", "kind", "arguments", "status"),
    [
        ("li", "train", {}, 403),
        ("li", "import", {"upload": "x"}, 422),
        ("li", "dance", {}, 422),
        ("li", "report", {"enterprise_id": "E0002"}, 404),
        ("li", "report", {"enterprise_id": "nobody"}, 404),
        ("wang", "plan", {"enterprise_id": "E0001", "level": 4, "by": "2026-01"}, 404),
        ("zhao", "train", {"refits": 0}, 422),
        ("zhao", "train", {"as_of": "yesterday"}, 422),
        ("zhao", "train", {"colour": "red"}, 422),
        ("local", "report", {}, 422),
    ],
)
def test_what_may_not_be_is_a_problem_document(clients, name, kind, arguments, status):
    answer = ask(clients[name], kind, **arguments)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_jobs_about_models_are_seen_by_scientists_and_stopped_by_them(clients):
    job = ask(clients["zhao"], "train").json()
    assert job["id"] not in {one["id"] for one in clients["li"].get("/api/v1/jobs").json()["items"]}
    assert clients["li"].post(f"/api/v1/jobs/{job['id']}/cancel").status_code == 404
    mine = ask(clients["local"], "train").json()
    stopped = clients["zhao"].post(f"/api/v1/jobs/{mine['id']}/cancel")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    again = clients["zhao"].post(f"/api/v1/jobs/{mine['id']}/cancel")
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")
    clients["zhao"].post(f"/api/v1/jobs/{job['id']}/cancel")
    queued = clients["zhao"].get("/api/v1/jobs", params={"state": "cancelled", "kind": "train"}).json()
    assert {one["id"] for one in queued["items"]} == {job["id"], mine["id"]}


def test_too_many_are_told_to_wait(clients, monkeypatch):
    monkeypatch.setattr("serving.jobs.register.MOST_WAITING", 0)
    answer = ask(clients["zhao"], "evaluate")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


def events(client, address, count):
    """The first events of a stream."""
    found = []
    with client.stream("GET", address, timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: ") and name:
                found.append((name, line.removeprefix("data: ")))
                name = ""
            if len(found) == count:
                return found
    return found


def test_a_stream_tells_every_change_until_the_end(clients, engine):
    job = ask(clients["zhao"], "evaluate").json()
    told = []
    listening = threading.Thread(
        target=lambda: told.extend(events(clients["zhao"], f"/api/v1/jobs/{job['id']}/events", 9))
    )
    listening.start()
    held = leasing.take(engine, "test")
    assert held.id == job["id"]
    leasing.beat(engine, held, leasing.Progress("model table", 1, 3), 60)
    threading.Event().wait(1.5)
    leasing.end(engine, held, State.FAILED, error="nothing came since")
    listening.join(20)
    states = [json.loads(data)["state"] for name, data in told if name == "job"]
    assert states[-2:] == ["running", "failed"]
    assert told[-1][0] == "end"


def test_listeners_are_bounded_and_leave_their_place(clients, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_LISTENERS", 0)
    job = ask(clients["zhao"], "evaluate").json()
    refused = clients["zhao"].get(f"/api/v1/jobs/{job['id']}/events")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    clients["zhao"].post(f"/api/v1/jobs/{job['id']}/cancel")


def test_pages_work_without_scripts_and_in_both_languages(clients):
    zhao = clients["zhao"]
    job = ask(zhao, "retrain", refits=1).json()
    listing = zhao.get("/jobs?lang=en").text
    assert 'http-equiv="refresh"' in listing
    assert "Training if due" in listing
    assert "到期再训练" in zhao.get(f"/jobs/{job['id']}?lang=zh").text
    answer = zhao.post(f"/jobs/{job['id']}/cancel")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/jobs/{job['id']}")
    after = zhao.get(f"/jobs/{job['id']}?lang=en").text
    assert "Cancelled" in after
    assert 'http-equiv="refresh"' not in after
    (rows,) = events(zhao, "/jobs/events?lang=en", 1)
    assert rows[0] == "rows"
    assert clients["li"].get(f"/jobs/{job['id']}").status_code == 404


def test_a_file_is_never_taken_from_elsewhere(clients, engine, home):
    job = enqueue(engine, "report", {"enterprise_id": "E0001"}, "li")
    held = leasing.take(engine, "test")
    folder_of(home, held.id).mkdir(parents=True)
    leasing.end(engine, held, State.DONE, {"file": "../../state.db", "media_type": "text/plain"})
    assert clients["li"].get(f"/api/v1/jobs/{job.id}/file").status_code == 404


def test_the_home_is_not_made_by_looking(tmp_path):
    app = create_app(Settings(home=tmp_path / "none"), open_to=LI)
    with province.served(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/jobs").status_code == 200
