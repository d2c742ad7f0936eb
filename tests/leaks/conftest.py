"""A real PostgreSQL whose folder can be searched, and databases in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.usage.conftest import postgres


@pytest.fixture(scope="session")
def cluster() -> tuple[Path, str]:
    """(data folder with its log, url of a database in it) of the PostgreSQL that the tests share."""
    return Path(postgres().pgdata), str(postgres().get_uri())


@pytest.fixture(scope="session")
def new_database(cluster: tuple[Path, str]) -> Callable[[], str]:
    """Makes an empty PostgreSQL database and gives its url."""

    def make() -> str:
        name = f"leaks_{secrets.token_hex(4)}"
        with psycopg.connect(cluster[1], autocommit=True) as connection:
            connection.execute(f"create database {name}")  # type: ignore[call-overload]
        return cluster[1].replace("/postgres?", f"/{name}?")

    return make
