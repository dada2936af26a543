"""In by the door only: a fresh session for name and password, forms that are ours, guesses that are slow."""

from __future__ import annotations

import inspect
import re
import threading
from time import time

import httpx
import pytest
from pwdlib import PasswordHash

from features.settings import Settings
from serving.access import Role, passwords
from serving.access.attempts import PAIR, WINDOW_SECONDS, Attempt, Attempts
from serving.access.first import first_administrator
from serving.access.sessions import IDLE_SECONDS, LONGEST_SECONDS, MOST, Sessions
from serving.access.settings import AccessSettings
from serving.access.tokens import digest
from serving.web.app import create_app
from serving.web.people.sign_in import local
from tests.serving.access.conftest import ADMIN, PASSWORD, opened, send, sign_in, token


@pytest.mark.parametrize("path", ["/", "/enterprises/E0001", "/assessments", "/account", "/administration"])
def test_a_stranger_is_led_to_the_door_and_back(shared, path):
    answer = shared.browser().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == (
        "/sign-in" if path == "/" else f"/sign-in?next={path.replace('/', '%2F')}"
    )


@pytest.mark.parametrize("path", ["/api/v1/enterprises", "/api/v1/nothing", "/api/v1/assessments"])
def test_a_program_is_told_what_it_lacks(shared, path):
    answer = shared.browser().get(path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/openapi.json", "/docs", "/sign-in", "/assets/page.css"]
)
def test_what_is_open_to_everybody(shared, path):
    answer = shared.browser().get(path)
    assert answer.status_code == 200
    assert "Data fingerprint" not in answer.text


def test_signing_in_leads_on_and_the_session_is_fresh_and_kept_as_a_hash(shared):
    browser = shared.browser()
    browser.cookies.set("zhuoyue", "planted-by-somebody-else", domain="127.0.0.1")
    answer = sign_in(browser, ADMIN, PASSWORD, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("zhuoyue="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Max-Age" not in cookie
    held = cookie.split(";")[0].removeprefix("zhuoyue=")
    assert held != "planted-by-somebody-else"
    assert digest(held) in {one.digest for one in Sessions(shared.engine).all(int(time()))}
    assert held not in str(Sessions(shared.engine).all(int(time())))


def test_a_second_sign_in_ends_the_session_that_the_browser_had(shared):
    browser = shared.signed_in()
    first = browser.cookies["zhuoyue"]
    send(browser, "/account", "/sign-out")
    sign_in(browser, ADMIN, PASSWORD)
    assert browser.cookies["zhuoyue"] != first
    assert httpx.get(f"{shared.url}/api/v1/enterprises", cookies={"zhuoyue": first}).status_code == 401


def test_signing_out_is_at_once(shared):
    browser = shared.signed_in()
    held = browser.cookies["zhuoyue"]
    assert browser.get("/api/v1/enterprises").status_code == 200
    assert send(browser, "/account", "/sign-out").headers["location"] == "/sign-in"
    assert httpx.get(f"{shared.url}/api/v1/enterprises", cookies={"zhuoyue": held}).status_code == 401
    assert "zhuoyue" not in browser.cookies


def test_behind_https_cookies_are_secure_and_of_one_host(tmp_path):
    app = create_app(Settings(home=tmp_path), access=AccessSettings(public_url="https://quality.example.org"))
    with opened(app) as site:
        page = site.browser().get("/sign-in")
    cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-zhuoyue-form=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_wrong_name_and_a_wrong_password_look_alike(shared):
    shared.person("wang", Role.ENGINEER)
    unknown = sign_in(shared.browser(), "nobody-of-that-name", "x" * 20)
    wrong = sign_in(shared.browser(), "wang", "x" * 20)
    assert unknown.status_code == wrong.status_code == 401

    def alike(page, name):
        return re.sub(r"\w{64}", "", page.text).replace(name, "")

    assert alike(unknown, "nobody-of-that-name") == alike(wrong, "wang")


def test_a_name_that_nobody_has_costs_an_argon2_too(shared, monkeypatch):
    """Time itself is no test on a shared machine; that the same work is done is."""
    worked = []
    real = passwords._hasher()

    class Counting:
        def verify(self, password, stored):
            worked.append(stored)
            return real.verify(password, stored)

    passwords._nobodys()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    assert shared.accounts.check("nobody-at-all", PASSWORD) is None
    assert shared.accounts.check(ADMIN, "wrong password") is None
    assert [stored.split("$")[1:4] for stored in worked] == [worked[1].split("$")[1:4]] * 2


def test_a_password_costs_a_guesser_memory_and_time():
    """The real hasher, beside the quick one of these tests: Argon2id with 64 MiB and three passes."""
    stored = PasswordHash.recommended().hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert inspect.getsource(passwords).count("PasswordHash.recommended()") == 1


def test_somebody_switched_off_stays_outside(shared):
    shared.person("gone", Role.ENGINEER)
    browser = shared.signed_in("gone")
    key_user = shared.accounts.get("gone")
    from serving.access.keys import Keys

    key = Keys(shared.engine).make_for_person("script", key_user)
    shared.accounts.change("gone", "test", active=False)
    shared.app.state.desk.forget()
    assert browser.get("/api/v1/enterprises").status_code == 401
    asked = {"authorization": f"Bearer {key}"}
    assert httpx.get(f"{shared.url}/api/v1/enterprises", headers=asked).status_code == 401
    assert sign_in(shared.browser(), "gone", PASSWORD).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-csrf-token": "0" * 64},
        {"x-csrf-token": b"\xe9"},
    ],
)
def test_a_form_that_is_not_ours_is_refused(shared, headers):
    browser = shared.signed_in()
    answer = browser.post("/sign-out", headers=headers, data={"anything": "x"})
    assert answer.status_code == 403
    assert browser.get("/api/v1/enterprises").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_is_refused_even_with_the_token(shared, headers):
    browser = shared.signed_in()
    csrf = token(browser.get("/account"))
    assert browser.post("/sign-out", headers=headers, data={"csrf": csrf}).status_code == 403
    assert browser.post("/sign-out", headers={"x-csrf-token": csrf, "origin": shared.url}).status_code == 303


def test_the_token_of_another_session_is_refused(shared):
    one, other = shared.signed_in(), shared.signed_in()
    assert other.post("/sign-out", data={"csrf": token(one.get("/account"))}).status_code == 403


def test_the_sign_in_form_is_tied_to_its_browser(shared):
    csrf = token(shared.browser().get("/sign-in"))
    elsewhere = shared.browser()
    elsewhere.get("/sign-in")
    fields = {"csrf": csrf, "name": ADMIN, "password": PASSWORD}
    assert elsewhere.post("/sign-in", data=fields).status_code == 403


@pytest.mark.parametrize("where", ["first", "last"])
def test_the_token_is_found_in_a_form_with_a_file_that_streams_through(shared, where):
    """The door's own route takes no file: that it answers 303 shows that the form was read whole."""
    browser = shared.signed_in()
    csrf = ("csrf", (None, token(browser.get("/account"))))
    file = ("file", ("a.csv", b"x" * 50_000))
    sent = [csrf, file] if where == "first" else [file, csrf]
    assert browser.post("/sign-out", files=sent).status_code == 303


def test_where_nobody_signs_in_other_sites_still_cannot_write(tmp_path):
    from serving.access import LOCAL_ADMINISTRATOR

    with opened(create_app(Settings(home=tmp_path), open_to=LOCAL_ADMINISTRATOR)) as site:
        browser = site.browser()
        evil = browser.post("/sign-out", headers={"origin": "https://evil.example"})
        assert evil.status_code == 403
        assert browser.post("/sign-out").status_code == 303
        assert "--open" in browser.get("/account").text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "/\r\nset-cookie: a=b",
        "",
    ],
)
def test_the_way_back_stays_here(address):
    assert local(address) == "/"
    assert local("/enterprises/E0001?target=ftq") == "/enterprises/E0001?target=ftq"


def test_the_first_start_makes_one_administrator_who_must_choose_a_password(tmp_path):
    app = create_app(Settings(home=tmp_path))
    engine, made = app.state.database.engine, []
    starts = [threading.Thread(target=lambda: made.append(first_administrator(engine))) for _ in range(3)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    (password,) = [one for one in made if one]
    with opened(app) as site:
        browser = site.browser()
        answer = sign_in(browser, "admin", password)
        assert answer.headers["location"] == "/account/password"
        assert browser.get("/").headers["location"] == "/account/password"
        assert browser.get("/api/v1/enterprises").status_code == 403
        new = {"old": password, "again": "a better password", "new": "a better password"}
        wrong = send(browser, "/account/password", "/account/password", **{**new, "old": "no"})
        assert wrong.status_code == 422
        short = send(
            browser, "/account/password", "/account/password", **{**new, "new": "short", "again": "short"}
        )
        assert "at least 12" in short.text
        assert send(browser, "/account/password", "/account/password", **new).status_code == 303
        assert browser.get("/").status_code == 200
        assert sign_in(site.browser(), "admin", password).status_code == 401
        assert sign_in(site.browser(), "ADMIN ", "a better password").status_code == 303
    assert first_administrator(engine) is None


def test_guesses_lock_the_pair_and_not_the_person_elsewhere(engine):
    attempts, guess, now = Attempts(engine), Attempt("li", "203.0.113.1"), 1_000_000
    assert [attempts.count(guess, now) for _ in range(PAIR)] == [0] * PAIR
    assert attempts.count(guess, now + 60) == WINDOW_SECONDS - 60
    assert attempts.count(Attempt("li", "203.0.113.2"), now + 60) == 0
    assert attempts.count(Attempt("wang", "203.0.113.1"), now + 60) == 0
    assert attempts.count(guess, now + WINDOW_SECONDS) == 0


def test_many_names_from_one_address_and_one_name_from_everywhere_are_slowed(engine, monkeypatch):
    monkeypatch.setattr("serving.access.attempts.ADDRESS", 6)
    monkeypatch.setattr("serving.access.attempts.NAME", 8)
    attempts, now = Attempts(engine), 1_000_000
    for number in range(6):
        assert attempts.count(Attempt(f"name{number}", "203.0.113.1"), now) == 0
    assert attempts.count(Attempt("one more", "203.0.113.1"), now) > 0
    for number in range(8):
        assert attempts.count(Attempt("li", f"198.51.100.{number}"), now) == 0
    assert attempts.count(Attempt("li", "192.0.2.1"), now) > 0


def test_guesses_side_by_side_are_all_counted(engine):
    attempts, guess, let_through = Attempts(engine), Attempt("li", "203.0.113.1"), []
    threads = [
        threading.Thread(target=lambda: let_through.append(attempts.count(guess, 1_000_000) == 0))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_through) == PAIR


def test_getting_it_right_forgets_what_was_mistyped(engine):
    attempts, guess, now = Attempts(engine), Attempt("li", "203.0.113.1"), 1_000_000
    for _ in range(PAIR):
        attempts.count(guess, now)
    attempts.succeeded(guess, now)
    assert attempts.count(guess, now) == 0


def test_a_locked_pair_is_told_for_how_long_and_even_the_right_password_waits(shared):
    shared.person("locked", Role.ENGINEER)
    browser = shared.browser()
    for _ in range(PAIR):
        assert sign_in(browser, "locked", "wrong wrong wrong").status_code == 401
    answer = sign_in(browser, "locked", PASSWORD)
    assert answer.status_code == 429
    assert "15 minutes" in answer.text


def test_sessions_end_by_idleness_by_age_and_by_number(engine):
    from serving.access import EVERYTHING
    from serving.access.accounts import Accounts

    user = Accounts(engine).add("li", [Role.ENGINEER], EVERYTHING, "test", password=PASSWORD)
    sessions, now = Sessions(engine), 1_000_000
    held = digest(sessions.begin(user, "browser", "203.0.113.1", now))
    assert sessions.find(held, now + IDLE_SECONDS - 1).name == "li"
    assert sessions.find(held, now + 2 * IDLE_SECONDS - 2).name == "li"  # it was used in between
    assert sessions.find(held, now + 3 * IDLE_SECONDS) is None
    kept = now
    while kept < now + LONGEST_SECONDS - IDLE_SECONDS:
        kept += IDLE_SECONDS - 1
        sessions.find(held, kept)
    assert sessions.find(held, now + LONGEST_SECONDS) is None
    for number in range(MOST + 5):
        sessions.begin(user, "browser", "", now + LONGEST_SECONDS + number)
    assert len(sessions.all(now + LONGEST_SECONDS + 100)) == MOST
