"""API keys: shown once, stored as SHA-256; either a machine's with rights of its own, or a person's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import time
from typing import Any, Final

import sqlalchemy as sa

from serving.access.accounts import User
from serving.access.journalling import tell, writing
from serving.access.person import EVERYTHING, Person, Role, Scope
from serving.access.refusals import AccessRefused, UnknownKeyError
from serving.access.tables import (
    KEYS,
    USERS,
    read_roles,
    read_scope,
    roles_text,
    scope_facts,
    scope_text,
)
from serving.access.tokens import KEY_MARK, digest, new_key

TOUCH_SECONDS: Final = 300
MOST: Final = 50
"""Keys of one person that are in force."""


@dataclass(frozen=True)
class Key:
    """All that is known of a key. Without `user_name` it is a machine's. Times in seconds since 1970."""

    id: int
    hint: str
    name: str
    user_name: str | None
    roles: frozenset[Role]
    scope: Scope
    made_by: str
    made_at: int
    ends_at: int | None
    seen_at: int | None
    revoked_at: int | None


class Keys:
    """All keys of one state database."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep them in this state database."""
        self._engine = engine

    def make_for_machine(
        self, name: str, roles: Iterable[Role], scope: Scope, by: str, ends_at: int | None = None
    ) -> str:
        """Return a key with rights of its own; they last until it ends or is revoked."""
        return self._make(name, None, roles_text(roles), scope, by, ends_at)

    def make_for_person(self, name: str, user: User, ends_at: int | None = None) -> str:
        """Return a key with whatever rights the person has when it is used, administration left out."""
        if sum(key.revoked_at is None for key in self.all(user.id)) >= MOST:
            raise AccessRefused(f"you have {MOST} keys; revoke one first")
        return self._make(name, user.id, "", Scope(), user.name, ends_at)

    def find(self, key_digest: str, now: int) -> Person | None:
        """Return who asks with the key of this digest, None for one that is not in force."""
        in_force = sa.or_(KEYS.c.ends_at.is_(None), KEYS.c.ends_at > now)
        owner = [USERS.c.name.label("owner"), USERS.c.roles.label("of_owner"), USERS.c.scope.label("sees")]
        query = sa.select(KEYS, *owner, USERS.c.active, USERS.c.must_change)
        query = query.join_from(KEYS, USERS, KEYS.c.user_id == USERS.c.id, isouter=True)
        query = query.where(KEYS.c.digest == key_digest, KEYS.c.revoked_at.is_(None), in_force)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or (row.user_id is not None and (not row.active or row.must_change)):
            return None
        if now - (row.seen_at or 0) >= TOUCH_SECONDS:
            with self._engine.begin() as connection:
                connection.execute(sa.update(KEYS).where(KEYS.c.id == row.id).values(seen_at=now))
        return _person(row)

    def all(self, user_id: int | None = None) -> list[Key]:
        """Return the keys of one person or all, the newest first."""
        query = sa.select(KEYS, USERS.c.name.label("owner"))
        query = query.join_from(KEYS, USERS, KEYS.c.user_id == USERS.c.id, isouter=True)
        query = query if user_id is None else query.where(KEYS.c.user_id == user_id)
        with self._engine.connect() as connection:
            return [_key(row) for row in connection.execute(query.order_by(KEYS.c.id.desc()))]

    def about(self, key: str) -> Key:
        """Return what is known of a key that somebody holds."""
        query = sa.select(KEYS, USERS.c.name.label("owner"))
        query = query.join_from(KEYS, USERS, KEYS.c.user_id == USERS.c.id, isouter=True)
        with self._engine.connect() as connection:
            return _key(connection.execute(query.where(KEYS.c.digest == digest(key))).one())

    def revoke(self, key_id: int, by: str, user_id: int | None = None) -> None:
        """End a key, of this person only if one is named; raises UnknownKeyError."""
        revoked = sa.update(KEYS).where(KEYS.c.id == key_id, KEYS.c.revoked_at.is_(None))
        revoked = revoked if user_id is None else revoked.where(KEYS.c.user_id == user_id)
        with writing(self._engine) as connection:
            if not connection.execute(revoked.values(revoked_at=int(time()))).rowcount:
                raise UnknownKeyError(key_id)
            tell(connection, f"key:{key_id}", "key revoked", by, {"revoked": True})

    def _make(
        self, name: str, user_id: int | None, roles: str, scope: Scope, by: str, ends_at: int | None
    ) -> str:
        name = name.strip()
        if not 1 <= len(name) <= 100 or not name.isprintable():
            raise AccessRefused("a key has a name of 1 to 100 characters that says what it is for")
        key = new_key()
        values = {
            "digest": digest(key),
            "hint": key[: len(KEY_MARK) + 5],
            "name": name,
            "user_id": user_id,
            "roles": roles,
            "scope": scope_text(scope),
            "made_by": by,
            "made_at": int(time()),
            "ends_at": ends_at,
        }
        facts = {"name": name, "roles": roles, "scope": scope_facts(scope), "personal": user_id is not None}
        with writing(self._engine) as connection:
            made = connection.execute(sa.insert(KEYS).values(values).returning(KEYS.c.id)).scalar_one()
            tell(connection, f"key:{made}", "key made", by, facts)
        return key


def _person(row: sa.Row[Any]) -> Person:
    if row.user_id is None:
        return Person(f"key:{row.name}", read_roles(row.roles), read_scope(row.scope), machine=True)
    roles, scope = read_roles(row.of_owner), read_scope(row.sees)
    if Role.ADMIN in roles:
        roles, scope = frozenset(Role) - {Role.ADMIN}, EVERYTHING
    return Person(row.owner, roles, scope, machine=True)


def _key(row: sa.Row[Any]) -> Key:
    return Key(
        row.id,
        row.hint,
        row.name,
        row.owner,
        read_roles(row.roles),
        read_scope(row.scope),
        row.made_by,
        row.made_at,
        row.ends_at,
        row.seen_at,
        row.revoked_at,
    )
