"""The group that every command belongs to."""

from __future__ import annotations

import click

import guide


@click.group()
@click.version_option(guide.__version__)
def main() -> None:
    """Bekymringsguiden: fra bekymring for et barn til næste skridt."""
