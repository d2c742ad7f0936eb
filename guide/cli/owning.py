"""`guide new-municipality`, and `guide check --kommune`: for the editor of one kommune. Only the former writes."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from guide import config
from guide.cli import content
from guide.cli.group import main
from guide.flows.finding import errors
from guide.library import force
from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.new_room import ROOM, SCHEMAS, NotMade, find, make
from guide.library.room_schema import room_schemas
from guide.library.room_state import left_over, of_room, stands, to_approve, told


def added(settings: config.Settings) -> tuple[Path, ...]:
    """The folders with kommuner's own files: those of GUIDE_CONTENT, else the present one when it is such a folder."""
    here = Path.cwd()
    alone = not settings.content and (here / ROOM).is_dir() and here.resolve() != content.content_root().resolve()
    return (here,) if alone else settings.content


@main.command(name="new-municipality")
@click.argument("navn")
def new_municipality(navn: str) -> None:
    """Lav en mappe til en kommune, med forklaringer og uden opdigtede numre. NAVN er navnet, koden eller id'et."""
    settings = content.settings()
    folder = settings.content[0] if settings.content else Path.cwd()
    library, _ = load(content.content_root())
    try:
        name = find(navn, library.municipalities)
        made = make(folder, name, library.municipalities[name], library.flows, force.today())
        _write_schemas(folder / SCHEMAS, library)
    except NotMade as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{library.municipalities[name].name} har fået en mappe: {made[0].parent}")
    for path in made:
        click.echo(f"  {path.relative_to(made[0].parent)}")
    click.echo(f"Begynd med {made[0]}")
    click.echo(f"Se efter fejl:   guide check --kommune {name}")
    click.echo(f"Se siderne:      guide preview --kommune {name}")
    if not settings.content:
        _tell_of_setting(folder.resolve())


def check_room(wanted: str, on: str | None) -> int:
    """Print all that was found in one kommune's folder, and how far it has come; 1 when there are errors."""
    folders = added(content.settings())
    library, found = load(content.content_root(), folders)
    name = _room(wanted, library, (content.content_root(), *folders))
    day = content.day(on, library)
    own = of_room({*found, *check(library, day), *left_over(library.files, name)}, name)
    for finding in own:
        for line in told(finding, (content.content_root(), *folders), library.files):
            click.echo(line)
        click.echo()
    if not errors(own):
        for line in to_approve(library, name, day or force.today()):
            click.echo(line)
    click.echo(stands(library, name, own))
    return 1 if errors(own) else 0


def _room(wanted: str, library: Library, folders: tuple[Path, ...]) -> str:
    """The id of a kommune with a folder here. Raises ClickException."""
    ids = [path.name for folder in folders if (folder / ROOM).is_dir() for path in (folder / ROOM).iterdir()]
    if wanted in ids:
        return wanted
    try:
        name = find(wanted, library.municipalities)
    except NotMade as error:
        raise click.ClickException(str(error)) from error
    if name in ids:
        return name
    deep = [folder for folder in folders if ROOM in (folder.name, folder.parent.name)]
    if deep:
        right = deep[0].parent if deep[0].name == ROOM else deep[0].parent.parent
        raise click.ClickException(f"GUIDE_CONTENT peger for langt ind: {deep[0]}. Den skal være {right}.")
    looked = " og ".join(str(folder) for folder in folders[1:]) or "GUIDE_CONTENT (den er ikke sat)"
    kommune = library.municipalities[name].name
    raise click.ClickException(
        f"{kommune} har ingen mappe i {looked}. Lav den med «guide new-municipality {name}», eller gå hen til mappen."
    )


def _tell_of_setting(folder: Path) -> None:
    quoted = str(folder).replace("'", "''")
    click.echo(f"\nDe to finder mappen, når du står i {folder}. Skal guiden altid finde den, så sæt GUIDE_CONTENT:")
    click.echo(f"  Windows (PowerShell):  $env:GUIDE_CONTENT = '{quoted}'     # kun i dette vindue")
    click.echo(f"                         setx GUIDE_CONTENT '{quoted}'       # i alle nye vinduer")
    click.echo(f"  Linux og Mac:          export GUIDE_CONTENT={shlex.quote(str(folder))}")


def _write_schemas(folder: Path, library: Library) -> None:
    """What VS Code completes from; those that are there stay as they are. Raises NotMade."""
    try:
        folder.mkdir(exist_ok=True)
        for name, schema in room_schemas(library).items():
            path = folder / f"{name}.schema.json"
            if not path.exists():
                path.write_text(json.dumps(schema, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise NotMade(f"Mappen er lavet, men skemaerne kan ikke skrives i {folder}: {error.strerror}.") from error
