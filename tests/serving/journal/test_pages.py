"""The journal as page and API: everybody sees what is theirs to see, filtered and paged."""

import asyncio
import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from features import journal
from features.improvement.keeping import ACTIONS
from features.store.database import open_database
from serving.access import LOCAL_ADMINISTRATOR, Person, Role, Scope
from serving.grading import graded
from serving.journal.issuing import issue
from serving.web.app import create_app

ENGINEER = Person("li", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"E1"})))
PLANNER = Person("wang", frozenset({Role.PLANNER}), Scope(regions=("33",)))
NOBODY = Person("zhao", frozenset({Role.ENGINEER}), Scope())


@pytest.fixture
def told(filled, engine):
    """An import, grades of E1 and E2, an action of each, a model, a user."""
    from features.store import Store

    with Store.open(filled) as store:
        issue(engine, [grade.to_dict() for grade, _ in graded(store)])
    row = {"version": 1, "unrecorded": False, "document": "{}"}
    with engine.begin() as connection:
        for number in (1, 2):
            action = {"id": f"AC-{number}", "enterprise_id": f"E{number}", **row}
            connection.execute(ACTIONS.insert().values(action))
    for number in (1, 2):
        journal.record(engine, f"action:AC-{number}", "accept", "li", title="<b>调速</b>", enterprise_id="E1")
    journal.record(engine, "model:v1", "promote", "li", reasons=["better"])
    journal.record(engine, "user:zhao", "new", "admin", roles=["engineer"])
    return filled


class Client:
    """Asks an application without a server around it, so that nothing is warmed up."""

    def __init__(self, settings, person):
        app = create_app(settings, open_to=person)
        self.transport = httpx.ASGITransport(app)
        self.close = app.state.database.close

    def get(self, address, params=None):
        async def ask():
            async with httpx.AsyncClient(transport=self.transport, base_url="http://here") as client:
                return await client.get(address, params=params)

        # In a thread of its own: a browser's tests leave a loop running in theirs.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(ask())).result()


def seen(settings, person, **asked):
    client = Client(settings, person)
    answer = client.get("/api/v1/journal", params={"limit": 1000, **asked}).json()
    page = client.get("/journal", params=asked)
    client.close()
    assert page.status_code == 200
    assert answer["total"] == len(answer["items"])
    return {one["subject"] for one in answer["items"]}, page.text


def test_each_sees_what_is_theirs(told):
    everything, page = seen(told, LOCAL_ADMINISTRATOR)
    assert everything == {
        "import:1", "grade:E1", "grade:E2", "action:AC-1", "action:AC-2", "model:v1", "user:zhao",
    }  # fmt: skip
    assert "&lt;b&gt;调速" in page
    assert "<b>调速" not in page
    own, page = seen(told, ENGINEER)
    assert own == {"grade:E1", "action:AC-1", "model:v1"}
    assert "E2" not in page
    assert seen(told, PLANNER)[0] == {"grade:E2", "model:v1"}  # numbers of its region, no actions
    assert seen(told, NOBODY)[0] == {"model:v1"}
    assert seen(told, ENGINEER, enterprise="E2")[0] == set()
    assert seen(told, LOCAL_ADMINISTRATOR, enterprise="E2")[0] == {"grade:E2", "action:AC-2"}


@pytest.fixture
def site(told):
    client = Client(told, LOCAL_ADMINISTRATOR)
    yield client
    client.close()


def test_filters_pages_and_head(site, told):
    def subjects(**asked):
        return [one["subject"] for one in site.get("/api/v1/journal", params=asked).json()["items"]]

    assert set(subjects(kind="model", who="li")) == {"model:v1"}
    assert subjects(who="nobody") == []
    assert subjects(since="2000-01-01", until="2000-12-31") == []
    assert subjects(subject="user:zhao", since="2020-01-01") == ["user:zhao"]
    assert set(subjects(kind="%")) == set()
    whole = subjects(limit=1000)
    paged = [subjects(limit=3, offset=offset) for offset in range(0, len(whole) + 3, 3)]
    assert list(itertools.chain(*paged)) == whole
    head = site.get("/api/v1/journal/head").json()
    engine = open_database(told)
    with engine.connect() as connection:
        assert journal.verify(connection).head == head["head"]
    engine.dispose()
    assert head["entries"] == site.get("/api/v1/journal").json()["total"]


def test_what_is_not_allowed_is_said(site):
    for field, value in (("who", "a\x00b"), ("who", "x" * 401), ("since", "2026-02-31")):
        answer = site.get("/api/v1/journal", params={field: value})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    text = site.get("/journal?lang=en&since=nonsense").text
    assert "Hash of its end" in text
    assert "Import 1" in text


def test_the_page_goes_back_through_whole_acts(site, told):
    engine = open_database(told)
    with engine.begin() as connection:
        journal.queue(connection)
        for number in range(130):
            facts = {f"fact{part}": part for part in range(5)}
            act = journal.event(f"warning:{number:03d}", "raise", "zhuoyue", facts)
            journal.append(connection, act)
    engine.dispose()
    found, address = [], "/journal?kind=warning"
    while address:
        text = site.get(address).text.replace("&amp;", "&")
        found += re.findall(r"<b>(\d{3})</b>", text)
        assert text.count("<dt>fact0</dt>") == text.count("<dt>fact4</dt>")
        older = re.search(r'href="(/journal\?[^"]*before=\d+)" rel="next"', text)
        address = older[1] if older else None
    assert found == [f"{number:03d}" for number in reversed(range(130))]
