"""Alembic: one file a revision in `versions/`, run by `guide.db.prepare` on a connection it is given."""
