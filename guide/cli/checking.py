"""`guide check`, `guide schema`, `guide diagram`: for those who write content."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from guide.cli import content
from guide.cli.group import main
from guide.cli.owning import check_room
from guide.flows.diagram import mermaid
from guide.flows.finding import errors
from guide.library import force
from guide.library.checks import check as check_library
from guide.library.library import NOWHERE, Library, Playable, load
from guide.library.room_schema import room_schemas
from guide.library.schema import schemas
from guide.model import Level


@main.command()
@click.option(
    "--date",
    "on",
    metavar="DATO",
    help="Læs guiden som på den dag, fx 2027-01-01. «efterset»: den nyeste dag, noget er efterset. «ingen»: se bort "
    "fra datoer. Ellers i dag.",
)
@click.option(
    "--kommune", help="Kun det, den kommune selv har skrevet, med hvad der bliver vist, og hvad der så skal ske."
)
def check(on: str | None, kommune: str | None) -> None:
    """Tjek alt indhold. Udskriver hver fejl med fil og linje, og slutter med 1, hvis der er fejl."""
    if kommune is not None:
        sys.exit(check_room(kommune, on))
    library, found = load(content.content_root(), content.settings().content)
    day = content.day(on, library)
    found = content.told(found, check_library(library, day))
    wrong = len(errors(found))
    for name in library.scenarios:
        own = sum(finding.file.startswith(f"flows/{name}/") for finding in found)
        playable = library.flows.get(name)
        click.echo(f"{name}: {_summary(library, playable) if playable else 'kan ikke bygges'}; fund: {own}")
    for turn in _turns(library, day) if day else ():
        click.echo(turn)
    to_check = [name for name, ref in library.law.items() if ref.status == "to-check"]
    click.echo(
        f"lov: {len(library.law)} regler, {_in_force(library, day)}{len(to_check)} venter på en jurist; "
        f"kontakter: {len(library.contacts)}; kommuner: {len(library.municipalities)}; fejl: {wrong}"
    )
    if wrong or not library.flows:
        sys.exit(1)


def _turns(library: Library, day: date) -> list[str]:
    """The rules that begin or end between today and the day that the guide is read as."""
    turned = [
        (n, ref) for n, ref in library.law.items() if force.in_force(ref, day) != force.in_force(ref, force.today())
    ]
    return [f"lov: «{name}» gælder fra {ref.valid_from} til {ref.valid_to or 'videre'}" for name, ref in turned]


def _in_force(library: Library, day: date | None) -> str:
    """How many rules apply on the day that the guide is read as; nothing when it is read as on no day."""
    return f"{sum(force.in_force(ref, day) for ref in library.law.values())} gælder {day}, " if day else ""


def _summary(library: Library, playable: Playable) -> str:
    flow, proof = playable.flow, playable.proof
    levels = ", ".join(f"{level} {sum(o.level is level for o in flow.outcomes.values())}" for level in Level)
    parts = [f"{len(flow.questions)} spørgsmål", f"{len(flow.outcomes)} udfald ({levels})"]
    parts.append(f"{len(library.scenarios.get(playable.id, {}))} scenarier")
    if proof:
        parts.append(f"{len(proof.links)} tilstande, højst {proof.remaining[proof.start]} svar")
    return ", ".join(parts)


@main.command()
@click.argument("flow")
def diagram(flow: str) -> None:
    """Tegn et flow som tekst i Mermaid."""
    library, _ = content.library()
    click.echo(mermaid(content.playable(library, NOWHERE, flow).flow), nl=False)


@main.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--kommuner", is_flag=True, help="De skemaer, kommuner skriver efter: dem med de nationale trin i.")
def schema(folder: Path | None, kommuner: bool) -> None:
    """Skriv JSON Schema for forfatternes filer til en mappe, eller til skærmen."""
    found = room_schemas(load(content.content_root())[0]) if kommuner else schemas()
    if folder is None:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, made in found.items():
            text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
            (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"Der kan ikke skrives i {folder}: {error.strerror}.") from error
