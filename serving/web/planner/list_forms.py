"""Own lists on the board in words."""

from __future__ import annotations

from typing import Any

from serving.access import Person, Role
from serving.web.language import Language
from serving.web.planner.asked import BoardQuery
from serving.web.planner.desk import Desk
from serving.web.planner.lists import of_kept

PATH = "/board"


def lists_view(t: Language, desk: Desk, person: Person, wished: BoardQuery) -> list[dict[str, Any]]:
    """Return every list that is kept, with how many of it the reader sees."""
    rows = []
    for kept in desk.lists.all():
        own = of_kept(kept)
        seen = int(desk.among(own).sum())
        rows.append(
            {
                "id": own.id,
                "version": own.version,
                "name": own.name,
                "owner": own.owner,
                "count": t("board.list.count", seen=t.number(seen), all=t.number(len(own.enterprise_ids))),
                "url": BoardQuery(list=own.id).url(PATH),
                "here": own.id == wished.list,
                "mine": own.owner == person.name or person.has(Role.ADMIN),
            }
        )
    return rows
