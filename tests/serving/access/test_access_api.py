"""Administration by API, by page and by key; rights that are taken away are gone."""

from __future__ import annotations

import time

import httpx
import pytest

from features.settings import Settings
from serving.access import EVERYTHING, Role, Scope
from serving.access.accounts import Accounts
from serving.access.desk import REMEMBERED_SECONDS, WRONG_PER_MINUTE
from serving.access.keys import Keys
from serving.access.pace import Pace
from serving.access.refusals import LastAdministratorRefused, NameTakenError, StaleUserError
from serving.access.sessions import Sessions
from serving.access.settings import AccessSettings
from serving.web.app import create_app
from tests.serving.access.conftest import ADMIN, PASSWORD, Site, opened, send, sign_in, token

NINGBO = {"enterprises": ["E1"], "regions": ["3302"]}


def with_key(site: Site, key: str) -> httpx.Client:
    return site.browser(authorization=f"Bearer {key}")


@pytest.fixture(scope="module")
def admin(shared):
    """A program that administers."""
    return with_key(shared, Keys(shared.engine).make_for_machine("admin", [Role.ADMIN], Scope(), "test"))


def test_a_user_from_the_first_password_to_the_last(shared, admin):
    made = admin.post("/api/v1/users", json={"name": "Liu", "roles": ["engineer"], "scope": NINGBO})
    assert made.status_code == 201
    user, password = made.json()["user"], made.json()["password"]
    assert (user["name"], user["must_change"], user["scope"]["regions"]) == ("liu", True, ["3302"])
    browser = shared.browser()
    assert sign_in(browser, "liu", password).headers["location"] == "/account/password"
    fields = {"old": password, "new": PASSWORD, "again": PASSWORD}
    assert send(browser, "/account/password", "/account/password", **fields).status_code == 303
    me = browser.get("/api/v1/me").json()
    assert me == {
        "name": "liu",
        "roles": ["engineer"],
        "scope": {**NINGBO, "everything": False},
        "machine": False,
    }
    version = admin.get("/api/v1/users/liu").json()["version"]
    change = {"version": version, "roles": ["planner"], "scope": {"everything": True}}
    assert admin.patch("/api/v1/users/liu", json=change).json()["roles"] == ["planner"]
    assert browser.get("/api/v1/me").json()["roles"] == ["planner"]  # at once
    assert admin.patch("/api/v1/users/liu", json=change).status_code == 412
    off = {"version": version + 1, "active": False}
    assert admin.patch("/api/v1/users/liu", json=off).status_code == 200
    assert browser.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/users", {"name": ADMIN}, 409),
        ("POST", "/api/v1/users", {"name": "a b"}, 422),
        ("POST", "/api/v1/users", {"name": "x", "roles": ["boss"]}, 422),
        ("POST", "/api/v1/users", {"name": "x", "scope": {"regions": ["3"]}}, 422),
        ("POST", "/api/v1/users", {"name": "x", "password": "given by me"}, 422),
        ("PATCH", "/api/v1/users/nobody", {"version": 1}, 404),
        ("PATCH", f"/api/v1/users/{ADMIN}", {"version": 1, "roles": []}, 409),
        ("POST", "/api/v1/users/nobody/password", None, 404),
        ("DELETE", "/api/v1/users/nobody/sessions", None, 404),
        ("DELETE", "/api/v1/keys/999999", None, 404),
        ("POST", "/api/v1/keys", {"name": "\u0000"}, 422),
    ],
)
def test_what_cannot_be_is_a_problem_document(admin, method, path, body, status):
    answer = admin.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_key_works_until_it_is_revoked(shared, admin):
    made = admin.post("/api/v1/keys", json={"name": "MES", "roles": ["engineer"], "days": 1}).json()
    program = with_key(shared, made["key"])
    assert program.get("/api/v1/me").json()["name"] == "key:MES"
    assert made["key"] not in admin.get("/api/v1/keys").text
    assert admin.delete(f"/api/v1/keys/{made['about']['id']}").status_code == 204
    assert program.get("/api/v1/me").status_code == 401
    assert admin.delete(f"/api/v1/keys/{made['about']['id']}").status_code == 404


def test_a_key_needs_no_token_and_a_session_does(shared, admin):
    body = {"name": "one more", "roles": []}
    assert admin.post("/api/v1/keys", json=body).status_code == 201
    browser = shared.signed_in()
    assert browser.post("/api/v1/keys", json=body).status_code == 403
    csrf = token(browser.get("/account"))
    assert browser.post("/api/v1/keys", json=body, headers={"x-csrf-token": csrf}).status_code == 201


def test_a_persons_key_has_the_persons_rights_without_administration(shared):
    browser = shared.signed_in()
    page = send(browser, "/account", "/account/keys", name="script", days=30)
    key = page.text.split('class="secret">')[1].split("<")[0]
    program = with_key(shared, key)
    me = program.get("/api/v1/me").json()
    assert (me["name"], me["machine"]) == (ADMIN, True)
    assert me["scope"]["everything"]
    assert "admin" not in me["roles"]
    assert program.get("/api/v1/users").status_code == 403
    assert program.get("/account").status_code == 403
    assert key not in browser.get("/account").text


def test_nobody_revokes_what_is_somebody_elses(shared):
    shared.person("ma", Role.ENGINEER)
    key = Keys(shared.engine).make_for_person("mine", shared.accounts.get(ADMIN))
    number = Keys(shared.engine).about(key).id
    other = shared.signed_in("ma")
    assert send(other, "/account", "/account/keys/revoke", key_id=number).status_code == 404
    held = next(one for one in Sessions(shared.engine).all(int(time.time())) if one.user_name == ADMIN)
    send(other, "/account", "/account/sessions/end", digest=held.digest)
    assert held.digest in {one.digest for one in Sessions(shared.engine).all(int(time.time()))}
    assert with_key(shared, key).get("/api/v1/me").status_code == 200


def test_other_sessions_end_when_the_password_changes(shared):
    shared.person("sun", Role.ENGINEER)
    one, other = shared.signed_in("sun"), shared.signed_in("sun")
    fields = {"old": PASSWORD, "new": "another good one", "again": "another good one"}
    assert send(one, "/account/password", "/account/password", **fields).status_code == 303
    assert one.get("/api/v1/me").status_code == 200
    assert other.get("/api/v1/me").status_code == 401


def test_another_process_hears_of_it_within_seconds(shared):
    """A second application over the same state database stands for another process."""
    with opened(create_app(shared.app.state.settings)) as other:
        key = Keys(shared.engine).make_for_machine("two doors", [Role.ENGINEER], EVERYTHING, "test")
        program = with_key(other, key)
        assert program.get("/api/v1/me").status_code == 200
        Keys(shared.engine).revoke(Keys(shared.engine).about(key).id, "test")
        until = time.monotonic() + REMEMBERED_SECONDS + 1
        while program.get("/api/v1/me").status_code == 200:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_a_valid_key_asks_the_database_once_in_a_while(shared, monkeypatch):
    key = Keys(shared.engine).make_for_machine("often", [Role.ENGINEER], EVERYTHING, "test")
    looked = []
    real = Keys.find
    monkeypatch.setattr(Keys, "find", lambda self, *asked: looked.append(1) or real(self, *asked))
    program, began = with_key(shared, key), time.monotonic()
    for _ in range(100):
        assert program.get("/api/v1/me").status_code == 200
    assert len(looked) <= 1 + (time.monotonic() - began) / REMEMBERED_SECONDS


def test_guessing_keys_is_told_off_and_does_not_shut_others_out(shared, admin):
    with opened(create_app(shared.app.state.settings)) as site:
        stranger = site.browser(authorization="Bearer zy_guess")
        codes = {stranger.get("/api/v1/me").status_code for _ in range(WRONG_PER_MINUTE + 5)}
        assert codes == {401, 429}
        assert site.browser(authorization=admin.headers["authorization"]).get("/api/v1/me").status_code == 200


def test_one_caller_is_held_to_a_pace_and_others_go_on(tmp_path):
    access = AccessSettings(reads_per_minute=5, writes_per_minute=2)
    with opened(create_app(Settings(home=tmp_path), access=access)) as site:
        fast, other = (
            with_key(site, Keys(site.engine).make_for_machine(name, [Role.ADMIN], Scope(), "test"))
            for name in ("fast", "other")
        )
        answers = [fast.get("/api/v1/me") for _ in range(6)]
        assert [one.status_code for one in answers] == [200] * 5 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 12
        assert answers[-1].headers["content-type"] == "application/problem+json"
        page = fast.get("/account")
        assert (page.status_code, "Too many requests" in page.text) == (429, True)
        assert fast.get("/healthz").status_code == 200
        body = {"name": "x", "roles": []}
        assert [fast.post("/api/v1/keys", json=body).status_code for _ in range(3)] == [201, 201, 429]
        assert other.get("/api/v1/me").status_code == 200


def test_a_pace_fills_again_and_nought_is_no_limit(monkeypatch):
    at = [100.0]
    monkeypatch.setattr("serving.access.pace.monotonic", lambda: at[0])
    pace = Pace(60)
    assert [pace.wait("li") for _ in range(60)] == [0] * 60
    assert pace.wait("li") == 1
    at[0] += 2.5
    assert [pace.wait("li") for _ in range(3)] == [0, 0, 1]
    assert not any(Pace(0).wait("li") for _ in range(1000))


def test_administration_by_page(shared):
    browser = shared.signed_in()
    rights = {"roles": ["engineer", "planner"], "enterprises": "E1, E2;E3", "regions": "33"}
    page = send(browser, "/administration", "/administration/users", name="Zhou@example.org", **rights)
    password = page.text.split('class="secret">')[1].split("<")[0]
    user = shared.accounts.check("zhou@example.org", password)
    assert user.scope == Scope(frozenset({"E1", "E2", "E3"}), ("33",))
    here = "/administration/users/zhou%40example.org"
    changed = send(browser, here, here, version=user.version, roles="planner", everything="yes", active="yes")
    assert changed.status_code == 303
    assert shared.accounts.get(user.name).scope.everything
    stale = send(browser, here, here, version=user.version, roles="planner", active="yes")
    assert stale.status_code == 409
    assert "changed this user meanwhile" in stale.text
    bad = send(browser, "/administration", "/administration/users", name="x", regions="three")
    assert bad.status_code == 422
    assert "3302" in bad.text
    assert browser.get("/administration/users/nobody").status_code == 404


def test_hostile_names_are_text(shared, admin):
    name = '"><script>alert(1)</script>'
    admin.post("/api/v1/keys", json={"name": name, "roles": []})
    page = shared.signed_in().get("/administration").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_register_on_both_engines(engine):
    accounts = Accounts(engine)
    chen = accounts.add("chen", [Role.ADMIN], EVERYTHING, "test", password=PASSWORD)
    with pytest.raises(NameTakenError):
        accounts.add("ＣＨＥＮ", [], EVERYTHING, "test", password=PASSWORD)  # full-width: the same to the eye
    with pytest.raises(LastAdministratorRefused):
        accounts.change("chen", "test", active=False)
    assert accounts.get("chen") == chen
    changed = accounts.change("chen", "test", scope=Scope(frozenset({"厂一"})), version=1)
    assert (changed.version, changed.scope.enterprises) == (2, {"厂一"})
    with pytest.raises(StaleUserError):
        accounts.change("chen", "test", roles=[], version=1)
    key = Keys(engine).make_for_person("script", chen)
    from serving.access.tokens import digest

    assert Keys(engine).find(digest(key), int(time.time())) is None  # a first password is still to be changed
    accounts.set_password("chen", "one of my own choice", "chen", must_change=False)
    assert Keys(engine).find(digest(key), int(time.time())).name == "chen"
    over = Keys(engine).make_for_machine("old", [Role.ADMIN], EVERYTHING, "test", ends_at=1)
    assert Keys(engine).find(digest(over), int(time.time())) is None
