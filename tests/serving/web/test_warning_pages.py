"""Warnings in the browser and by API: seen by whom they may be, acknowledged once, addressed as asked."""

import re
import shutil
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from features.control_charts.rules import RULES as OFFICIAL
from features.settings import Settings
from features.store import Store
from features.store.database import open_database
from serving.access import LOCAL_ADMINISTRATOR
from serving.warnings.finding import Finding, Kind, Look
from serving.warnings.register import reconcile
from serving.web.app import create_app
from serving.web.language import CODES, language
from serving.web.warning.views import measured
from serving.web.warning.words import RULES, said
from tests.serving import province
from tests.serving.warned import ENGINEER, PLANNER, chance, chart, charts, forecasts

HOSTILE = '<script>alert("x")</script>\'&'
LEVEL = Finding(
    Kind.LEVEL,
    "E2",
    "level",
    "2025-06",
    0.9,
    {"level": 4, "scope": "performance", "chances": [["2025-06", 0.9]]},
)
DRIFT = Finding(
    Kind.DRIFT, None, "input\tmonth\tftq", "2024-09", 3.0,
    {"kind": "input", "frequency": "month", "what": "ftq missing", "since": "2024-09", "shift": 2.0,
     "p_value": 0.001, "means": ""},
)  # fmt: skip
SILENT = Finding(
    Kind.STALE, "E2", "records", "2024-11", 3.0, {"what": "records", "last": "2024-11", "behind": 3}
)
NOBODY = Finding(
    Kind.STALE, None, "records", "2024-11", 3.0, {"what": "records", "last": "2024-11", "behind": 3}
)
OLD = Finding(
    Kind.STALE,
    None,
    "outlook",
    "2024-11",
    1.0,
    {"what": "outlook", "created_at": "2024-11-03T10:00:00+00:00"},
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home with two enterprises and nine warnings, to copy."""
    home = Settings(home=tmp_path_factory.mktemp("warning-pages") / "home", threads=1)
    quoted = HOSTILE.replace('"', '""')
    rows = f'enterprise_id,name,region_code\nE1,"{quoted}",330200\nE2,Two,440100\n'
    home.home.mkdir()
    (home.home / "enterprises.csv").write_text(rows, encoding="utf-8")
    with Store.open(home) as store:
        store.import_paths([home.home / "enterprises.csv"])
    engine = open_database(home)
    looks = [
        charts(chart(3.0), chart(3.2, "E2")),
        forecasts(chance(0.85), chance(0.6, "E2")),
        Look.of(Kind.LEVEL, [LEVEL], enterprises=2),
        Look.of(Kind.DRIFT, [DRIFT], tests=9),
        Look.of(Kind.STALE, [SILENT, OLD], enterprises=2),
    ]
    reconcile(engine, looks, [])
    engine.dispose()
    return home.home


@pytest.fixture
def warned(made, tmp_path):
    return Settings(home=Path(shutil.copytree(made, tmp_path / "home")), threads=1)


@pytest.fixture
def visit(warned):
    with ExitStack() as open_now:

        def as_person(person=LOCAL_ADMINISTRATOR):
            address = open_now.enter_context(province.served(create_app(warned, open_to=person)))
            client = httpx.Client(
                base_url=address, headers={"accept-language": "en"}, follow_redirects=True, timeout=30
            )
            return open_now.enter_context(client)

        yield as_person


def test_the_page_says_what_waits_and_never_more_than_text(visit):
    page = visit().get("/warnings")
    assert page.status_code == 200
    assert page.text.count("warn-row warn-open") == 7  # not the forecast below 80 %
    assert "Process Testing (20): more nonconforming units" in page.text
    assert HOSTILE not in page.text
    assert 'class="count-badge">7<' in page.text
    assert 'href="/charts/E1?subject=process%3A20"' in page.text


@pytest.mark.parametrize("code", CODES)
def test_every_kind_has_words_in_both_languages(code):
    t = language(code)
    for one in (chart(3.0), chance(0.85), LEVEL, DRIFT, SILENT, NOBODY, OLD):
        words = said(t, one.kind, one.enterprise_id, one.facts, 0.8)
        assert words.title
        assert words.detail
        assert words.url.startswith("/")
        assert "{" not in words.title + words.detail


@pytest.mark.parametrize(
    ("person", "kinds"),
    [
        (ENGINEER, {("chart", "E1"), ("forecast", "E1")}),
        (PLANNER, {("forecast", "E1")}),
        (LOCAL_ADMINISTRATOR, {("chart", "E1"), ("chart", "E2"), ("forecast", "E1"), ("forecast", "E2"),
                               ("level", "E2"), ("drift", None), ("stale", "E2"), ("stale", None)}),
    ],
    ids=["engineer of E1", "planner of 33", "administrator"],
)  # fmt: skip
def test_everybody_sees_what_their_scope_allows(visit, person, kinds):
    client = visit(person)
    found = client.get("/api/v1/warnings").json()["items"]
    assert {(one["kind"], one["enterprise_id"]) for one in found} == kinds
    everything = visit().get("/api/v1/warnings").json()["items"]
    for one in everything:
        seen = (one["kind"], one["enterprise_id"]) in kinds
        assert client.get(f"/api/v1/warnings/{one['id']}").status_code == (200 if seen else 404)
        noted = client.post(f"/api/v1/warnings/{one['id']}/acknowledge", json={"note": ""})
        assert noted.status_code == (200 if seen else 404)


def test_filters_pages_and_tags(visit):
    client = visit()
    some = client.get("/api/v1/warnings", params={"kind": "chart", "limit": 1})
    assert (some.json()["total"], len(some.json()["items"])) == (2, 1)
    assert client.get("/api/v1/warnings", params={"chance": 0.8, "kind": "forecast"}).json()["total"] == 1
    again = client.get(
        "/api/v1/warnings",
        params={"kind": "chart", "limit": 1},
        headers={"if-none-match": some.headers["etag"]},
    )
    assert again.status_code == 304
    assert client.get("/api/v1/warnings", params={"kind": "noise"}).status_code == 422
    assert client.get("/api/v1/warnings/99999").headers["content-type"] == "application/problem+json"


def test_somebody_faster_is_not_written_over(visit):
    client = visit()
    one = client.get("/api/v1/warnings").json()["items"][0]
    path = f"/api/v1/warnings/{one['id']}"
    tag = client.get(path).headers["etag"]
    done = client.post(f"{path}/acknowledge", json={"note": "seen"}, headers={"if-match": tag})
    assert (done.status_code, done.json()["state"], done.json()["note"]) == (200, "acknowledged", "seen")
    assert client.post(f"{path}/acknowledge", json={}, headers={"if-match": tag}).status_code == 412
    assert client.post(f"{path}/acknowledge", json={}, headers={"if-match": "x"}).status_code == 412


def test_the_form_acknowledges_and_the_badge_counts_down(visit):
    client = visit()
    page = client.get("/warnings").text
    number = re.search(r'action="/warnings/(\d+)/acknowledge"', page).group(1)
    after = client.post(f"/warnings/{number}/acknowledge", data={"note": HOSTILE, "version": "1"})
    assert after.status_code == 200
    assert 'class="count-badge">6<' in after.text
    seen = client.get("/warnings?state=acknowledged").text
    assert "&lt;script&gt;" in seen
    assert HOSTILE not in seen
    assert client.post(f"/warnings/{number}/acknowledge", data={"version": "1"}).status_code == 409
    assert client.post("/warnings/99999/acknowledge", data={}).status_code == 404


def test_a_choice_for_the_page_is_what_list_and_badge_follow(visit):
    client = visit()
    made = client.post(
        "/api/v1/warning-subscriptions", json={"channel": "page", "chance": 0.55, "kinds": ["forecast"]}
    )
    assert made.status_code == 201
    page = client.get("/warnings").text
    assert page.count("warn-row warn-open") == 2
    assert 'class="count-badge">2<' in page
    twice = client.post("/api/v1/warning-subscriptions", json={"channel": "page"})
    assert twice.status_code == 422


def test_subscriptions_are_ones_own(visit):
    mine, others = visit(ENGINEER), visit(PLANNER)
    made = mine.post(
        "/api/v1/warning-subscriptions", json={"channel": "webhook", "address": "https://example.org/x"}
    )
    path = made.headers["location"]
    assert mine.get(path).json()["address"] == "https://example.org/x"
    assert mine.get(f"{path}/secret").json()["secret"].startswith("whsec_")
    for answer in (
        others.get(path), others.get(f"{path}/secret"), others.get(f"{path}/deliveries"), others.delete(path),
        others.post(f"{path}/test"), others.put(path, json={"channel": "webhook"}),
    ):  # fmt: skip
        assert answer.status_code == 404
    tag = mine.get(path).headers["etag"]
    body = {"channel": "webhook", "address": "https://example.org/y", "rhythm": "daily"}
    assert mine.put(path, json=body, headers={"if-match": tag}).json()["rhythm"] == "daily"
    assert mine.put(path, json=body, headers={"if-match": tag}).status_code == 412
    assert mine.post(f"{path}/test").json()["items"][0]["what"] == "test"
    assert mine.delete(path).status_code == 204
    assert mine.get("/api/v1/warning-subscriptions").json()["total"] == 0


REFUSED = [
    {"channel": "webhook", "address": "http://example.org/"},
    {"channel": "webhook", "address": "https://169.254.169.254/latest/meta-data"},
    {"channel": "webhook", "address": "https://[::1]/"},
    {"channel": "webhook", "address": ""},
    {"channel": "webhook", "address": "https://example.org/", "enterprises": ["E2"]},
    {"channel": "webhook", "address": "https://example.org/", "chance": 0.2},
    {"channel": "mail", "address": "li@example.org"},  # nobody set up a mail server
    {"channel": "mqtt"},
    {"channel": "page", "address": "https://example.org/"},
    {"channel": "carrier pigeon"},
]


def test_what_cannot_be_had_is_refused_with_words(visit):
    client = visit(ENGINEER)
    for wanted in REFUSED:
        answer = client.post("/api/v1/warning-subscriptions", json=wanted)
        assert answer.status_code == 422, wanted
        assert answer.headers["content-type"] == "application/problem+json"


def test_mqtt_is_for_administrators(visit, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_MQTT_URL", "mqtt://127.0.0.1:1883")
    assert visit(ENGINEER).post("/api/v1/warning-subscriptions", json={"channel": "mqtt"}).status_code == 422
    assert visit().post("/api/v1/warning-subscriptions", json={"channel": "mqtt"}).status_code == 201


def test_the_form_keeps_what_was_written_and_says_what_is_wrong(visit):
    client = visit(ENGINEER)
    written = {"channel": "webhook", "address": f"http://{HOSTILE}", "enterprises": "E1"}
    refused = client.post("/warnings/subscriptions", data=written)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert HOSTILE not in refused.text
    kept = client.post("/warnings/subscriptions", data=written | {"address": "https://example.org/x"})
    assert kept.status_code == 200
    number = re.search(r'id="s(\d+)"', kept.text).group(1)
    assert "https://example.org/x" in client.get(f"/warnings/subscriptions?edit={number}").text
    assert client.get("/warnings/subscriptions?edit=999").status_code == 404
    tried = client.post(f"/warnings/subscriptions/{number}/test")
    assert "Trial" in tried.text
    ended = client.post(f"/warnings/subscriptions/{number}/end")
    assert f'id="s{number}"' not in ended.text


def test_rules_are_named_as_the_charts_name_them():
    assert {rule.number: rule.name for rule in OFFICIAL["western_electric"]} == RULES


def test_what_was_measured_is_stated_and_within_what_was_promised(visit):
    told = measured()
    assert told["plants"] >= 400
    assert max(row["low"] for row in told["alarms"]) <= told["asked_for"]  # none is surely above it
    page = visit().get("/warnings").text
    assert "Measured on simulated stable plants" in page
    assert page.count("<tr><th") >= len(told["alarms"])
