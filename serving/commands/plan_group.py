"""What the planner's commands have in common: a group by options, and the published portfolio at hand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.documents.register import Register
    from serving.web.planner.asked import Filter
    from serving.web.planner.desk import Desk
    from serving.web.planner.targets import Wanted

FAILED, BAD_INPUT = 1, 2
Basis = Annotated[
    Literal["grade", "performance"],
    typer.Option(help="`grade`: the whole official grade; `performance`: that dimension alone."),
]
Region = Annotated[str, typer.Option(help="Prefix of the GB/T 2260 code, such as 33 or 3301.")]
Industry = Annotated[str, typer.Option(help="Prefix of the GB/T 4754 code, such as 36.")]
Size = Annotated[str, typer.Option(help="micro, small, medium or large.")]
Chain = Annotated[str, typer.Option(help="A chain, as the records name it.")]
OwnList = Annotated[str, typer.Option("--list", help="Id or name of an own list (`zhuoyue plan lists`).")]


@contextmanager
def at_desk(
    basis: str, region: str, industry: str, size: str, chain: str, own_list: str
) -> Iterator[tuple[Desk, Filter, list[Wanted]]]:
    """Yield the desk of whoever has the store before them, the group, and all targets.

    Exits with 1 where nothing is published, with 2 for a filter that says nothing.
    """
    from fastapi import HTTPException
    from pydantic import ValidationError

    from features.settings import Settings
    from features.store import Store
    from models.outlook import NoOutlookError
    from models.portfolio import NoPortfolioError
    from serving.web.planner.asked import Filter
    from serving.web.planner.desk import whole_desk
    from serving.web.planner.targets import every

    settings = Settings()
    with Store.open(settings) as store:
        try:
            desk = whole_desk(settings, store.engine)
            group = {"region": region, "industry": industry, "size": size, "chain": chain}
            wished = Filter.model_validate({"basis": basis, **group, "list": _list_id(desk, own_list)})
            desk.members(wished)
            yield desk, wished, every(desk, _targets(store.engine))
        except (NoOutlookError, NoPortfolioError) as nothing:
            raise typer.Exit(_told(str(nothing), FAILED)) from None
        except ValidationError as refused:
            fault = refused.errors()[0]
            named = ".".join(str(part) for part in fault["loc"])
            raise typer.Exit(
                _told(f"--{named}: {fault['msg']}, found {fault['input']!r}", BAD_INPUT)
            ) from None
        except HTTPException as refused:
            raise typer.Exit(_told(f"--{refused.detail}", BAD_INPUT)) from None


def _targets(engine: sa.Engine) -> Register:
    from features.documents.kinds import TARGETS
    from features.documents.register import Register

    return Register(engine, TARGETS)


def _list_id(desk: Desk, asked: str) -> str:
    """Return the id of a list that is named by id or by name."""
    by_name = {str(kept.document["name"]): kept.id for kept in desk.lists.all()}
    return by_name.get(asked, asked)


def _told(message: str, status: int) -> int:
    print(message, file=sys.stderr)  # noqa: T201 - a message for people
    return status
