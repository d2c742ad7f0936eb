"""`guide serve`, `guide stats`: they use the data folder, and the database."""

from __future__ import annotations

import logging
import socket

import click

from guide import config
from guide.cli import content
from guide.cli.group import main


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
    settings = content.settings()
    try:
        config.keys(settings)  # made once here, so that all workers read the same one
        hold(settings, content.content_root())
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


@main.command()
def stats() -> None:
    """Tæl det sidste med, og skriv alle tal som periode;tabel;celle;antal."""
    from guide.usage.counting import Unavailable
    from guide.web import counting

    settings = content.settings()
    try:
        held = counting(settings, config.keys(settings))
        found = held.totals()
    except (config.ConfigError, Unavailable) as error:
        raise click.ClickException(str(error)) from error
    for finding in held.findings():
        click.echo(finding, err=True)
    for row in found:
        click.echo(";".join(map(str, row)))
