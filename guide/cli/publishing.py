"""`guide release`: a quarter's figures are published, once and for good. Uses the data folder and the database."""

from __future__ import annotations

from collections.abc import Mapping
from getpass import getuser
from typing import Any

import click

from guide import config, db
from guide.cli import content, faults
from guide.cli.group import main
from guide.library import force
from guide.statistics.periods import BadPeriod, Period, period
from guide.statistics.tables import TABLES, Status

NOBODY = "ikke oplyst"
"""Who published, where neither `--by` nor the system says."""


@main.command()
@click.option("--period", "of", required=True, metavar="KVARTAL", help="Et lukket kvartal, fx 2026Q4.")
@click.option("--by", metavar="NAVN", help="Hvem der udgiver. Står i loggen. Ellers navnet på brugeren her.")
@click.option("--dry-run", is_flag=True, help="Vis, hvad der ville blive udgivet. Skriver ingen tal.")
@click.option("--from-here", is_flag=True, help="Begynd med dette kvartal. Ældre kvartaler bliver aldrig udgivet.")
def release(of: str, by: str | None, dry_run: bool, from_here: bool) -> None:
    """Udgiv et kvartals nøgletal. Med 4. kvartal følger året. Det, der er udgivet, bliver aldrig ændret."""
    settings = content.settings()
    if settings.scope is not None:
        raise click.ClickException("Med GUIDE_SCOPE bliver der ikke udgivet her. Brug «guide export-counters».")
    try:
        quarter = period(of)
    except BadPeriod as error:
        raise click.BadParameter(str(error), param_hint="--period") from error
    log = _released(settings, quarter, by or _user(), dry_run, from_here)
    click.echo(f"{quarter} {'ville blive' if dry_run else 'er'} udgivet.")
    for line in _told(log):
        click.echo(line)
    if not dry_run:
        click.echo("Se det på /statistik/ og hent det på /statistik/data/. Sider, der er åbne, følger med efter 20 s.")


def _released(settings: config.Settings, quarter: Period, by: str, dry_run: bool, from_here: bool) -> Mapping[str, Any]:
    """The log of the release, which is made unless `dry_run`. Raises ClickException."""
    from guide.statistics.audit import Contradiction, NoSolver
    from guide.statistics.release import Refused, drafted, publish, timely

    try:
        timely(quarter, force.today())
        with faults.database(settings, "Intet er udgivet.") as engine:
            _real(engine)
            _drained(settings)
            library = content.usable()
            if dry_run:
                return drafted(engine, library, quarter, force.today(), from_here=from_here).log
            return publish(engine, library, quarter, by, force.today(), from_here=from_here).audit
    except (Refused, NoSolver, Contradiction) as error:
        raise click.ClickException(str(error)) from error


def _drained(settings: config.Settings) -> None:
    """Count what waits in the spool here. Raises ClickException when something is left."""
    held = faults.drained(settings)
    if left := len(list(held.folder.glob("*.closed"))):
        files = "fil" if left == 1 else "filer"
        raise click.ClickException(
            f"{left} {files} i {held.folder} kan ikke tælles med: måske er de under en anden GUIDE_SECRET_KEY. "
            "Tal fra dem ville ellers komme i et senere kvartal. Intet er udgivet."
        )


def _real(engine: Any) -> None:
    """Raises ClickException for a database that is filled with examples: `guide demo-data` publishes those itself."""
    with engine.connect() as connection:
        if db.is_example(connection):
            raise click.ClickException("Databasen er fyldt med eksempeldata. De er udgivet af «guide demo-data».")


def _user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return NOBODY


def _told(log: Mapping[str, Any]) -> list[str]:
    """What was published, hidden and withheld, in Danish."""
    words = {
        Status.shown: "vist",
        Status.few: "færre end 10",
        Status.folded: "samlet",
        Status.irrelevant: "ikke relevant",
    }
    lines = list[str]()
    for table, counts in log["counts"].items():
        said = ", ".join(f"{words[Status(status)]} {n}" for status, n in counts.items())
        lines.append(f"  {TABLES[table].title}: {said}")
    lines.append(f"Revisionen så på {log.get('hidden', 0)} skjulte tal i {log['rounds']} omgange.")
    if loosened := log.get("loosened"):
        links = "1 sammenhæng" if loosened == 1 else f"{loosened} sammenhænge"
        lines.append(f"{links} blev ikke brugt, fordi tallene modsiger {'den' if loosened == 1 else 'dem'}.")
    lines.append(f"Ingen læser kan regne et skjult tal ned til et interval under {log['narrowest']:g}.")
    lines.append(f"Holdt tilbage af hensyn til revisionen: {len(log['withheld'])} dele af rækker.")
    return lines + [f"  {part}" for part in log["withheld"]]
