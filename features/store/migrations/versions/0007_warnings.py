"""Warnings, who is told of them, and what is on its way to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the database itself allows one open warning of one identity only."""
    op.create_table(
        "warnings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("identity", sa.String(600), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("enterprise_id", sa.String(200), nullable=True, index=True),
        sa.Column("open", sa.Boolean, nullable=False, index=True),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("raised_at", "seen_at", "period")),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        *(sa.Column(name, sa.String(32), nullable=True) for name in ("acknowledged_at", "resolved_at")),
        sa.Column("acknowledged_by", sa.String(200), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    once = sa.text("open")
    op.create_index(
        "one_open_warning", "warnings", ["identity"], unique=True, sqlite_where=once, postgresql_where=once
    )
    op.create_table(
        "warning_subscriptions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("person", sa.String(200), nullable=False, index=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(1000), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kinds", "enterprises")),
        sa.Column("chance", sa.Float, nullable=False),
        sa.Column("rhythm", sa.String(20), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("endings", "active")),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "warning_outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("warning_id", "subscription_id")),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("message", sa.String(64), nullable=True, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("leased_until", sa.String(32), nullable=True),
        sa.Column("sent_at", sa.String(32), nullable=True),
        sa.Column("fault", sa.String(500), nullable=True),
        sa.UniqueConstraint("warning_id", "subscription_id", "number"),
    )
    op.create_index("warning_outbox_due", "warning_outbox", ["state", "due_at"])
    op.create_table(
        "warning_looks",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop them: what was said and acknowledged is lost, except in the journal."""
    for name in ("warning_looks", "warning_outbox", "warning_subscriptions", "warnings"):
        op.drop_table(name)
