"""HTML to PDF, by WeasyPrint: from our own files only, tagged for screen readers (PDF/UA-1).

WeasyPrint and the libraries of Pango are loaded when something is pressed. `python -m guide.paper.press` reads HTML
and writes a PDF file, at low priority: what the web does with it is in `tray.py`.
"""

from __future__ import annotations

import os
import resource
import secrets
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from guide.paper.sheet import HERE, TEMPLATES
from guide.paper.tray import finished

FONTS = HERE.parent / "web" / "static" / "dkfds" / "fonts"
"""The vendored IBM Plex; without it Pango takes DejaVu."""

ALLOWED = (TEMPLATES, FONTS)

SIZES = (11.0, 10.6, 10.2, 9.8, 9.4, 9.0, 8.6, 8.2, 7.9)
"""Points of the running text, the largest first: what must stand on one page takes the first that fits."""

SIZE = 9.5
"""Points of the running text where there may be as many pages as it takes."""

PACKAGES = {
    "pangoft2": "libpangoft2-1.0-0",
    "pango": "libpango-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "harfbuzz": "libharfbuzz0b",
    "fontconfig": "libfontconfig1",
    "gobject": "libglib2.0-0",
}
"""What a missing library is called in Debian; looked for in this order in the error."""

PATIENCE, CLOCK = 120, 600
"""Seconds of the processor, and of the clock, after which the child gives up; a handleplan takes about 20."""

MEMORY = 1_500_000_000
"""Bytes of addresses that the child may take."""


class NoPress(Exception):
    """PDF cannot be made here. The message is Danish and names the package that is missing."""


class NotOurs(Exception):
    """A document asked for something that is not the guide's own file. The message is Danish."""


class TooLong(Exception):
    """What must stand on one page does not, even in the smallest letters. The message is Danish."""


def pressed(html: str, one_page: bool = False) -> bytes:
    """The PDF of a document. Raises NoPress, NotOurs, and TooLong when `one_page` is asked and does not fit."""
    weasyprint = _weasyprint()
    try:
        return _pressed(weasyprint, html, SIZES if one_page else (SIZE,), one_page)
    except weasyprint.urls.FatalURLFetchingError as error:
        raise NotOurs("PDF kan kun laves af guidens egne filer.") from error


def _pressed(weasyprint: Any, html: str, sizes: Sequence[float], one_page: bool) -> bytes:
    fonts = weasyprint.text.fonts.FontConfiguration()
    document = weasyprint.HTML(string=html, base_url=(TEMPLATES / "x").as_uri(), url_fetcher=_fetcher(weasyprint))
    for size in sizes:
        own = weasyprint.CSS(string=f"html {{ font-size: {size}pt }}", font_config=fonts)
        rendered = document.render(font_config=fonts, stylesheets=[own], pdf_variant="pdf/ua-1")
        if len(rendered.pages) == 1 or not one_page:
            made: bytes = rendered.write_pdf(pdf_variant="pdf/ua-1")
            return made
    raise TooLong("Teksten kan ikke stå på én side. Gør den kortere.")


def _weasyprint() -> Any:
    """WeasyPrint with what it needs of the system. Raises NoPress."""
    try:
        import weasyprint  # type: ignore[import-untyped]
        import weasyprint.text.fonts  # type: ignore[import-untyped]
    except ImportError as error:
        missing = f"Python-pakken {error.name or 'weasyprint'}"
        raise NoPress(f"PDF kan ikke laves her: {missing} mangler. Alt andet i guiden virker.") from error
    except OSError as error:
        found = [package for library, package in PACKAGES.items() if library in str(error)]
        package = found[0] if found else "libpango-1.0-0"
        raise NoPress(
            f"PDF kan ikke laves her: systempakken {package} mangler. Skriv: apt-get install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0. Alt andet i guiden virker."
        ) from error
    return weasyprint


def allowed(url: str) -> bool:
    """Whether a document may fetch this: our own style sheets and fonts, and nothing else on disk or on any net."""
    parts = urlsplit(url)
    path = Path(os.path.realpath(unquote(parts.path)))
    return parts.scheme == "file" and not parts.netloc and any(path.is_relative_to(folder) for folder in ALLOWED)


def _fetcher(weasyprint: Any) -> Any:
    class OwnFiles(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            """As WeasyPrint fetches; anything that is not ours stops the press."""
            if not allowed(url):
                raise weasyprint.urls.FatalURLFetchingError("only the guide's own files are read")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)


def put(made: bytes, path: Path) -> None:
    """Write a file under another name and move it into place: never half a one. Raises OSError."""
    fresh = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with fresh.open("wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def main(arguments: Sequence[str]) -> int:
    """Read HTML, write a PDF to the path given, `-` for standard output (after `--one-page`, if asked).

    Returns 0, or 1 when it could not be made.
    """
    os.nice(19)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # rather this than the guide
    signal.alarm(CLOCK)
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        made = pressed(sys.stdin.read(), "--one-page" in arguments)
        if arguments[-1] == "-":
            sys.stdout.buffer.write(made)
        else:
            path = Path(arguments[-1])
            put(made, path)
            finished(path)
    except (NoPress, NotOurs, TooLong, OSError, MemoryError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
