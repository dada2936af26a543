"""The what-if over HTTP: API and page say the same, in words, without a script too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from features.settings import Settings
from serving.access import Person, Role, Scope
from serving.web.app import create_app
from tests.serving import province

ENGINEER = Person("li", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"E0001"})))
PLANNER = Person("wang", frozenset({Role.PLANNER}), Scope(regions=("33", "32", "31")))


@pytest.fixture(scope="module")
def levers(site: httpx.Client) -> list[dict]:
    return site.get("/api/v1/enterprises/E0001/levers").json()["items"]


@pytest.fixture(scope="module")
def movable(levers) -> dict:
    return next(
        one for one in levers if one["confidence"] != "none" and one["low"] < one["now"] < one["high"]
    )


def ask(client: httpx.Client, *moves: tuple[str, float], **more: object) -> httpx.Response:
    named = [{"parameter_id": name, "to": to} for name, to in moves]
    return client.post("/api/v1/enterprises/E0001/what-if", json={"moves": named, **more})


def test_levers_say_where_they_stand_and_how_far_they_may_go(levers) -> None:
    assert levers
    for one in levers:
        if one["now"] is not None:
            assert one["least"] <= one["low"] <= one["high"] <= one["most"]
        assert (one["confidence"] == "none") == (one["reason_code"] is not None)


def test_a_move_moves_money_and_chances_and_no_grade(site, movable) -> None:
    grade = site.get("/api/v1/enterprises/E0001/grade").json()
    answer = ask(site, (movable["parameter_id"], movable["high"])).json()
    assert [move["to"] for move in answer["moves"]] == [movable["high"]]
    assert answer["effects"]
    assert answer["benefit"]["low"] <= answer["benefit"]["estimate"] <= answer["benefit"]["high"]
    for future in answer["futures"]:
        assert len(future["after"]) == 12
        assert sum(future["after"][0]["probabilities"].values()) == pytest.approx(1.0)
    assert site.get("/api/v1/enterprises/E0001/grade").json() == grade


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"moves": [{"parameter_id": "warp_drive", "to": 1}]}, "warp_drive"),
        ({"moves": [], "start": "2999-01"}, "allowed"),
        ({"moves": [{"parameter_id": "x", "to": "NaN"}]}, "interface"),
        ({"moves": [{"parameter_id": "x", "to": 1e400}]}, "interface"),
        ({"moves": [{"parameter_id": "x", "to": 1}] * 61}, "interface"),
        ({"moved": []}, "interface"),
        ([], "interface"),
    ],
)
def test_what_cannot_be_asked_is_refused_as_a_problem(site, body, words) -> None:
    answer = site.post(
        "/api/v1/enterprises/E0001/what-if",
        content=json.dumps(body),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.text


def test_unknown_and_not_kept_are_not_found(site, records_site) -> None:
    assert site.post("/api/v1/enterprises/nobody/what-if", json={"moves": []}).status_code == 404
    assert ask(records_site).status_code == 404
    assert "train or publish" in ask(records_site).json()["detail"]
    assert records_site.get("/what-if/E0001", params={"lang": "en"}).text.count("No what-if yet") >= 1


def test_the_page_answers_without_a_script_what_the_api_answers(site, movable) -> None:
    name, to = movable["parameter_id"], movable["high"]
    told = ask(site, (name, to)).json()
    page = site.get("/what-if/E0001", params={f"to.{name}": to, "lang": "en"})
    assert page.status_code == 200
    assert f'name="to.{name}"' in page.text
    money = "save about" if told["net"]["estimate"] >= 0 else "lose about"
    assert money in page.text
    part = site.get("/what-if/E0001", params={f"to.{name}": to, "lang": "en", "part": "answer"}).text
    assert part.strip() in page.text
    assert "<html" not in part


def test_the_page_says_what_is_extrapolated_refused_and_no_number(site, levers, movable) -> None:
    name = movable["parameter_id"]
    beyond = site.get("/what-if/E0001", params={f"to.{name}": movable["most"], "lang": "en"}).text
    assert "Extrapolation" in beyond
    outside = site.get("/what-if/E0001", params={f"to.{name}": movable["most"] + 1e3, "lang": "en"}).text
    assert "Moves that do not count" in outside
    assert "; allowed " in outside
    wrong = site.get("/what-if/E0001", params={f"to.{name}": "viel", "lang": "en"}).text
    assert "This is not a number" in wrong
    doubtful = next(one for one in levers if one["confidence"] == "none")
    assert f'name="to.{doubtful["parameter_id"]}"' not in wrong
    assert "Levers that cannot be asked about" in wrong


def test_it_speaks_chinese(site, movable) -> None:
    page = site.get("/what-if/E0001", params={f"to.{movable['parameter_id']}": movable["high"], "lang": "zh"})
    assert "假如这样调" in page.text
    assert re.search(r"每年净(省|亏)约", page.text)


def test_the_enterprise_page_leads_to_it(site) -> None:
    assert 'href="/what-if/E0001"' in site.get("/enterprises/E0001").text


@pytest.fixture(scope="module")
def theirs(full_home: Settings) -> Iterator[dict[str, httpx.Client]]:
    opened = {}
    with (
        province.served(create_app(full_home, open_to=ENGINEER)) as one,
        province.served(create_app(full_home, open_to=PLANNER)) as other,
    ):
        opened = {"engineer": httpx.Client(base_url=one), "planner": httpx.Client(base_url=other)}
        yield opened
        for client in opened.values():
            client.close()


@pytest.mark.parametrize("address", ["/api/v1/enterprises/{}/levers", "/what-if/{}"])
def test_only_those_who_see_details_may_ask(theirs, address) -> None:
    seen = {
        (who, name): client.get(address.format(name)).status_code
        for who, client in theirs.items()
        for name in ("E0001", "E0002")
    }
    assert seen == {
        ("engineer", "E0001"): 200,
        ("engineer", "E0002"): 404,
        ("planner", "E0001"): 404,
        ("planner", "E0002"): 404,
    }
