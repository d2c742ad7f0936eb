"""A weekly copy of the counters: `kopi.py <database> <folder>`. The newest KEPT copies are kept, the others deleted.

Works while the guide runs. In the copy stand the sums only: not the hashes of the last day, and no free pages where
something deleted could still be read. Not here: the key, which needs no copy, and PostgreSQL, which has pg_dump.
"""

from __future__ import annotations

import datetime
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

KEPT = 4
"""Copies that stay. More would be a history of when something was counted."""


def copy(database: Path, folder: Path, day: datetime.date) -> Path:
    """Write `guide-<day>.sqlite`, readable by its owner alone, and delete the oldest. Raises sqlite3.Error, OSError."""
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    made, done = folder / ".guide.new", folder / f"guide-{day.isoformat()}.sqlite"
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True, timeout=60)) as source:
        source.execute("VACUUM INTO ?", (str(made),))
    with closing(sqlite3.connect(made)) as copied:
        copied.execute("DELETE FROM seen")
        copied.commit()
        copied.execute("VACUUM")
        if copied.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("the copy is not whole")
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(done)
    for old in sorted(folder.glob("guide-????-??-??.sqlite"))[:-KEPT]:
        old.unlink()
    return done


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: kopi.py <database> <folder>")
    try:
        copy(Path(sys.argv[1]), Path(sys.argv[2]), datetime.date.today())
    except (sqlite3.Error, OSError) as error:
        sys.exit(f"Der blev ikke taget en kopi ({type(error).__name__}).")
