"""`guide show`: the versions that were served, kept in the data folder."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile

import click

from guide import versions
from guide.cli import content
from guide.cli.group import main


def _version(data: Path, version: str | None, day: date | None) -> str:
    """The one kept version that is asked for. Raises ClickException."""
    if day is not None:
        rows = [row for row in versions.on(data, day) if version is None or row.version.startswith(version)]
        known = sorted({row.version for row in rows})
    else:
        known = versions.kept(data, version or "")
    if not known:
        raise click.ClickException("Den udgave er ikke gemt her. «guide show» viser dem, der er.")
    if len(known) > 1:
        raise click.ClickException(f"Flere udgaver passer: {', '.join(known)}. Vælg en med --version.")
    return known[0]


@main.command()
@click.option("--version", "version", help="De første tegn af udgaven, som den står nederst på siderne.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Den udgave, der gjaldt den dag, fx 2027-03-03.")
@click.option("--flow", help="Kun dette flow.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Læg udgavens filer i denne mappe.")
def show(version: str | None, day: datetime | None, flow: str | None, into: Path | None) -> None:
    """Find en udgave, der har været vist: «hvad sagde guiden den 3. marts?». Uden valg: alle udgaver."""
    data = content.settings().data
    try:
        if version is None and day is None:
            for row in versions.served(data):
                until = f"til {row.until}" if row.until else "til nu"
                click.echo(f"{row.since} {until}  {row.version}  (guiden {row.guide})")
            return
        found = _version(data, version, day.date() if day else None)
        if into is not None:
            for folder in versions.unpack(data, found, into):
                click.echo(str(folder))
            return
        click.echo(f"Udgave {found}\n")
        for name in [flow] if flow else versions.flows(data, found):
            click.echo(versions.read(data, found, name))
    except KeyError as error:
        raise click.ClickException(f"Flowet «{flow}» er ikke i den udgave.") from error
    except FileExistsError as error:
        raise click.ClickException(f"{error.filename} findes allerede. Vælg en anden mappe til «--into».") from error
    except (OSError, BadZipFile) as error:
        raise click.ClickException(f"Udgaverne i {data / 'versions'} kan ikke læses: {error}.") from error
