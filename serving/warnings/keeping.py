"""The tables of warnings, and their rows as objects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from serving.warnings.finding import Kind

_metadata = sa.MetaData()
WARNINGS: Final = sa.Table(
    "warnings",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("identity", "kind", "enterprise_id", "raised_at", "seen_at")),
    *(sa.Column(name, sa.String) for name in ("period", "facts", "acknowledged_at", "resolved_at")),
    *(sa.Column(name, sa.String) for name in ("acknowledged_by", "note")),
    sa.Column("open", sa.Boolean),
    sa.Column("weight", sa.Float),
    sa.Column("version", sa.Integer),
)
SUBSCRIPTIONS: Final = sa.Table(
    "warning_subscriptions",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("person", "channel", "address", "kinds", "enterprises")),
    *(sa.Column(name, sa.String) for name in ("rhythm", "language", "created_at")),
    sa.Column("chance", sa.Float),
    *(sa.Column(name, sa.Boolean) for name in ("endings", "active")),
    sa.Column("version", sa.Integer),
)
OUTBOX: Final = sa.Table(
    "warning_outbox",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Integer) for name in ("warning_id", "subscription_id", "number", "attempts")),
    *(sa.Column(name, sa.String) for name in ("what", "content", "state", "message", "due_at")),
    *(sa.Column(name, sa.String) for name in ("leased_until", "sent_at", "fault")),
    sa.Column("weight", sa.Float),
)
LOOKS: Final = sa.Table(
    "warning_looks", _metadata, *(sa.Column(name, sa.String) for name in ("kind", "at", "facts"))
)


@dataclass(frozen=True)
class Warned:
    """A warning as it stands: open until it resolved itself, acknowledged or not."""

    id: int
    identity: str
    kind: Kind
    enterprise_id: str | None
    open: bool
    raised_at: str
    seen_at: str
    period: str
    weight: float
    facts: dict[str, Any]
    acknowledged_at: str | None
    acknowledged_by: str | None
    note: str | None
    resolved_at: str | None
    version: int

    @property
    def state(self) -> str:
        """`open`, `acknowledged` (somebody has seen it) or `resolved`."""
        if not self.open:
            return "resolved"
        return "open" if self.acknowledged_at is None else "acknowledged"


def warned(row: Any) -> Warned:  # noqa: ANN401 - a row of `WARNINGS`
    """Return the warning of a row."""
    fields = dict(row._mapping)
    return Warned(**{**fields, "kind": Kind(fields["kind"]), "facts": json.loads(fields["facts"])})


def inserted(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> int:
    """Insert a row and return its number."""
    key = connection.execute(sa.insert(table).values(values)).inserted_primary_key
    return int(key[0]) if key else 0


def text_of(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return JSON as it is kept: in ASCII, because databases may be set to any encoding."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, allow_nan=False)
