"""What strangers may try: hostile ids, large bodies, other methods, other hosts; and what they never see."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from pydantic import SecretStr

from features.settings import Settings
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from serving.web.guard import HEADERS, LARGEST_BODY
from serving.web.reading import State
from tests.serving.province import served

HOSTILE = [
    "..%2F..%2F..%2Fetc%2Fpasswd",
    "%2e%2e",
    "%00",
    "<script>alert(1)</script>",
    "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "{{7*7}}",
    "E0001'%20OR%20'1'='1",
    "\N{RIGHT-TO-LEFT OVERRIDE}E0001",
    "x" * 5000,
]


def is_problem(response: httpx.Response, status: int) -> dict:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert "Traceback" not in response.text
    return body


@pytest.mark.parametrize(
    "path", ["/enterprises/{}", "/api/v1/enterprises/{}", "/api/v1/enterprises/{}/grade"]
)
@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:20])
def test_hostile_ids_are_nobody(site, path, name):
    response = site.get(path.format(name))
    assert response.status_code in {404, 422}
    assert "root:" not in response.text
    if path.startswith("/api/"):
        is_problem(response, response.status_code)
        return
    assert "<script>alert" not in response.text
    assert "<img src=x" not in response.text
    assert ">49<" not in response.text


@pytest.mark.parametrize(
    "name", ["..%2f..%2fpages.py", "../app.py", "%2e%2e", "palette.css%00", "nothing.js"]
)
def test_assets_are_only_ours(site, name):
    assert site.get(f"/assets/{name}").status_code == 404


def test_hostile_search_is_escaped(site):
    response = site.get("/", params={"q": '"><script>alert(1)</script>', "sort": "<b>", "level": "<i>"})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "<b>" not in re.sub(r"<b>[\d,]+</b>", "", response.text)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/enterprises/E0001", 200),
        ("/api/v1/enterprises", 200),
        ("/docs", 200),
        ("/openapi.json", 200),
        ("/assets/page.css", 200),
        ("/nothing", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/enterprises?limit=0", 422),
    ],
)
def test_every_answer_carries_the_security_headers(site, path, status):
    response = site.get(path)
    assert response.status_code == status
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert "server" not in response.headers or "uvicorn" in response.headers["server"]


def test_no_script_may_run_that_is_not_ours():
    policy = dict(part.split(" ", 1) for part in HEADERS["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed(site, method):
    for path in ("/", "/enterprises/E0001", "/api/v1/enterprises", "/api/v1/enterprises/E0001/grade"):
        is_problem(site.request(method, path), 405)


def test_a_large_body_is_refused_before_it_is_read(site):
    body = is_problem(site.post("/api/v1/enterprises", content=b"x" * (LARGEST_BODY + 1)), 413)
    assert str(LARGEST_BODY) in body["detail"]


@pytest.mark.parametrize(
    ("query", "path", "found"),
    [
        ({"limit": "many"}, "query.limit", "many"),
        ({"limit": 1001}, "query.limit", "1001"),
        ({"offset": -1}, "query.offset", "-1"),
    ],
)
def test_a_bad_question_says_what_and_where(site, query, path, found):
    fault = is_problem(site.get("/api/v1/enterprises", params=query), 422)["errors"][0]
    assert (fault["path"], fault["found"]) == (path, found)
    assert fault["allowed"]


@pytest.mark.parametrize("as_of", ["2025-13", "2025", "2025-1", "x", "2025-01-01", "2025-W01"])
def test_a_bad_month_is_refused(site, as_of):
    is_problem(site.get("/api/v1/enterprises/E0001/grade", params={"as_of": as_of}), 422)


def test_an_unknown_enterprise_is_named(site):
    body = is_problem(site.get("/api/v1/enterprises/E9999"), 404)
    assert "'E9999'" in body["detail"]
    assert body["instance"] == "/api/v1/enterprises/E9999"


class Broken:
    """A reading whose store has burnt down."""

    def state(self) -> State:
        raise RuntimeError("secret path /var/lib/zhuoyue")

    def enterprises(self) -> dict:
        raise RuntimeError("secret path /var/lib/zhuoyue")

    grades = parameters = enterprises

    def history(self, enterprise_id: str) -> list:
        return []


def test_a_failure_is_logged_and_not_shown(capfd):
    with served(create_app(Settings(), reading=Broken(), open_to=LOCAL_ADMINISTRATOR)) as url:
        program = is_problem(httpx.get(f"{url}/api/v1/enterprises"), 500)
        page = httpx.get(f"{url}/")
        ready = is_problem(httpx.get(f"{url}/readyz"), 503)
    assert page.status_code == 500
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["x-content-type-options"] == "nosniff"
    for text in (json.dumps(program), page.text, json.dumps(ready)):
        assert "secret" not in text
        assert "Traceback" not in text
    logged = capfd.readouterr().err
    reference = re.search(r"[0-9a-f]{12}", program["detail"]).group()
    assert reference in logged
    assert "secret path" in logged


def test_a_database_that_cannot_be_reached_is_not_ready(tmp_path):
    url = SecretStr(f"sqlite:///{tmp_path}/no/such/folder/state.db")
    with served(create_app(Settings(home=tmp_path, database_url=url))) as address:
        is_problem(httpx.get(f"{address}/readyz"), 503)
        assert httpx.get(f"{address}/healthz").status_code == 200
        key = {"authorization": f"Bearer zy_{'a' * 43}"}
        away = is_problem(httpx.get(f"{address}/api/v1/enterprises", headers=key), 503)
        assert "folder" not in json.dumps(away)


def test_another_host_name_is_refused_when_only_this_machine_is_served(full_home):
    with served(create_app(full_home, allowed_hosts=("127.0.0.1", "localhost"))) as url:
        assert httpx.get(f"{url}/healthz").status_code == 200
        response = httpx.get(f"{url}/healthz", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.headers["x-content-type-options"] == "nosniff"
