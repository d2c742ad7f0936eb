"""Counters, the hashes of facts counted lately, and the segments counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "counter",
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("tab", sa.Text, primary_key=True),
        sa.Column("cell", sa.Text, primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seen",
        sa.Column("hash", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
