"""What is kept: `guide freshness`, `guide import-contacts`, `guide export-contacts`, and `guide show` for old versions.

Only `import-contacts` writes in content folders; none needs the database.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile

import click

from guide import versions
from guide.cli import content
from guide.cli.group import main
from guide.flows.finding import errors
from guide.library.contact_import import Fate, carried_out, contacts_in, planned
from guide.library.contact_sheet import LARGEST, read_sheet, sheet_of
from guide.library.freshness import Verdict, bare, freshness
from guide.library.layout import BOM
from guide.library.library import load
from guide.library.wording import suggest


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
@click.option("--kommune", help="Som det var i den kommune: med dens egne numre, trin, navne, tilbud og breve.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Læg udgavens filer i denne mappe.")
def show(version: str | None, day: datetime | None, flow: str | None, kommune: str | None, into: Path | None) -> None:
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
            click.echo(versions.read(data, found, name, kommune))
        if kommune:
            click.echo(versions.read_own(data, found, kommune) or f"«{kommune}» havde intet eget i den udgave.")
    except KeyError as error:
        raise click.ClickException(f"Flowet «{flow}» er ikke i den udgave.") from error
    except FileExistsError as error:
        raise click.ClickException(f"{error.filename} findes allerede. Vælg en anden mappe til «--into».") from error
    except (OSError, BadZipFile) as error:
        raise click.ClickException(f"Udgaverne i {data / 'versions'} kan ikke læses: {error}.") from error


@main.command(name="freshness")
@click.option("--kommune", help="Kun den kommune, med alt det, den har.")
@click.option("--date", "on", metavar="DATO", help="Som på den dag, fx 2027-01-01. Ellers i dag.")
def freshness_command(kommune: str | None, on: str | None) -> None:
    """Vis, hvad hver kommune skal efterse: egne numre, trin og tekster. Det ældste først."""
    library, found = load(content.content_root(), content.settings().content)
    for finding in errors(found):
        click.echo(str(finding), err=True)
    day = content.day(on, library)
    if day is None:
        raise click.BadParameter("Skriv en dato, fx 2027-01-01.", param_hint="--date")
    if kommune is not None and kommune not in library.municipalities:
        raise click.ClickException(f"Kommunen «{kommune}» findes ikke.{suggest(kommune, library.municipalities)}")
    standings = freshness(library, day, kommune)
    for standing in standings:
        counts = ", ".join(f"{verdict} {number}" for verdict, number in standing.counts.items())
        click.echo(f"{standing.name}{' (eksempel)' if standing.example else ''}: {standing.score} af 100 ({counts})")
        for kept in standing.kept:
            if kommune or kept.verdict is not Verdict.fresh:
                age = f"efterset {kept.checked}, {kept.months} mdr." if kept.checked else "ingen dato"
                click.echo(f"  {kept.verdict:<16}  {kept.what} · {kept.owner or 'ingen ejer'} · {age}")
    if kommune is None:
        click.echo(f"Kommuner uden noget eget: {bare(library, standings)}")
    elif not standings:
        click.echo("Kommunen har intet eget her.")


def _folder(given: Path | None) -> Path:
    """The content folder that is kept: the one given, else the first of GUIDE_CONTENT, else the current one."""
    return given or next(iter(content.settings().content), Path("."))


_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@main.command()
@click.argument("sheet", metavar="FIL.CSV", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--into", type=_FOLDER, help="Mappen med «municipalities/». Ellers den første i GUIDE_CONTENT, ellers her."
)
@click.option("--partial", is_flag=True, help="Skriv de gode rækker, også når andre bliver afvist.")
def import_contacts(sheet: Path, into: Path | None, partial: bool) -> None:
    """Læs kontakter for mange kommuner fra ét regneark. Skriver intet, når en række bliver afvist."""
    folder = _folder(into)
    try:
        with open(sheet, "rb") as file:
            read = read_sheet(file.read(LARGEST + 1))
    except OSError as error:
        raise click.ClickException(f"{sheet} kan ikke læses: {error.strerror}.") from error
    for note in read.notes:
        click.echo(note)
    for wrong in read.wrong:
        click.echo(wrong, err=True)
    if read.wrong:
        raise click.ClickException("Intet er skrevet.")
    plan = planned(read, content.content_root(), folder, partial)
    done = carried_out(plan, folder)
    for row in plan.rows:
        click.echo(str(row))
    counts = ", ".join(f"{fate} {sum(row.fate is fate for row in plan.rows)}" for fate in Fate)
    idle = "Intet er skrevet." if plan.refused else "Der er intet at ændre."
    click.echo(f"{counts}. {f'Skrevet i {folder.resolve()}:' if done else idle}")
    for name in done:
        click.echo(f"  {name}")
    if plan.refused:
        raise SystemExit(1)


@main.command()
@click.option("--from", "source", type=_FOLDER, help="Mappen med «municipalities/». Ellers som «import-contacts».")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="CSV-filen. Ellers skærmen.")
def export_contacts(source: Path | None, output: Path | None) -> None:
    """Skriv alle kommuners egne kontakter til ét regneark, som «import-contacts» kan læse igen."""
    contacts, found = contacts_in(_folder(source))
    for finding in found:
        click.echo(str(finding), err=True)
    data = sheet_of(contacts)
    if output is None:
        click.echo(data.removeprefix(BOM), nl=False)
    else:
        try:
            output.write_bytes(data)
        except OSError as error:
            raise click.ClickException(f"Der kan ikke skrives i {output}: {error.strerror}.") from error
        click.echo(f"{output}: {len(contacts)} kontakter")
    if found:
        raise click.ClickException("Nogle filer har fejl, og deres kontakter er ikke med.")
