"""`guide preview`: what an editor looks at while writing. It uses a data folder that goes away, and no database."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guide import config
from guide.cli import content
from guide.cli.group import main
from guide.library.wording import suggest

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

    from guide.web.preview import Preview


@main.command()
@click.option("--kommune", help="Vis kun denne kommune.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adressen, der lyttes på.")
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535), help="Porten, der lyttes på.")
def preview(kommune: str | None, host: str, port: int) -> None:
    """Se guiden, mens du skriver. Siderne følger med, når du gemmer en fil."""
    host = "127.0.0.1" if host == "localhost" else host
    try:
        alone = ip_address(host).is_loopback
    except ValueError as error:
        raise click.ClickException(f"--host: «{host}» er ikke en IP-adresse.") from error
    with tempfile.TemporaryDirectory(prefix="guide-preview-") as folder:
        made = _made(replace(_settings(kommune), data=Path(folder)), kommune, alone)
        server = _server(host, port, made)
        where = f"http://{f'[{host}]' if ':' in host else host}:{port}/redaktion/{f'{kommune}/' if kommune else ''}"
        click.echo(f"Se guiden, mens du skriver: {where}  (stop med Ctrl+C)")
        for path in made.settings.content:
            click.echo(f"Læser {path}")
        if not alone:
            click.echo("Advarsel: andre på nettet kan se kladder og skrive datoer i dine filer.", err=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()


def _settings(kommune: str | None) -> config.Settings:
    """The settings, without what is for a service: no database, and the present folder where it is one of content."""
    settings, here = content.settings(), Path.cwd()
    added = settings.content or ((here,) if (here / "municipalities").is_dir() else ())
    return replace(settings, content=added, scope=kommune or settings.scope, database_url=None)


def _made(settings: config.Settings, kommune: str | None, alone: bool) -> Preview:
    """The preview of some folders. Raises ClickException when the base has errors, or there is no such kommune."""
    from guide.web import ContentError
    from guide.web.preview import LOCAL, Preview

    try:
        made = Preview(settings, content.content_root(), LOCAL if alone else ())
    except (ContentError, config.ConfigError) as error:
        raise click.ClickException(str(error)) from error
    if kommune and kommune not in (known := made.kommuner()):
        raise click.ClickException(f"Kommunen «{kommune}» findes ikke.{suggest(kommune, known)}")
    return made


def _server(host: str, port: int, made: Preview) -> BaseWSGIServer:
    """One process that listens. Raises ClickException when the port is taken."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the page asks each second whether a file was saved
    try:
        return make_server(host, port, made, threaded=True)
    except (OSError, SystemExit) as error:  # werkzeug ends the process where the port is taken
        raise click.ClickException(f"Der kan ikke lyttes på {host} port {port}. Prøv --port {port + 1}.") from error
