"""Own lists of enterprises: a planner's group that no code describes, to be used as a filter everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from features.documents.kinds import LISTS, Document, Kept

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.documents.register import Register

MOST = 5000
"""Enterprises of one list; a form of so many ids is still of a size that is let in."""
LONGEST_ID = 200
_BETWEEN = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True)
class Listed:
    """A list as it is kept; the ids are those that its owner wrote down, known or not."""

    id: str
    version: int
    owner: str
    name: str
    enterprise_ids: frozenset[str]


def register_of(engine: sa.Engine) -> Register:
    """Return the lists in a state database, which nothing has loaded before the first request."""
    from features.documents.register import Register

    return Register(engine, LISTS)


def register(request: Request) -> Register:
    """Return the lists in the state database."""
    return register_of(request.app.state.database.engine)


def of_kept(kept: Kept) -> Listed:
    """Return a kept document as a list."""
    ids = frozenset(kept.document["enterprise_ids"])
    return Listed(kept.id, kept.version, kept.owner, kept.document["name"], ids)


def written(name: str, enterprise_ids: list[str]) -> Document:
    """Return what is kept of a list: every id once, in order."""
    return {"name": name, "enterprise_ids": sorted(set(enterprise_ids))}


def ids_in(text: str) -> list[str]:
    """Return the ids in a pasted text or the first column of a file: apart by blanks, commas or lines."""
    found = [word.strip("\"'\ufeff") for word in _BETWEEN.split(text)]
    return [word for word in dict.fromkeys(found) if word]
