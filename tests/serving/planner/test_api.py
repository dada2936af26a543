"""The planner's numbers by API, against a portfolio whose every number is written down."""

import httpx
import pytest

from features.settings import Settings
from serving.access import EVERYTHING, LOCAL_ADMINISTRATOR, Person, Role
from serving.web.app import create_app
from tests.serving.province import served

WISH = {
    "level_id": "assurance",
    "baseline": "2024-12",
    "by": "2026-12",
    "count": 2,
    "region": "33",
    "name": "ours",
}


def get(client, path, **query):
    answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_board_counts_levels_by_province(national):
    board = get(national, "board")
    assert board["enterprises"] == 23
    assert sum(board["levels"].values()) == 23
    assert {row["region"]: row["enterprises"] for row in board["regions"]} == {
        "11": 6,
        "33": 7,
        "42": 7,
        "44": 3,
    }
    assert board["hidden"] == []
    assert board["at_or_above"]["3"] == sum(row["at_or_above"]["3"] for row in board["regions"])


def test_a_provinces_board_goes_by_city_and_sees_the_others_in_sums_only(zhejiang):
    board = get(zhejiang, "board")
    assert {row["region"]: row["enterprises"] for row in board["regions"]} == {"3301": 4, "3302": 3}
    # Guangdong has three: not shown. Beijing, the next smallest, goes with it, or 16 − 6 − 7 would tell.
    assert [row["region"] for row in board["hidden"]] == ["42"]
    levels = board["hidden"][0]["levels"]
    assert sum(n for n in levels.values() if n) in (0, 7)


def test_expected_counts_add_up_chances(national):
    row = next(row for row in get(national, "board")["regions"] if row["region"] == "33")
    assert row["expected_new"]["3"] == pytest.approx(0.5 + 0.5)
    ahead = get(national, "board")["newly"]["3"]
    # Paths: month 1 and 2; month 5; month 12; nobody.
    assert [month["expected"] for month in ahead][:2] == [0.25, 0.5]
    assert ahead[-1]["expected"] == pytest.approx(1.0)
    assert (ahead[-1]["low"], ahead[-1]["high"]) == (0, 2)


def test_filters_narrow_everything(national):
    assert get(national, "board", region="33", size="large")["enterprises"] == 1
    assert get(national, "board", industry="C36")["enterprises"] == 0
    assert get(national, "board", industry="36")["enterprises"] == 23
    assert get(national, "attainment", region="4201")["total"] == 7


def test_nearest_first_with_what_binds_it(national):
    page = get(national, "attainment", limit=3)
    first = page["items"][0]
    assert (first["enterprise_id"], first["chance"], first["next_level"]) == ("3301-0", 0.5, 3)
    assert len(first["blocking"]) == 14
    alone = get(national, "attainment", limit=1, basis="performance")["items"][0]
    assert alone["blocking"] == ["sigma", "cpk", "ftq", "internal_loss", "external_loss"]
    assert page["total"] == 23


def test_an_engineer_sees_the_own_enterprise_and_no_board(plant_engineer):
    assert plant_engineer.get("/api/v1/board").status_code == 403
    assert plant_engineer.get("/api/v1/targets").status_code == 403
    assert [row["enterprise_id"] for row in get(plant_engineer, "attainment")["items"]] == ["3301-0"]


def test_targets_of_all_sources_with_their_chance(zhejiang):
    by_id = {row["id"]: row for row in get(zhejiang, "targets")["items"]}
    own = by_id["省计划-2026-06-assurance"]
    assert (own["enterprises"], own["achieved"], own["shortfall"]) == (7, 0, 2)
    assert own["probability"] == pytest.approx(0.25)  # both in path 1 only
    assert not by_id["document-2027-assurance"]["beyond"]
    months = own["months"]
    assert months[0]["month"] == "2024-12"
    assert [m["month"] for m in months if m["forecast"]][-1] == "2028-12"


def test_a_target_lives(national):
    made = national.post("/api/v1/targets", json=WISH)
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    place = made.headers["location"]
    read = national.get(place)
    assert read.json()["probability"] == pytest.approx(1 / 4)
    changed = national.put(place, json=WISH | {"count": 1}, headers={"if-match": '"1"'})
    assert changed.status_code == 200
    assert changed.json()["probability"] == pytest.approx(3 / 4)
    assert national.put(place, json=WISH, headers={"if-match": '"1"'}).status_code == 412
    assert national.delete(place, headers={"if-match": '"2"'}).status_code == 204
    assert national.get(place).status_code == 404


def test_whose_target_it_is_matters(national, desk_of):
    place = national.post("/api/v1/targets", json=WISH).headers["location"]
    other = desk_of(Person("wang", frozenset({Role.PLANNER}), EVERYTHING))
    assert other.get(place).status_code == 200
    assert other.delete(place).status_code == 403
    assert other.put(place, json=WISH).status_code == 403
    assert national.delete(place).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        {"by": "2024-12"},
        {"by": "2026-13"},
        {"baseline": "0000-01"},
        {"count": 0},
        {"level_id": "best"},
        {"region": "Zhejiang"},
        {"more": 1},
    ],
)
def test_a_target_that_makes_no_sense_is_refused(national, change):
    answer = national.post("/api/v1/targets", json=WISH | change)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_benchmarks_are_never_of_fewer_than_five(zhejiang):
    groups = get(zhejiang, "benchmarks", indicator="ftq")["items"]
    assert {(row["division"], row["size"]) for row in groups} == {("", ""), ("36", ""), ("36", "small")}
    # Beijing's six and Wuhan's seven; not Guangdong's three. The own province's are seen one by one anyhow.
    assert {row["region"] for row in groups} >= {"", "42", "4201", "33"}
    assert "44" not in {row["region"] for row in groups}
    assert all(row["enterprises"] >= 5 for row in groups)
    for row in groups:
        values = list(row["quantiles"].values())
        assert values == sorted(values)


def test_an_enterprise_among_its_like(plant_engineer):
    (own,) = get(plant_engineer, "enterprises/3301-0/benchmarks")["items"]
    assert own["indicator"] == "ftq"
    assert own["better_than"] < 0.15  # the lowest of all
    assert plant_engineer.get("/api/v1/enterprises/3302-0/benchmarks").status_code == 404


def test_a_plan_is_asked_for_as_a_job(plant_engineer, zhejiang):
    asked = plant_engineer.post("/api/v1/enterprises/3301-0/plan", json={"level": 3, "by": "2026-06"})
    assert asked.status_code == 202
    assert asked.headers["location"] == f"/api/v1/jobs/{asked.json()['job']}"
    assert (
        zhejiang.post("/api/v1/enterprises/3301-0/plan", json={"level": 3, "by": "2026-06"}).status_code
        == 404
    )
    wrong = plant_engineer.post("/api/v1/enterprises/3301-0/plan", json={"level": 9, "by": "2026-06"})
    assert wrong.status_code == 422


def test_reads_carry_an_etag(national):
    for path in ("board", "attainment", "benchmarks"):
        tag = national.get(f"/api/v1/{path}").headers["etag"]
        assert national.get(f"/api/v1/{path}", headers={"if-none-match": tag}).status_code == 304


def test_before_anything_is_published_it_says_so(tmp_path):
    app = create_app(Settings(home=tmp_path), open_to=LOCAL_ADMINISTRATOR)
    with served(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/api/v1/board").status_code == 404
        page = client.get("/board", headers={"accept-language": "en"})
        assert page.status_code == 200
        assert "zhuoyue publish" in page.text
