"""The page of scenarios: made by a form, listed in words, side by side, taken back."""

import re

import pytest

from qm_rules import load_pack
from serving.jobs import leasing
from serving.scenarios import every
from tests.serving.scenarios.conftest import computed, person

FORM = {
    "name": "收紧与帮扶",
    "start": "2026-03",
    "demand": "20",
    "internal_price": "-10",
    "option": "best_two",
    "programme_start": "2026-04",
    "share": "60",
    "suppliers": "3301-0, 3302-1",
    "tightened": "-50",
    "item": ["qms", ""],
    "item_level": ["3", "3"],
    "item_since": ["2026-06", "2026-06"],
    "region": "33",
}


@pytest.fixture
def national(client_of):
    return client_of(person(everything=True))


def test_the_form_says_what_is_kept_and_has_it_computed(national, engine):
    answer = national.post("/board/scenarios", data=FORM)
    assert (answer.status_code, answer.headers["location"][:6]) == (303, "/jobs/")
    (own,) = every(engine)
    told = own.wish.model_dump(exclude_defaults=True)
    assert told == {
        "name": "收紧与帮扶",
        "start": "2026-03",
        "region": "33",
        "demand": 1.2,
        "internal_price": 0.9,
        "programme": {"option": "best_two", "start": "2026-04", "share": 0.6},
        "tightened": {"suppliers": ("3301-0", "3302-1"), "factor": 0.5},
        "items": ({"item": "qms", "level": 3, "since": "2026-06"},),
    }
    page = national.get("/board/scenarios").text
    for words in ("+20\N{NO-BREAK SPACE}%", "best two actions", "being computed", "3301-0 厂, 3302-1 厂"):
        assert words in page
    job = national.get(answer.headers["location"])
    assert "Computing a scenario" in job.text
    assert "情景" in national.get("/board/scenarios", params={"lang": "zh"}).text


def test_a_job_that_is_done_leads_to_its_scenario(national, home, engine):
    kept = computed(home, engine)
    location = national.post(f"/board/scenarios/{kept.id}/compute").headers["location"]
    job = leasing.take(engine, "test")
    leasing.end(engine, job, "done", {"scenario": kept.id})
    page = national.get(location).text
    assert "The scenario is computed" in page
    address = re.search(r"/board/scenarios\?scenario=[0-9a-f]{32}", page).group()
    assert "touches 7 enterprises" in national.get(address).text


def field(page, name):
    """The value of an input."""
    return re.search(rf'<input name="{name}"[^>]*value="([^"]*)"', page).group(1)


def test_a_form_filled_in_with_a_scenario_says_what_it_says(national, engine, client_of):
    national.post("/board/scenarios", data=FORM)
    (first,) = every(engine)
    page = national.get("/board/scenarios", params={"given": first.id}).text
    told = {
        name: field(page, name)
        for name in ("name", "demand", "internal_price", "share", "suppliers", "tightened")
    }
    assert told == {name: FORM[name].replace(",", "") for name in told}
    for chosen in ('value="best_two" selected', 'value="qms" selected', 'value="2026-04" selected'):
        assert chosen in page
    again = {"name": "改过", "instead": first.id, "version": "1"}
    assert national.post("/board/scenarios", data=FORM | again).status_code == 303
    assert national.post("/board/scenarios", data=FORM | again).status_code == 412, "somebody was faster"
    (changed,) = every(engine)
    assert (changed.id, changed.version, changed.wish.name) == (first.id, 2, "改过")
    assert national.post("/board/scenarios", data=FORM).status_code == 303
    assert len(every(engine)) == 2
    other = client_of(person(everything=True, name="wang"))
    page = other.get("/board/scenarios", params={"given": first.id}).text
    assert "Keep the change" not in page
    assert "Use as a template" in page


def test_all_management_items_are_one_row_of_the_form(national, engine):
    every_item = {"item": ["*"], "item_level": ["4"], "item_since": ["2026-06"]}
    national.post("/board/scenarios", data=FORM | every_item)
    (own,) = every(engine)
    assert {move.item for move in own.wish.items} == set(load_pack().items)
    assert {(move.level, move.since) for move in own.wish.items} == {(4, "2026-06")}
    page = national.get("/board/scenarios", params={"given": own.id}).text
    assert page.count('value="*" selected') == 1
    assert page.count('name="item"') == 4, "that row, and three to spare"
    assert "all management items at" in page


@pytest.mark.parametrize("wrong", [{"demand": "much"}, {"name": ""}, {"share": "0"}, {"suppliers": "nobody"}])
def test_a_wrong_form_is_refused_in_words(national, engine, wrong):
    answer = national.post("/board/scenarios", data=FORM | wrong)
    assert answer.status_code == 422
    assert "The scenario was not kept" in answer.text
    assert every(engine) == []


def test_side_by_side_with_differences_targets_and_what_to_know(national, home, engine):
    costs = {f"330{city}-{at}": 1e6 for city, at in ((1, 0), (1, 1), (1, 2), (2, 0), (2, 1))}
    programme = {"option": "all", "start": "2026-03", "share": 0.5}
    strong = computed(home, engine, costs=costs, programme=programme)
    other = computed(home, engine, name="弱链", tightened={"suppliers": ["3301-0"], "factor": 0.5})
    query = {"scenario": [strong.id, other.id], "level": "3"}
    page = national.get("/board/scenarios", params=query)
    assert page.status_code == 200
    for words in (
        "As it stands",
        "强省",
        "弱链",
        "touches 7 enterprises",
        "CNY 2.50 million",
        "another common cause",
    ):
        assert words in page.text, words
    assert "targets stay below 1" in page.text
    assert page.text.count(">100") + page.text.count("&gt;99") >= 2, "the province's own target is sure"
    assert "no change" in page.text, "at level 4 nothing differs"


def test_mine_is_taken_back_and_others_have_no_button(national, home, engine, client_of):
    kept = computed(home, engine)
    other = client_of(person(regions=("33",), name="wang"))
    assert "Take back" not in other.get("/board/scenarios").text
    assert other.post(f"/board/scenarios/{kept.id}/take-back", data={"version": 1}).status_code == 403
    assert "Take back" in national.get("/board/scenarios").text
    answer = national.post(f"/board/scenarios/{kept.id}/take-back", data={"version": 1})
    assert answer.status_code == 303
    assert every(engine) == []


def test_a_scenario_that_is_gone_is_not_found(national):
    assert national.get("/board/scenarios", params={"scenario": "0" * 32}).status_code == 404
