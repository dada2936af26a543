"""Every route with every role: nobody is shown an enterprise that is not theirs, nothing is open by mistake.

Routes are taken from the application itself, so a new one is walked as soon as it is there. What must not be
shown is looked for as text: the ids and names of all enterprises outside the asker's scope.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from fastapi.routing import APIRoute

from features.self_assessment import begin
from features.self_assessment import register as assessments
from features.settings import Settings
from serving.access import EVERYTHING, Person, Role, Scope
from serving.access.keys import Keys
from serving.jobs import enqueue
from serving.web.app import ROUTERS, create_app
from serving.web.people.signing_in import OPEN, OPEN_BELOW
from tests.serving import province
from tests.serving.access.conftest import Site, opened

ENOUGH = 200_000
"""Characters of an answer that are read; a stream of events has no end."""
ROLES = [role for role in Role if role is not Role.ADMIN]


class Route(NamedTuple):
    method: str
    path: str


def routes(router, before: str = "") -> Iterator[Route]:
    for one in router.routes:
        if isinstance(one, APIRoute):
            yield from (Route(method, before + one.path) for method in sorted(one.methods))
        else:
            yield from routes(one.original_router, before + (one.include_context.prefix or ""))


ALL = sorted({route for router in ROUTERS for route in routes(router)})
READS = [route for route in ALL if route.method == "GET" and route.path != "/sign-in/company"]
WRITES = [route for route in ALL if route.method != "GET" and route.path not in {"/sign-in", "/sign-out"}]
SUBJECTS = ("{enterprise_id", "{assessment_id", "{job_id")
"""What an address names that belongs to somebody."""
NUMBERS = {
    "/enterprises/{enterprise_id:path}",
    "/api/v1/enterprises/{enterprise_id:path}",
    "/api/v1/enterprises/{enterprise_id:path}/grade",
    "/api/v1/enterprises/{enterprise_id:path}/forecasts",
    "/api/v1/enterprises/{enterprise_id:path}/attainment",
    "/api/v1/enterprises/{enterprise_id:path}/benchmarks",
}
"""All that a region's planner may ask about one enterprise."""
EACH = [*(pytest.param(role, marks=pytest.mark.slow) for role in ROLES), "every role", "nobody"]
"""Whoever has every role sees whatever one of them sees; one by one they are walked among the slow tests."""


class World(NamedTuple):
    site: Site
    settings: Settings
    near: str
    own: str
    hidden: dict[str, str]
    job: str
    assessment: str
    keys: dict[str, str]
    client: httpx.Client

    def ask(self, who: str, route: Route, subject: str, **more: object) -> tuple[int, str]:
        """Return status and beginning of the answer; the address is about the enterprise `subject`."""
        headers = {"authorization": f"Bearer {self.keys[who]}", "accept-language": "en"} if who else {}
        url = self.site.url + filled(route.path, self, subject)
        with self.client.stream(route.method, url, headers=headers, **more) as answer:
            text = ""
            for part in answer.iter_text():
                text += part
                if len(text) > ENOUGH or "event-stream" in answer.headers.get("content-type", ""):
                    break
            return answer.status_code, text


def filled(path: str, world: World, subject: str) -> str:
    values = {
        "enterprise_id": subject,
        "assessment_id": world.assessment,
        "job_id": world.job,
        "table": "enterprises",
        "kind": "pdf",
        "name": "nobody",
        "item": "qms",
        "slot": "champion",
        "version": "1",
    }
    return re.sub(r"\{(\w+)(?::path)?\}", lambda found: values.get(found[1], "1"), path)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    settings = province.with_model(tmp_path_factory)
    app = create_app(settings)
    rows = app.state.reading.enterprises()
    own, near, *others = rows
    region = str(rows[near]["region_code"])[:4]
    scope = Scope(frozenset({own}), (region,))
    hidden = {
        name: str(rows[name]["name"])
        for name in others
        if not Person("x", frozenset(), scope).sees_numbers(rows[name])
    }
    assert hidden
    secret = next(iter(hidden))
    with assessments.Register.open(settings) as register:
        assessment = begin(register, settings, secret, "2026-03", "李工").id
    with opened(app) as site:
        job = enqueue(site.engine, "plan", {"enterprise_id": secret, "level": 4, "by": "2027-12"}, "somebody")
        keys = Keys(site.engine)
        made = {role: keys.make_for_machine(role, [role], scope, "test") for role in ROLES}
        made["nobody"] = keys.make_for_machine("nobody", [], Scope(), "test")
        made["admin"] = keys.make_for_machine("admin", [Role.ADMIN], Scope(), "test")
        made["every role"] = keys.make_for_machine("every role", ROLES, scope, "test")
        made["sees all"] = keys.make_for_machine("sees all", ROLES, EVERYTHING, "test")
        with httpx.Client(timeout=60) as client:
            yield World(site, settings, near, own, hidden, str(job.id), assessment, made, client)


def shown(world: World, text: str) -> list[str]:
    """Return what is told of enterprises outside the scope."""
    return [f"{name} {called}" for name, called in world.hidden.items() if name in text or called in text]


def about_somebody(route: Route) -> bool:
    return any(subject in route.path for subject in SUBJECTS)


def test_there_are_routes_to_walk():
    assert len(ALL) > 80
    assert {"/", "/api/v1/enterprises", "/api/v1/enterprises/{enterprise_id:path}"} <= {
        one.path for one in READS
    }


@pytest.mark.parametrize("who", EACH)
def test_reading_shows_nothing_of_others(world, who):
    secret, faults = next(iter(world.hidden)), []
    for route in READS:
        status, text = world.ask(who, route, secret)
        if status >= 500 or (about_somebody(route) and status not in {403, 404, 422}):
            faults.append((route, status))
        if status < 300 and (told := shown(world, text)):
            faults.append((route, told))
    assert not faults


def test_of_a_region_only_the_numbers_are_shown(world):
    faults = []
    for route in READS:
        if "{enterprise_id" not in route.path:
            continue
        status, text = world.ask("every role", route, world.near)
        if status >= 500 or (status < 300) != (route.path in NUMBERS):
            faults.append((route, status))
        if status < 300 and ("/charts/" in text or 'id="actions"' in text or shown(world, text)):
            faults.append((route, text[:300]))
    assert not faults


@pytest.mark.parametrize("who", EACH)
def test_writing_about_others_is_refused(world, who):
    secret, faults = next(iter(world.hidden)), []
    for route in WRITES:
        status, text = world.ask(who, route, secret, json={"enterprise_id": secret})
        if (
            status >= 500
            or (about_somebody(route) and status < 400)
            or shown(world, text.replace(secret, ""))
        ):
            faults.append((route, status, text[:200]))
    assert not faults


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "/api/v1/jobs",
            {"kind": "plan", "arguments": {"enterprise_id": "SECRET", "level": 4, "by": "2027-12"}},
        ),
        ("/api/v1/reports", {"enterprise_id": "SECRET", "report": "declaration", "format": "pdf"}),
        ("/api/v1/assessments", {"enterprise_id": "SECRET", "as_of": "2026-06"}),
        ("/api/v1/records", {"tables": {"enterprises": [{"enterprise_id": "SECRET", "name": "mine now"}]}}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_body_that_names_others_is_refused(world, path, body):
    secret = next(iter(world.hidden))
    sent = json.loads(json.dumps(body).replace("SECRET", secret))
    key = {"authorization": f"Bearer {world.keys['every role']}", "idempotency-key": "a-test"}
    answer = world.client.post(world.site.url + path, json=sent, headers=key)
    told = answer.status_code == 422 and "whose records you may bring" in answer.text  # a fault of the row
    assert answer.status_code in {403, 404} or told, answer.text
    assert world.hidden[secret] not in answer.text


def test_nothing_is_open_to_strangers_by_mistake(world):
    faults = []
    for route in ALL:
        path = filled(route.path, world, world.own)
        status, text = world.ask("", route, world.own)
        if path not in OPEN and not path.startswith(OPEN_BELOW) and status not in {303, 401}:
            faults.append((route, status))
        if shown(world, text):
            faults.append((route, text[:200]))
    assert not faults


def test_administration_is_for_administrators(world):
    ours = [one for one in ALL if re.match(r"/administration|/api/v1/(users|keys)\b", one.path)]
    assert len(ours) > 14
    assert {world.ask("sees all", route, world.own, json={})[0] for route in ours} == {403}


def test_the_walk_would_see_a_leak(world):
    """Whoever sees everything is shown the hidden enterprises by many of the same routes."""
    secret = next(iter(world.hidden))
    quick = [one for one in READS if not re.match("/(declaration|proposal)", one.path)]  # those take seconds
    seen = {one.path for one in quick if shown(world, world.ask("admin", one, secret)[1])}
    assert {"/", "/api/v1/enterprises", "/enterprises/{enterprise_id:path}", "/assessments"} <= seen
    assert len(seen) > 15
