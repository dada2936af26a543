"""Options that say what somebody may do and see, and the registers that the commands speak to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from serving.access import Role, Scope

Roles = Annotated[
    list[str] | None,
    typer.Option("--role", help="engineer, planner, scientist, assessor or admin. Repeatable."),
]
Enterprises = Annotated[
    list[str] | None,
    typer.Option("--enterprise", metavar="ID", help="Everything of this enterprise is seen. Repeatable."),
]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", metavar="CODE", help="The numbers of this region (GB/T 2260). Repeatable."),
]
Everything = Annotated[bool, typer.Option("--everything", help="Everything of everybody is seen.")]


def wished(
    roles: Sequence[str] | None,
    enterprises: Sequence[str] | None,
    regions: Sequence[str] | None,
    everything: bool,
) -> tuple[frozenset[Role], Scope]:
    """Return roles and scope of the options; raises WishRefused."""
    from serving.access.wishes import read_wish

    return read_wish(roles or (), enterprises or (), regions or (), everything)


@contextmanager
def state() -> Iterator[sa.Engine]:
    """Open the state database that the environment names."""
    from features.settings import Settings
    from features.store.database import open_database

    engine = open_database(Settings())
    try:
        yield engine
    finally:
        engine.dispose()


def operator() -> str:
    """Return who the journal says did it: whoever is logged in to this machine."""
    from features.store.ledger import here

    return here()


def rights(roles: frozenset[Role], scope: Scope) -> dict[str, Any]:
    """Return roles and scope as columns of an answer."""
    return {
        "roles": " ".join(sorted(roles)),
        "enterprises": " ".join(sorted(scope.enterprises)),
        "regions": " ".join(scope.regions),
        "everything": scope.everything,
    }
