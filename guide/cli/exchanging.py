"""`guide export-counters`, `guide import-counters`: counters from one kommune's installation to the national one.

Both use the database; the first also the spool, which it drains.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guide import config
from guide.cli import content
from guide.cli.group import main
from guide.flows.finding import errors
from guide.library import force
from guide.library.library import Library, load

if TYPE_CHECKING:
    from sqlalchemy import Engine

_FILE = click.Path(dir_okay=False, path_type=Path)


@main.command()
@click.option("--period", "period", required=True, help="Kvartalet, fx 2026Q4. Med Q4 følger årets tal med.")
@click.option("--output", required=True, type=_FILE, help="Filen, der bliver skrevet.")
def export_counters(period: str, output: Path) -> None:
    """Skriv kommunens tal for et lukket kvartal i en fil til den nationale installation."""
    from guide.usage.counting import Unavailable
    from guide.usage.exchange import handed_over, written
    from guide.web import counting

    settings = content.settings()
    if not settings.scope:
        raise click.ClickException("GUIDE_SCOPE mangler. Kun en installation for én kommune afleverer sine tal.")
    quarter, library = _closed(period), _library()
    try:
        counting(settings, config.keys(settings)).totals()  # what waits in the spool is counted first
    except (config.ConfigError, Unavailable) as error:
        raise click.ClickException(str(error)) from error
    with _database() as engine:
        sheet = handed_over(engine, settings.scope, quarter, library, force.today().isoformat())
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "wb") as file:
            file.write(written(sheet))
    except OSError as error:
        raise click.ClickException(f"Der kan ikke skrives i {output}: {error.strerror}.") from error
    click.echo(f"{output}: {sheet.kommune}, {quarter}, {len(sheet.rows)} celler, i alt {sheet.total}.")
    click.echo("Kvartalet ændrer sig ikke mere her. Filen er rå tal: send den kun til den nationale installation.")


@main.command()
@click.argument("file", metavar="FIL.CSV", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_counters(file: Path) -> None:
    """Læg en kommunes tal fra «guide export-counters» til. Hele filen eller intet, og kun én gang."""
    from guide.usage.exchange import LARGEST, Refused, read, take_in

    if content.settings().scope:
        raise click.ClickException("GUIDE_SCOPE er sat. Kun den nationale installation læser andres tal ind.")
    library = _library()
    try:
        with open(file, "rb") as handle:
            sheet = read(handle.read(LARGEST + 1), library)
    except OSError as error:
        raise click.ClickException(f"{file} kan ikke læses: {error.strerror}.") from error
    except Refused as error:
        raise click.ClickException(str(error)) from error
    _closed(sheet.quarter)
    with _database() as engine:
        take_in(engine, sheet, force.today().isoformat())
    click.echo(f"{sheet.kommune}, {sheet.quarter}: {len(sheet.rows)} celler lagt til, i alt {sheet.total}.")


def _closed(text: str) -> str:
    """A closed quarter, as the counters write it. Raises ClickException."""
    from guide.statistics.periods import CLOSES, BadPeriod, period

    try:
        found = period(text)
    except BadPeriod as error:
        raise click.ClickException(str(error)) from error
    if found.quarter is None:
        raise click.ClickException(f"Vælg et kvartal, fx {found}Q4. Årets tal følger med det fjerde.")
    if not found.closed(force.today()):
        opens = found.end + timedelta(days=CLOSES)
        raise click.ClickException(f"{found} er ikke lukket endnu. Det er det fra {opens}. Intet er ændret.")
    return str(found)


def _library() -> Library:
    """The library. Raises ClickException when it has an error."""
    library, found = load(content.content_root(), content.settings().content)
    if errors(found):
        content.told(found)
        raise click.ClickException("Indholdet har fejl. Ret dem først.")
    return library


@contextmanager
def _database() -> Iterator[Engine]:
    """The database; what goes wrong with it becomes a Danish sentence. Raises ClickException."""
    from guide import db
    from guide.usage.exchange import Refused

    settings = content.settings()
    try:
        engine = db.open_engine(settings.database_url, settings.data)
    except (ValueError, ImportError) as error:
        raise click.ClickException("GUIDE_DATABASE_URL: adressen kan ikke bruges.") from error
    try:
        yield engine
    except Refused as error:
        raise click.ClickException(str(error)) from error
    except db.NewerDatabase as error:
        raise click.ClickException("Databasen er lavet af en nyere udgave af guiden. Intet er ændret.") from error
    except (db.DatabaseError, OSError) as error:
        raise click.ClickException(
            f"Databasen kan ikke bruges nu ({type(error).__name__}). Intet er ændret."
        ) from error
