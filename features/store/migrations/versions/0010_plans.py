"""What planners keep beside targets: scenarios, and lists of enterprises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("scenarios", "lists")


def upgrade() -> None:
    """Create the tables; what one says is a JSON document, its history stands in the journal."""
    for name in TABLES:
        op.create_table(
            name,
            sa.Column("id", sa.String(40), primary_key=True),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("owner", sa.String(200), nullable=False),
            sa.Column("document", sa.Text, nullable=False),
        )


def downgrade() -> None:
    """Drop them; the journal keeps what they said."""
    for name in reversed(TABLES):
        op.drop_table(name)
