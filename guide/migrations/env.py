"""What Alembic runs: the revisions, on the connection and in the transaction of `guide.db.prepare`."""

from __future__ import annotations

from alembic import context

from guide.db import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
