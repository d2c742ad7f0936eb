"""What one downloads, opened by LibreOffice: every word in its order, with æøå, `<&>`, quotes, emoji and line breaks.

One call for all files, as text; at night also as PDF. A planted fault shows that a broken document is seen.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

REPORT = "/eksempel/skriv/straks-hjemmet/underretning?fag=tandpleje"
LETTER = "/eksempel/skriv/bekymring-udeblevet/udeblivelse-1?fag=tandpleje"
NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
FORMATS = ["txt:Text (encoded):UTF8", *(["pdf"] if NIGHT else [])]

TRICKY = (
    "Blåbærgrød på ø: ÆØÅ æøå é ü ß",
    "<w:p>&amp; <b>ikke fed</b> </w:t> ]]> <!--brev--> & $& $1 %s \\n",
    "»Han sagde: \"nej\" og 'jo'«",
    "👩‍👧 og 🦷 i én linje",
    "Linje et\nLinje to\n\nLinje fire",
    "Ord " * 1500 + "sidste",
)
"""Texts that break what is put together carelessly; one for each field, in turn."""

FILL = r"""(words) => document.querySelectorAll("[data-felt] textarea").forEach((field, n) => {
  field.value = words[n] + (n ? "" : "\u0000\u0007\u000b\u001b\ud800\ufffe");
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
"""Write in every field; in the first also characters that no XML may hold."""


def download(page: Page, action: str, to: Path) -> Path:
    """What a button hands over, as a file."""
    page.locator(f'[data-goer="{action}"]').click()
    with page.expect_download() as got:
        page.locator("[data-fortsaet]").click()
    got.value.save_as(to)
    return to


def written(page: Page, address: str) -> list[str]:
    """Open a letter and fill it in; returns what was written, field by field as they come in the text."""
    page.goto(address)
    expect(page.locator('[data-goer="docx"]')).to_be_enabled()
    words = [TRICKY[n % len(TRICKY)] for n in range(page.locator("[data-felt]").count())]
    page.evaluate(FILL, words)
    return words


def squeezed(text: str) -> str:
    return " ".join(text.split())


def in_order(text: str, words: list[str]) -> list[str]:
    """The words that are not in the text after the one before."""
    lost, place = [], 0
    for word in words:
        found = text.find(squeezed(word), place)
        if found < 0:
            lost.append(word[:60])
        else:
            place = found + len(squeezed(word))
    return lost


def opened(files: list[Path], kind: str, folder: Path) -> dict[str, str]:
    """Each file as LibreOffice reads it, by name; a file that it cannot open is not there."""
    office = shutil.which("soffice")
    assert office, "soffice is missing: tools/install_system.sh test installs it"
    profile = (folder / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", kind]
    command += ["--outdir", str(folder / "out"), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(folder)})
    made = (folder / "out").glob(f"*.{kind.partition(':')[0]}")
    return {path.stem: squeezed(_text(path)) for path in made}


def _text(path: Path) -> str:
    if path.suffix == ".txt":
        return path.read_text(encoding="utf-8-sig")
    document = pypdfium2.PdfDocument(path)
    return _drawn(" ".join(page.get_textpage().get_text_bounded() for page in document))


def _drawn(text: str) -> str:
    """Without emoji, for which a machine may have no font to draw them with."""
    return re.sub("[\u200d\ufffd\uffff\U00010000-\U0010ffff]", "", text)


def plant(route: Route) -> None:
    """The script without the step that makes `<` and `&` harmless."""
    answer = route.fetch()
    assert 'replace(/&/g, "&amp;")' in answer.text()
    route.fulfill(
        response=answer,
        body=re.sub(r"const xml = \(text\) => [^;]*;.*", "const xml = (t) => t;", answer.text(), count=1),
    )


@pytest.fixture
def documents(context: BrowserContext, site: str, tmp_path: Path) -> dict[str, tuple[Path, list[str]]]:
    """(file, what was written in it) of two letters, and of one that the planted fault spoilt."""
    page, found = context.new_page(), {}
    for name, address in {"report": REPORT, "letter": LETTER}.items():
        words = written(page, site + address)
        found[name] = (download(page, "docx", tmp_path / f"{name}.docx"), words)
        if name == "report":
            found["plain"] = (download(page, "tekst", tmp_path / "plain.txt"), words)
        page.close(run_before_unload=False)
        page = context.new_page()
    context.route(re.compile(r"writing\.js"), plant)
    words = written(page, site + LETTER)
    found["spoilt"] = (download(page, "docx", tmp_path / "spoilt.docx"), words)
    return found


def test_libreoffice_reads_every_word_in_its_order(
    documents: dict[str, tuple[Path, list[str]]], tmp_path: Path
) -> None:
    plain, words = documents.pop("plain")
    raw = plain.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\n") == raw.count(b"\r\n")
    assert in_order(squeezed(raw.decode("utf-8-sig")), words) == []
    assert re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", raw.decode("utf-8-sig")) is None
    for file, _ in (documents["report"], documents["letter"]):
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            assert {info.date_time[0] for info in archive.infolist()} == {1980}, "it does not say when it was made"
            parts = [ElementTree.fromstring(archive.read(name)) for name in archive.namelist()]
        assert len(parts) == 5
    for kind in FORMATS:
        read = opened([file for file, _ in documents.values()], kind, tmp_path / kind[:3])
        for name in ("report", "letter"):
            assert in_order(read[name], [_drawn(text) if kind == "pdf" else text for text in documents[name][1]]) == []
        assert read["report"].startswith("UNDERRETNING")
        spoilt = read.get("spoilt", "")
        assert in_order(spoilt, documents["spoilt"][1]), "the planted fault is seen"
