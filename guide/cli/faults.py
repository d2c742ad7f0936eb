"""What commands say, in Danish, when a database or a file cannot be used; and the database itself, whole or not at all.

Not here: what a command refuses for reasons of its own (`guide/usage/exchange.py`, `guide/statistics/release.py`).
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from guide import config
from guide.config import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from guide.usage.counting import Counting

UNCHANGED = "Intet er ændret."

NEWER = "Databasen er lavet af en nyere udgave af guiden."

_WRITING = {
    errno.ENOENT: "mappen findes ikke",
    errno.ENOTDIR: "mappen findes ikke",
    errno.EACCES: "der må ikke skrives her",
    errno.EPERM: "der må ikke skrives her",
    errno.EROFS: "der må ikke skrives her",
    errno.ENOSPC: "disken er fuld",
    errno.EDQUOT: "disken er fuld",
    errno.EFBIG: "disken er fuld",
    errno.EISDIR: "det er en mappe",
    errno.ENAMETOOLONG: "navnet er for langt",
}

_READING = {
    errno.ENOENT: "filen findes ikke",
    errno.ENOTDIR: "filen findes ikke",
    errno.EACCES: "den må ikke læses",
    errno.EPERM: "den må ikke læses",
    errno.EISDIR: "det er en mappe",
}

_DATABASE = {
    "readonly": "der må ikke skrives i den",
    "read-only": "der må ikke skrives i den",
    "permission denied": "der må ikke skrives i den",
    "disk is full": "disken er fuld",
    "no space": "disken er fuld",
    "locked": "en anden bruger den. Prøv igen om lidt",
    "not a database": "filen er ikke en database",
    "malformed": "filen er gået i stykker",
    "unable to open": "den kan ikke åbnes",
    "no such table": "den mangler tabeller",
    "does not exist": "den eller en tabel findes ikke",
    "connection": "den svarer ikke",
}
"""What SQLite and PostgreSQL say, by a part of it."""


def unwritten(error: OSError) -> str:
    """Why a file could not be written."""
    return _WRITING.get(error.errno or 0, f"fejl {error.errno} fra maskinen")


def unread(error: OSError) -> str:
    """Why a file could not be read."""
    return _READING.get(error.errno or 0, f"fejl {error.errno} fra maskinen")


def drained(settings: Settings) -> Counting:
    """The counting of this installation, when what waits in its spool has been counted. Raises ClickException."""
    from guide.usage.counting import Unavailable
    from guide.web import counting

    try:
        held = counting(settings, config.keys(settings))
        held.totals()
    except (config.ConfigError, Unavailable) as error:
        raise click.ClickException(str(error)) from error
    return held


@contextmanager
def database(settings: Settings, after: str = UNCHANGED) -> Iterator[Engine]:
    """The database at HEAD, with all its tables; what goes wrong with it meanwhile becomes a Danish sentence.

    `after`: what holds when it goes wrong. Raises ClickException.
    """
    from guide import db

    try:
        engine = db.open_engine(settings.database_url, settings.data)
    except (ValueError, ImportError) as error:
        raise click.ClickException(f"GUIDE_DATABASE_URL: adressen kan ikke bruges. {UNCHANGED}") from error
    with trouble():
        intact(engine)
    with trouble(after):
        yield engine


@contextmanager
def trouble(after: str = UNCHANGED) -> Iterator[None]:
    """What a database answers with becomes a Danish sentence. Raises ClickException."""
    from guide import db

    try:
        yield
    except db.NewerDatabase as error:
        raise click.ClickException(f"{NEWER} {after}") from error
    except db.DatabaseError as error:
        raise click.ClickException(f"Databasen kan ikke bruges nu{_why(error)}. {after}") from error
    except OSError as error:
        raise click.ClickException(f"Databasen kan ikke bruges nu: {unwritten(error)}. {after}") from error


def _why(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or "").lower()
    return next((f": {why}" for part, why in _DATABASE.items() if part in said), f" ({type(error).__name__})")


def intact(engine: Engine) -> None:
    """The database is made ready, has all tables, and may be written.

    Raises ClickException, NewerDatabase and DatabaseError.
    """
    from sqlalchemy import delete

    from guide import db

    db.prepare(engine)
    whole(engine)
    with engine.begin() as connection:  # deletes nothing; who may not write is told before anything is begun
        connection.execute(delete(db.mark).where(db.mark.c.name.is_(None)))


def whole(engine: Engine) -> None:
    """The database has all tables; nothing is written. Raises ClickException and DatabaseError."""
    from guide import db

    with engine.connect() as connection:
        if missing := db.missing(connection):
            raise click.ClickException(f"{db.without(missing)} {UNCHANGED}")
