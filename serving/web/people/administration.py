"""Administration: users with roles and scopes, keys of machines, sessions. For administrators only."""

from __future__ import annotations

from time import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from serving.access import Role
from serving.access.passwords import generated
from serving.access.refusals import AccessRefused, UnknownKeyError, UnknownUserError
from serving.access.tokens import DAY_SECONDS, DAYS
from serving.web.asking import Asker, needs
from serving.web.html import language_of
from serving.web.people.views import Rights, everybody, one_user
from serving.web.people.words import refusal

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.ADMIN)])
HERE = "/administration"
Name = Annotated[str, Path(min_length=1, max_length=100)]
Page = Annotated[int, Query(ge=1, le=1_000_000)]


def rights(
    roles: Annotated[list[str] | None, Form()] = None,
    everything: Annotated[str, Form(max_length=3)] = "",
    enterprises: Annotated[str, Form(max_length=20_000)] = "",
    regions: Annotated[str, Form(max_length=1000)] = "",
) -> Rights:
    """Return the part of a form that says what somebody may do and see."""
    return Rights(tuple(roles or ()), everything == "yes", enterprises, regions)


Wish = Annotated[Rights, Depends(rights)]


@router.get(HERE)
def administration(request: Request, page: Page = 1) -> Response:
    """Show users, keys of machines and sessions."""
    return everybody(request, page)


@router.post(HERE + "/users")
def add_user(
    request: Request,
    person: Asker,
    wish: Wish,
    name: Annotated[str, Form(max_length=200)] = "",
    company: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Make an account; its first password is shown in this answer only."""
    from serving.access.accounts import Accounts

    password = None if company == "yes" else generated()
    try:
        roles, scope = wish.read()
        accounts = Accounts(request.app.state.database.engine)
        accounts.add(name, roles, scope, person.name, password=password)
    except AccessRefused as refused:
        fault = refusal(language_of(request), refused)
        return everybody(request, fault=fault, wish=wish, name=name, status=422)
    return everybody(request, secret=password or "", about="user", done="user")


@router.get(HERE + "/users/{name}")
def user_page(request: Request, name: Name) -> Response:
    """Show one user with the form for rights."""
    return one_user(request, name)


@router.post(HERE + "/users/{name}")
def change_user(
    request: Request,
    person: Asker,
    name: Name,
    wish: Wish,
    version: Annotated[int, Form(ge=1, le=2**31 - 1)],
    active: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Change rights, if nobody changed the user since the form was shown."""
    from serving.access.accounts import Accounts

    try:
        roles, scope = wish.read()
        Accounts(request.app.state.database.engine).change(
            name, person.name, roles=roles, scope=scope, active=active == "yes", version=version
        )
    except UnknownUserError as unknown:
        raise HTTPException(404) from unknown
    except AccessRefused as refused:
        return one_user(request, name, fault=refusal(language_of(request), refused), status=409)
    request.app.state.desk.forget()
    return RedirectResponse(f"{HERE}/users/{quote(name)}?done=rights", 303)


@router.post(HERE + "/users/{name}/password")
def reset_password(request: Request, person: Asker, name: Name) -> Response:
    """Give a new first password, shown in this answer only; the user's sessions end."""
    from serving.access.accounts import Accounts

    password = generated()
    try:
        accounts = Accounts(request.app.state.database.engine)
        accounts.set_password(name, password, person.name, must_change=True)
    except UnknownUserError as unknown:
        raise HTTPException(404) from unknown
    request.app.state.desk.forget()
    return one_user(request, name, secret=password)


@router.post(HERE + "/users/{name}/sessions/end")
def end_sessions(request: Request, name: Name) -> Response:
    """End all sessions of a user."""
    from serving.access.accounts import Accounts
    from serving.access.sessions import Sessions

    engine = request.app.state.database.engine
    user = Accounts(engine).find(name)
    if user is None:
        raise HTTPException(404)
    Sessions(engine).end_all(user.id)
    request.app.state.desk.forget()
    return RedirectResponse(f"{HERE}/users/{quote(name)}?done=sessions", 303)


@router.post(HERE + "/keys")
def make_machine_key(
    request: Request,
    person: Asker,
    wish: Wish,
    name: Annotated[str, Form(max_length=200)] = "",
    days: Annotated[int, Form()] = 365,
) -> Response:
    """Make a machine's key, shown in this answer only."""
    from serving.access.keys import Keys

    if days not in DAYS:
        raise HTTPException(422)
    try:
        roles, scope = wish.read()
        ends_at = int(time()) + days * DAY_SECONDS
        keys = Keys(request.app.state.database.engine)
        key = keys.make_for_machine(name, roles, scope, person.name, ends_at)
    except AccessRefused as refused:
        fault = refusal(language_of(request), refused)
        return everybody(request, fault=fault, key_wish=wish, status=422)
    return everybody(request, secret=key, about="key", done="key.made")


@router.post(HERE + "/keys/revoke")
def revoke_any_key(
    request: Request, person: Asker, key_id: Annotated[int, Form(ge=1, le=2**31 - 1)]
) -> Response:
    """Revoke any key."""
    from serving.access.keys import Keys

    try:
        Keys(request.app.state.database.engine).revoke(key_id, person.name)
    except UnknownKeyError as unknown:
        raise HTTPException(404) from unknown
    request.app.state.desk.forget()
    return RedirectResponse(f"{HERE}?done=key", 303)
