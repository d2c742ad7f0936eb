"""/statistik/data/: the files over HTTP; and every page of figures the same for every reader (T-P5)."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from guide import db
from guide.statistics import open_data
from guide.statistics.labels import Labels
from guide.statistics.official import Official
from guide.statistics.published import Published, Reader
from guide.statistics.tables import TABLES
from guide.web import shelf_of
from tests.statistics.figures import shipped_figures, showing
from tests.statistics.test_open_data import faults

PACKAGE = "/statistik/data/datapackage.json"


@pytest.fixture(scope="module")
def reader(shipped_app: Flask) -> Iterator[FlaskClient]:
    with showing(shipped_app, shipped_figures()) as visitor:
        yield visitor


def test_the_package_and_its_files_over_http(reader: FlaskClient) -> None:
    answer = reader.get(PACKAGE)
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    package = json.loads(answer.data)
    files = dict[str, bytes]()
    for resource in package["resources"]:
        sent = reader.get(f"/statistik/data/{resource['path']}")
        assert sent.status_code == 200 and sent.content_type == "text/csv; charset=utf-8"
        files[resource["name"]] = sent.data
    assert faults(package, files) == [] and len(files) == len(TABLES)


def test_the_csv_is_what_was_published(reader: FlaskClient, shipped_app: Flask) -> None:
    labels = Labels(shelf_of(shipped_app).library)
    for table in (TABLES["level"], TABLES["topics"]):
        sent = reader.get(f"/statistik/data/{table.slug}.csv").data
        assert sent == open_data.as_csv(shipped_figures(), labels, table)
        rows = list(csv.DictReader(io.StringIO(sent.decode(), newline="")))
        assert rows == [
            {k: "" if v is None else str(v) for k, v in row.items()}
            for row in json.loads(reader.get(f"/statistik/data/{table.slug}.json").data)["raekker"]
        ]
    hidden = [r for r in csv.DictReader(io.StringIO(reader.get("/statistik/data/niveau.csv").text)) if r["n"] == ""]
    assert hidden and {row["status"] for row in hidden} == {"faerre-end-10"}


def test_by_gzip_and_only_once(reader: FlaskClient) -> None:
    plain = reader.get("/statistik/data/niveau.csv")
    packed = reader.get("/statistik/data/niveau.csv", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data and len(packed.data) < len(plain.data) / 5
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    tag = plain.headers["ETag"]
    assert tag == packed.headers["ETag"]
    for coding in ("", "gzip"):
        again = reader.get("/statistik/data/niveau.csv", headers={"If-None-Match": tag, "Accept-Encoding": coding})
        assert again.status_code == 304 and again.data == b"" and again.headers["ETag"] == tag
    assert reader.get("/statistik/data/niveau.csv", headers={"If-None-Match": 'W/"x"'}).status_code == 200
    assert reader.head("/statistik/data/niveau.csv").headers["ETag"] == tag


def test_a_csv_of_made_up_figures_says_so_in_its_name(shipped_app: Flask) -> None:
    """The columns are those of a real file; JSON, the package and the page say it themselves."""
    real = shipped_figures()
    for example in (True, False):
        with showing(shipped_app, Published(real.releases, real.cells, example)) as visitor:
            name = visitor.get("/statistik/data/niveau.csv").headers.get("Content-Disposition")
            assert name == ('attachment; filename="eksempeldata-niveau.csv"' if example else None)
            assert json.loads(visitor.get("/statistik/data/aabningstid.json").data)["eksempeldata"] is example
            assert ("En CSV hedder «eksempeldata-…»" in visitor.get("/statistik/data/").text) is example


def test_a_newer_release_gives_another_file(shipped_app: Flask) -> None:
    real = shipped_figures()
    earlier = Published(real.releases[:-1], {k: c for k, c in real.cells.items() if k.period not in ("2025", "2025K4")})
    address, tags = "/statistik/data/niveau.csv", list[str]()
    for figures in (earlier, real):
        with showing(shipped_app, figures) as visitor:
            answer = visitor.get(address)
            tags.append(answer.headers["ETag"])
            assert (b"2025K4" in answer.data) == (figures is real)
    assert len(set(tags)) == 2
    with showing(shipped_app, earlier) as visitor:
        assert visitor.get(address, headers={"If-None-Match": tags[1]}).status_code == 200


FILES = ("/statistik/data/niveau.csv", "/statistik/data/niveau.json", PACKAGE)


def with_database(app: Flask, data: Path, patch: pytest.MonkeyPatch) -> FlaskClient:
    """A visitor of the installation whose database is the one in this folder."""
    engine = db.open_reader(None, data)
    patch.setitem(app.extensions, "guide.figures", Reader(engine))
    patch.setitem(app.extensions, "guide.figures.engine", engine)
    patch.setitem(app.extensions, "guide.official", Official(engine))
    return app.test_client()


def test_before_the_first_release(shipped_app: Flask, tmp_path: Path) -> None:
    db.prepare(db.open_engine(None, tmp_path))
    with pytest.MonkeyPatch.context() as patch:
        visitor = with_database(shipped_app, tmp_path, patch)
        assert "Der er endnu ikke offentliggjort nøgletal" in visitor.get("/statistik/data/").text
        assert visitor.get("/statistik/data/niveau.csv").data.count(b"\r\n") == 1
        assert visitor.get(PACKAGE).status_code == 200


def test_no_database_gives_no_empty_file(shipped_app: Flask, tmp_path: Path) -> None:
    """A program would take a file without rows for the end of all figures."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("none", "empty", "broken"):
            (tmp_path / kind).mkdir()
            if kind != "none":
                (tmp_path / kind / "guide.sqlite").write_bytes(b"no database" * 100 * (kind == "broken"))
            visitor = with_database(shipped_app, tmp_path / kind, patch)
            for address in FILES:
                answer = visitor.get(address)
                assert answer.status_code == (503 if kind == "broken" else 404), (kind, address)
            assert visitor.get("/statistik/data/findes-ikke.csv").status_code == 404
            assert visitor.get("/statistik/data/").status_code == (503 if kind == "broken" else 200)
        assert not list((tmp_path / "none").iterdir()), "looking makes nothing"


def test_a_newer_database_is_not_read(shipped_app: Flask, tmp_path: Path) -> None:
    """Its figures may mean something else; the guide itself does not care, and who has read goes on with that."""
    engine = db.open_engine(None, tmp_path)
    db.prepare(engine)
    clock = [0.0]
    held = Reader(engine, lambda: clock[0])
    before = held.now()
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    clock[0] = 1_000
    assert held.now() is before
    with pytest.raises(db.NewerDatabase):
        Reader(engine).now()
    with pytest.MonkeyPatch.context() as patch:
        visitor = with_database(shipped_app, tmp_path, patch)
        for address in (*FILES, "/statistik/", "/statistik/kommune/viborg/", "/statistik/officielle/"):
            answer = visitor.get(address)
            assert answer.status_code == 503 and "en nyere udgave af guiden" in answer.text, address
        assert visitor.get("/").status_code == 200


@pytest.mark.parametrize(
    "name", ["findes-ikke.csv", "level.csv", "niveau.xlsx", "..%2Fniveau.csv", ".csv", "NIVEAU.csv"]
)
def test_what_is_not_in_the_catalogue(reader: FlaskClient, name: str) -> None:
    answer = reader.get(f"/statistik/data/{name}")
    assert answer.status_code == 404 and "Siden findes ikke" in answer.text


def test_the_page_names_every_file_column_and_status(reader: FlaskClient) -> None:
    page = reader.get("/statistik/data/").text
    for table in TABLES.values():
        assert (
            f'href="/statistik/data/{table.slug}.csv"' in page and f'href="/statistik/data/{table.slug}.json"' in page
        )
        assert all(f"<code>{column.name}</code>" in page for column in open_data.columns(table))
    assert all(f"<code>{status}</code>" in page for status in open_data.MEANS)
    assert PACKAGE in page and open_data.LICENCE["path"] in page


ROLES: dict[str, dict[str, str]] = {
    "a visitor": {},
    "on a walk": {"Cookie": "walk=x; __Host-walk=y"},
    "from a kommune": {"Referer": "https://localhost/viborg/", "Cookie": "kommune=viborg"},
    "with a login of somebody else": {"Authorization": "Basic YWRtaW46YWRtaW4=", "X-Forwarded-User": "admin"},
    "another host": {"Host": "guiden.viborg.example", "X-Forwarded-Host": "intern.example"},
    "by https": {"X-Forwarded-Proto": "https"},
    "from another network": {"X-Forwarded-For": "10.0.0.7", "X-Real-IP": "10.0.0.7"},
    "in English on a phone": {"Accept-Language": "en", "User-Agent": "Mobile", "Sec-CH-UA-Mobile": "?1"},
    "without a cache": {"Cache-Control": "no-cache", "Pragma": "no-cache"},
    "asking for another form": {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
}
"""Whoever may read, as far as a request can tell."""

GOOD = {"kommune": "viborg", "landsdel": "fyn", "slug": "niveau"}


def figure_routes(app: Flask) -> list[str]:
    """Every address under /statistik/, with good values."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/statistik/")]
    return sorted(re.sub(r"<(?:\w+:)?(\w+)>", lambda found: GOOD[found[1]], rule.rule) for rule in rules)


def differences(app: Flask, address: str) -> list[str]:
    """The roles that do not get the same bytes as a visitor."""
    bodies = {role: app.test_client(use_cookies=False).get(address, headers=headers) for role, headers in ROLES.items()}
    first = bodies["a visitor"]
    return [r for r, b in bodies.items() if (b.status_code, b.data) != (first.status_code, first.data)]


def test_every_reader_gets_the_same_bytes(shipped_app: Flask, reader: FlaskClient) -> None:
    """T-P5: 0 differences, and none says that it varies by anything but how it is packed."""
    addresses = figure_routes(shipped_app)
    assert len(addresses) >= 10
    for address in addresses:
        assert differences(shipped_app, address) == [], address
        answer = reader.get(address)
        assert answer.status_code in (200, 404), address
        assert answer.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding" and "Set-Cookie" not in answer.headers


def test_a_page_that_looks_at_its_reader_is_seen(shipped_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a page that shows a kommune more than others."""
    views = shipped_app.view_functions
    monkeypatch.setitem(
        views, "open_data.as_csv", lambda slug: f"{slug} {'viborg' in request.headers.get('Cookie', '')}"
    )
    assert differences(shipped_app, "/statistik/data/niveau.csv") == ["from a kommune"]
