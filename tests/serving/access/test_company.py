"""Through the company: a real provider over HTTP, asked with state, nonce and PKCE; and one that lies."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import RSAKey

from features.settings import Settings
from serving.access import EVERYTHING, Role
from serving.access.settings import AccessSettings
from serving.web.app import create_app
from tests.serving.access.conftest import ADMIN, Site, opened

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import oidc_provider_mock

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the mock's own, in its threads
PEOPLE = {
    "sub-li": {"email": "li@example.org", "email_verified": True},
    "sub-wang": {"email": "wang@example.org", "email_verified": False},
    "sub-nobody": {"email": "nobody@example.org", "email_verified": True},
    "sub-chen": {"email": ADMIN, "email_verified": True},
}
CLIENT = "zhuoyue-client"
Told = Callable[[dict], dict | None]


class Provider:
    """The provider of oidc-provider-mock, made to insist on PKCE, and able to lie in its ID tokens."""

    def __init__(self) -> None:
        people = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
        self._app = oidc_provider_mock.app(user_claims=people, require_nonce=True)
        self._key, self._stranger = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
        self.challenges: dict[str, str] = {}
        self.lie: Told | None = None
        self.sign = "ours"
        self.issuer = ""

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/jwks" and self.lie:
            return _answer(start_response, {"keys": [self._key.as_dict(private=False)]})
        if path == "/oauth2/authorize" and environ["REQUEST_METHOD"] == "POST":
            return self._authorized(environ, start_response)
        if path == "/oauth2/token":
            return self._token(environ, start_response)
        return self._app(environ, start_response)

    def _authorized(self, environ, start_response):
        asked = parse_qs(environ["QUERY_STRING"])
        assert asked["code_challenge_method"] == ["S256"]

        def started(status, headers, *more):
            there = parse_qs(urlsplit(dict(headers)["Location"]).query)
            self.challenges[there["code"][0]] = asked["code_challenge"][0]
            return start_response(status, headers, *more)

        return self._app(environ, started)

    def _token(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        sent = parse_qs(body.decode())
        made = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        if base64.urlsafe_b64encode(made).rstrip(b"=").decode() != self.challenges.pop(sent["code"][0], ""):
            return _answer(start_response, {"error": "invalid_grant"}, "400 Bad Request")
        environ["wsgi.input"] = io.BytesIO(body)
        status, parts = [], self._app(environ, lambda *told: status.append(told))
        answer = json.loads(b"".join(parts))
        if self.lie:
            claims = json.loads(base64.urlsafe_b64decode(answer["id_token"].split(".")[1] + "=="))
            answer["id_token"] = self._signed(self.lie(claims))
        return _answer(start_response, answer, status[0][0])

    def _signed(self, claims: dict) -> str:
        if self.sign == "none":
            parts = [{"alg": "none"}, claims]
            return (
                ".".join(
                    base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
                    for part in parts
                )
                + "."
            )
        key = self._key if self.sign == "ours" else self._stranger
        return jwt.encode({"alg": "RS256"}, claims, key)


def _answer(start_response, document: dict, status: str = "200 OK"):
    start_response(status, [("content-type", "application/json")])
    return [json.dumps(document).encode()]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider()
    server = werkzeug.serving.make_server("localhost", 0, made, threaded=True)
    made.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture(scope="module")
def site(provider, tmp_path_factory) -> Iterator[Site]:
    access = AccessSettings(
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret="s3cret/+",
        oidc_name="Example Works",
    )
    with opened(create_app(Settings(home=tmp_path_factory.mktemp("company")), access=access)) as site:
        site.person(ADMIN, Role.ADMIN)
        for name in ("li@example.org", "wang@example.org"):
            site.accounts.add(name, [Role.ENGINEER], EVERYTHING, "test", password=None)
        yield site


@pytest.fixture(autouse=True)
def honest(provider) -> Iterator[None]:
    yield
    provider.lie, provider.sign = None, "ours"


def go(browser: httpx.Client, subject: str, path: str = "/sign-in/company") -> str:
    """Walk to the provider, say who one is, and return the address that leads back."""
    away = browser.get(path)
    assert away.status_code == 303, away.text
    back = httpx.post(away.headers["location"], data={"sub": subject})
    return back.headers["location"]


def test_the_button_is_there_and_leads_through(site):
    browser = site.browser()
    assert "Sign in with Example Works" in browser.get("/sign-in").text
    answer = browser.get(go(browser, "sub-li", "/sign-in/company?next=/account"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    page = browser.get("/account")
    assert "li@example.org" in page.text
    assert "Change password" not in page.text


def test_every_time_is_asked_anew(site):
    asked = [
        parse_qs(urlsplit(site.browser().get("/sign-in/company").headers["location"]).query) for _ in range(2)
    ]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    assert asked[0]["redirect_uri"] == [f"{site.url}/sign-in/company/back"]
    assert "openid" in asked[0]["scope"][0].split()


def test_once_linked_the_subject_counts_and_not_the_address(site, provider):
    browser = site.browser()
    browser.get(go(browser, "sub-li"))
    provider.lie = lambda claims: {**claims, "email": "renamed@example.org"}
    again = site.browser()
    assert again.get(go(again, "sub-li")).headers["location"] == "/"
    provider.lie = lambda claims: {**claims, "sub": "sub-other"}  # somebody else with Li's address
    other = site.browser()
    assert other.get(go(other, "sub-li")).status_code == 403


@pytest.mark.parametrize("subject", ["sub-wang", "sub-nobody", "sub-chen"])
def test_nobody_comes_in_by_an_address_unverified_unknown_or_of_an_account_with_a_password(site, subject):
    browser = site.browser()
    assert browser.get(go(browser, subject)).status_code == 403
    assert browser.get("/api/v1/enterprises").status_code == 401


def test_an_answer_counts_only_in_the_browser_that_asked(site):
    address = go(site.browser(), "sub-li")
    stranger = site.browser()
    assert stranger.get(address).status_code == 400
    stranger.get("/sign-in/company")
    assert stranger.get(address).status_code == 400


def test_a_code_counts_once_and_only_with_its_verifier(site):
    browser = site.browser()
    address = go(browser, "sub-li")
    cookie = browser.cookies["zhuoyue-company"]
    assert browser.get(address).status_code == 303
    again = site.browser()
    again.cookies.set("zhuoyue-company", cookie, domain="127.0.0.1")
    assert again.get(address).status_code == 502
    one, other = site.browser(), site.browser()
    code = parse_qs(urlsplit(go(one, "sub-li")).query)["code"][0]
    state = parse_qs(urlsplit(go(other, "sub-li")).query)["state"][0]
    assert other.get("/sign-in/company/back", params={"code": code, "state": state}).status_code == 502


NOW = int(time.time())
LIES = {
    "another audience": lambda claims: {**claims, "aud": "another-client"},
    "two audiences, issued to another": lambda claims: {**claims, "aud": [CLIENT, "other"], "azp": "other"},
    "no audience": lambda claims: {name: claims[name] for name in claims if name != "aud"},
    "another issuer": lambda claims: {**claims, "iss": "https://evil.example"},
    "no issuer": lambda claims: {name: claims[name] for name in claims if name != "iss"},
    "another nonce": lambda claims: {**claims, "nonce": "0" * 64},
    "no nonce": lambda claims: {name: claims[name] for name in claims if name != "nonce"},
    "over": lambda claims: {**claims, "exp": NOW - 3600},
    "without an end": lambda claims: {name: claims[name] for name in claims if name != "exp"},
    "from the future": lambda claims: {**claims, "iat": NOW + 7200, "nbf": NOW + 7200},
    "of nobody": lambda claims: {**claims, "sub": ""},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_is_refused(site, provider, lie):
    provider.lie = LIES[lie]
    browser = site.browser()
    answer = browser.get(go(browser, "sub-li"))
    assert answer.status_code == 502
    assert "no answer that can be relied on" in answer.text
    assert "zhuoyue" not in browser.cookies


@pytest.mark.parametrize("sign", ["stranger", "none"])
def test_a_token_that_the_provider_did_not_sign_is_refused(site, provider, sign):
    provider.lie, provider.sign = (lambda claims: claims), sign
    browser = site.browser()
    assert browser.get(go(browser, "sub-li")).status_code == 502


def test_the_lying_provider_is_believed_when_it_tells_the_truth(site, provider):
    """Without this the refusals above could be the test's own fault."""
    provider.lie = lambda claims: claims
    browser = site.browser()
    assert browser.get(go(browser, "sub-li")).status_code == 303


def test_a_refusal_of_the_provider_is_said_plainly(site):
    browser = site.browser()
    state = parse_qs(urlsplit(browser.get("/sign-in/company").headers["location"]).query)["state"][0]
    answer = browser.get("/sign-in/company/back", params={"error": "access_denied", "state": state})
    assert answer.status_code == 502


def test_a_provider_that_does_not_answer_leaves_the_password(tmp_path):
    access = AccessSettings(oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT)
    with opened(create_app(Settings(home=tmp_path), access=access)) as site:
        site.person(ADMIN, Role.ADMIN)
        assert site.browser().get("/sign-in/company").status_code == 502
        site.signed_in()


@pytest.mark.parametrize("issuer", ["http://login.example.org", ""])
def test_a_provider_over_plain_http_elsewhere_is_not_offered(issuer):
    assert not AccessSettings(oidc_issuer=issuer, oidc_client_id=CLIENT).company
    assert AccessSettings(oidc_issuer="https://login.example.org", oidc_client_id=CLIENT).company
