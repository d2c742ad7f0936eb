"""`guide …`: serve, check, walk, read, contact, poster, handleplan, diagram, schema, stats, show, diff.

`serve` and `stats` use the data folder, and `stats` the database; the others need neither.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile

import click

import guide
from guide import config, versions
from guide.flows.diagram import mermaid
from guide.flows.finding import Finding, errors
from guide.flows.live import TooManyStates
from guide.flows.walk import Walk, WalkError
from guide.library import force
from guide.library.aloud import aloud
from guide.library.checks import check as check_library
from guide.library.difference import difference, said
from guide.library.library import NOWHERE, Library, Playable, load
from guide.library.places import content_root
from guide.library.revision import NoContent, content_of
from guide.library.schema import schemas
from guide.library.telling import Unknown, moment_of, outcome_of, told
from guide.model import Level


@click.group()
@click.version_option(guide.__version__)
def main() -> None:
    """Bekymringsguiden: fra bekymring for et barn til næste skridt."""


def _settings() -> config.Settings:
    try:
        return config.read()
    except config.ConfigError as error:
        raise click.ClickException(str(error)) from error


def _listeners(host: str, port: int, workers: int) -> list[socket.socket]:
    """The sockets to serve on: the one systemd holds, else new ones. Raises ClickException."""
    from guide.web import server

    try:
        held = server.passed()
        return [held] if held else server.bound(host, port, workers)
    except ValueError as error:
        raise click.ClickException(f"--host: «{host}» er ikke en IP-adresse.") from error
    except OSError as error:
        raise click.ClickException(f"Der kan ikke lyttes på {host} port {port}: {error.strerror}.") from error


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adressen, der lyttes på.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Porten, der lyttes på.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Antal processer.")
def serve(host: str, port: int, workers: int) -> None:
    """Start guiden, så den kan åbnes i en browser."""
    from guide.web import ContentError, hold, server

    host = "127.0.0.1" if host == "localhost" else host
    settings = _settings()
    try:
        config.keys(settings)  # made once here, so that all workers read the same one
        hold(settings, content_root())
    except (config.ConfigError, ContentError) as error:
        raise click.ClickException(str(error)) from error
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    listeners = _listeners(host, port, workers)
    host, port = listeners[0].getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Bekymringsguiden: http://{shown}:{port}  (stop med Ctrl+C)")
    if host not in ("127.0.0.1", "::1"):
        click.echo("Advarsel: uden https kan andre på nettet læse med. Sæt en proxy med https foran.", err=True)
    server.run(listeners, workers)


def _library() -> tuple[Library, list[Finding]]:
    """The library and what was found on it whatever the day, which is printed."""
    library, found = load(content_root(), _settings().content)
    return library, _told(found, check_library(library))


def _told(*found: list[Finding]) -> list[Finding]:
    """All that was found, by place, after it was printed."""
    every = sorted({finding for some in found for finding in some})
    for finding in every:
        click.echo(str(finding), err=not finding.warning)
    return every


NEWEST, NO_DAY = "efterset", "ingen"


def _day(on: str | None, library: Library) -> date | None:
    """The day that the guide is read as; None to leave dates out. Raises BadParameter."""
    if on in (NEWEST, NO_DAY):
        return force.newest(library) if on == NEWEST else None
    try:
        return date.fromisoformat(on) if on else force.today()
    except ValueError as error:
        said = f"«{on}» er ikke en dato. Skriv fx 2027-01-01, «{NEWEST}» eller «{NO_DAY}»."
        raise click.BadParameter(said, param_hint="--date") from error


@main.command()
@click.option(
    "--date",
    "on",
    metavar="DATO",
    help="Læs guiden som på den dag, fx 2027-01-01. «efterset»: den nyeste dag, noget er efterset. «ingen»: se bort "
    "fra datoer. Ellers i dag.",
)
def check(on: str | None) -> None:
    """Tjek alt indhold. Udskriver hver fejl med fil og linje, og slutter med 1, hvis der er fejl."""
    library, found = load(content_root(), _settings().content)
    day = _day(on, library)
    found = _told(found, check_library(library, day))
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


def _playable(library: Library, municipality: str, flow: str) -> Playable:
    if municipality not in library.municipalities:
        raise click.ClickException(f"Kommunen «{municipality}» findes ikke.")
    playable = library.playable(municipality, flow)
    if playable is None:
        raise click.ClickException(f"Flowet «{flow}» findes ikke. Der er: {', '.join(library.flows) or 'ingen'}.")
    return playable


def _sound(municipality: str, flow: str) -> tuple[Library, Playable]:
    """The library and a flow of it. Raises ClickException when the content has an error or there is no such flow."""
    library, found = _library()
    playable = _playable(library, municipality, flow)
    if errors(found):
        raise click.ClickException("Indholdet har fejl. Ret dem først.")
    return library, playable


@main.command()
@click.argument("flow")
@click.option("--kommune", default=NOWHERE, show_default=True, help="Kommunens id.")
def walk(flow: str, kommune: str) -> None:
    """Spil et flow igennem i terminalen."""
    library, playable = _sound(kommune, flow)
    going = Walk(playable.flow, playable.machine, {})
    while question := playable.flow.questions.get(going.current):
        click.echo(f"\n{len(going.path)}. {question.title}")
        names = list(question.options)
        for number, name in enumerate(names, 1):
            click.echo(f"   {number}  {question.options[name].label}")
        prompt = "Svar" if question.kind == "one" else "Svar (flere med mellemrum)"
        chosen = str(click.prompt(prompt)).replace(",", " ").split()
        try:
            picked = [names[int(c) - 1] if c.isdecimal() and 0 < int(c) <= len(names) else c for c in chosen]
            going = going.answer(going.current, picked)
        except WalkError as error:
            click.echo(str(error))
    outcome = going.outcome
    assert outcome is not None
    click.echo(f"\n{outcome.title}\nNiveau: {outcome.level}. Forældre: {outcome.parents}.\n{outcome.help}\n")
    for number, text in enumerate(going.advice(outcome.do), 1):
        click.echo(f"{number}. {text}")
    for name in outcome.contacts:
        contact = library.contact(kommune, name)
        click.echo(f"- {contact.title} {contact.phone or ''}".rstrip())


@main.command()
@click.argument("flow")
@click.option("--kommune", default=NOWHERE, show_default=True, help="Kommunens id.")
def read(flow: str, kommune: str) -> None:
    """Skriv alle spørgsmål og udfald i et flow på én side, til at læse højt."""
    library, playable = _sound(kommune, flow)
    click.echo(aloud(library, playable, kommune), nl=False)


@main.command()
@click.option("--kommune", default=NOWHERE, show_default=True, help="Arbejdspladsens kommune.")
@click.option("--barnets-kommune", "child", help="Barnets kommune, når den er en anden.")
@click.option("--udfald", "step", help="Udfaldets id. Ellers som når det haster.")
@click.option("--fag", "flow", help="Udfaldets flow, når flere har det.")
@click.option("--at", "at", metavar="TIDSPUNKT", help="Fx 2026-12-24T15:30. Ellers nu.")
def contact(kommune: str, child: str | None, step: str | None, flow: str | None, at: str | None) -> None:
    """Vis, hvem man ringer til på et tidspunkt, hvad man siger, og hvem der er den næste."""
    library, found = _library()
    if errors(found):
        raise click.ClickException("Indholdet har fejl. Ret dem først.")
    try:
        moment = moment_of(at) if at else force.now()
        if flow and not step:
            raise Unknown("Skriv også «--udfald», når du skriver «--fag».")
        outcome = outcome_of(library, step, flow) if step else None
        for line in told(library, kommune, child, outcome, moment):
            click.echo(line)
    except Unknown as error:
        raise click.ClickException(str(error)) from error


_OUTPUT = click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="PDF-filen.")


@main.command()
@click.argument("flow")
@click.option("--kommune", default=NOWHERE, show_default=True, help="Kommunens id.")
@_OUTPUT
def poster(flow: str, kommune: str, output: Path) -> None:
    """Lav plakaten for et flow: én A4-side med numre, niveauer, pligt og forældre."""
    _paper("plakat", flow, kommune, output)


@main.command()
@click.argument("flow")
@click.option("--kommune", default=NOWHERE, show_default=True, help="Kommunens id.")
@_OUTPUT
def handleplan(flow: str, kommune: str, output: Path) -> None:
    """Lav handleplanen for et flow: alle spørgsmål, udfald, kontakter og breve på papir."""
    _paper("handleplan", flow, kommune, output)


def _paper(kind: str, flow: str, kommune: str, output: Path) -> None:
    from guide.paper import kinds, press

    library, playable = _sound(kommune, flow)
    try:
        press.put(kinds.pdf(kind, library, playable, kommune, force.today()), output)
    except (press.NoPress, press.TooLong) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"Der kan ikke skrives i {output}: {error.strerror}.") from error
    click.echo(str(output))


@main.command()
@click.argument("flow")
def diagram(flow: str) -> None:
    """Tegn et flow som tekst i Mermaid."""
    library, _ = _library()
    click.echo(mermaid(_playable(library, NOWHERE, flow).flow), nl=False)


@main.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def schema(folder: Path | None) -> None:
    """Skriv JSON Schema for forfatternes filer til en mappe, eller til skærmen."""
    found = schemas()
    if folder is None:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in found.items():
            text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
            (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"Der kan ikke skrives i {folder}: {error.strerror}.") from error


@main.command()
def stats() -> None:
    """Tæl det sidste med, og skriv alle tal som periode;tabel;celle;antal."""
    from guide.usage.counting import Unavailable
    from guide.web import counting

    settings = _settings()
    try:
        held = counting(settings, config.keys(settings))
        found = held.totals()
    except (config.ConfigError, Unavailable) as error:
        raise click.ClickException(str(error)) from error
    for finding in held.findings():
        click.echo(finding, err=True)
    for row in found:
        click.echo(";".join(map(str, row)))


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
    data = _settings().data
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


def _compared(name: str, into: Path) -> Library:
    """The content of a folder or a revision, all its flows walkable. Raises ClickException."""
    try:
        library, found = load(content_of(name, into))
    except NoContent as error:
        raise click.ClickException(str(error)) from error
    broken = [flow for flow in library.scenarios if flow not in library.flows]
    if broken or not library.flows:
        for finding in errors(found):
            click.echo(f"{name}: {finding}", err=True)
        which = ", ".join(broken) or "alle"
        raise click.ClickException(f"«{name}» kan ikke sammenlignes. Disse flow kan ikke bygges: {which}.")
    return library


@main.command()
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Vis, hvilke svar der nu fører et andet sted hen. OLD og NEW er mapper med indhold eller udgaver i git."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = (_compared(name, Path(folder, room)) for name, room in ((old, "old"), (new, "new")))
        try:
            for line in said(difference(before, after)):
                click.echo(line)
        except TooManyStates as error:
            raise click.ClickException(f"Flowene kan ikke sammenlignes: mere end {error}.") from error


if __name__ == "__main__":
    main()
