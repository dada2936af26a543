"""Three cookies: the session's, and two that tie a sign-in, here or at the company's, to its browser."""

from __future__ import annotations

from typing import Final, NamedTuple

from starlette.responses import Response

SESSION: Final = "zhuoyue"
FORM: Final = "zhuoyue-form"
COMPANY: Final = "zhuoyue-company"
COMPANY_SECONDS: Final = 600
HOST: Final = "__Host-"
"""Browsers take a cookie of this prefix only by https and for one host, never from a neighbour's domain."""


class Cookies(NamedTuple):
    """What a browser sent; empty where it sent nothing."""

    session: str
    form: str
    company: str
    secure: bool

    def set_session(self, response: Response, token: str) -> None:
        """Give the browser its session; without a date, so that it ends with the browser at the latest."""
        self._set(response, SESSION, token)

    def set_form(self, response: Response, token: str) -> None:
        """Give a stranger's browser what its form is tied to."""
        self._set(response, FORM, token)

    def set_company(self, response: Response, token: str) -> None:
        """Give a browser what the identity provider's answer is tied to, for ten minutes."""
        self._set(response, COMPANY, token, COMPANY_SECONDS)

    def end_company(self, response: Response) -> None:
        """Take that back."""
        self._take(response, COMPANY)

    def end_session(self, response: Response) -> None:
        """Take the session back."""
        self._take(response, SESSION)

    def end_form(self, response: Response) -> None:
        """Take back what the form was tied to."""
        self._take(response, FORM)

    def _take(self, response: Response, name: str) -> None:
        response.delete_cookie(_name(name, self.secure), secure=self.secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        named = _name(name, self.secure)
        response.set_cookie(named, value, seconds, secure=self.secure, httponly=True, samesite="lax")


def cookies_of(headers: dict[bytes, bytes], secure: bool) -> Cookies:
    """Return our cookies among all that a browser sent."""
    found = {}
    for part in headers.get(b"cookie", b"").split(b";"):
        name, _, value = part.strip().partition(b"=")
        found[name.decode("latin-1")] = value.decode("latin-1").strip('"')
    session, form, company = (found.get(_name(name, secure), "") for name in (SESSION, FORM, COMPANY))
    return Cookies(session, form, company, secure)


def _name(name: str, secure: bool) -> str:
    return f"{HOST}{name}" if secure else name
