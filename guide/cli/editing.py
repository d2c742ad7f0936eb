"""`guide preview`: what an editor looks at while writing. It uses a data folder that goes away, and no database."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import click

from guide import config
from guide.cli import content
from guide.cli.group import main


@main.command()
@click.option("--kommune", help="Vis kun denne kommune.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adressen, der lyttes på.")
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535), help="Porten, der lyttes på.")
def preview(kommune: str | None, host: str, port: int) -> None:
    """Se guiden, mens du skriver. Siderne følger med, når du gemmer en fil."""
    from werkzeug.serving import make_server

    from guide.web import ContentError
    from guide.web.preview import LOCAL, Preview

    host = "127.0.0.1" if host == "localhost" else host
    settings = _settings(kommune)
    with tempfile.TemporaryDirectory(prefix="guide-preview-") as folder:
        try:
            alone = ip_address(host).is_loopback
            made = Preview(replace(settings, data=Path(folder)), content.content_root(), LOCAL if alone else ())
            server = make_server(host, port, made, threaded=True)
        except ValueError as error:
            raise click.ClickException(f"--host: «{host}» er ikke en IP-adresse.") from error
        except (ContentError, config.ConfigError) as error:
            raise click.ClickException(str(error)) from error
        except (OSError, SystemExit) as error:
            raise click.ClickException(f"Der kan ikke lyttes på {host} port {port}. Prøv --port 8011.") from error
        where = f"http://{f'[{host}]' if ':' in host else host}:{port}/redaktion/"
        click.echo(f"Se guiden, mens du skriver: {where}{f'{kommune}/' if kommune else ''}  (stop med Ctrl+C)")
        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the page asks each second whether a file was saved
        for path in settings.content:
            click.echo(f"Læser {path}")
        if not alone:
            click.echo("Advarsel: andre på nettet kan se kladder og skrive datoer i dine filer.", err=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()


def _settings(kommune: str | None) -> config.Settings:
    """The settings, without what is for a service: no database, and the present folder where it is one of content."""
    settings = content.settings()
    here = Path.cwd()
    added = settings.content or ((here,) if (here / "municipalities").is_dir() else ())
    return replace(settings, content=added, scope=kommune or settings.scope, database_url=None)
