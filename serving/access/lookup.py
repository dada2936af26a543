"""Who somebody is now, for rooms that act in a person's name when that person is not asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.access.person import LOCAL_ADMINISTRATOR, Person

if TYPE_CHECKING:
    import sqlalchemy as sa


def person_named(engine: sa.Engine, name: str) -> Person | None:
    """Return the person of a name with present roles and scope; None: unknown, or switched off."""
    from serving.access.accounts import Accounts

    if name == LOCAL_ADMINISTRATOR.name:
        return LOCAL_ADMINISTRATOR
    user = Accounts(engine).find(name)
    return user.person if user is not None and user.active else None
