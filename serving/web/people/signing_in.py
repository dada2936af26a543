"""Who asks is settled before any route runs: `request.state.person`, and `csrf` for its forms.

A request is let in by a session's cookie or by `Authorization: Bearer KEY`. Only a few paths are open to
strangers. Whatever writes with a cookie must carry the session's form token (serving/web/people/forgery.py).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.access import Person
from serving.access.desk import Desk, Guest
from serving.access.pace import Pace
from serving.access.settings import AccessSettings
from serving.access.tokens import form_token
from serving.web.html import message
from serving.web.people.cookies import Cookies, cookies_of
from serving.web.people.forgery import ForgedError, checked, refuse_other_sites
from serving.web.problems import problem

PROGRAMS: Final = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
"""Paths whose errors are problem documents; all others are pages."""
OPEN: Final = frozenset({"/healthz", "/readyz", "/openapi.json", "/docs", "/sign-in"})
OPEN_BELOW: Final = ("/assets/", "/sign-in/")
FIRST: Final = ("/account/password", "/sign-out")
"""All that somebody may do whose password was set by another person."""
METRICS: Final = "/metrics"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class SignIn:
    """ASGI middleware."""

    def __init__(
        self, app: ASGIApp, desk: Desk, settings: AccessSettings, open_to: Person | None = None
    ) -> None:
        """Wrap `app`; with `open_to` every request is that person's."""
        self._app, self._desk, self._open_to = app, desk, open_to
        self._secure, self._public_host = settings.secure, settings.public_host
        self._reads, self._writes = Pace(settings.reads_per_minute), Pace(settings.writes_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say who asks, then go on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            refusal, receive = await self._let_in(scope, receive)
        except ForgedError as forged:
            refusal = problem(Request(scope), 403, str(forged))
        await (refusal or self._app)(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        state = scope.setdefault("state", {})
        state.update(person=self._open_to, guest=None, csrf="")
        writes = scope["method"] not in SAFE
        if self._open_to is not None:
            if writes:
                refuse_other_sites(scope, self._public_host)
            return None, receive
        headers = dict(scope["headers"])
        cookies = cookies_of(headers, scope["scheme"] == "https" or self._secure)
        guest = await self._guest(scope, headers, cookies)
        csrf = guest.csrf if guest else form_token(cookies.form) if cookies.form else ""
        state.update(person=guest.person if guest else None, guest=guest, csrf=csrf, cookies=cookies)
        if guest is None and not _open(scope["path"]):
            return self._stranger(scope, headers), receive
        if guest is not None and not _open(scope["path"]) and scope["path"] != METRICS:
            pace = self._writes if writes else self._reads
            if seconds := pace.wait(guest.person.name):
                return _too_fast(scope, seconds), receive
        if guest is not None and guest.must_change and not scope["path"].startswith((*FIRST, "/assets/")):
            return _password_first(scope), receive
        if writes and not (guest and not guest.session):
            refuse_other_sites(scope, self._public_host)
            receive = await checked(headers, receive, csrf)
        return None, receive

    async def _guest(self, scope: Scope, headers: dict[bytes, bytes], cookies: Cookies) -> Guest | None:
        token = _bearer(headers) or cookies.session
        if not token:
            return None
        return self._desk.remembered(token) or await run_in_threadpool(
            self._desk.look_up, token, address_of(scope)
        )

    def _stranger(self, scope: Scope, headers: dict[bytes, bytes]) -> Response:
        path = scope["path"]
        if path.startswith(PROGRAMS) or b"authorization" in headers:
            if self._desk.tired_of(address_of(scope)):
                return problem(Request(scope), 429, "too many wrong keys", headers={"retry-after": "60"})
            how = "send `Authorization: Bearer KEY`; a key comes from your account page or an administrator"
            return problem(Request(scope), 401, how, headers={"www-authenticate": "Bearer"})
        wanted = quote(path, safe="/")
        if scope["query_string"]:
            wanted += f"?{scope['query_string'].decode('latin-1')}"
        back = f"?next={quote(wanted, safe='')}" if scope["method"] in SAFE and path != "/" else ""
        return RedirectResponse(f"/sign-in{back}", 303, {"cache-control": "no-store"})


def address_of(scope: Scope) -> str:
    """Return the address that a request comes from; behind a trusted proxy uvicorn has put it right."""
    return str(scope["client"][0]) if scope.get("client") else ""


def _open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _too_fast(scope: Scope, seconds: int) -> Response:
    request, headers = Request(scope), {"retry-after": str(seconds)}
    if scope["path"].startswith(PROGRAMS):
        return problem(request, 429, f"too many requests; go on in {seconds} s", headers=headers)
    answer = message(request, "pace", 429, seconds=str(seconds))
    answer.headers.update(headers)
    return answer


def _password_first(scope: Scope) -> Response:
    if scope["path"].startswith(PROGRAMS):
        return problem(Request(scope), 403, "set a password of your own first, at /account/password")
    return RedirectResponse("/account/password", 303, {"cache-control": "no-store"})


def _bearer(headers: dict[bytes, bytes]) -> str:
    kind, _, token = headers.get(b"authorization", b"").partition(b" ")
    return token.strip().decode("latin-1") if kind.lower() == b"bearer" else ""
