"""What commands read: settings, the library with what was found on it, a flow of it, a day."""

from __future__ import annotations

from datetime import date

import click

from guide import config
from guide.flows.finding import Finding, errors
from guide.library import force
from guide.library.checks import check
from guide.library.library import Library, Playable, load
from guide.library.places import content_root

__all__ = ["NEWEST", "NO_DAY", "content_root", "day", "library", "playable", "settings", "sound", "told", "usable"]

NEWEST, NO_DAY = "efterset", "ingen"


def settings() -> config.Settings:
    """The settings. Raises ClickException."""
    try:
        return config.read()
    except config.ConfigError as error:
        raise click.ClickException(str(error)) from error


def library() -> tuple[Library, list[Finding]]:
    """The library and what was found on it whatever the day, which is printed."""
    library, found = load(content_root(), settings().content)
    return library, told(found, check(library))


def usable() -> Library:
    """The library as it was read, for commands that need no proof of it. Raises ClickException when it has an error."""
    read, found = load(content_root(), settings().content)
    if errors(found):
        told(found)
        raise click.ClickException("Indholdet har fejl. Ret dem først: «guide check».")
    return read


def told(*found: list[Finding]) -> list[Finding]:
    """All that was found, by place, after it was printed."""
    every = sorted({finding for some in found for finding in some})
    for finding in every:
        click.echo(str(finding), err=not finding.warning)
    return every


def day(on: str | None, library: Library) -> date | None:
    """The day that the guide is read as; None to leave dates out. Raises BadParameter."""
    if on in (NEWEST, NO_DAY):
        return force.newest(library) if on == NEWEST else None
    try:
        return date.fromisoformat(on) if on else force.today()
    except ValueError as error:
        said = f"«{on}» er ikke en dato. Skriv fx 2027-01-01, «{NEWEST}» eller «{NO_DAY}»."
        raise click.BadParameter(said, param_hint="--date") from error


def playable(library: Library, municipality: str, flow: str) -> Playable:
    """A flow as it is in a kommune. Raises ClickException when there is no such flow or kommune."""
    if municipality not in library.municipalities:
        raise click.ClickException(f"Kommunen «{municipality}» findes ikke.")
    found = library.playable(municipality, flow)
    if found is None:
        raise click.ClickException(f"Flowet «{flow}» findes ikke. Der er: {', '.join(library.flows) or 'ingen'}.")
    return found


def sound(municipality: str, flow: str) -> tuple[Library, Playable]:
    """The library and a flow of it. Raises ClickException when the content has an error or there is no such flow."""
    read, found = library()
    wanted = playable(read, municipality, flow)
    if errors(found):
        raise click.ClickException("Indholdet har fejl. Ret dem først.")
    return read, wanted
