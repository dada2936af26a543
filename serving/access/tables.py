"""The tables of migration 0004, and how roles and scopes stand in a column."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from serving.access.person import Role, Scope

_metadata = sa.MetaData()


def _columns(kind: type[sa.types.TypeEngine[Any]], names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names.split()]


USERS: Final = sa.Table(
    "users",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *_columns(sa.String, "name password roles scope issuer subject"),
    *_columns(sa.Boolean, "active must_change"),
    *_columns(sa.Integer, "created_at version"),
)
SESSIONS: Final = sa.Table(
    "sessions",
    _metadata,
    sa.Column("digest", sa.String, primary_key=True),
    *_columns(sa.String, "agent address"),
    *_columns(sa.Integer, "user_id began_at seen_at ends_at"),
)
KEYS: Final = sa.Table(
    "api_keys",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *_columns(sa.String, "digest hint name roles scope made_by"),
    *_columns(sa.Integer, "user_id made_at ends_at seen_at revoked_at"),
)
ATTEMPTS: Final = sa.Table(
    "sign_in_attempts",
    _metadata,
    sa.Column("key", sa.String, primary_key=True),
    *_columns(sa.Integer, "count since"),
)


def roles_text(roles: Iterable[Role]) -> str:
    """Return roles as they stand in a column."""
    return " ".join(sorted(roles))


def read_roles(text: str) -> frozenset[Role]:
    """Return the roles of a column; one that this Zhuoyue does not know gives no right."""
    return frozenset(Role(name) for name in text.split() if name in set(Role))


def scope_text(scope: Scope) -> str:
    """Return a scope as it stands in a column."""
    return json.dumps(scope_facts(scope), ensure_ascii=False)


def scope_facts(scope: Scope) -> dict[str, object]:
    """Return a scope as JSON can say it."""
    return {
        "enterprises": sorted(scope.enterprises),
        "regions": list(scope.regions),
        "everything": scope.everything,
    }


def read_scope(text: str) -> Scope:
    """Return the scope of a column."""
    found = json.loads(text)
    return Scope(frozenset(found["enterprises"]), tuple(found["regions"]), found["everything"] is True)
