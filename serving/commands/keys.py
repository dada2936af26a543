"""`zhuoyue key`: keys with which machines ask."""

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
    from serving.access.keys import Key

group = typer.Typer(help="API keys: with which machines ask.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `key` and what belongs to it."""
    app.add_typer(group, name="key")


@group.command("list")
def list_keys(fmt: FormatOption = None) -> None:
    """List the keys, the newest first."""
    from serving.access.keys import Keys
    from serving.output import emit

    with state() as engine:
        emit([_row(key) for key in Keys(engine).all()], fmt)


@group.command()
def make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    role: Roles = None,
    enterprise: Enterprises = None,
    region: Regions = None,
    everything: Everything = False,
    days: Annotated[int, typer.Option(help="How long it is in force.", min=1, max=3650)] = 365,
    fmt: FormatOption = None,
) -> None:
    """Make a key; it is told once, send it as `Authorization: Bearer KEY`."""
    from time import time

    from serving.access.keys import Keys
    from serving.output import emit

    roles, scope = wished(role, enterprise, region, everything)
    with state() as engine:
        keys = Keys(engine)
        key = keys.make_for_machine(name, roles, scope, operator(), int(time()) + days * 24 * 3600)
        emit(_row(keys.about(key)) | {"key": key}, fmt)


@group.command()
def revoke(
    key_id: Annotated[int, typer.Argument(metavar="ID", help="Id of the key.", min=1)],
    fmt: FormatOption = None,
) -> None:
    """Revoke a key: in force within seconds in every process."""
    from serving.access.keys import Keys
    from serving.output import emit

    with state() as engine:
        Keys(engine).revoke(key_id, operator())
        emit([_row(key) for key in Keys(engine).all() if key.id == key_id], fmt)


def _row(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "begins": key.hint,
        "user": key.user_name,
        **rights(key.roles, key.scope),
        "made_by": key.made_by,
        "made_at": _day(key.made_at),
        "ends_at": _day(key.ends_at),
        "seen_at": _day(key.seen_at),
        "revoked_at": _day(key.revoked_at),
    }


def _day(seconds: int | None) -> str | None:
    from datetime import UTC, datetime

    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
