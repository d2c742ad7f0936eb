"""`guide import-und`: official figures of Statistics Denmark into the database. It writes nowhere else."""

from __future__ import annotations

from pathlib import Path

import click

from guide.cli import content, faults
from guide.cli.group import main
from guide.flows.finding import Finding, errors
from guide.library import force
from guide.library.folder import Folder
from guide.library.geography import Geography, read_geography
from guide.statistics.folding import Reading, understood
from guide.statistics.official import Made, Standing, Taken, keep
from guide.statistics.statbank import BadFile


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--table", help="Tabellen, når filen ikke selv siger det: UND1, UND2, UND3 eller FOLK1A.")
@click.option(
    "--column", "told", multiple=True, metavar="HVAD=NAVN", help="Hvad en kolonne er, fx reporter=UNDERRETTER."
)
@click.option("--replace", is_flag=True, help="Lad filens tal gælde i stedet for dem, der er.")
def import_und(files: tuple[Path, ...], table: str | None, told: tuple[str, ...], replace: bool) -> None:
    """Hent Danmarks Statistiks tal ind: UND1, UND2, UND3 og FOLK1A, som CSV fra Statistikbanken."""
    if len(files) > 1 and (table or told):
        raise click.UsageError("Med --table og --column kan kun én fil hentes ind ad gangen.")
    settings = content.settings()
    geography = _geography()
    readings = list[Reading]()
    try:
        for path in files:
            named = dict(_pair(one) for one in told)
            readings.append(
                understood(path.read_bytes(), force.today(), geography, table=table, told=named, name=path.name)
            )
    except BadFile as error:
        raise click.ClickException(f"{path.name}: {error}\nIntet er ændret.") from error
    except OSError as error:
        raise click.ClickException(f"{path.name} kan ikke læses: {faults.unread(error)}.") from error
    try:
        with faults.database(settings) as engine:
            done = keep(engine, readings, force.today(), replace)
    except (Standing, Made) as error:
        raise click.ClickException(f"{error}\nIntet er ændret.") from error
    for each in done:
        _tell(each)


def _geography() -> Geography:
    """The kommuner of the shipped registers; the rest of the content is not needed. Raises ClickException."""
    root, found = content.content_root(), list[Finding]()
    geography = read_geography(root / "registers", Folder(root), found)
    if errors(found) or not geography.areas:
        raise click.ClickException("Registeret over kommuner har fejl. Kør «guide check».")
    return geography


def _pair(text: str) -> tuple[str, str]:
    kind, mark, name = text.partition("=")
    if not mark:
        raise BadFile([f"--column: skriv fx reporter=UNDERRETTER, ikke «{text}»."])
    return kind.strip(), name.strip()


def _tell(taken: Taken) -> None:
    """What became of a file."""
    reading = taken.reading
    when = reading.periods[0] if len(reading.periods) == 1 else f"{reading.periods[0]} til {reading.periods[-1]}"
    click.echo(f"{reading.name}: {reading.kind.id} ({reading.kind.name}), {when}. Formen er den fra {reading.form}.")
    for note in reading.notes:
        click.echo(f"  {note}")
    if reading.labels:
        click.echo(f"  Rækker: {', '.join(reading.labels.values())}")
    if not taken.new and not taken.changed:
        click.echo("  Tallene er hentet ind før. Intet er ændret.")
    else:
        click.echo(f"  {taken.new} nye tal. {taken.changed} tal i perioder, der var hentet ind før, er ændret.")
