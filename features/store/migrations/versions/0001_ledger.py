"""The ledger: imports, what they were made from, and the files that they made visible."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the ledger's tables and give the store its identity."""
    identity = op.create_table("store_identity", sa.Column("uid", sa.String(32), primary_key=True))
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("on_conflict", sa.String(16), nullable=False),
    )
    op.create_table(
        "import_tables",
        sa.Column("import_id", sa.Integer, sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("table_name", sa.String(64), primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("rows", "new", "same", "conflict")),
    )
    op.create_table(
        "import_sources",
        sa.Column("import_id", sa.Integer, sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, index=True),
        sa.Column("rows", sa.JSON, nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("imports.id"), nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("path", sa.Text, nullable=False, unique=True),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("replaces", sa.Boolean, nullable=False),
        sa.Column("ranges", sa.JSON, nullable=False),
    )
    op.bulk_insert(identity, [{"uid": uuid.uuid4().hex}])


def downgrade() -> None:
    """Drop the ledger; the record files stay where they are."""
    for name in ("files", "import_sources", "import_tables", "imports", "store_identity"):
        op.drop_table(name)
