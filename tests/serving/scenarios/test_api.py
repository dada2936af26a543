"""Scenarios by API: kept, owned, seen, computed and compared, against a publication written by hand."""

import pytest

from features import journal
from features.store.database import snapshot
from serving.access import Role
from serving.journal.checking import check
from serving.scenarios import every, register
from tests.serving.scenarios.conftest import computed, person

WISH = {"name": "需求增长", "start": "2026-03", "demand": 1.2, "region": "33"}
COSTS = {f"3301-{at}": 1000.0 * (at + 1) for at in range(4)} | {"3302-0": 10_000.0}


@pytest.fixture
def national(client_of):
    return client_of(person(everything=True))


@pytest.fixture
def zhejiang(client_of):
    return client_of(person(regions=("33",), name="wang"))


def compare(client, *ids, **query):
    answer = client.get("/api/v1/scenario-comparison", params={"scenario": list(ids), **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def expected(column, level="3", ahead=12, name="count"):
    return column["levels"][level][ahead - 1][name]["expected"]


def test_a_scenario_is_kept_changed_and_taken_back(national, zhejiang, engine, home):
    made = national.post("/api/v1/scenarios", json=WISH)
    assert made.status_code == 201
    address = made.headers["location"]
    assert made.json()["scenario"] | WISH == made.json()["scenario"]
    assert (made.json()["version"], made.json()["computed"]) == (1, False)
    changed = national.put(address, json=WISH | {"demand": 0.8}, headers={"if-match": made.headers["etag"]})
    assert (changed.json()["version"], changed.json()["scenario"]["demand"]) == (2, 0.8)
    assert national.put(address, json=WISH, headers={"if-match": '"1"'}).status_code == 412
    assert zhejiang.put(address, json=WISH).status_code == 403
    assert zhejiang.delete(address).status_code == 403
    assert [own["id"] for own in zhejiang.get("/api/v1/scenarios").json()["items"]] == [changed.json()["id"]]
    assert national.delete(address).status_code == 204
    assert national.get(address).status_code == 404
    with snapshot(engine) as connection:
        subject = f"scenario:{changed.json()['id']}"
        assert [c.action for c in journal.history(connection, subject)] == ["set", "change", "take back"]
    assert check(home, files=False).faults == []


WRONG = (
    {"demand": 0},
    {"start": "2026-13"},
    {"items": [{"item": "coffee", "level": 3, "since": "2026-05"}]},
    {"tightened": {"suppliers": ["nobody"], "factor": 0.5}},
    {"programme": {"option": "every", "start": "2026-05"}},
    {"more": 1},
)


def test_a_wrong_wish_is_refused_and_nothing_is_kept(national, engine):
    for wrong in WRONG:
        assert national.post("/api/v1/scenarios", json=WISH | wrong).status_code == 422, wrong
    assert register(engine).all() == []


def test_nothing_otherwise_is_the_board(national):
    (column,) = compare(national)["columns"]
    newly = national.get("/api/v1/board").json()["newly"]
    for level, months in newly.items():
        assert [m["count"] for m in column["levels"][level]] == [
            {name: month[name] for name in ("expected", "low", "high")} for month in months
        ]
    targets = {own["id"]: own["probability"] for own in national.get("/api/v1/targets").json()["items"]}
    assert {own["id"]: own["probability"] for own in column["targets"]} == targets


def test_side_by_side_by_hand(national, home, engine):
    """Of Zhejiang's seven, five are below level 3; on paper they are there in two months."""
    kept = computed(home, engine)
    plain, found = compare(national, kept.id)["columns"]
    assert (found["id"], found["name"], found["computed"], found["touched"]) == (kept.id, "强省", True, 7)
    board = national.get("/api/v1/attainment", params={"region": "33", "limit": 50}).json()["items"]
    below = sum(1 for row in board if row["level"] and row["level"] < 3)
    assert expected(found, ahead=2) == below > expected(plain, ahead=12)
    assert expected(found, ahead=1) == expected(plain, ahead=1)
    gain = found["levels"]["3"][1]["more"]
    assert gain["expected"] == expected(found, ahead=2) - expected(plain, ahead=2)
    assert 0 < gain["low"] <= gain["expected"] <= gain["high"]
    own = {target["id"]: target["probability"] for target in found["targets"]}
    assert own["省计划-2026-06-assurance"] == 1.0
    assert plain["targets"][0]["probability"] < 1.0
    assert expected(found, level="4") == expected(plain, level="4")


def test_who_sees_a_part_compares_that_part(zhejiang, national, home, engine, client_of):
    kept = computed(home, engine)
    hubei = client_of(person(regions=("42",)))
    assert compare(zhejiang, kept.id)["enterprises"] == 7
    there = compare(hubei, kept.id)
    assert (there["enterprises"], there["columns"][1]["touched"]) == (7, 0)
    assert expected(there["columns"][1]) == expected(there["columns"][0])
    assert compare(national, kept.id, region="3302")["columns"][1]["touched"] == 3


def test_costs_are_summed_over_five_or_over_ones_own(zhejiang, national, home, engine):
    kept = computed(home, engine, costs=COSTS, programme={"option": "best", "start": "2026-03", "share": 0.5})
    spending = compare(zhejiang, kept.id)["columns"][1]["spending"]
    assert spending == {"offered": 5, "actions": 5, "cost": 0.5 * 20_000, "unpriced": 0}
    held = compare(zhejiang, kept.id, region="3301")["columns"][1]["spending"]
    assert held == {"offered": 4, "actions": None, "cost": None, "unpriced": None}
    assert compare(national, kept.id, region="3301")["columns"][1]["spending"]["cost"] == 5_000
    assert compare(national, kept.id)["columns"][0]["spending"] is None


def test_who_does_not_see_the_suppliers_does_not_see_the_scenario(zhejiang, national, home, engine):
    tightened = {"suppliers": ["4401-0"], "factor": 0.5}
    kept = computed(home, engine, tightened=tightened)
    assert compare(national, kept.id)["columns"][1]["carried"] == "refuted"
    assert zhejiang.get("/api/v1/scenarios").json()["items"] == []
    assert zhejiang.get(f"/api/v1/scenarios/{kept.id}").status_code == 404
    assert zhejiang.get("/api/v1/scenario-comparison", params={"scenario": kept.id}).status_code == 404
    assert zhejiang.post("/api/v1/scenarios", json=WISH | {"tightened": tightened}).status_code == 422


def test_what_was_computed_counts_only_for_what_it_says_now(national, home, engine):
    kept = computed(home, engine)
    assert national.get(f"/api/v1/scenarios/{kept.id}").json()["computed"] is True
    national.put(f"/api/v1/scenarios/{kept.id}", json=WISH)
    assert national.get(f"/api/v1/scenarios/{kept.id}").json()["computed"] is False
    column = compare(national, kept.id)["columns"][1]
    assert (column["computed"], column["levels"], column["targets"]) == (False, {}, [])
    national.delete(f"/api/v1/scenarios/{kept.id}")
    assert not (home.home / "scenarios" / kept.id).exists()


def test_a_list_that_changes_asks_for_another_computation(national, home, engine):
    ids = {"name": "重点", "enterprise_ids": ["3301-0", "3302-0"]}
    own_list = national.post("/api/v1/lists", json=ids).json()
    made = national.post("/api/v1/scenarios", json=WISH | {"region": "", "list": own_list["id"]}).json()
    found = [own.stamp for own in every(engine)]
    national.put(f"/api/v1/lists/{own_list['id']}", json=ids | {"enterprise_ids": ["3301-0"]})
    assert (found, [own.stamp for own in every(engine)]) == (["1.1"], ["1.2"])
    assert [own.listed for own in every(engine)] == [frozenset({"3301-0"})]
    assert made["scenario"]["list"] == own_list["id"]


def test_a_job_computes_it_and_one_waits_for_all_who_ask(national):
    made = national.post("/api/v1/scenarios", json=WISH).json()
    jobs = [national.post(f"/api/v1/scenarios/{made['id']}/computation") for _ in range(2)]
    assert [one.status_code for one in jobs] == [202, 202]
    assert jobs[0].json()["job"] == jobs[1].json()["job"]
    job = national.get(jobs[0].json()["url"]).json()
    assert (job["kind"], job["state"]) == ("scenario", "queued")
    refused = national.post("/api/v1/jobs", json={"kind": "scenario", "arguments": {"scenario": made["id"]}})
    assert refused.status_code in (403, 422), "by its own address only, which asks who sees it"


def test_at_most_four_and_only_planners(national, client_of):
    many = national.get("/api/v1/scenario-comparison", params={"scenario": ["a", "b", "c", "d", "e"]})
    assert many.status_code == 422
    engineer = client_of(person(everything=True, role=Role.ENGINEER))
    assert engineer.get("/api/v1/scenarios").status_code == 403
    assert engineer.get("/board/scenarios").status_code == 403
