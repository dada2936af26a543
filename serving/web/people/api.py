"""`/api/v1/me` for everybody; `/api/v1/users` and `/api/v1/keys` for administrators."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import time
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Request

from serving.access import Role
from serving.access.passwords import TooManyAtOnceError, generated
from serving.access.refusals import (
    AccessRefused,
    LastAdministratorRefused,
    NameTakenError,
    StaleUserError,
    UnknownKeyError,
    UnknownUserError,
)
from serving.access.tokens import DAY_SECONDS
from serving.web import schemas
from serving.web.asking import Asker, needs
from serving.web.people.schemas import (
    Account,
    AccountChange,
    FirstPassword,
    KeyLine,
    MadeKey,
    Me,
    NewAccount,
    NewKey,
)
from serving.web.problems import RESPONSES

SCHEMES: dict[str, dict[str, str]] = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, from your account page"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "zhuoyue",
        "description": "Signed in by browser; what writes also needs the header `x-csrf-token`",
    },
}
CHANGED: dict[int | str, dict[str, Any]] = {
    409: {**RESPONSES[404], "description": "Conflict"},
    412: {**RESPONSES[404], "description": "Changed meanwhile"},
}
mine = APIRouter(prefix="/api/v1", tags=["access"], responses=RESPONSES)
router = APIRouter(prefix="/api/v1", tags=["access"], responses=RESPONSES, dependencies=[needs(Role.ADMIN)])
Name = Annotated[str, Path(min_length=1, max_length=100, description="Name of a user")]
KeyId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@mine.get("/me")
def me(person: Asker) -> Me:
    """Say who you are here: name, roles, and whose numbers you see."""
    return Me.of(person)


@router.get("/users")
def users(request: Request, limit: Limit = 100, offset: Offset = 0) -> schemas.Page[Account]:
    """List the users in order of name."""
    accounts = _accounts(request)
    items = [Account.of(user) for user in accounts.all(limit, offset)]
    return schemas.Page(items=items, total=accounts.count(), limit=limit, offset=offset)


@router.post("/users", status_code=201, responses=CHANGED)
def create_user(request: Request, person: Asker, wish: NewAccount) -> FirstPassword:
    """Make a user. The first password stands in this answer only and must be changed at the first sign-in."""
    password = None if wish.company else generated()
    with _refusals():
        user = _accounts(request).add(
            wish.name, wish.roles, wish.scope.read(), person.name, password=password
        )
    return FirstPassword(user=Account.of(user), password=password)


@router.get("/users/{name}")
def user(request: Request, name: Name) -> Account:
    """Return one user."""
    with _refusals():
        return Account.of(_accounts(request).get(name))


@router.patch("/users/{name}", responses=CHANGED)
def change_user_rights(request: Request, person: Asker, name: Name, wish: AccountChange) -> Account:
    """Change roles, scope, or whether the user may come in; in force within seconds everywhere."""
    with _refusals():
        changed = _accounts(request).change(
            name,
            person.name,
            roles=wish.roles,
            scope=wish.scope.read() if wish.scope else None,
            active=wish.active,
            version=wish.version,
        )
    request.app.state.desk.forget()
    return Account.of(changed)


@router.post("/users/{name}/password")
def reset_user_password(request: Request, person: Asker, name: Name) -> FirstPassword:
    """Give a new first password, told in this answer only; the user's sessions end."""
    password, accounts = generated(), _accounts(request)
    with _refusals():
        accounts.set_password(name, password, person.name, must_change=True)
    request.app.state.desk.forget()
    return FirstPassword(user=Account.of(accounts.get(name)), password=password)


@router.delete("/users/{name}/sessions", status_code=204)
def end_user_sessions(request: Request, name: Name) -> None:
    """End all sessions of a user."""
    from serving.access.sessions import Sessions

    with _refusals():
        found = _accounts(request).get(name)
    Sessions(request.app.state.database.engine).end_all(found.id)
    request.app.state.desk.forget()


@router.get("/keys")
def keys(request: Request, limit: Limit = 100, offset: Offset = 0) -> schemas.Page[KeyLine]:
    """List the keys, the newest first, those that are revoked among them."""
    found = _keys(request).all()
    items = [KeyLine.of(key) for key in found[offset : offset + limit]]
    return schemas.Page(items=items, total=len(found), limit=limit, offset=offset)


@router.post("/keys", status_code=201)
def create_key(request: Request, person: Asker, wish: NewKey) -> MadeKey:
    """Make a machine's key. It stands in this answer only."""
    ends_at = int(time()) + wish.days * DAY_SECONDS
    with _refusals():
        key = _keys(request).make_for_machine(wish.name, wish.roles, wish.scope.read(), person.name, ends_at)
    return MadeKey(key=key, about=KeyLine.of(_keys(request).about(key)))


@router.delete("/keys/{key_id}", status_code=204)
def revoke_key_by_id(request: Request, person: Asker, key_id: KeyId) -> None:
    """Revoke a key: at once here, within seconds in other processes."""
    with _refusals():
        _keys(request).revoke(key_id, person.name)
    request.app.state.desk.forget()


def describe_doors(app: FastAPI) -> None:
    """Say in OpenAPI how a request is let in: by a key, or by the session of a browser."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        document = described()
        document.setdefault("components", {})["securitySchemes"] = SCHEMES
        document["security"] = [{name: []} for name in SCHEMES]
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _accounts(request: Request) -> Any:  # noqa: ANN401 - Accounts, loaded late
    from serving.access.accounts import Accounts

    return Accounts(request.app.state.database.engine)


def _keys(request: Request) -> Any:  # noqa: ANN401 - Keys, loaded late
    from serving.access.keys import Keys

    return Keys(request.app.state.database.engine)


@contextmanager
def _refusals() -> Iterator[None]:
    """Give each refusal its status."""
    try:
        yield
    except (UnknownUserError, UnknownKeyError) as unknown:
        raise HTTPException(404, str(unknown)) from unknown
    except StaleUserError as stale:
        raise HTTPException(412, str(stale)) from stale
    except (NameTakenError, LastAdministratorRefused) as taken:
        raise HTTPException(409, str(taken)) from taken
    except AccessRefused as refused:
        raise HTTPException(422, str(refused)) from refused
    except TooManyAtOnceError as many:
        raise HTTPException(503, "too many passwords are being set at once", {"retry-after": "10"}) from many
