"""`zhuoyue user`: who may sign in, what they do, whose numbers they see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.access_options import (
    Enterprises,
    Everything,
    Regions,
    Roles,
    operator,
    rights,
    state,
    wished,
)
from serving.output import FormatOption

if TYPE_CHECKING:
    from serving.access.accounts import User

group = typer.Typer(help="Users: who may sign in, with which roles and scope.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the user.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, not generate one.")
]


def register(app: typer.Typer) -> None:
    """Add `user` and what belongs to it."""
    app.add_typer(group, name="user")


@group.command("list")
def list_users(fmt: FormatOption = None) -> None:
    """List the users."""
    from serving.access.accounts import Accounts
    from serving.output import emit

    with state() as engine:
        emit([_row(user) for user in Accounts(engine).all()], fmt)


@group.command()
def add(
    name: Name,
    role: Roles = None,
    enterprise: Enterprises = None,
    region: Regions = None,
    everything: Everything = False,
    company: Annotated[
        bool, typer.Option("--company", help="Signs in through the company; NAME is the verified address.")
    ] = False,
    password_stdin: FromInput = False,
    fmt: FormatOption = None,
) -> None:
    """Make a user; the first password is told once and must be changed at the first sign-in."""
    from serving.access.accounts import Accounts
    from serving.output import emit

    roles, scope = wished(role, enterprise, region, everything)
    password = None if company else _password(password_stdin)
    with state() as engine:
        user = Accounts(engine).add(name, roles, scope, operator(), password=password)
    emit(_told(user, None if password_stdin else password), fmt)


@group.command()
def change(
    name: Name,
    role: Roles = None,
    enterprise: Enterprises = None,
    region: Regions = None,
    everything: Everything = False,
    fmt: FormatOption = None,
) -> None:
    """Set roles, or the scope, anew: what is named replaces what was; the other of the two stays."""
    from serving.access.accounts import Accounts
    from serving.output import emit

    roles, scope = wished(role, enterprise, region, everything)
    seen = scope if enterprise or region or everything else None
    with state() as engine:
        user = Accounts(engine).change(name, operator(), roles=roles if role else None, scope=seen)
    emit(_row(user), fmt)


@group.command()
def password(name: Name, password_stdin: FromInput = False, fmt: FormatOption = None) -> None:
    """Give a new first password; all sessions of the user end."""
    from serving.access.accounts import Accounts
    from serving.output import emit

    made = _password(password_stdin)
    with state() as engine:
        Accounts(engine).set_password(name, made, operator(), must_change=True)
        user = Accounts(engine).get(name)
    emit(_told(user, None if password_stdin else made), fmt)


@group.command()
def off(name: Name, fmt: FormatOption = None) -> None:
    """Switch a user off: sessions and keys end for good."""
    _switch(name, False, fmt)


@group.command()
def on(name: Name, fmt: FormatOption = None) -> None:
    """Let a user in again."""
    _switch(name, True, fmt)


def _switch(name: str, active: bool, fmt: FormatOption) -> None:
    from serving.access.accounts import Accounts
    from serving.output import emit

    with state() as engine:
        emit(_row(Accounts(engine).change(name, operator(), active=active)), fmt)


def _password(from_input: bool) -> str:
    import sys

    from serving.access.passwords import generated

    return sys.stdin.readline().rstrip("\r\n") if from_input else generated()


def _told(user: User, password: str | None) -> dict[str, Any]:
    return _row(user) | ({"password": password} if password else {})


def _row(user: User) -> dict[str, Any]:
    way = "company" if user.company else "password"
    return {
        "name": user.name,
        **rights(user.roles, user.scope),
        "active": user.active,
        "signs_in_by": way,
        "must_change": user.must_change,
    }
