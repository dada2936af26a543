"""Every request has an id, is counted and leaves one line that holds nothing secret."""

import json
import re

import httpx
import pytest
import structlog

from serving.access import EVERYTHING, LOCAL_ADMINISTRATOR, Person, Role
from serving.web.app import create_app
from tests.serving import province


@pytest.fixture(scope="module")
def client(records_home):
    app = create_app(records_home, open_to=LOCAL_ADMINISTRATOR)
    with province.served(app) as url, httpx.Client(base_url=url, timeout=60) as opened:
        yield opened


def metric(client, name, **labels):
    text = client.get("/metrics").text
    wanted = {f'{key}="{value}"' for key, value in labels.items()}
    for line in text.splitlines():
        found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if found and found[1] == name and wanted <= set(re.findall(r'\w+="[^"]*"', found[2] or "")):
            return float(found[3])
    return 0.0


def test_a_plain_id_of_the_caller_is_kept_and_any_other_replaced(client):
    kept = client.get("/healthz", headers={"x-request-id": "from-proxy_7.a"})
    assert kept.headers["x-request-id"] == "from-proxy_7.a"
    for bad in ("", "a b", "x" * 65, '"},{"', "é"):
        made = client.get("/healthz", headers={"x-request-id": bad.encode()}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_problems_and_failures_name_their_request(client, records_home):
    answer = client.get("/api/v1/enterprises/none", headers={"x-request-id": "p-1"})
    assert answer.status_code == 404
    assert answer.json()["request_id"] == "p-1"
    too_large = client.post("/api/v1/enterprises", content=b"x" * 200_000, headers={"x-request-id": "p-2"})
    assert (too_large.status_code, too_large.json()["request_id"]) == (413, "p-2")


def test_requests_are_counted_by_route_and_status_not_by_address(client):
    asked = {"method": "GET", "route": "/healthz", "status": "200"}
    before = metric(client, "zhuoyue_requests_total", **asked)
    client.get("/healthz")
    assert metric(client, "zhuoyue_requests_total", **asked) == before + 1
    client.request("BREW", "/healthz")
    client.get("/made/up/address")
    client.get("/api/v1/enterprises/E0001/grade")
    text = client.get("/metrics").text
    assert "/made/up" not in text
    assert "BREW" not in text
    assert "E0001" not in text
    assert 'route="/api/v1/enterprises/{enterprise_id:path}/grade"' in text
    assert metric(client, "zhuoyue_request_seconds_count", route="/healthz") >= before + 1


def test_metrics_tell_of_imports_and_of_the_journal(client):
    assert metric(client, "zhuoyue_imports") == 1
    assert metric(client, "zhuoyue_record_rows") > 1000
    assert metric(client, "zhuoyue_journal_entries") > 0
    assert metric(client, "zhuoyue_requests_in_flight") == 1  # the one that asks


def test_metrics_are_for_who_watches_over_the_service(records_home):
    engineer = Person("li", frozenset({Role.ENGINEER}), EVERYTHING)
    for person, status in ((engineer, 403), (Person("m", frozenset({Role.SCIENTIST}), EVERYTHING), 200)):
        with province.served(create_app(records_home, open_to=person)) as url:
            assert httpx.get(f"{url}/metrics", timeout=60).status_code == status


def test_a_line_a_request_without_query_or_headers(client):
    with structlog.testing.capture_logs() as lines:
        client.get(
            "/api/v1/enterprises?q=hidden",
            headers={"authorization": "Bearer zy_secret", "cookie": "a=secret", "x-request-id": "l-1"},
        )
        client.get("/healthz")
    (line,) = [one for one in lines if one["event"] == "request"]
    assert (line["request_id"], line["method"], line["path"], line["status"], line["who"]) == (
        "l-1", "GET", "/api/v1/enterprises", 200, LOCAL_ADMINISTRATOR.name,
    )  # fmt: skip
    assert line["bytes"] > 0
    assert line["ms"] > 0
    assert not {"secret", "hidden"} & set(re.findall(r"\w+", json.dumps(line)))


def test_a_stopping_server_is_not_ready_and_closes_its_connections(records_home):
    app = create_app(records_home, open_to=LOCAL_ADMINISTRATOR)
    with province.served(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/readyz").status_code == 200
        app.state.stopping.set()
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.headers["connection"] == "close"
        assert client.get("/healthz").status_code == 200
