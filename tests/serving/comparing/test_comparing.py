"""What leaders do otherwise and published figures: by API, by page, by command."""

import html
import json
import re

import numpy as np
import pytest

from features.settings import Settings
from serving.access import Role
from serving.web.language import language
from tests import command
from tests.serving.comparing.conftest import BEST, IDS, person, practice_rows, write_home


def get(client, path, **query):
    answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def words(page):
    text = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_the_leaders_practice_comes_first_with_its_verdict(national):
    found = get(national, "enterprises/P00/practices")
    assert found["group"] == {"division": "34", "size": "", "enterprises": 40, "leaders": 8}
    first, second = found["items"]
    assert (first["kind"], first["subject"], first["apart"]) == ("level", "furnace_temp", True)
    assert (second["kind"], second["apart"]) == ("lot_size", False)
    values = practice_rows().query("kind == 'level'").set_index("enterprise_id")["value"]
    assert first["leaders"] == pytest.approx(values[BEST].mean())
    assert first["effect"]["verdict"] == "fewer"
    assert second["effect"] is None


def test_a_leader_is_held_against_the_other_leaders(national):
    first = next(
        one for one in get(national, f"enterprises/{BEST[0]}/practices")["items"] if one["kind"] == "level"
    )
    values = practice_rows().query("kind == 'level'").set_index("enterprise_id")["value"]
    assert first["leading"] == 7
    assert first["leaders"] == pytest.approx(values[BEST[1:]].mean())


def test_an_engineer_compares_the_own_enterprise_only(engineer, zhejiang):
    assert get(engineer, "enterprises/P00/practices")["items"][0]["subject"] == "furnace_temp"
    assert engineer.get("/api/v1/enterprises/P01/practices").status_code == 404
    assert zhejiang.get("/api/v1/enterprises/P00/practices").status_code == 404


def test_who_sees_some_leaders_is_not_told_the_mean_of_the_few_others(client_of):
    some = client_of(person(Role.ENGINEER, enterprises=("P00", *BEST[:5])))  # three leaders are left
    assert get(some, "enterprises/P00/practices")["items"] == []


def test_published_figures_have_year_and_source(engineer):
    page = get(engineer, "context", limit=1000)
    assert page["total"] == 166
    assert all(one["source"] and one["year"] for one in page["items"])
    hubei = get(engineer, "context", indicator="quality_loss_rate", area="42")["items"]
    assert {one["year"]: one["value"] for one in hubei} == {1998: 0.53, 2003: 0.15, 2007: 0.82}
    assert engineer.get("/api/v1/context", params={"indicator": "gdp"}).status_code == 422


def test_a_regions_own_figures(national, zhejiang, engineer):
    found = {one["figure"]: one for one in get(national, "context/own", region="33")["items"]}
    assert found["delivered_pass"]["value"] == pytest.approx(0.98)
    assert found["loss_rate"]["value"] == pytest.approx(0.04)
    assert (found["loss_rate"]["enterprises"], found["loss_rate"]["months"]) == (20, 2)
    assert get(zhejiang, "context/own", region="33")["items"][0]["enterprises"] == 20
    assert engineer.get("/api/v1/context/own").status_code == 403


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_page_in_both_languages(national, code):
    t = language(code)
    query = {"lang": code, "enterprise": "P00", "division": "34", "region": "33"}
    page = national.get("/board/comparison", params=query).text
    text = words(page)
    for key in ("practice.title", "comparing.groups", "context.title", "context.own", "context.sources"):
        assert t(key) in text
    assert "淬火炉温" in text
    assert t("practice.fine") in text
    assert "stats.gov.cn" in text
    assert t("context.source.china-statistical-yearbook-1999-table-20-55") in text
    for name in ("passes", "losses", "index"):
        figure = json.loads(re.search(rf'id="context-{name}-data">(.*?)</script>', page, re.DOTALL).group(1))
        assert figure["data"]
        assert t(f"context.note.{name}") in text


def test_the_chart_draws_the_regions_own_beside_the_published(national):
    page = national.get("/board/comparison", params={"region": "33"}).text
    figure = json.loads(re.search(r'id="context-losses-data">(.*?)</script>', page, re.DOTALL).group(1))
    nation, province, own = figure["data"]
    assert (nation["x"], nation["y"]) == ([1998, 2003, 2007], [0.72, 0.46, 0.25])
    assert (province["x"], province["y"]) == ([1998, 2003, 2007], [0.9, 0.05, 0.33])
    assert (own["x"], own["y"]) == ([2025], [pytest.approx(4.0)])


def test_numbers_only_readers_see_places_and_no_practice(zhejiang):
    text = words(zhejiang.get("/board/comparison", params={"enterprise": "P00", "lang": "en"}).text)
    assert language("en")("practice.numbers_only") in text
    assert "Better than" in text
    assert "淬火炉温" not in text
    hidden = zhejiang.get("/board/comparison", params={"enterprise": "P01", "lang": "en"}).text
    assert "P01 厂" not in hidden
    assert "No enterprise “P01” is known" in words(hidden)


def test_an_engineer_has_a_page_of_the_own_enterprise(engineer):
    text = words(engineer.get("/comparisons/P00", params={"lang": "en"}).text)
    assert "淬火炉温: mean level" in text
    assert language("en")("practice.fine") in text
    assert "20 % fewer failing units (90 % interval 10 % to 30 %)" in text.replace("\xa0", " ")
    assert engineer.get("/comparisons/P01").status_code == 404


def test_the_page_needs_a_planner_and_takes_no_nonsense(engineer, national):
    assert engineer.get("/board/comparison").status_code == 403
    assert national.get("/board/comparison", params={"region": "333"}).status_code == 404
    assert national.get("/board/comparison", params={"enterprise": "<b>'"}).status_code == 200


def test_an_earlier_publication_has_no_practices(tmp_path, client_of):
    write_home(tmp_path / "home", practices=False)
    client = client_of(person(Role.PLANNER, everything=True), tmp_path / "home")
    assert client.get("/api/v1/enterprises/P00/practices").status_code == 404
    text = words(client.get("/board/comparison", params={"enterprise": "P00", "lang": "en"}).text)
    assert language("en")("practice.not_published") in text
    answer = command.zhuoyue("plan", "compare", "--enterprise", "P00", ZHUOYUE_HOME=tmp_path / "home")
    assert (answer.returncode, "zhuoyue publish" in answer.stderr) == (1, True)


def test_plan_compare_lists_groups(compared_home):
    answer = command.zhuoyue(
        "plan", "compare", "--region", "33", "--format", "json", ZHUOYUE_HOME=compared_home
    )
    rows = json.loads(answer.stdout)
    assert {(row["division"], row["size"], row["region"]): row["members"] for row in rows} == {
        ("", "", ""): 40,
        ("34", "", ""): 40,
        ("34", "small", ""): 40,
        ("34", "small", "33"): 20,
        ("34", "small", "3301"): 20,
    }
    assert all(list(row.values())[-5:] == sorted(list(row.values())[-5:]) for row in rows)


def test_plan_compare_of_one_enterprise(compared_home):
    answer = command.zhuoyue(
        "plan", "compare", "--enterprise", "P00", "--format", "json", ZHUOYUE_HOME=compared_home
    )
    found = json.loads(answer.stdout)
    assert found["items"][0]["subject"] == "furnace_temp"
    assert {one["indicator"] for one in found["standings"]} == {"ftq", "cpk", "internal_loss"}
    assert all(one["better_than"] < 0.1 for one in found["standings"])
    table = command.zhuoyue(
        "plan", "compare", "--enterprise", "P00", "--format", "table", ZHUOYUE_HOME=compared_home
    )
    assert "association, not a cause" in table.stdout
    unknown = command.zhuoyue("plan", "compare", "--enterprise", "X", ZHUOYUE_HOME=compared_home)
    assert (unknown.returncode, "'X'" in unknown.stderr) == (2, True)


def test_plan_context(compared_home, tmp_path):
    answer = command.zhuoyue(
        "plan", "context", "--region", "33", "--format", "json", ZHUOYUE_HOME=compared_home
    )
    rows = json.loads(answer.stdout)
    own = {row["indicator"]: row["value"] for row in rows if row["indicator"].startswith("own.")}
    assert own == {"own.delivered_pass": 98.0, "own.first_pass": 90.0, "own.loss_rate": 4.0}
    assert {row["area"] for row in rows} == {"nation", "east", "centre", "west", "33"}
    nothing = command.zhuoyue("plan", "context", "--format", "json", ZHUOYUE_HOME=tmp_path)
    assert len(json.loads(nothing.stdout)) == 166
    wrong = command.zhuoyue("plan", "context", "--region", "333", ZHUOYUE_HOME=tmp_path)
    assert wrong.returncode == 2


def test_nothing_is_published_nothing_is_compared(tmp_path):
    answer = command.zhuoyue("plan", "compare", ZHUOYUE_HOME=Settings(home=tmp_path).home)
    assert answer.returncode == 1
    assert np.all([name not in answer.stderr for name in IDS])
