"""The web: Flask, and the only place where things are wired together.

One file per page group: `walks.py` (a step of a walk), `guidance.py` (outcomes to read), `across.py` (one concern
as the faggrupper see it), `writing.py` (a letter to fill in), `pages.py` (the rest).
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from babel import localedata
from flask import Flask, current_app, request
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from guide import config, versions
from guide.flows import finding
from guide.library import force
from guide.library.checks import check
from guide.library.folder import state
from guide.library.library import NOWHERE, Library, Playable, undisturbed
from guide.library.places import content_root
from guide.library.quality import Quality, quality
from guide.live import accept, current
from guide.live.accept import Place
from guide.live.compose import Refused, fingerprint
from guide.live.current import counted
from guide.model import Municipality
from guide.paper.tray import Tray
from guide.usage.counting import Counting
from guide.web.walk_cookie import Seal

LARGEST_BODY = 16_384
"""Bytes of a posted form. An answer is some dozens of bytes; nothing else is ever posted."""


log = logging.getLogger("guide")


class ContentError(Exception):
    """Content with errors is not served. The message lists the findings, in Danish."""


@dataclass(frozen=True)
class Shelf:
    """What every request needs: the library, the seal of the walk cookie, the counting, and the scope."""

    library: Library
    seal: Seal
    counting: Counting
    scope: str | None
    quality: Quality
    """What was counted on the library when it was read."""
    findings: tuple[finding.Finding, ...] = ()
    """What was found on the library when it was read: warnings only, or it would not be served."""
    failing: Mapping[str, int] = field(default_factory=dict)
    """How many errors keep whose newest files back, by kommune; the base, and what is nobody's, is ""."""

    def municipality(self, name: str) -> Municipality | None:
        """A kommune that this installation serves, or None."""
        return self.library.municipalities.get(name) if self.scope in (None, name) else None

    def playable(self, municipality: str, flow: str) -> Playable | None:
        """A flow in a kommune that this installation serves, or None."""
        return self.library.playable(municipality, flow) if self.municipality(municipality) else None

    @cached_property
    def choices(self) -> list[tuple[str, Municipality]]:
        """The kommuner that can be chosen by name, as Danish sorts them; examples last."""
        names = self.library.municipalities
        served = [(name, m) for name, m in names.items() if self.scope in (None, name) and name != NOWHERE]
        served.sort(key=lambda item: (item[1].example, _danish(item[1].name)))
        return served

    @cached_property
    def homes(self) -> dict[str, str]:
        """The kommuner a child can live in, id -> name, as Danish sorts them; served here or not, never an example."""
        names = self.library.municipalities
        real = ((name, m.name) for name, m in names.items() if name != NOWHERE and not m.example)
        return dict(sorted(real, key=lambda item: _danish(item[1])))

    @cached_property
    def law_uses(self) -> dict[str, dict[str, list[str]]]:
        """Where each rule of the law is used: by rule and flow, the titles of questions and outcomes."""
        return force.uses(self.library)

    @cached_property
    def other_professions(self) -> list[tuple[str, str]]:
        """(profession, title of the nearest flow) for those whose nearest flow exists."""
        flows = self.library.flows
        known = [p for p in self.library.professions.values() if p.nearest in flows]
        return sorted(((p.title, flows[p.nearest].flow.title) for p in known), key=lambda item: _danish(item[0]))


def _danish(name: str) -> str:
    """Sorts æ, ø and å last, as Danish does."""
    return name.lower().replace("å", "~c").replace("ø", "~b").replace("æ", "~a")


def shelf() -> Shelf:
    """The shelf of the running application."""
    return shelf_of(current_app)


def shelf_of(app: Flask) -> Shelf:
    """The shelf of an application."""
    found: Shelf = app.extensions["guide"]
    return found


@dataclass(frozen=True)
class Reading:
    """What came of reading the folders; `state` is theirs, `version` the hash of what may be served."""

    settings: config.Settings
    place: Place
    state: str
    version: str
    warnings: tuple[finding.Finding, ...]
    failing: Mapping[str, tuple[finding.Finding, ...]]


def reading(app: Flask) -> Reading:
    """What an application was made from."""
    found: Reading = app.extensions["guide.reading"]
    return found


def create_app(settings: config.Settings | None = None, root: Path | None = None) -> Flask:
    """The application on a content folder, by default the shipped one.

    It stays on the content it was made on; what servers serve is `guide.web.live:application`, which follows it.
    Raises ContentError for content with errors and ConfigError for unusable settings. Not in a worker of a process
    that holds an application: there the last good content stays in service, and /health/ready tells.
    """
    before, asked = next(iter(_held), None), (settings, root)
    try:
        settings, root = settings or config.read(), root or content_root()
        if before and before[:2] == (settings, root) and asked == (None, None) and current.stamp(settings.data):
            return _from_held(settings)  # what has changed since is taken up by whoever follows `current`
        return _from_held(settings) if before == _held_for(settings, root) else _made(settings, root)
    except (ContentError, config.ConfigError) as error:
        if before is None or asked not in ((None, None), before[:2]):
            raise
        log.error("%s: the content was changed and has errors; the last good one stays", type(error).__name__)
        return _from_held(before[0], finding.Finding("", 0, 0, "Indholdet er ændret og har fejl."))


def _from_held(settings: config.Settings, *found: finding.Finding) -> Flask:
    """The application that this process or its parent holds, with a counting of its own."""
    (app,) = _held.values()
    on = shelf_of(app)
    app.extensions["guide"] = replace(
        on, counting=counting(settings, config.keys(settings)), findings=(*on.findings, *found)
    )
    return app


def _made(settings: config.Settings, root: Path) -> Flask:
    library, figures, read = served_library(settings, root)
    keys = config.keys(settings)
    failing = {name: len(found) for name, found in read.failing.items()}
    on = Shelf(library, Seal(keys), counting(settings, keys), settings.scope, figures, read.warnings, failing)
    app = wired(settings, on)
    app.extensions["guide.reading"] = read
    return app


def wired(settings: config.Settings, on: Shelf) -> Flask:
    """The application on a shelf."""
    from guide.web import (
        across,
        aged,
        compression,
        dates,
        freshness,
        guidance,
        health,
        material,
        official,
        open_data,
        own,
        pages,
        paper,
        publication,
        ring,
        rooms,
        security,
        static_files,
        statistics,
        statistics_country,
        temadag,
        text,
        vcard,
        walks,
        writing,
    )
    from guide.web import errors as error_pages
    from guide.web.live import COMPILED

    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, MAX_FORM_PARTS=50)
    app.config.update(BABEL_DEFAULT_LOCALE="da", BABEL_DEFAULT_TIMEZONE="Europe/Copenhagen")
    app.jinja_env.bytecode_cache = COMPILED
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    app.extensions["guide"] = on
    app.extensions["guide.tray"] = Tray(settings.data, on.library.digest)
    # The scheme and host as the browser saw them; a client that lies about them harms only itself.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=1)  # type: ignore[method-assign]
    for room in (security, compression, static_files, text, aged, ring, own, dates, error_pages):
        room.install(app)
    statistics.install(app, settings.database_url, settings.data)
    open_data.install(app)
    temadag.install(app, settings.data, settings.database_url, config.keys(settings))
    app.context_processor(lambda: {"scope": settings.scope, "under_way": walks.under_way, **place()})
    figures = (statistics, statistics_country, open_data, official, publication)
    more = (paper, *figures, temadag, rooms, material, walks)
    for group in (health, pages, own, freshness, vcard, guidance, across, dates, writing, *more):
        app.register_blueprint(group.blueprint)
    return app


def counting(settings: config.Settings, keys: Sequence[str]) -> Counting:
    """The counting of this installation; also for commands. Raises ConfigError for a database it cannot use."""
    try:
        return Counting(settings.data, keys, settings.database_url, scoped=settings.scope is not None)
    except (ValueError, ImportError) as error:  # ImportError: the driver for PostgreSQL is an extra
        raise config.ConfigError(
            "GUIDE_DATABASE_URL: skriv postgresql://… (og installér guiden med [postgres]) eller sqlite:///…"
        ) from error


def place() -> dict[str, object]:
    """The kommune of a page, also of an error page under its address: templates mark an example by it."""
    name = shelf().scope or (request.path.split("/") + [""])[1]
    found = shelf().municipality(name)
    return {"municipality_id": name, "municipality": found} if found else {}


def served_library(settings: config.Settings, root: Path) -> tuple[Library, Quality, Reading]:
    """The library that may be served, the figures of its quality, and what came of reading the folders.

    A kommune whose files have errors is served by its last good ones, or as the country is. With errors in the base
    all of the last good content is, where this installation has accepted any; else ContentError is raised, with every
    error found. Raises ConfigError for a wrong scope.
    """
    place = Place(root, settings.content, settings.data, settings.scope)
    try:
        composed, state = accept.read(place)
        library, warnings, failing = composed.library, composed.warnings, composed.failing
    except Refused as error:
        library, state = _before(settings.data, error), fingerprint(place.folders)
        warnings, failing = (), {**error.failing, "": error.found}
    if settings.scope and settings.scope not in library.municipalities:
        raise config.ConfigError(f"GUIDE_SCOPE: «{settings.scope}» er ikke en kommune i guiden.")
    versions.keep(settings.data, library, force.today())
    accept.tell(counted(failing), {})
    figures, version = quality(library), library.digest
    library.forget()
    return library, figures, Reading(settings, place, state, version, warnings, failing)


def _before(data: Path, error: Refused) -> Library:
    """What was served before the base had errors. Raises ContentError when there is nothing, or it has errors too."""
    now = current.read(data)
    try:
        library = accept.library_of(data, now.version) if now else None
    except accept.Lost:
        library = None
    if library is None or finding.errors(check(library)):
        raise ContentError(str(error)) from error
    return library


Key = tuple[config.Settings, Path, object]

_held: dict[Key, Flask] = {}
"""What `hold` made: at most one application."""


def _held_for(settings: config.Settings, root: Path) -> Key:
    return settings, root, state((root, *settings.content))


def told(read: Reading) -> current.Current:
    """What `current` says of what a process has read itself."""
    return accept.made(read.version, read.state, read.warnings, read.failing)


def hold(settings: config.Settings, root: Path) -> None:
    """Make the application once, for all workers that this process forks; they share its memory.

    `create_app` gives it to each worker with a counting of its own. It answers no request here, so that there is no
    thread, file or connection to share. A worker that starts after the content was changed (on SIGHUP) reads that
    instead. Raises what `create_app` does.
    """
    with undisturbed():
        _held.clear()
        before = _held_for(settings, root)
        app = _held[before] = _made(settings, root)
        _warm(app)
        with suppress(OSError):  # then nobody follows it either, which workers tell
            accept.publish(settings.data, told(reading(app)))
    gc.freeze()  # a collection in a worker would write to every object, and so copy every page


def forget_held() -> None:
    """Let go of what is held, in a worker that has newer content: its memory can then be used again."""
    _held.clear()


def _warm(app: Flask) -> None:
    """What the first requests and the first pass of counting would else load in each worker anew."""
    import alembic.command  # noqa: F401

    localedata.load("da")
    for template in app.jinja_env.list_templates(filter_func=lambda name: not name.startswith("editing/")):
        app.jinja_env.get_template(template)
