"""The charts of an enterprise over HTTP: pages and rows tell the same, and only to whom they may."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from features.capability import capability
from features.control_charts import chart, defect_pareto, loss_pareto, overview, yield_steps
from features.settings import Settings
from features.store import Store
from serving.access import Person, Role, Scope
from serving.chart_asking import first
from serving.web.app import create_app
from tests.serving import province

API = "/api/v1/enterprises/E0002"
SINCE = "2024-01"


@pytest.fixture(scope="module")
def site(records_site: httpx.Client) -> httpx.Client:
    return records_site


@pytest.fixture(scope="module")
def store(records_home: Settings) -> Iterator[Store]:
    with Store.open(records_home) as opened:
        yield opened


def figures(page: str) -> dict[str, dict]:
    found = re.findall(r'<script type="application/json" id="([\w-]+)-data">(.*?)</script>', page)
    return {name: json.loads(text) for name, text in found}


def test_a_page_draws_every_kind_of_chart(site) -> None:
    page = site.get("/charts/E0002", params={"lang": "en"}).text
    assert set(figures(page)) == {
        "spc-0",
        "spc-1",
        "histogram",
        "pareto-losses",
        "pareto-defects",
        "waterfall",
    }
    for word in ("Western Electric", "Cpk (95", "As a table", "Takes from the whole"):
        assert word in page
    assert 'href="/charts/E0002"' in site.get("/enterprises/E0002").text


def test_every_figure_has_ticks_that_the_script_thins(site) -> None:
    for subject in ("", "process:10", "deliveries:"):
        for name, figure in figures(site.get("/charts/E0002", params={"subject": subject}).text).items():
            assert figure["layout"]["xaxis"]["tickvals"] is not None, name
            assert {"l", "r"} <= set(figure["layout"]["margin"])


def test_what_is_drawn_is_what_was_asked_for(site) -> None:
    asked = {"subject": "process:10", "kind": "u", "rules": "nelson", "by": "month", "since": "2023-01"}
    page = site.get(
        "/charts/E0002", params={**asked, "until": "2023-12", "baseline": "2023-06", "lang": "en"}
    ).text
    drawn = figures(page)["spc-0"]
    points = next(trace for trace in drawn["data"] if trace["mode"] == "lines+markers")
    assert len(points["x"]) == 12
    assert drawn["layout"]["shapes"][0]["x0"] == 5.5, "the baseline ends after six months"
    assert "u chart" in page
    assert '<option value="nelson" selected>' in page


def test_a_kind_that_does_not_fit_is_said_and_left_to_the_data(site) -> None:
    page = site.get("/charts/E0002", params={"subject": "process:10", "kind": "xbar_r", "lang": "en"})
    assert page.status_code == 200
    assert "does not fit" in page.text
    wrong = site.get("/charts/E0002", params={"exclude": "4000", "lang": "en"})
    assert wrong.status_code == 200
    assert "cannot be drawn" in wrong.text


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("kind", ["ewma", "cusum", "i_mr", "xbar_s"])
def test_every_kind_is_drawn_in_both_languages(site, code, kind) -> None:
    page = site.get(
        "/charts/E0001", params={"subject": "characteristic:diameter", "kind": kind, "lang": code}
    )
    assert page.status_code == 200
    assert "spc-0" in figures(page.text)


def test_points_are_those_of_the_chart(site, store) -> None:
    found = site.get(f"{API}/control-chart", params={"characteristic": "diameter", "since": SINCE}).json()
    expected = chart(store, "E0002", "diameter", since=first(SINCE))
    assert found["total"] == 2 * len(expected.labels)
    assert [point["statistic"] for point in found["points"][: len(expected.labels)]] == pytest.approx(
        list(expected.statistic)
    )
    assert {point["chart"] for point in found["points"]} == {expected.kind, expected.beside.kind}
    signalling = [
        point["point"] for point in found["points"] if point["rules"] and point["chart"] == expected.kind
    ]
    assert signalling == [at + 1 for at in range(len(expected.labels)) if expected.rules_at(at)]
    page = site.get(
        f"{API}/control-chart", params={"characteristic": "diameter", "limit": 5, "offset": 3}
    ).json()
    assert [point["point"] for point in page["points"]] == [4, 5, 6, 7, 8]


def test_rows_are_those_of_the_engines(site, store) -> None:
    days = {"since": SINCE}
    listed = site.get(f"{API}/control-charts", params=days).json()["items"]
    assert [row["signalling"] for row in listed] == list(overview(store, "E0002", first(SINCE))["signalling"])
    able = site.get(f"{API}/capability", params=days).json()["items"]
    expected = capability(store, first(SINCE), None, ("E0002",))
    assert [row["cpk"] for row in able] == pytest.approx(list(expected["cpk"]))
    losses = site.get(f"{API}/pareto", params=days).json()["items"]
    assert losses == [row._asdict() for row in loss_pareto(store, "E0002", first(SINCE))]
    defects = site.get(f"{API}/pareto", params={**days, "of": "defects", "process": "10"}).json()["items"]
    assert defects == [row._asdict() for row in defect_pareto(store, "E0002", "10", first(SINCE))]
    steps = site.get(f"{API}/yield-steps", params=days).json()["items"]
    assert [one["rolled"] for one in steps] == [
        one.rolled for one in yield_steps(store, "E0002", first(SINCE))
    ]


def test_a_histogram_counts_every_value(site) -> None:
    found = site.get(f"{API}/histogram", params={"characteristic": "diameter"}).json()
    assert len(found["edges"]) == len(found["counts"]) + 1
    able = site.get(f"{API}/capability").json()["items"]
    assert sum(found["counts"]) == next(one["n"] for one in able if one["characteristic_id"] == "diameter")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/control-chart", 422),
        ("/control-chart?process=10&deliveries=true", 422),
        ("/control-chart?process=nope", 404),
        ("/control-chart?characteristic=nope", 404),
        ("/control-chart?characteristic=diameter&kind=p", 422),
        ("/control-chart?process=10&exclude=999999", 422),
        ("/histogram?characteristic=nope", 404),
        ("/control-charts?since=2024-02-31", 422),
        ("/control-charts?since=2024-W60", 422),
        ("/pareto?of=losses&process=10", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem(site, path, status) -> None:
    answer = site.get(f"{API}{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["detail"]


def test_an_answer_that_the_reader_has_is_not_sent_again(site) -> None:
    answer = site.get(f"{API}/yield-steps")
    again = site.get(f"{API}/yield-steps", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_charts_are_details(records_home) -> None:
    planner = Person("p", frozenset({Role.PLANNER}), Scope(regions=("33",)))
    engineer = Person("e", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"E0001"})))
    for person, seen in ((planner, ()), (engineer, ("E0001",))):
        app = create_app(records_home, open_to=person)
        with province.served(app) as url, httpx.Client(base_url=url, timeout=60) as client:
            for name in ("E0001", "E0002", "nobody"):
                status = 200 if name in seen else 404
                assert client.get(f"/charts/{name}").status_code == status
                assert client.get(f"/api/v1/enterprises/{name}/yield-steps").status_code == status
