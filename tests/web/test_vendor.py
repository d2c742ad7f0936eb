"""Files from outside are what the record says, no stylesheet asks for a missing file, no `.gz` is stale. Offline."""

import hashlib
import json
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "guide" / "web" / "static"
DKFDS = STATIC / "dkfds"
FFLATE = STATIC / "writing" / "fflate"
SCRIPTS = {"dates.js", "redaktion.js", "rum.js", "slides.js", "writing/writing.js", "writing/fflate/fflate.js"}
"""Every script there is. What it does must also be there without it."""
COMPRESS = runpy.run_path(str(ROOT / "tools" / "compress_static.py"))
STYLESHEETS = sorted(STATIC.rglob("*.css"))
# Bytes over the wire besides the page itself, 82 kB when this was set. The goal for a whole first view is 160 kB.
FIRST_VIEW = 100_000


@pytest.mark.parametrize("folder", [DKFDS, FFLATE], ids=lambda path: path.name)
def test_files_are_those_of_the_record(folder: Path) -> None:
    record = json.loads((folder / "VENDOR.json").read_text(encoding="utf-8"))
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "VENDOR.json" and path.suffix != ".gz"
    }
    assert found == record["files"]


def test_there_is_no_other_script() -> None:
    assert {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js")} <= SCRIPTS


def test_the_record_is_that_of_the_tool() -> None:
    """The version and checksum that the tool asks for are those of the files that were committed."""
    tool = runpy.run_path(str(ROOT / "tools" / "vendor_zip.py"))
    record = json.loads((FFLATE / "VENDOR.json").read_text(encoding="utf-8"))
    assert (record["version"], record["integrity"]) == (tool["VERSION"], tool["INTEGRITY"])
    assert set(record["files"]) == set(tool["CHOSEN"])


@pytest.mark.parametrize("sheet", STYLESHEETS, ids=lambda path: path.name)
def test_stylesheet_asks_only_for_files_that_are_there(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    urls = re.findall(r"url\(\s*[\"']?([^\"')]*)", css)
    assert "@import" not in css
    assert [url for url in urls if not (sheet.parent / url).is_file()] == []
    assert "sourceMappingURL" not in css


def test_every_font_and_small_icon_is_used() -> None:
    css = (DKFDS / "css" / "dkfds.min.css").read_text(encoding="utf-8")
    shipped = [*(DKFDS / "fonts").iterdir(), *(DKFDS / "img" / "svg-icons").iterdir()]
    assert [path.name for path in shipped if f"/{path.name})" not in css] == []


def test_compressed_files_are_fresh() -> None:
    """Run tools/compress_static.py after a change to a stylesheet or drawing."""
    sources = COMPRESS["sources"]()
    assert [path.name for path in sources if not COMPRESS["is_fresh"](path)] == []
    assert sorted(STATIC.rglob("*.gz")) == sorted(map(COMPRESS["packed"], sources))


def test_compressed_files_carry_no_time() -> None:
    assert {path.read_bytes()[4:8] for path in STATIC.rglob("*.gz")} == {b"\0\0\0\0"}


def test_first_view_is_small() -> None:
    """Both stylesheets, the two fonts of a Danish page and the icon sheet."""
    sent = [*STATIC.rglob("*.css.gz"), *STATIC.rglob("all-svg-icons.svg.gz"), *STATIC.rglob("*-Latin1.woff2")]
    assert sum(path.stat().st_size for path in sent) < FIRST_VIEW


def test_our_own_layer_stays_small() -> None:
    """What DKFDS has is not written again; a longer layer is a design system of our own."""
    assert len((STATIC / "app.css").read_text(encoding="utf-8").splitlines()) < 120
