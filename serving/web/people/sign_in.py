"""Signing in with a password, and out again."""

from __future__ import annotations

from time import time
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from serving.access.passwords import LONGEST, TooManyAtOnceError
from serving.access.tokens import form_token, new_token
from serving.web.html import language_of, render
from serving.web.people.signing_in import address_of

router = APIRouter(include_in_schema=False)
Next = Annotated[str, Query(max_length=2000)]
HOME = "/"


@router.get("/sign-in")
def sign_in_page(request: Request, next: Next = "") -> Response:  # noqa: A002 - the name in the address
    """Show the form; whoever is signed in already goes on."""
    if request.state.person is not None:
        return _on(local(next))
    return sign_in_form(request, next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",  # noqa: A002
) -> Response:
    """Begin a session for a name and its password; what was wrong is not said."""
    from serving.access.accounts import Accounts, folded
    from serving.access.attempts import Attempt, Attempts

    if request.state.guest is None and request.state.person is not None:
        return _on(HOME)  # nobody signs in here
    engine = request.app.state.database.engine
    attempt, now = Attempt(folded(name)[:LONGEST], address_of(request.scope)), int(time())
    if seconds := Attempts(engine).count(attempt, now):
        _log("locked", attempt)
        return sign_in_form(request, next, name, 429, minutes=-(-seconds // 60))
    try:
        user = Accounts(engine).check(name, password)
    except TooManyAtOnceError:
        return sign_in_form(request, next, name, 503)
    if user is None:
        _log("refused", attempt)
        return sign_in_form(request, next, name, 401)
    Attempts(engine).succeeded(attempt, now)
    return begun(request, user, next)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session, here and for every process."""
    from serving.access.sessions import Sessions

    answer = RedirectResponse("/sign-in", 303, {"cache-control": "no-store"})
    guest = request.state.guest
    if guest is not None:
        Sessions(request.app.state.database.engine).end(guest.session)
        request.app.state.desk.forget()
        request.state.cookies.end_session(answer)
        answer.headers["clear-site-data"] = '"cache"'
    return answer


def begun(request: Request, user: Any, wanted: str) -> Response:  # noqa: ANN401 - accounts.User, loaded late
    """Return the answer that begins a session of `user`; a session that the browser had ends."""
    from serving.access.sessions import Sessions

    sessions, cookies = Sessions(request.app.state.database.engine), request.state.cookies
    if request.state.guest is not None:
        sessions.end(request.state.guest.session)
        request.app.state.desk.forget()
    agent = request.headers.get("user-agent", "")
    token = sessions.begin(user, agent, address_of(request.scope), int(time()))
    _log("signed in", user)
    answer = _on("/account/password" if user.must_change else local(wanted))
    cookies.end_form(answer)
    cookies.set_session(answer, token)
    return answer


def sign_in_form(
    request: Request,
    wanted: str = "",
    name: str = "",
    status: int = 200,
    **about: int,
) -> Response:
    """Return the form, tied to this browser by a cookie; `status` other than 200 says what went wrong."""
    t, company = language_of(request), request.app.state.access
    tied = request.state.cookies.form or new_token()
    request.state.csrf = form_token(tied)
    context = {
        "next": local(wanted),
        "name": name[:200],
        "fault": t(f"signin.fault.{status}", **about) if status != 200 else "",
        "company": company.company,
        "company_name": company.oidc_name or t("signin.company"),
    }
    answer = render(request, "sign_in.html", context, status)
    answer.headers["cache-control"] = "no-store"
    request.state.cookies.set_form(answer, tied)
    return answer


def local(address: str) -> str:
    """Return an address of this site, the overview for anything that could lead elsewhere."""
    plain = address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else HOME


def _on(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


def _log(what: str, who: Any) -> None:  # noqa: ANN401 - an attempt or a user
    """Say who tried; never with what. A name that nobody has may be a password in the wrong field."""
    name = who.name if what == "signed in" else None
    address = getattr(who, "address", None)
    structlog.get_logger("zhuoyue.access").info("sign-in", outcome=what, user=name, address=address)
