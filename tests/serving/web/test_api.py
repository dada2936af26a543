"""The API over real HTTP: the same answers as the store, the rules and the outlook, typed, paged, cached."""

import json

import pytest

from features.evidence import evidence_with_notes
from features.store import Store
from models.outlook import Outlook
from qm_rules import grade, parse_evidence
from tests.serving.province import ENTERPRISES

API = "/api/v1/enterprises"
KINDS = ("forecasts", "drivers", "attainment", "recommendations")


def as_json(rows):
    return json.loads(json.dumps(rows, default=str))


def test_enterprises_are_paged_in_order(site):
    whole = site.get(API).json()
    assert whole["total"] == len(whole["items"]) == ENTERPRISES
    ids = [row["enterprise_id"] for row in whole["items"]]
    assert ids == sorted(ids)
    part = site.get(API, params={"limit": 3, "offset": 2}).json()
    assert [row["enterprise_id"] for row in part["items"]] == ids[2:5]
    assert (part["limit"], part["offset"], part["total"]) == (3, 2, ENTERPRISES)


def test_one_enterprise_is_its_record(site, full_home):
    with Store.open(full_home) as store:
        rows = store.table("enterprises").collect("pyarrow").to_arrow().to_pylist()
    for row in rows:
        answer = site.get(f"{API}/{row['enterprise_id']}").json()
        known = {name: as_json(value) for name, value in row.items() if value not in (None, "")}
        assert known.items() <= answer.items()


def test_the_grade_is_the_rules_own(site, full_home):
    with Store.open(full_home) as store:
        files = evidence_with_notes(store)
    assert len(files) == ENTERPRISES
    for document, notes in files:
        expected = grade(parse_evidence(document), notes=notes).to_dict()
        assert site.get(f"{API}/{document['enterprise_id']}/grade").json() == as_json(expected)


def test_grades_are_listed_as_they_are_one_by_one(site, records_site):
    for client in (site, records_site):  # from the shelf, and from the store
        listed = client.get("/api/v1/grades").json()
        assert listed["total"] == ENTERPRISES
        for row in listed["items"]:
            whole = client.get(f"{API}/{row['enterprise_id']}/grade").json()
            assert {name: whole[name] for name in row} == row
        level = listed["items"][0]["level"]
        some = client.get("/api/v1/grades", params={"level": level}).json()["items"]
        assert some == [row for row in listed["items"] if row["level"] == level]


def test_forecasts_with_their_drivers_are_both_in_one_answer(site):
    both = site.get(f"{API}/E0002/forecasts", params={"drivers": True, "target": "ppm"}).json()
    assert both["items"] == site.get(f"{API}/E0002/forecasts", params={"target": "ppm"}).json()["items"]
    assert both["drivers"] == site.get(f"{API}/E0002/drivers", params={"target": "ppm"}).json()["items"]
    assert both["drivers"]
    assert both["current"] is True


def test_the_grade_of_another_window(site, full_home):
    with Store.open(full_home) as store:
        document, notes = evidence_with_notes(store, ["E0001"], "2023-06")[0]
    answer = site.get(f"{API}/E0001/grade", params={"as_of": "2023-06"}).json()
    assert answer["window"] == {"start": "2022-07", "end": "2023-06"}
    assert answer == as_json(grade(parse_evidence(document), notes=notes).to_dict())


@pytest.mark.parametrize("kind", KINDS)
def test_published_rows_arrive_as_they_were_published(site, full_home, kind):
    published = getattr(Outlook.load(full_home), kind)("E0002")
    answer = site.get(f"{API}/E0002/{kind}").json()
    assert answer["model_version"] == Outlook.load(full_home).model_version
    assert len(answer["items"]) == len(published) > 0
    for shown, row in zip(answer["items"], published, strict=True):
        assert as_json(row).items() <= shown.items()


def test_forecasts_of_one_target(site):
    items = site.get(f"{API}/E0002/forecasts", params={"target": "cpk"}).json()["items"]
    assert {row["target"] for row in items} == {"cpk"}
    assert [row["horizon"] for row in items] == list(range(1, 13))
    for row in items:
        assert list(row["quantiles"].values()) == sorted(row["quantiles"].values())


def test_drivers_add_up_to_the_forecast(site):
    items = site.get(f"{API}/E0003/drivers", params={"target": "ftq"}).json()["items"]
    nearest = [row for row in items if row["horizon"] == 1 and row["product_id"] is None]
    assert nearest
    difference = nearest[0]["forecast"] - nearest[0]["baseline"]
    assert sum(row["contribution"] for row in nearest) == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_recommendations_keep_the_words_from_and_to(site):
    rows = [
        row
        for enterprise in site.get(API).json()["items"]
        for row in site.get(f"{API}/{enterprise['enterprise_id']}/recommendations").json()["items"]
    ]
    ranked = [row for row in rows if row["rank"] is not None]
    silent = [row for row in rows if row["rank"] is None]
    assert ranked
    assert all({"from", "to", "effect"} <= row.keys() for row in ranked)
    assert all(row["effect"]["low"] <= row["effect"]["estimate"] <= row["effect"]["high"] for row in ranked)
    assert all(row["confidence"] == "none" and row["reason"] and row["reason_code"] for row in silent)
    for row in ranked:
        assert {"moves_level", "level_gap", "benefit_table", "measure", "method", "withheld"} <= row.keys()
        assert row["target"] in {effect["target"] for effect in row["effects"]}
        level = row["moves_level"]
        assert level is None or level["basis"] in {"forecast", "held"}


@pytest.mark.parametrize("kind", KINDS)
def test_before_anything_is_published_lists_are_empty(records_site, kind):
    answer = records_site.get(f"{API}/E0001/{kind}").json()
    assert answer["items"] == []
    assert answer["model_version"] is None


def test_before_any_record_there_is_nobody(empty_site):
    assert empty_site.get(API).json()["items"] == []


def test_an_answer_is_not_sent_twice(site):
    first = site.get(f"{API}/E0001/forecasts")
    again = site.get(f"{API}/E0001/forecasts", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    weak = site.get(f"{API}/E0001/forecasts", headers={"if-none-match": f'W/{first.headers["etag"]}, "x"'})
    assert weak.status_code == 304


def test_every_address_and_every_state_has_its_own_tag(site, records_site):
    paths = [API, f"{API}?limit=2", f"{API}/E0001", f"{API}/E0001/grade", f"{API}/E0002/grade"]
    tags = [client.get(path).headers["etag"] for client in (site, records_site) for path in paths]
    assert len(set(tags)) == len(tags)


def test_health_and_readiness(site, empty_site):
    assert site.get("/healthz").json() == {"status": "ok"}
    ready = site.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["fingerprint"]
    assert ready["outlook_id"]
    assert empty_site.get("/readyz").json() == {"status": "ready", "fingerprint": "", "outlook_id": ""}


def test_openapi_describes_every_path_and_its_errors(site):
    document = site.get("/openapi.json").json()
    paths = document["paths"]
    assert {f"{API}/{{enterprise_id}}/{kind}" for kind in (*KINDS, "grade")} <= set(paths)
    operations = [one for methods in paths.values() for one in methods.values()]
    for one in operations:
        errors = {code: answer for code, answer in one["responses"].items() if int(code) >= 400}
        assert all(list(answer["content"]) == ["application/problem+json"] for answer in errors.values())
        assert any(int(code) < 400 for code in one["responses"]), one["operationId"]
        assert one.get("description"), one["operationId"]
    ids = [one["operationId"] for one in operations]
    assert len(set(ids)) == len(ids)
