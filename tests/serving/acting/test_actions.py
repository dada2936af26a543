"""Actions in the browser and by API: who may do what, and nobody's change is lost."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from features.improvement import Register
from features.store import Store

BOARD = f"/improvement/{quote('E/1', safe='')}"


@pytest.fixture(scope="module")
def made(office) -> dict:
    """The recommendation, accepted from its card."""
    page = office["li"].get(BOARD)
    assert 'action="/improvement/E%2F1/accept"' in page.text
    sent = office.form("li", f"{BOARD}/accept", rank=1, outlook="20260101T000000-x", start="2026-01-05")
    assert sent.status_code == 303
    assert sent.headers["location"] == f"{BOARD}#AC-0001"
    return office["li"].get("/api/v1/actions/AC-0001").json()


def test_what_is_accepted_is_planned_and_its_promise_kept(made) -> None:
    assert (made["status"], made["may"], made["started_on"]) == (
        "planned",
        ["doing", "dropped"],
        "2026-01-05",
    )
    assert made["promised"]["effect"]["low"] == 0.004
    assert {change["who"] for change in made["history"]} == {"li"}


@pytest.fixture(scope="module")
def moved(office, made) -> list[dict]:
    """It is begun from its card, its cost stated and it is finished by API."""
    sent = office.form(
        "wang", f"{BOARD}/move", action="AC-0001", to="doing", version=made["version"], on="2026-01-06"
    )
    assert sent.status_code == 303
    read = office["li"].get("/api/v1/actions/AC-0001")
    assert read.headers["etag"] == f'"{read.json()["version"]}"'
    cost, tag = {"cost": "12000.50", "title": "炉温上调"}, {"if-match": read.headers["etag"]}
    costed = office.api("li", "PATCH", "/actions/AC-0001", json=cost, headers=tag)
    step = {"to": "checking", "on": "2026-02-01", "version": costed.json()["version"]}
    done = office.api("li", "POST", "/actions/AC-0001/moves", json=step)
    assert [costed.status_code, done.status_code] == [200, 200]
    return [read.json(), costed.json(), done.json()]


def test_it_is_moved_on_by_page_and_by_api_and_stands_in_the_records(office, moved) -> None:
    begun, costed, done = moved
    assert begun["started_on"] == "2026-01-06"
    assert (costed["cost"], costed["title"]) == ("12000.50", "炉温上调")
    assert (done["status"], done["finished_on"]) == ("checking", "2026-02-01")
    states = [change["who"] for change in done["history"] if change["field"] == "status"]
    assert states == ["li", "wang", "li"]
    with Store.open(office.settings) as store:
        rows = store.table("actions").collect("pyarrow").to_arrow().to_pylist()
    assert [(row["status"], str(row["cost"])) for row in rows] == [("checking", "12000.50")]
    with Register.open(office.settings) as register:
        assert register.verify().faults == ()


def test_an_update_that_would_be_lost_is_refused_three_ways(office, made, moved) -> None:
    old = made["version"]
    body = office.api("li", "POST", "/actions/AC-0001/moves", json={"to": "doing", "version": old})
    assert body.status_code == 409
    tag = office.api("li", "PATCH", "/actions/AC-0001", json={"cost": 1}, headers={"if-match": f'"{old}"'})
    assert tag.status_code == 412
    page = office.form("li", f"{BOARD}/move", action="AC-0001", to="dropped", version=old)
    assert page.status_code == 409
    assert "Somebody changed AC-0001 after you opened the page" in page.text
    assert office["li"].get("/api/v1/actions/AC-0001").json()["status"] == "checking"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"to": "doing", "on": "2190-01-01"}, "still to come"),
        ({"to": "done", "on": "2026-01-15"}, "before the finish, 2026-02-01"),
        ({"to": "doing", "on": "soon"}, "is no day"),
        ({"to": "doing", "on": "0001-01-01"}, "cannot be"),
        ({"to": "planned"}, "cannot be done"),
    ],
)
def test_what_is_not_allowed_is_said_in_words_on_the_board(office, moved, fields, words) -> None:
    present = office["li"].get("/api/v1/actions/AC-0001").json()["version"]
    refused = office.form("li", f"{BOARD}/move", action="AC-0001", version=present, **fields)
    assert refused.status_code == 422
    assert words in refused.text


def test_a_lever_has_one_open_action_and_an_old_publication_is_not_accepted(office, moved) -> None:
    again = office.api("li", "POST", "/enterprises/E%2F1/actions", json={"rank": 1})
    assert (again.status_code, again.json()["action_id"]) == (201, "AC-0001")
    assert office.api("li", "POST", "/enterprises/E%2F1/actions", json={"rank": 2}).status_code == 404
    stale = office.api("li", "POST", "/enterprises/E%2F1/actions", json={"rank": 1, "outlook": "another"})
    assert stale.status_code == 409
    assert 'name="rank"' not in office["li"].get(BOARD).text


def test_only_engineers_who_see_the_enterprise_may_write(office, moved) -> None:
    step = {"to": "done"}
    assert office.api("sun", "POST", "/actions/AC-0001/moves", json=step).status_code == 403
    assert office.api("zhao", "POST", "/actions/AC-0001/moves", json=step).status_code == 403
    assert office.form("sun", f"{BOARD}/move", action="AC-0001", to="done", version="x").status_code == 403
    assert office.api("li", "POST", "/enterprises/E2/actions", json={}).status_code == 404
    assert office.api("li", "GET", "/actions?enterprise=E2").json()["total"] == 0
    page = office["sun"].get(BOARD).text
    assert "read-only" in page
    assert '<form method="post"' not in page.partition("<main")[2]


def test_a_form_without_its_token_changes_nothing(office, moved) -> None:
    present = office["li"].get("/api/v1/actions/AC-0001").json()["version"]
    bare = office["li"].post(f"{BOARD}/move", data={"action": "AC-0001", "to": "done", "version": present})
    assert bare.status_code == 403
    script = office["li"].post("/api/v1/actions/AC-0001/moves", json={"to": "done"})
    assert script.status_code == 403


def test_the_board_over_all_shows_what_one_may_see(office, moved) -> None:
    page = office["li"].get("/actions").text
    assert "炉温上调" in page
    assert re.search(r"Checking</span><b>1</b>", page)
    assert "炉温上调" not in office["li"].get("/actions", params={"state": "done"}).text
    assert "炉温上调" not in office["li"].get("/actions", params={"q": "nothing"}).text
    assert "炉温上调" in office["li"].get("/actions", params={"q": "甲"}).text


def test_verdicts_are_asked_for_as_a_job(office) -> None:
    sent = office.form("li", "/actions/verdicts")
    assert sent.status_code == 303
    assert office["li"].get(sent.headers["location"]).status_code == 200
