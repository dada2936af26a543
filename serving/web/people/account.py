"""One's own account: password, sessions, keys."""

from __future__ import annotations

from time import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from starlette.responses import RedirectResponse

from serving.access.desk import Guest
from serving.access.passwords import LONGEST, SHORTEST, PasswordRefused, TooManyAtOnceError
from serving.access.tokens import DAY_SECONDS, DAYS
from serving.web.html import language_of, message, render
from serving.web.people.signing_in import address_of
from serving.web.people.words import key_view, person_facts, refusal, session_view

router = APIRouter(include_in_schema=False)
Secret = Annotated[str, Form(max_length=2000)]


@router.get("/account")
def account(request: Request) -> Response:
    """Show the account."""
    if getattr(request.state, "guest", None) is None:
        return message(request, "account.open")
    return _page(request)


@router.get("/account/password")
def password_page(request: Request) -> Response:
    """Show the form for a new password."""
    _signed_in(request)
    return _password_form(request)


@router.post("/account/password")
def set_password(request: Request, old: Secret = "", new: Secret = "", again: Secret = "") -> Response:
    """Set a new password; all other sessions of the user end."""
    from serving.access.accounts import Accounts
    from serving.access.attempts import Attempt, Attempts

    guest, engine, t = _signed_in(request), request.app.state.database.engine, language_of(request)
    accounts, name = Accounts(engine), request.state.person.name
    attempt, now = Attempt(name, f"password {address_of(request.scope)}"), int(time())
    if seconds := Attempts(engine).count(attempt, now):
        return _password_form(request, t("signin.fault.429", minutes=-(-seconds // 60)), 429)
    try:
        if accounts.check(name, old) is None:
            return _password_form(request, t("account.password.wrong"), 422)
        if new != again:
            return _password_form(request, t("account.password.differ"), 422)
        if new == old:
            return _password_form(request, t("account.password.same"), 422)
        accounts.set_password(name, new, name, must_change=False, keep=guest.session)
    except PasswordRefused as refused:
        return _password_form(request, refusal(t, refused), 422)
    except TooManyAtOnceError:
        return _password_form(request, t("signin.fault.503"), 503)
    Attempts(engine).succeeded(attempt, now)
    request.app.state.desk.forget()
    return RedirectResponse("/account?done=password", 303, {"cache-control": "no-store"})


@router.post("/account/sessions/end")
def end_session(request: Request, digest: Annotated[str, Form(max_length=64)] = "") -> Response:
    """End one session of one's own; without `digest` all but this one."""
    from serving.access.sessions import Sessions

    guest, user = _signed_in(request), _user(request)
    sessions = Sessions(request.app.state.database.engine)
    if digest:
        sessions.end(digest, user.id)
    else:
        sessions.end_all(user.id, keep=guest.session)
    request.app.state.desk.forget()
    return RedirectResponse("/account?done=sessions", 303, {"cache-control": "no-store"})


@router.post("/account/keys")
def make_key(
    request: Request, name: Annotated[str, Form(max_length=200)] = "", days: Annotated[int, Form()] = 90
) -> Response:
    """Make a key with one's own rights, administration left out; it is shown in this answer only."""
    from serving.access.keys import Keys
    from serving.access.refusals import AccessRefused

    _signed_in(request)
    if days not in DAYS:
        raise HTTPException(422, f"a key lasts {', '.join(map(str, DAYS))} days")
    try:
        ends_at = int(time()) + days * DAY_SECONDS
        key = Keys(request.app.state.database.engine).make_for_person(name, _user(request), ends_at)
    except AccessRefused as refused:
        return _page(request, fault=refusal(language_of(request), refused), status=422)
    return _page(request, key=key)


@router.post("/account/keys/revoke")
def revoke_key(request: Request, key_id: Annotated[int, Form(ge=1, le=2**31 - 1)]) -> Response:
    """Revoke a key of one's own."""
    from serving.access.keys import Keys
    from serving.access.refusals import UnknownKeyError

    _signed_in(request)
    user = _user(request)
    try:
        Keys(request.app.state.database.engine).revoke(key_id, user.name, user.id)
    except UnknownKeyError as unknown:
        raise HTTPException(404, "no such key of yours") from unknown
    request.app.state.desk.forget()
    return RedirectResponse("/account?done=key", 303, {"cache-control": "no-store"})


def _signed_in(request: Request) -> Guest:
    """Return who signed in by a browser; keys have no account page."""
    guest: Guest | None = getattr(request.state, "guest", None)
    if guest is None or not guest.session:
        raise HTTPException(403, "this is for people who signed in with a browser")
    return guest


def _user(request: Request) -> Any:  # noqa: ANN401 - accounts.User, loaded late
    from serving.access.accounts import Accounts

    return Accounts(request.app.state.database.engine).get(request.state.person.name)


def _page(request: Request, key: str = "", fault: str = "", status: int = 200) -> Response:
    from serving.access.keys import Keys
    from serving.access.sessions import Sessions

    guest, t = _signed_in(request), language_of(request)
    user, engine, now = _user(request), request.app.state.database.engine, int(time())
    done = request.query_params.get("done", "")
    context = {
        "facts": person_facts(t, user.roles, user.scope),
        "company": user.company,
        "sessions": [session_view(t, one, guest.session) for one in Sessions(engine).all(now, user.id)],
        "keys": [key_view(t, one, now) for one in Keys(engine).all(user.id) if one.revoked_at is None],
        "days": DAYS,
        "key": key,
        "fault": fault,
        "done": t(f"account.done.{done}") if t.has(f"account.done.{done}") else "",
        "here": "account",
    }
    answer = render(request, "account.html", context, status)
    answer.headers["cache-control"] = "no-store"
    return answer


def _password_form(request: Request, fault: str = "", status: int = 200) -> Response:
    t, guest = language_of(request), _signed_in(request)
    about = t("account.password.about", least=SHORTEST, most=LONGEST)
    context = {"fault": fault, "first": guest.must_change, "about": about, "here": "account"}
    answer = render(request, "password.html", context, status)
    answer.headers["cache-control"] = "no-store"
    return answer
