"""Jobs: what was asked to be done, who does it until when, how far it is, and how it ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the database itself refuses two running jobs of a lane, two waiting of a key."""
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("enterprise_id", sa.String(200), nullable=True),
        sa.Column("key", sa.String(200), nullable=True),
        sa.Column("lane", sa.String(40), nullable=True),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("queued_at", sa.Float, nullable=False),
        sa.Column("started_at", sa.Float, nullable=True),
        sa.Column("finished_at", sa.Float, nullable=True, index=True),
        sa.Column("worker", sa.String(200), nullable=True),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("deaths", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.Float, nullable=True),
        sa.Column("cancelling", sa.Boolean, nullable=False),
        sa.Column("stage", sa.String(200), nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("result", sa.Text, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
    )
    op.create_index("jobs_by_person", "jobs", ["who", "started_at"])
    only = {"running": sa.text("state = 'running'"), "queued": sa.text("state = 'queued'")}
    for name, columns, state in (
        ("jobs_one_running_in_a_lane", ["lane"], "running"),
        ("jobs_one_waiting_of_a_key", ["kind", "key"], "queued"),
    ):
        op.create_index(
            name, "jobs", columns, unique=True, sqlite_where=only[state], postgresql_where=only[state]
        )


def downgrade() -> None:
    """Drop it; files that jobs made stay in the home folder."""
    op.drop_table("jobs")
