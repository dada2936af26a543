"""Who is asking, and what of the store that person may see: the dependencies that routes declare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from serving.access import Person, Role
from serving.web.asked_for import EnterpriseId, Library
from serving.web.reading import Reading, Row, UnknownEnterpriseError


async def asker(request: Request) -> Person:
    """Return who asks; the sign-in has put it there before any route runs."""
    found: Person = request.state.person
    return found


Asker = Annotated[Person, Depends(asker)]


def needs(*roles: Role) -> Any:  # noqa: ANN401 - a dependency, for `dependencies=[needs(Role.ADMIN)]`
    """Refuse (403) whoever has none of these roles."""

    async def check(person: Asker) -> None:
        if not person.has(*roles):
            raise HTTPException(403, f"this needs one of the roles: {', '.join(roles)}")

    return Depends(check)


async def with_numbers(library: Library, person: Asker, enterprise_id: EnterpriseId) -> Row:
    """Return the enterprise of the address; one that may not be seen is as unknown as one not there."""
    return await _row(library, enterprise_id, person.sees_numbers)


async def with_details(library: Library, person: Asker, enterprise_id: EnterpriseId) -> Row:
    """As `with_numbers`, for records, drivers, actions and assessments."""
    return await _row(library, enterprise_id, person.sees_details)


Numbers = Annotated[Row, Depends(with_numbers)]
Details = Annotated[Row, Depends(with_details)]


def visible(library: Reading, person: Person) -> dict[str, Row]:
    """Return the rows of `enterprises` whose numbers the person may see, in order of id."""
    return {name: row for name, row in library.enterprises().items() if person.sees_numbers(row)}


async def _row(library: Reading, enterprise_id: str, seen: Callable[[Row], bool]) -> Row:
    rows = library.at_hand("enterprises") or await run_in_threadpool(library.enterprises)
    row: Row | None = rows.get(enterprise_id)
    if row is None or not seen(row):
        raise UnknownEnterpriseError(enterprise_id)
    return row
