"""`zhuoyue plan list`: own lists of enterprises, which any group may be narrowed to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.output import FormatOption

if TYPE_CHECKING:
    from features.documents.kinds import Kept
    from features.documents.register import Register

BAD_INPUT = 2


def register(plan: typer.Typer) -> None:
    """Add the sub-application `list` to `plan`."""
    lists = typer.Typer(help="Own lists of enterprises: groups for --list.", no_args_is_help=True)
    lists.command("show")(show)
    lists.command("keep")(keep)
    lists.command("remove")(remove)
    plan.add_typer(lists, name="list")


def show(fmt: FormatOption = None) -> None:
    """List the lists that are kept."""
    from serving.output import emit

    with _register() as lists:
        emit([_row(kept) for kept in lists.all()], fmt)


def keep(
    name: Annotated[str, typer.Option(help="How the list is called.")],
    ids: Annotated[Path, typer.Option(help="File of enterprise ids, apart by lines, blanks or commas.")],
    fmt: FormatOption = None,
) -> None:
    """Keep a list of enterprises under a name; one of the same name that you made is replaced."""
    from getpass import getuser

    from pydantic import ValidationError

    from serving.output import emit
    from serving.web.planner.lists import ids_in, written
    from serving.web.planner.lists_api import ListWish

    try:
        wish = ListWish(name=name, enterprise_ids=ids_in(ids.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, ValidationError) as refused:
        raise typer.Exit(_refuse(f"--ids: {refused}")) from None
    document, who = written(wish.name, wish.enterprise_ids), getuser()
    with _register() as lists:
        old = [kept for kept in lists.all() if kept.document["name"] == name and kept.owner == who]
        kept = lists.change(old[0].id, None, document, who) if old else lists.add(document, who)
        emit([_row(kept)], fmt)


def remove(list_id: Annotated[str, typer.Argument(help="Id of the list.")], fmt: FormatOption = None) -> None:
    """Take a list back; the journal keeps what it held."""
    from getpass import getuser

    from features.documents.refusals import UnknownDocumentError
    from serving.output import emit

    with _register() as lists:
        try:
            emit([_row(lists.remove(list_id, None, getuser(), any_owner=True))], fmt)
        except UnknownDocumentError as unknown:
            raise typer.Exit(_refuse(str(unknown))) from None


@contextmanager
def _register() -> Iterator[Register]:
    from features.documents.kinds import LISTS
    from features.documents.register import Register
    from features.settings import Settings
    from features.store import Store

    with Store.open(Settings()) as store:
        yield Register(store.engine, LISTS)


def _row(kept: Kept) -> dict[str, object]:
    ids = kept.document["enterprise_ids"]
    return {"id": kept.id, "name": kept.document["name"], "owner": kept.owner, "enterprises": len(ids)}


def _refuse(message: str) -> int:
    """Say something to people on standard error, and return the exit status of bad input."""
    print(message, file=sys.stderr)  # noqa: T201 - a message for people
    return BAD_INPUT
