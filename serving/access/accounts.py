"""The register of users: who may sign in, with which roles, to see whose numbers. Every act is journalled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from time import time
from typing import Any, Final

import sqlalchemy as sa

from serving.access import passwords
from serving.access.journalling import tell, writing
from serving.access.person import Person, Role, Scope
from serving.access.refusals import (
    LastAdministratorRefused,
    NameRefused,
    NameTakenError,
    StaleUserError,
    UnknownUserError,
)
from serving.access.tables import (
    KEYS,
    SESSIONS,
    USERS,
    read_roles,
    read_scope,
    roles_text,
    scope_facts,
    scope_text,
)

_NAME: Final = re.compile(r"[\w][\w.@+-]{0,99}")
_ADMIN = sa.or_(USERS.c.roles == "admin", USERS.c.roles.like("admin %"))
"""Roles stand in alphabetical order, so that `admin` is always the first."""


@dataclass(frozen=True)
class User:
    """One account; `company` says that it signs in through the identity provider and has no password here."""

    id: int
    name: str
    roles: frozenset[Role]
    scope: Scope
    active: bool
    must_change: bool
    company: bool
    created_at: int
    version: int

    @property
    def person(self) -> Person:
        """Who this is to all other rooms."""
        return Person(self.name, self.roles, self.scope)


class Accounts:
    """All users of one state database."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep them in this state database."""
        self._engine = engine

    def all(self, limit: int | None = None, offset: int = 0) -> list[User]:
        """Return the users in order of name."""
        query = sa.select(USERS).order_by(USERS.c.name).limit(limit).offset(offset)
        with self._engine.connect() as connection:
            return [read_user(row) for row in connection.execute(query)]

    def count(self) -> int:
        """Return how many there are."""
        with self._engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(USERS)).scalar_one())

    def administrators(self) -> int:
        """Return how many could let somebody in."""
        query = sa.select(sa.func.count()).select_from(USERS).where(USERS.c.active, _ADMIN)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def find(self, name: str) -> User | None:
        """Return the user of a name, however it is written."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(USERS).where(USERS.c.name == folded(name))).one_or_none()
        return read_user(row) if row else None

    def get(self, name: str) -> User:
        """Return the user of a name; raises UnknownUserError."""
        found = self.find(name)
        if found is None:
            raise UnknownUserError(name)
        return found

    def add(
        self,
        name: str,
        roles: Iterable[Role],
        scope: Scope,
        by: str,
        *,
        password: str | None,
        must_change: bool = True,
    ) -> User:
        """Make an account; without a password it signs in through the company's identity provider only.

        Raises NameRefused, NameTakenError, PasswordRefused.
        """
        name = folded(name)
        if not _NAME.fullmatch(name):
            raise NameRefused(name)
        stored = None
        if password is not None:
            passwords.accept(password, name)
            stored = passwords.hashed(password)
        values = {
            "name": name,
            "password": stored,
            "roles": roles_text(roles),
            "scope": scope_text(scope),
            "active": True,
            "must_change": password is not None and must_change,
            "created_at": int(time()),
            "version": 1,
        }
        facts = {"roles": values["roles"], "scope": scope_facts(scope), "company": password is None}
        with writing(self._engine) as connection:
            if connection.execute(sa.select(USERS.c.id).where(USERS.c.name == name)).one_or_none():
                raise NameTakenError(name)
            connection.execute(sa.insert(USERS).values(values))
            tell(connection, f"user:{name}", "user added", by, facts)
        return self.get(name)

    def change(
        self,
        name: str,
        by: str,
        *,
        roles: Iterable[Role] | None = None,
        scope: Scope | None = None,
        active: bool | None = None,
        version: int | None = None,
    ) -> User:
        """Change rights; whoever is locked out loses sessions and keys in the same moment.

        `version` is the one that the writer saw. Raises UnknownUserError, StaleUserError,
        LastAdministratorRefused.
        """
        given: dict[str, Any] = {
            "roles": None if roles is None else roles_text(roles),
            "scope": None if scope is None else scope_text(scope),
            "active": active,
        }
        given = {field: value for field, value in given.items() if value is not None}
        with writing(self._engine) as connection:
            user = _locked(connection, name)
            if version is not None and version != user.version:
                raise StaleUserError(user.name, user.version)
            connection.execute(
                sa.update(USERS).where(USERS.c.id == user.id).values(**given, version=user.version + 1)
            )
            was = user.active and Role.ADMIN in user.roles
            if was and not connection.execute(sa.select(USERS.c.id).where(USERS.c.active, _ADMIN)).first():
                raise LastAdministratorRefused(user.name)
            if active is False:
                _shut_out(connection, user.id)
            tell(connection, f"user:{user.name}", "user changed", by, given)
        return self.get(name)

    def set_password(
        self, name: str, password: str, by: str, *, must_change: bool, keep: str | None = None
    ) -> None:
        """Set a password and end all sessions of the user, except the one with the digest `keep`.

        Raises UnknownUserError, PasswordRefused.
        """
        user = self.get(name)
        passwords.accept(password, user.name)
        stored = passwords.hashed(password)
        with writing(self._engine) as connection:
            changed = sa.update(USERS).where(USERS.c.id == user.id)
            connection.execute(
                changed.values(password=stored, must_change=must_change, version=USERS.c.version + 1)
            )
            others = sa.delete(SESSIONS).where(SESSIONS.c.user_id == user.id)
            connection.execute(others.where(SESSIONS.c.digest != keep) if keep else others)
            tell(connection, f"user:{user.name}", "password set", by, {"must_change": must_change})

    def check(self, name: str, password: str) -> User | None:
        """Return the user of a name and password; an unknown name takes as long as a wrong password."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(USERS).where(USERS.c.name == folded(name))).one_or_none()
        right = passwords.matches(password, row.password if row else None)
        return read_user(row) if row is not None and right and row.active else None

    def through_company(self, issuer: str, subject: str, name: str | None) -> User | None:
        """Return whoever the identity provider `issuer` knows as `subject`.

        The first time, an account made for the company sign-in and named `name` (an address that the provider
        has verified) becomes this subject's, for good. An account with a password is never taken over.
        """
        with writing(self._engine) as connection:
            known = sa.select(USERS).where(USERS.c.issuer == issuer, USERS.c.subject == subject)
            row = connection.execute(known).one_or_none()
            if row is None and name:
                free = (USERS.c.name == folded(name), USERS.c.password.is_(None), USERS.c.subject.is_(None))
                row = connection.execute(sa.select(USERS).where(*free)).one_or_none()
                if row is not None:
                    linked = sa.update(USERS).where(USERS.c.id == row.id)
                    connection.execute(linked.values(issuer=issuer, subject=subject))
                    tell(connection, f"user:{row.name}", "user linked", row.name, {"issuer": issuer})
        return read_user(row) if row is not None and row.active else None


def read_user(row: sa.Row[Any]) -> User:
    """Return the user of a row of `users`."""
    return User(
        row.id,
        row.name,
        read_roles(row.roles),
        read_scope(row.scope),
        row.active,
        row.must_change,
        row.password is None,
        row.created_at,
        row.version,
    )


def folded(name: str) -> str:
    """Return a name as it is kept: one writing for all that look alike or differ in case."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _locked(connection: sa.Connection, name: str) -> User:
    row = connection.execute(sa.select(USERS).where(USERS.c.name == folded(name))).one_or_none()
    if row is None:
        raise UnknownUserError(name)
    return read_user(row)


def _shut_out(connection: sa.Connection, user_id: int) -> None:
    connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_id == user_id))
    mine = sa.update(KEYS).where(KEYS.c.user_id == user_id, KEYS.c.revoked_at.is_(None))
    connection.execute(mine.values(revoked_at=int(time())))
