"""Where help works, by API and page, against a portfolio and options that are written down."""

import html
import re

import httpx
import pytest

from features.settings import Settings
from serving.access import LOCAL_ADMINISTRATOR, Role
from serving.web.app import create_app
from serving.web.language import language
from tests.serving.planner.conftest import write_home
from tests.serving.province import served

HALF_YEAR = {"level": 3, "by": "2026-06"}


def get(client, path="", **query):
    answer = client.get(f"/api/v1/assistance{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def words(page):
    text = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_the_cheapest_set_for_a_question_of_ones_own(national):
    found = get(national, count=1, percent=90, **HALF_YEAR)
    assert (found["outcome"], found["with_options"]) == ("found", 2)
    best = found["best"]
    assert [one["enterprise_id"] for one in best["helped"]] == ["3301-0"]
    assert (best["cost"], best["probability"]) == (2e5, 1.0)
    assert best["helped"][0]["actions"][0]["from"] == 1.0
    assert best["helped"][0]["before"] == 0.5
    assert (best["helped"][0]["after"], best["helped"][0]["weak"]) == (1.0, 0.5)


def test_limits_are_read_from_the_address(national):
    poor = get(national, count=1, percent=90, budget=150000, **HALF_YEAR)
    assert (poor["outcome"], poor["budget"]) == ("short", 150000)
    assert poor["best"]["cost"] <= 150000
    assert get(national, count=1, percent=90, most=0, **HALF_YEAR)["best"]["enterprises"] == 0
    elsewhere = get(national, count=1, percent=90, help_region="42", **HALF_YEAR)
    assert (elsewhere["outcome"], elsewhere["with_options"]) == ("no_options", 0)
    assert get(national, count=1, percent=90, size="large", **HALF_YEAR)["open"] == 1


def test_a_target_that_is_set_can_be_asked_about(national, regional):
    found = get(regional, target="省计划-2026-06-assurance")
    assert (found["wanted"], found["level"], found["by"]) == (2, 3, "2026-06")
    assert found["before"] == pytest.approx(0.25)
    assert national.get("/api/v1/assistance", params={"target": "none"}).status_code == 422
    past = national.get("/api/v1/assistance", params={"level": 3, "by": "2025-06", "count": 1})
    assert past.status_code == 422
    assert past.headers["content-type"] == "application/problem+json"


def test_without_a_count_one_more_than_is_likely_anyway_is_asked(national):
    assert get(national, percent=60, **HALF_YEAR)["wanted"] == 1


def test_who_sees_numbers_only_reads_no_action_by_name(regional):
    found = get(regional, count=1, percent=90, **HALF_YEAR)
    (helped,) = found["best"]["helped"]
    assert (helped["action_count"], helped["actions"]) == (1, [])
    assert helped["cost"] == 2e5
    page = regional.get("/board/assistance", params={"count": 1, "percent": 90, "lang": "en", **HALF_YEAR})
    assert "p1 参数" not in page.text


def test_it_is_for_planners(client_of):
    engineer = client_of(Role.ENGINEER, enterprises=("3301-0",))
    for path in ("", "/one-short", "/falling"):
        assert engineer.get(f"/api/v1/assistance{path}").status_code == 403
    assert engineer.get("/board/assistance").status_code == 403


def test_lists_are_paged(national):
    for path in ("/one-short", "/falling"):
        page = get(national, path, limit=1, **({"least": 0.0} if path == "/falling" else {"level": 3}))
        assert len(page["items"]) == min(page["total"], 1)


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("basis", ["performance", "grade"])
def test_the_page_in_both_languages(national, code, basis):
    t = language(code)
    query = {"count": 1, "percent": 90, "lang": code, "basis": basis, **HALF_YEAR}
    answer = national.get("/board/assistance", params=query)
    assert answer.status_code == 200
    text = words(answer.text)
    for key in ("title", "helped", "frontier", "short", "fall"):
        assert t(f"assistance.{key}") in text
    assert "3301-0 厂" in text
    # By hand nobody's management items are above the level of today: the whole grade is capped.
    assert ("capped by management" in text or "受管理项限制" in text) == (basis == "grade")


def test_an_empty_form_is_a_question_too(national):
    fields = ("target", "count", "budget", "most", "help_region", "region", "industry", "size", "chain")
    answer = national.get(
        "/board/assistance", params={**dict.fromkeys(fields, ""), "by": "2026-06", "level": 2}
    )
    assert answer.status_code == 200
    refused = national.get("/board/assistance", params={"by": "2024-06", "count": 1})
    assert refused.status_code == 422
    assert language("en")("assistance.refused.title") in words(refused.text)


def test_before_options_are_published_it_says_so(tmp_path):
    write_home(tmp_path / "home")
    app = create_app(Settings(home=tmp_path / "home"), open_to=LOCAL_ADMINISTRATOR)
    with served(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/api/v1/assistance").status_code == 404
        assert "zhuoyue publish" in client.get("/board/assistance").text
