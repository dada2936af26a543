"""Improvement actions on their way into the records, and the promises that they were accepted with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = """CREATE TRIGGER promises_stay_{what} BEFORE {what} ON promises
BEGIN SELECT RAISE(ABORT, 'a promise is never changed'); END"""
POSTGRESQL_SAYS = """CREATE FUNCTION promises_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a promise is never changed'; END $$"""
POSTGRESQL = """CREATE TRIGGER promises_stay BEFORE UPDATE OR DELETE ON promises
FOR EACH ROW EXECUTE FUNCTION promises_stay()"""


def upgrade() -> None:
    """Create the tables; the database itself refuses to change a promise."""
    op.create_table(
        "improvement_actions",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("enterprise_id", sa.String(200), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unrecorded", sa.Boolean, nullable=False, index=True),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "promises",
        sa.Column("action_id", sa.String(200), primary_key=True),
        sa.Column("enterprise_id", sa.String(200), nullable=False, index=True),
        sa.Column("parameter_id", sa.String(200), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("from_value", "to_value", "low", "high")),
        *(sa.Column(name, sa.Float, nullable=True) for name in ("benefit", "cost")),
        sa.Column("given_on", sa.String(32), nullable=False),
        sa.Column("given_to", sa.String(200), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
        sa.Column("key", sa.String(64), nullable=False, index=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(what=what))
    else:
        op.execute(POSTGRESQL_SAYS)
        op.execute(POSTGRESQL)


def downgrade() -> None:
    """Drop both; the actions that are in the records stay there, the journal keeps what was promised."""
    op.drop_table("promises")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION promises_stay()")
    op.drop_table("improvement_actions")
