"""Own lists: kept, used as a group everywhere, told by what their reader may see."""

import httpx
import pytest

from features.settings import Settings
from serving.access import Role
from serving.web.app import create_app
from tests.serving.planner.conftest import person, write_home
from tests.serving.province import served

IDS = ["3301-0", "3301-1", "4201-0", "nobody"]


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    """A planner of the nation and one of Zhejiang over one home of their own."""
    home = tmp_path_factory.mktemp("lists") / "home"
    write_home(home)
    opened, clients = [], []
    for who in (
        person(Role.PLANNER, everything=True),
        person(Role.PLANNER, regions=("33",)),
        person(Role.ADMIN, everything=True),
    ):
        serving = served(create_app(Settings(home=home), open_to=who))
        clients.append(
            httpx.Client(base_url=serving.__enter__(), timeout=60, headers={"accept-language": "en"})
        )
        opened.append(serving)
    yield clients
    for client, serving in zip(clients, opened, strict=True):
        client.close()
        serving.__exit__(None, None, None)


def keep(client, name="重点企业", ids=IDS):
    answer = client.post("/api/v1/lists", json={"name": name, "enterprise_ids": ids})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_list_is_a_group_everywhere(desks):
    national, *_ = desks
    kept = keep(national)
    assert (kept["enterprises"], kept["others"]) == (3, 1)
    for path in ("/api/v1/board", "/api/v1/attainment", "/api/v1/targets"):
        answer = national.get(path, params={"list": kept["id"]}).json()
        found = answer.get("enterprises", answer.get("total"))
        assert found == 3 or path.endswith("targets")
    rows = national.get("/api/v1/attainment", params={"list": kept["id"], "region": "33"}).json()["items"]
    assert {row["enterprise_id"] for row in rows} == {"3301-0", "3301-1"}


def test_a_reader_finds_only_those_of_a_list_whom_he_may_see(desks):
    national, zhejiang, _ = desks
    kept = keep(national)
    told = zhejiang.get(f"/api/v1/lists/{kept['id']}").json()
    assert told["enterprise_ids"] == ["3301-0", "3301-1"]
    assert told["others"] == 2, "an id that is unknown and one that is hidden are told alike"
    assert zhejiang.get("/api/v1/board", params={"list": kept["id"]}).json()["enterprises"] == 2


def test_an_unknown_list_is_no_empty_group(desks):
    answer = desks[0].get("/api/v1/board", params={"list": "00ff"})
    assert answer.status_code == 404
    assert "list" in answer.json()["detail"]


def test_a_version_that_somebody_changed_is_not_overwritten(desks):
    national, *_ = desks
    kept = keep(national)
    wish = {"name": "新名称", "enterprise_ids": ["3301-0"]}
    url = f"/api/v1/lists/{kept['id']}"
    assert national.put(url, json=wish, headers={"if-match": '"1"'}).status_code == 200
    assert national.put(url, json=wish, headers={"if-match": '"1"'}).status_code == 412
    assert national.get(url).headers["etag"] == '"2"'


def test_a_target_counts_a_list_and_keeps_it_from_being_taken_back(desks):
    national, *_ = desks
    kept = keep(national, ids=["3301-0", "3301-1"])
    wish = {
        "level_id": "assurance",
        "baseline": "2024-12",
        "by": "2026-12",
        "count": 1,
        "list_id": kept["id"],
    }
    target = national.post("/api/v1/targets", json=wish)
    assert target.status_code == 201
    assert target.json()["enterprises"] == 2
    assert target.json()["list_id"] == kept["id"]
    url = f"/api/v1/lists/{kept['id']}"
    assert national.delete(url).status_code == 409
    assert national.delete(f"/api/v1/targets/{target.json()['id']}").status_code == 204
    assert national.delete(url).status_code == 204
    assert national.get(url).status_code == 404


def test_a_target_for_a_list_that_is_not_kept_is_refused(desks):
    wish = {"level_id": "assurance", "baseline": "2024-12", "by": "2026-12", "count": 1, "list_id": "00ff"}
    assert desks[0].post("/api/v1/targets", json=wish).status_code == 404


def test_a_list_is_pasted_or_uploaded_and_taken_back_by_form(desks):
    national, *_ = desks
    form = {"name": "粘贴的名单", "ids": "3301-0，3301-1;\n 3301-0"}
    files = {"file": ("ids.csv", "﻿4201-0\n4201-1\n".encode(), "text/csv")}
    answer = national.post("/board/lists", data=form, files=files)
    assert answer.status_code == 303
    list_id = answer.headers["location"].split("list=")[1]
    kept = national.get(f"/api/v1/lists/{list_id}").json()
    assert kept["enterprise_ids"] == ["3301-0", "3301-1", "4201-0", "4201-1"]
    page = national.get("/board", params={"list": list_id}).text
    assert "粘贴的名单" in page
    assert f'<option value="{list_id}" selected>' in page
    gone = national.post(f"/board/lists/{list_id}/take-back", data={"version": "1"})
    assert gone.status_code == 303
    assert national.get(f"/api/v1/lists/{list_id}").status_code == 404


@pytest.mark.parametrize("form", [{"name": "", "ids": "E1"}, {"name": "a", "ids": " , "}])
def test_a_list_without_name_or_ids_is_not_kept(desks, form):
    before = desks[0].get("/api/v1/lists").json()["total"]
    assert desks[0].post("/board/lists", data=form).status_code == 422
    assert desks[0].get("/api/v1/lists").json()["total"] == before
