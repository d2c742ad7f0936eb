"""Releases and their figures, official figures, what was taken in from files, and marks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the five tables that commands write."""
    op.create_table(
        "release",
        *(_text(name, key=name == "period") for name in ("period", "day", "by", "catalogue", "digest", "audit")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure",
        *(_text(name, key=True) for name in ("tab", "period", "cell")),
        _text("release"),
        sa.Column("n", sa.BigInteger),
        _text("status"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "official",
        *(_text(name, key=True) for name in ("tab", "period", "cell")),
        _text("taken"),
        sa.Column("n", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taken",
        *(_text(name, key=name == "id") for name in ("id", "kind", "period", "area", "day", "note")),
        sqlite_with_rowid=False,
    )
    op.create_table("mark", _text("name", key=True), _text("value"), sqlite_with_rowid=False)


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=False)
