"""The board as a page: both languages, forms, and nothing that the reader may not see."""

import html
import json
import re

import pytest

from models.portfolio.horizon import FAR
from serving.web.language import language


def words(page):
    text = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_board_in_both_languages(national, code):
    t = language(code)
    for basis in ("grade", "performance"):
        text = words(national.get("/board", params={"lang": code, "basis": basis}).text)
        for key in (
            "board.levels",
            "board.targets",
            "board.regions",
            "board.near",
            "board.fall",
            "board.benchmarks",
        ):
            assert t(key) in text
        assert t(f"board.basis.{basis}.about") in text
        assert t("region.33") in text


def test_the_map_has_the_provinces_that_are_there(national):
    page = national.get("/board").text
    tiles = re.search(r'<svg class="tiles".*?</svg>', page, re.DOTALL).group()
    assert tiles.count('class="tile"') == 4
    assert set(re.findall(r'href="/board\?region=(\d+)"', tiles)) == {"11", "33", "42", "44"}


def test_the_tabs_stay_with_the_group_in_view(national):
    page = national.get(
        "/board", params={"region": "33", "basis": "performance", "level": 4, "months": 12}
    ).text
    (tabs,) = re.findall(r'<nav class="tabs planner-tabs".*?</nav>', page, re.DOTALL)
    group = "?basis=performance&amp;region=33"
    wanted = [f"/board{group}", f"/board/assistance{group}", f"/board/scenarios{group}", "/board/comparison"]
    assert re.findall(r'href="([^"]+)"', tabs) == wanted


def test_a_region_leads_to_its_cities(national):
    text = words(national.get("/board", params={"region": "33", "lang": "en"}).text)
    assert "Hangzhou" in text
    assert "Ningbo" in text


def test_a_planner_of_a_province_finds_no_name_from_elsewhere(zhejiang):
    page = zhejiang.get("/board").text
    assert "3301-0" in page
    for name in ("4201-", "4401-", "1100-"):
        assert name not in page
    assert "Guangdong" not in words(page)  # three enterprises


def test_the_curve_carries_the_paths_numbers(zhejiang):
    page = zhejiang.get("/board", params={"target": "省计划-2026-06-assurance"}).text
    figure = json.loads(re.search(r'id="burn-up-data">(.*?)</script>', page, re.DOTALL).group(1))
    fan, mean, past = figure["data"]
    assert mean["y"][:3] == [0, 0.25, 0.5]
    assert len(past["y"]) == 13
    assert len(fan["y"]) == 2 * (FAR + 1)
    assert figure["layout"]["shapes"][0]["y0"] == 2


def test_a_target_is_set_and_taken_back_by_form(national):
    form = {
        "level_id": "prevention",
        "count": "3",
        "baseline": "2024-12",
        "by": "2026-12",
        "region": "33",
        "name": "by form",
    }
    answer = national.post("/board/targets", data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert "by form" in words(answer.text)
    action = re.search(r'action="(/board/targets/\w+/take-back)"', answer.text).group(1)
    gone = national.post(action, data={"version": "1"}, follow_redirects=True)
    assert "by form" not in words(gone.text)


def test_a_form_that_makes_no_sense_changes_nothing(national):
    form = {"level_id": "prevention", "count": "many", "baseline": "2024-12", "by": "2026-12"}
    answer = national.post("/board/targets", data=form)
    assert answer.status_code == 422
    assert language("en")("board.refused.title") in words(answer.text)


def test_the_board_is_for_planners(plant_engineer):
    assert plant_engineer.get("/board").status_code == 403
    assert 'href="/board"' not in plant_engineer.get("/").text


def test_tables_are_labelled(national):
    page = national.get("/board").text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for table in re.findall(r"<table.*?</table>", page, flags=re.DOTALL):
        assert "<caption" in table
        assert 'scope="row"' in table
    for reference in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert reference in ids


def test_every_figure_of_the_morning_leads_to_its_section(national):
    page = national.get("/board").text
    tiles = re.findall(r'class="board-tile" href="#([^"]+)"', page)
    assert len(tiles) == 4
    for place in tiles:
        assert f'id="{place}"' in page


@pytest.mark.parametrize("months", [12, 24, 36])
def test_the_board_looks_as_far_ahead_as_it_is_asked(national, months):
    page = national.get("/board", params={"months": months, "target": "省计划-2026-06-assurance"}).text
    figure = json.loads(re.search(r'id="burn-up-data">(.*?)</script>', page, re.DOTALL).group(1))
    assert len(figure["data"][1]["y"]) == months + 1
    assert f'<option value="{months}" selected>' in page


def test_the_document_s_own_targets_stand_apart_where_there_are_local_ones(national):
    page = national.get("/board", params={"lang": "en"}).text
    first, _, rest = page.partition(language("en")("board.targets.national"))
    assert "省计划" in first
    assert "document-2027-assurance" not in first.partition('id="targets"')[2]
    assert "document-2027-assurance" in rest
