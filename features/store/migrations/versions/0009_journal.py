"""The journal names anything: its subjects are a kind before an id that may have 200 characters itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the subject (SQLite never counts) and find the events of a person quickly."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("changes", "subject", type_=sa.String(400), existing_nullable=False)
    op.create_index("ix_changes_who", "changes", ["who"])


def downgrade() -> None:
    """Leave the wide column: what it holds by now may need it."""
    op.drop_index("ix_changes_who", "changes")
