"""The page of a kept plan over HTTP, and its figures."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from features.settings import Settings
from models.kept_plans import keep
from models.plans import Assumed, reach
from serving.access import LOCAL_ADMINISTRATOR
from serving.web import figures_plans
from serving.web.app import create_app
from serving.web.language import language
from serving.web.views.plan import plan_view
from tests.models.plans.plant import Lever, goal, plant
from tests.serving import province

LEVERS = {"furnace": Lever(-0.2, 10_000.0), "speed": Lever(-0.2, None)}
BETTER = {"ftq": 0.975, "cpk": 1.7, "internal_loss": 0.01, "external_loss": 0.008}


def planned(enterprise: str, **asked: object):
    found = reach(plant(LEVERS, items={"qms": 2}, values=BETTER), goal(**asked))
    return found.model_copy(
        update={"goal": found.goal.model_copy(update={"enterprise_id": enterprise}), "made_at": "2027-01-05"}
    )


@pytest.fixture(scope="module")
def kept_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home: Settings = province.with_records(tmp_path_factory)
    keep(home, planned("E0001"))
    keep(home, planned("E0002", level=4, assumed=(Assumed(item="qms", level=4, since="2027-03"),)))
    with (
        province.served(create_app(home, open_to=LOCAL_ADMINISTRATOR)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


def test_an_enterprise_leads_to_its_plan(kept_site) -> None:
    assert 'href="/plans/E0001"' in kept_site.get("/enterprises/E0001").text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ("cheapest set of actions (2)", "CNY 10.0 thousand", "not stated", "never assessed")),
        ("zh", ("成本最低的组合（2 项措施）", "1.00 万元", "未填报", "尚未评价")),
    ],
)
def test_the_page_says_steps_cost_and_what_is_in_the_way(kept_site, code, words) -> None:
    page = kept_site.get("/plans/E0001", params={"lang": code})
    assert page.status_code == 200
    for word in words:
        assert word in page.text
    assert "plan-chances-data" in page.text


def test_two_ways_stand_side_by_side_and_assumptions_are_called_that(kept_site) -> None:
    page = kept_site.get("/plans/E0002", params={"lang": "en"}).text
    assert "Step by step" in page
    assert "Assumed, not foretold" in page
    assert "what is missing" in page


def test_without_a_plan_the_page_says_how_to_make_one(kept_site) -> None:
    page = kept_site.get("/plans/E0003", params={"lang": "en"})
    assert page.status_code == 200
    assert "zhuoyue plan reach --enterprise E0003" in page.text
    assert kept_site.get("/plans/nobody").status_code == 404


def test_the_plan_as_json(kept_site) -> None:
    found = kept_site.get("/api/v1/enterprises/E0001/plan").json()
    assert found["goal"]["enterprise_id"] == "E0001"
    assert found["ways"][0]["steps"][0]["from"] == 0.0
    assert kept_site.get("/api/v1/enterprises/E0003/plan").status_code == 404


def test_lines_stand_at_their_months_and_the_asked_for_is_dotted() -> None:
    t = language("en")
    drawn = figures_plans.chances(t, ["2027-01", "2027-02"], [("a", [0.1, 0.2]), ("b", [0.5, 0.9])], 0.8)
    assert [line["y"] for line in drawn["data"]] == [[0.1, 0.2], [0.5, 0.9]]
    assert drawn["layout"]["shapes"][0]["y0"] == 0.8
    bought = figures_plans.frontier(
        t, [{"cost": 0, "probability": 0.1}, {"cost": 5e5, "probability": 0.9}], 0.8
    )
    assert bought["data"][0]["line"]["shape"] == "hv"
    assert all(0 <= tick <= 5.2e5 for tick in bought["layout"]["xaxis"]["tickvals"])


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_outcome_and_scope_has_its_words(code) -> None:
    asked = [{}, {"budget": 1.0}, {"level": 2}, {"scope": "grade", "measure": "held", "at_once": 1}]
    for one in asked:
        plan = planned("E0001", **one).model_dump(by_alias=True)
        view = plan_view(language(code), plan, {}, model_version="by hand")
        assert view["outcome"]
        assert len(view["binding"]) == 5
    nothing = reach(plant({}), goal()).model_dump(by_alias=True) | {"made_at": "2027-01-05"}
    assert plan_view(language(code), nothing, {}, model_version="other")["ways"][0]["steps"] == []
