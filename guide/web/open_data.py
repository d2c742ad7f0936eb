"""The published figures as files under /statistik/data/: CSV, JSON and datapackage.json, and the page about them.

Addresses are stable. A file is the same bytes for every reader, held in memory until there is a newer release, with an
ETag: who has it already is told so. Only this site's own pages may read them by script in a browser; programs and
spreadsheets fetch them freely. Not here: what stands in the files (`guide/statistics/open_data.py`).
"""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request

from guide import db
from guide.statistics import open_data
from guide.statistics.labels import Labels
from guide.statistics.published import Published
from guide.statistics.tables import TABLES, Status, Table
from guide.web import figure_pages, shelf
from guide.web.statistics import published

blueprint = Blueprint("open_data", __name__)

PACKAGE = "datapackage.json"

MADE_UP = "eksempeldata"
"""What the name of a file of made-up figures begins with when it is fetched."""

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
"""Content types by the end of the name."""

SLUGS = {table.slug: table for table in TABLES.values()}


@dataclass(frozen=True)
class File:
    """A file as it is held: packed, a fifteenth of the bytes; who does not take gzip waits for it to be unpacked."""

    packed: bytes
    tag: str

    @classmethod
    def of(cls, content: bytes) -> File:
        """The file with this content; packed the same each time, whatever the clock says."""
        return cls(gzip.compress(content, 6, mtime=0), hashlib.sha256(content).hexdigest()[:32])


@dataclass
class Files:
    """The files of what is published now, each made when it is first asked for."""

    of: Published | None = None
    made: dict[str, File] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def get(self, now: Published, name: str, make: Callable[[], bytes]) -> File:
        """A file by its name; made anew when there is something newer than before."""
        with self.lock:
            if now is not self.of:
                self.of, self.made = now, {}
            if name not in self.made:
                self.made[name] = File.of(make())
            return self.made[name]


def install(app: Flask) -> None:
    """Room for the files, one for each application."""
    app.extensions["guide.open_data"] = Files()


@blueprint.get("/statistik/data/")
def page() -> str:
    """What there is, what the columns mean, and how to use it."""
    now = published()
    return figure_pages.held("data", now, lambda: _page(now))


def _page(now: Published) -> str:
    counts = Counter(key.table for key in now.cells)
    return render_template(
        "statistics/data.html",
        published=now,
        tables=TABLES.values(),
        counts=counts,
        columns={table.id: open_data.columns(table) for table in TABLES.values()},
        means={status.value: open_data.MEANS[status] for status in Status},
        licence=open_data.LICENCE,
        credit=open_data.CREDIT,
        package=PACKAGE,
        own_scope=shelf().scope,
        title="Åbne data",
    )


def _figures() -> Published:
    """What is published, for a file. Ends with 404 where no database is: a program would take nothing for a figure."""
    now = published()
    if not now.releases and not _there():
        abort(404)
    return now


def _there() -> bool:
    """Whether there is a database of ours."""
    try:
        with current_app.extensions["guide.figures.engine"].connect() as connection:
            return db.revision(connection) is not None
    except db.DatabaseError:
        return False


@blueprint.get(f"/statistik/data/{PACKAGE}")
def package() -> Response:
    """The description of all files, for programs."""
    now = _figures()
    return _sent(_file(now, PACKAGE, lambda: open_data.as_package(now, _all(now))), "json")


@blueprint.get("/statistik/data/<slug>.csv")
def as_csv(slug: str) -> Response:
    """A table as CSV; 404 for one that is not in the catalogue."""
    table, now = _table(slug), _figures()
    sent = _sent(_csv(now, table), "csv")
    if now.example:  # the columns are those of real files, so the name is where a CSV can say what it is
        sent.headers["Content-Disposition"] = f'attachment; filename="{MADE_UP}-{slug}.csv"'
    return sent


@blueprint.get("/statistik/data/<slug>.json")
def as_json(slug: str) -> Response:
    """A table as JSON; 404 for one that is not in the catalogue."""
    table, now = _table(slug), _figures()
    return _sent(_file(now, f"{slug}.json", lambda: open_data.as_json(now, _labels(), table)), "json")


def _table(slug: str) -> Table:
    return SLUGS.get(slug) or abort(404)


def _labels() -> Labels:
    return Labels(shelf().library)


def _all(now: Published) -> dict[str, bytes]:
    return {table.slug: open_data.as_csv(now, _labels(), table) for table in TABLES.values()}


def _csv(now: Published, table: Table) -> File:
    return _file(now, f"{table.slug}.csv", lambda: open_data.as_csv(now, _labels(), table))


def _file(now: Published, name: str, make: Callable[[], bytes]) -> File:
    files: Files = current_app.extensions["guide.open_data"]
    return files.get(now, name, make)


def _sent(file: File, kind: str) -> Response:
    """The file, by gzip where that is taken; 304 to who has it."""
    packed = bool(request.accept_encodings["gzip"])
    response = Response(file.packed if packed else gzip.decompress(file.packed), content_type=KINDS[kind])
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(file.tag, weak=True)  # of the content, however it is packed
    return response.make_conditional(request)  # type: ignore[return-value]
