"""`guide export-counters`, `guide import-counters`: counters from one kommune's installation to the national one.

Both use the database; the first also the spool, which it drains.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

import click

from guide import config
from guide.cli import content, faults
from guide.cli.group import main
from guide.library import force
from guide.library.library import Library

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from guide.usage.exchange import Sheet

_FILE = click.Path(dir_okay=False, path_type=Path)


@main.command()
@click.option("--period", "period", required=True, help="Kvartalet, fx 2026Q4. Med Q4 følger årets tal med.")
@click.option("--output", required=True, type=_FILE, help="Filen, der bliver skrevet.")
def export_counters(period: str, output: Path) -> None:
    """Skriv kommunens tal for et lukket kvartal i en fil til den nationale installation."""
    from guide.usage.exchange import handed_over

    settings = content.settings()
    if not settings.scope:
        raise click.ClickException("GUIDE_SCOPE mangler. Kun en installation for én kommune afleverer sine tal.")
    quarter, library, file = _closed(period), content.usable(), _Beside(output)
    with _database(settings) as engine, file:
        faults.drained(settings)
        sheet = handed_over(engine, settings.scope, quarter, library, force.today().isoformat(), file.keep)
        file.place()
    click.echo(f"{output}: {sheet.kommune}, {quarter}, {len(sheet.rows)} celler, i alt {sheet.total}.")
    click.echo("Kvartalet ændrer sig ikke mere her. Filen er rå tal: send den kun til den nationale installation.")


@dataclass
class _Beside:
    """A file that is written beside its place, and put there when all else is done. On failure nothing is left."""

    output: Path
    made: Path | None = None

    def __enter__(self) -> None:
        if self.output.exists() and not self.output.is_file():
            raise click.ClickException(f"{self.output} er ikke en fil, der kan skrives i. {faults.UNCHANGED}")

    def keep(self, sheet: Sheet) -> None:
        """Write the sheet, down to the disk, readable by nobody else. Raises ClickException."""
        from guide.usage.exchange import written

        try:
            handle, name = mkstemp(dir=self.output.parent, prefix=f".{self.output.name[:100]}.")
            self.made = Path(name)
            with open(handle, "wb") as file:
                file.write(written(sheet))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            said = f"Der kan ikke skrives i {self.output}: {faults.unwritten(error)}. Kvartalet er stadig åbent."
            raise click.ClickException(f"{said} {faults.UNCHANGED}") from error

    def place(self) -> None:
        """Give the file its name. Raises ClickException, and the file is kept: its quarter is closed by now."""
        assert self.made is not None
        try:
            os.replace(self.made, self.output.resolve())
        except OSError as error:
            kept, self.made = self.made, None
            said = f"Filen ligger i {kept}, men den kan ikke hedde {self.output}: {faults.unwritten(error)}."
            raise click.ClickException(f"{said} Kvartalet er lukket her. Filen er hel: flyt den selv.") from error
        self.made = None

    def __exit__(self, *raised: object) -> None:
        if self.made is not None:
            with suppress(OSError):
                self.made.unlink()


@main.command()
@click.argument("file", metavar="FIL.CSV", type=_FILE)
@click.option("--undo", is_flag=True, help="Træk den samme fil fra igen, så længe kvartalet ikke er udgivet.")
def import_counters(file: Path, undo: bool) -> None:
    """Læg en kommunes tal fra «guide export-counters» til. Hele filen eller intet, og kun én gang."""
    from guide.usage.exchange import take_in, take_out

    settings = content.settings()
    if settings.scope:
        raise click.ClickException("GUIDE_SCOPE er sat. Kun den nationale installation læser andres tal ind.")
    sheet = _sheet(file, None if undo else content.usable())
    if not undo:
        _closed(sheet.quarter)
    with _database(settings) as engine:
        if undo:
            take_out(engine, sheet)
        else:
            take_in(engine, sheet, force.today().isoformat())
    done = "trukket fra igen" if undo else "lagt til"
    click.echo(f"{sheet.kommune}, {sheet.quarter}: {len(sheet.rows)} celler {done}, i alt {sheet.total}.")


def _sheet(file: Path, library: Library | None) -> Sheet:
    """What a file says. Raises ClickException."""
    from guide.usage.exchange import LARGEST, Refused, read

    try:
        with open(file, "rb") as handle:
            return read(handle.read(LARGEST + 1), library)
    except OSError as error:
        raise click.ClickException(f"{file} kan ikke læses: {faults.unread(error)}. {faults.UNCHANGED}") from error
    except Refused as error:
        raise click.ClickException(str(error)) from error


def _closed(text: str) -> str:
    """A closed quarter, as the counters write it. Raises ClickException."""
    from guide.statistics.periods import BadPeriod, period, too_early

    try:
        found = period(text)
    except BadPeriod as error:
        raise click.ClickException(str(error)) from error
    if found.quarter is None:
        raise click.ClickException(f"Vælg et kvartal, fx {found}Q4. Årets tal følger med det fjerde.")
    if not found.closed(force.today()):
        raise click.ClickException(too_early(found))
    return str(found)


@contextmanager
def _database(settings: config.Settings) -> Iterator[Engine]:
    """The database; what is refused or goes wrong becomes a Danish sentence. Raises ClickException."""
    from guide.usage.exchange import Refused

    with faults.database(settings) as engine:
        try:
            yield engine
        except Refused as error:
            raise click.ClickException(str(error)) from error
