"""`guide walk`, `guide read`, `guide contact`, `guide poster`, `guide handleplan`: what the guide says."""

from __future__ import annotations

from pathlib import Path

import click

from guide.cli import content
from guide.cli.group import main
from guide.flows.finding import errors
from guide.flows.walk import Walk, WalkError
from guide.library import force
from guide.library.aloud import aloud
from guide.library.library import NOWHERE
from guide.library.telling import Unknown, moment_of, outcome_of, told


@main.command()
@click.argument("flow")
@click.option("--kommune", default=NOWHERE, show_default=True, help="Kommunens id.")
def walk(flow: str, kommune: str) -> None:
    """Spil et flow igennem i terminalen."""
    library, playable = content.sound(kommune, flow)
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
    library, playable = content.sound(kommune, flow)
    click.echo(aloud(library, playable, kommune), nl=False)


@main.command()
@click.option("--kommune", default=NOWHERE, show_default=True, help="Arbejdspladsens kommune.")
@click.option("--barnets-kommune", "child", help="Barnets kommune, når den er en anden.")
@click.option("--udfald", "step", help="Udfaldets id. Ellers som når det haster.")
@click.option("--fag", "flow", help="Udfaldets flow, når flere har det.")
@click.option("--at", "at", metavar="TIDSPUNKT", help="Fx 2026-12-24T15:30. Ellers nu.")
def contact(kommune: str, child: str | None, step: str | None, flow: str | None, at: str | None) -> None:
    """Vis, hvem man ringer til på et tidspunkt, hvad man siger, og hvem der er den næste."""
    library, found = content.library()
    if errors(found):
        raise click.ClickException("Indholdet har fejl. Ret dem først.")
    try:
        moment = moment_of(at) if at else force.now()
        if flow and not step:
            raise Unknown("Skriv også «--udfald», når du skriver «--fag».")
        outcome = outcome_of(library, step, flow, kommune) if step else None
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

    library, playable = content.sound(kommune, flow)
    try:
        press.put(kinds.pdf(kind, library, playable, kommune, force.today()), output)
    except (press.NoPress, press.TooLong) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"Der kan ikke skrives i {output}: {error.strerror}.") from error
    click.echo(str(output))
