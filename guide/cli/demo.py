"""`guide demo-data`: an empty database is filled with a made-up country. It uses the database, and looks at the spool.

An example that was begun is gone on with, so it can be stopped and run again.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from guide.cli import content, faults
from guide.cli.group import main
from guide.config import Settings
from guide.library import force
from guide.library.library import Library

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from guide.statistics.filling import Made

SEED = 8
BY = "eksempeldata"
"""Who published, in the log of an example."""

LATER = timedelta(days=20)
"""After the end of a quarter its example is published: the log then looks as a real one does."""


AGAIN = "Kør kommandoen igen, når det er rettet: den går videre, hvor den slap."


@main.command()
@click.option("--seed", default=SEED, show_default=True, help="Tallet, som de opdigtede tal bliver lavet af.")
def demo_data(seed: int) -> None:
    """Fyld en tom database med et opdigtet Danmark: to år, alle kommuner, otte offentliggørelser."""
    from guide.statistics.audit import Contradiction
    from guide.statistics.filling import NotEmpty
    from guide.statistics.programs import NoSolver, solver
    from guide.statistics.release import Refused

    settings = content.settings()
    if settings.scope:
        raise click.ClickException("GUIDE_SCOPE: eksempeldata er for hele landet. Fjern indstillingen her.")
    try:
        solver()
        library = content.usable()
        with faults.database(settings, AGAIN) as engine:
            _fill(engine, settings, library, seed)
    except (NotEmpty, Refused, NoSolver, Contradiction) as error:
        raise click.ClickException(str(error)) from error


def _fill(engine: Engine, settings: Settings, library: Library, seed: int) -> None:
    """What is missing of the example: all of it, or the releases that an earlier run did not come to."""
    from guide.statistics.filling import released
    from guide.statistics.release import publish

    begun = time.monotonic()
    made = _made(engine, settings, library, seed)
    left = [quarter for quarter in made.quarters if str(quarter) not in released(engine)]
    for quarter in left:
        click.echo(f"Offentliggør {quarter.label} …")
        publish(engine, library, quarter, BY, min(quarter.end + LATER, force.today()))
    if _official(engine, library, made) or left:
        click.echo(f"Færdig på {time.monotonic() - begun:.0f} sekunder. Databasen er mærket som eksempel.")
    else:
        click.echo("Databasen har allerede eksempeldata. Intet er ændret.")


def _made(engine: Engine, settings: Settings, library: Library, seed: int) -> Made:
    """The example of the database, put there now if there was none. Raises NotEmpty."""
    from guide.statistics import example, filling

    found = filling.made(engine)
    if found is None:
        filling.look(engine, settings.data / "spool")
        found = filling.Made(seed, example.years(force.today()))
        click.echo(f"Laver opdigtede forløb for {found.years[0]} og {found.years[-1]} (seed {seed}) …")
        filling.fill(engine, settings.data / "spool", found, example.counters(library, found.years, seed))
    elif found.seed != seed:
        said = f"Databasen har allerede eksempeldata med seed {found.seed}. Andre skal have en tom database."
        raise filling.NotEmpty(said)
    return found


def _official(engine: Engine, library: Library, made: Made) -> bool:
    """Whether made-up official figures were taken in now. They are whole years, one more than ours."""
    from guide.statistics.example_official import files
    from guide.statistics.official import Standing, take_in

    years, taken = (made.years[0] - 1, *made.years), False
    for table, name, text in files(library.geography, years, made.seed):
        with suppress(Standing):  # those of an earlier version of the guide stay
            taken |= take_in(engine, text, force.today(), library.geography, table=table, name=name).new > 0
    if taken:
        click.echo(f"Opdigtede officielle tal for {years[0]}-{years[-1]} er lagt ind.")
    return taken
