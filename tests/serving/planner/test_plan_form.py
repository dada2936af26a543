"""Asking for a plan in the browser: a form, a job, and its page."""

import html
import re

import pytest

from serving.access import LOCAL_ADMINISTRATOR
from serving.web.language import language

EN = language("en")
FORM = {"level": "3", "by": "2026-06", "percent": "70", "scope": "performance", "budget": ""}


@pytest.fixture(scope="module")
def client(desk_of):
    return desk_of(LOCAL_ADMINISTRATOR)


def test_without_a_plan_the_page_says_how_to_get_one(client):
    text = html.unescape(client.get("/plans/3301-0").text)
    assert EN("plan.none.title") in text
    assert "zhuoyue plan reach --enterprise 3301-0" in text


def test_the_form_makes_a_job(client):
    answer = client.post("/plans/3301-0", data=FORM)
    assert answer.status_code == 303
    job = re.fullmatch(r"/jobs/([\w-]+)", answer.headers["location"]).group(1)
    found = client.get(f"/api/v1/jobs/{job}").json()
    assert found["kind"] == "plan"
    assert found["arguments"]["probability"] == pytest.approx(0.7)
    assert found["arguments"]["enterprise_id"] == "3301-0"


@pytest.mark.parametrize("change", [{"level": "7"}, {"by": "soon"}, {"scope": "all"}, {"budget": "-1"}])
def test_a_wish_that_makes_no_sense_makes_none(client, change):
    answer = client.post("/plans/3301-0", data=FORM | change)
    assert answer.status_code == 422
    assert EN("plan.refused.title") in html.unescape(answer.text)


def test_only_for_whom_the_details_are(zhejiang, plant_engineer):
    assert zhejiang.post("/plans/3301-0", data=FORM).status_code == 404
    assert plant_engineer.post("/plans/3302-0", data=FORM).status_code == 404
