"""`guide noegletal`: the publication of key figures as PDF. It reads the database, and changes nothing in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from guide.cli import content, faults
from guide.cli.group import main
from guide.statistics.periods import BadPeriod, period

if TYPE_CHECKING:
    from guide.statistics.official import Figures
    from guide.statistics.published import Published


@main.command()
@click.option("--kommune", required=True, help="Kommunens id.")
@click.option("--period", "of", required=True, metavar="PERIODE", help="Et kvartal som 2026Q4, eller et år som 2026.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="PDF-filen.")
def noegletal(kommune: str, of: str, output: Path) -> None:
    """Lav publikationen med nøgletal for en kommune: 6–12 A4-sider til at tale om."""
    from guide.paper import press
    from guide.paper.publication import NoPublication, publication, subject

    try:
        wanted = period(of)
        held, official = read()
        html = publication(subject(content.usable(), held, kommune, wanted), official)
        press.put(press.pressed(html), output)
    except (BadPeriod, NoPublication, press.NoPress) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(
            f"Der kan ikke skrives i {output}: {faults.unwritten(error)}. Filen er ikke lavet."
        ) from error
    click.echo(str(output))


def read() -> tuple[Published, Figures]:
    """What is published, and the official figures.

    Raises ClickException when the database is away, has no figures yet, or is newer than this guide.
    """
    from guide import db
    from guide.statistics.official import Official
    from guide.statistics.published import Reader

    settings = content.settings()
    try:
        engine = db.open_reader(settings.database_url, settings.data)
        with engine.connect() as connection:
            found = db.revision(connection)
        if found is None or found < db.HEAD:
            raise click.ClickException("Databasen har ingen nøgletal endnu. De kommer med «guide release».")
        if found > db.HEAD:
            raise click.ClickException(faults.NEWER)
        faults.whole(engine)
        return Reader(engine).now(), Official(engine).now()
    except ValueError as error:
        raise click.ClickException("GUIDE_DATABASE_URL: adressen kan ikke bruges.") from error
    except db.DatabaseError as error:
        said = "Databasen med nøgletal kan ikke læses. Er den der, og passer GUIDE_DATABASE_URL og GUIDE_DATA?"
        raise click.ClickException(said) from error
