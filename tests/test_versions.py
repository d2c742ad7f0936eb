"""Every version that was served can be found again, by its hash and by the day."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from guide import config, versions
from guide.cli import main
from guide.library.aloud import aloud
from guide.library.library import NOWHERE, Library, load
from guide.library.overlay import fingerprint
from guide.web import create_app
from tests import approved
from tests.conftest import DEMO

MARCH = date(2027, 3, 1)


def changed(folder: Path, title: str) -> Library:
    """The demo content with another title on an outcome."""
    if not folder.exists():
        shutil.copytree(DEMO, folder)
    path = folder / "flows" / "tre" / "flow.yaml"
    lines = path.read_text("utf-8").splitlines()
    lines[0] = f"title: {title}"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load(folder)[0]


def test_the_version_of_a_day(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "content"
    first, second = changed(folder, "Før"), changed(folder, "Efter")
    assert first.digest != second.digest
    versions.keep(data, first, MARCH)
    versions.keep(data, first, date(2027, 3, 2))  # started again: no new line
    versions.keep(data, second, date(2027, 3, 10))
    assert [(row.since, row.version, row.until) for row in versions.served(data)] == [
        (MARCH, first.digest, date(2027, 3, 10)),
        (date(2027, 3, 10), second.digest, None),
    ]
    assert versions.on(data, date(2027, 2, 28)) == []
    assert [row.version for row in versions.on(data, date(2027, 3, 3))] == [first.digest]
    assert [row.version for row in versions.on(data, date(2027, 3, 10))] == [first.digest, second.digest]
    assert [row.version for row in versions.on(data, date(2030, 1, 1))] == [second.digest]
    assert versions.read(data, first.digest, "tre") == aloud(first, first.flows["tre"], NOWHERE)


def test_what_is_unpacked_is_what_was_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    added = Path(shutil.copytree(DEMO / "municipalities", tmp_path / "own" / "municipalities")).parent
    library, _ = load(DEMO, [added])
    versions.keep(data, library, MARCH)
    base, own = versions.unpack(data, library.digest, tmp_path / "out")
    assert load(base, [own])[0].digest == library.digest
    with zipfile.ZipFile(data / "versions" / f"{library.digest}.zip") as made:
        assert {info.date_time for info in made.infolist()} == {versions.FIRST}


def test_the_served_application_keeps_its_version(settings: config.Settings, demo: Library) -> None:
    app: Flask = create_app(settings, DEMO)
    library: Library = app.extensions["guide"].library
    assert [row.version for row in versions.served(settings.data)] == [library.digest]
    assert library.files == []
    national = {name: fingerprint(playable.source.document.value) for name, playable in demo.flows.items()}
    assert versions.prints(settings.data, library.digest) == national
    page = app.test_client().get("/aendringer/").get_data(as_text=True)
    assert library.digest in page and "Første udgave" in page
    outcome = app.test_client().get("/hele-landet/vejledning/straks?fag=tre").get_data(as_text=True)
    assert library.digest in outcome


def test_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, demo: Library, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "versions").write_text("", encoding="utf-8")
    versions.keep(tmp_path, demo, MARCH)
    assert "could not be kept" in caplog.text
    assert versions.kept(tmp_path / "nowhere", "") == [] and versions.served(tmp_path / "nowhere") == []


def test_a_torn_line_of_the_log_is_left_out(tmp_path: Path) -> None:
    library = load(DEMO)[0]
    versions.keep(tmp_path, library, MARCH)
    with (tmp_path / "versions" / versions.LOG).open("a", encoding="utf-8") as file:
        file.write("2027-03-\n")
    assert [row.version for row in versions.served(tmp_path)] == [library.digest]


def test_a_line_torn_without_an_end_takes_no_other_with_it(tmp_path: Path) -> None:
    library = load(DEMO)[0]
    (tmp_path / "versions").mkdir()
    log = tmp_path / "versions" / versions.LOG
    for torn in (b"2027-02-", b'2027-02-03,"aa', b'"' + b"x" * 200_000, b"\0" * 512, b"\xff\r"):
        log.write_bytes(b"2027-01-01,aaaa,0.1\n" + torn)
        versions.keep(tmp_path, library, MARCH)
        assert [row.version for row in versions.served(tmp_path)] == ["aaaa", library.digest], torn[:10]


def test_a_disk_that_was_full_when_the_log_was_made(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / versions.LOG).touch()
    assert versions.served(tmp_path) == [] and run(tmp_path) == (0, "")


def test_a_version_that_the_disk_lost_is_kept_again(tmp_path: Path) -> None:
    library = load(DEMO)[0]
    versions.keep(tmp_path, library, MARCH)
    (tmp_path / "versions" / f"{library.digest}.zip").write_bytes(b"")
    versions.keep(tmp_path, library, MARCH)
    assert versions.flows(tmp_path, library.digest) == sorted(library.flows)


def test_versions_are_never_mixed(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "content"
    first, second = changed(folder, "Før"), changed(folder, "Efter")
    versions.keep(data, first, MARCH)
    versions.keep(data, second, MARCH)
    assert run(data, "--version", first.digest, "--into", str(tmp_path / "out"))[0] == 0
    code, said = run(data, "--version", second.digest, "--into", str(tmp_path / "out"))
    assert code == 1 and "findes allerede" in said


def test_the_folders_of_a_version_stand_in_their_order(tmp_path: Path) -> None:
    with zipfile.ZipFile(_zip(tmp_path), "w") as made:
        for number in range(12):
            made.writestr(f"content-{number}/a.yaml", "a")
    folders = versions.unpack(tmp_path, "aa", tmp_path / "out")
    assert [path.name for path in folders] == [f"content-{number}" for number in range(12)]


def _zip(data: Path) -> Path:
    (data / "versions").mkdir()
    return data / "versions" / "aa.zip"


def test_names_that_lead_out_of_the_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(_zip(tmp_path), "w") as made:
        for name in ("content-0/../../up.yaml", "content-../../../up.yaml", "content-0//up.yaml", "up.yaml"):
            made.writestr(name, "a")
    versions.unpack(tmp_path, "aa", tmp_path / "in" / "out")
    assert {path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("up.yaml")} == {("in", "out", "content-0")}


@pytest.mark.parametrize("fault", ["bomb", "method", "locked", "letters"])
def test_a_version_that_was_tampered_with_is_told(tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _zip(tmp_path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("read/tre.md", b"\xff" if fault == "letters" else b"a" * 100_000)
    raw = bytearray(path.read_bytes())
    entry = raw.index(b"PK\x01\x02")
    if fault == "bomb":
        monkeypatch.setattr(versions, "LARGEST", 99_999)
    elif fault == "method":
        raw[entry + 10] = 99
    elif fault == "locked":
        raw[entry + 8] |= 1
    path.write_bytes(raw)
    code, said = run(tmp_path, "--version", "aa")
    assert code == 1 and "kan ikke læses" in said


def run(data: Path, *arguments: str) -> tuple[int, str]:
    """(exit code, everything printed) of `guide show`."""
    done = CliRunner().invoke(main, ["show", *arguments], env={"GUIDE_DATA": str(data)})
    return done.exit_code, done.output


def test_guide_show(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "content"
    first, second = changed(folder, "Før"), changed(folder, "Efter")
    versions.keep(data, first, MARCH)
    versions.keep(data, second, date(2027, 3, 10))
    code, said = run(data)
    assert code == 0 and f"2027-03-01 til 2027-03-10  {first.digest}" in said and f"til nu  {second.digest}" in said
    code, said = run(data, "--on", "2027-03-03")
    assert code == 0 and f"Udgave {first.digest}" in said and "# Før:" in said and "# Efter:" not in said
    code, said = run(data, "--version", second.digest[:8], "--flow", "tre")
    assert code == 0 and "# Efter:" in said
    code, said = run(data, "--on", "2027-03-10")
    assert code == 1 and first.digest in said and second.digest in said
    assert run(data, "--on", "2027-03-10", "--version", first.digest)[0] == 0
    assert "ikke gemt her" in run(data, "--on", "2020-01-01")[1]
    assert "ikke i den udgave" in run(data, "--version", first.digest, "--flow", "findes-ikke")[1]
    code, said = run(data, "--version", first.digest, "--into", str(tmp_path / "out"))
    assert code == 0 and load(tmp_path / "out" / "content-0")[0].digest == first.digest
    (data / "versions" / f"{first.digest}.zip").write_bytes(b"no zip")
    assert run(data, "--version", first.digest)[0] == 1


# --- what kommuner had of their own ---

MORE = """\
contacts:
  modtagelse: {title: Nabomodtagelsen, help: Ring her., phone: 88 12 34 57, whose: barnet}
names: {tvaerfagligt-moede: Blå Bord}
levels: {straks: Rød}
offers: {klub: {title: Klubben, help: For alle unge.}}
"""


def test_what_a_kommune_had_of_its_own(tmp_path: Path) -> None:
    library = approved.own(tmp_path / "own", more=MORE)
    assert "nabo" in library.rooms and library.rooms["nabo"].approved
    versions.keep(tmp_path, library, MARCH)
    version, national = library.digest, aloud(library, library.flows["tre"], NOWHERE)
    there = versions.read(tmp_path, version, "tre", "nabo")
    assert there == aloud(library, library.flows_in("nabo")["tre"], "nabo") and "Team Blå" in there
    assert versions.read(tmp_path, version, "tre") == versions.read(tmp_path, version, "tre", "findes-ikke") == national
    assert "Nabomodtagelsen" in versions.read(tmp_path, version, "flere", "nabo"), "its numbers are in every flow"
    own = versions.read_own(tmp_path, version, "nabo")
    assert all(said in own for said in ("88 12 34 57", "straks: Rød", "Klubben", "Tværfagligt møde: Blå Bord"))
    assert versions.read_own(tmp_path, version, "findes-ikke") == ""
    assert versions.prints(tmp_path, version)["tre"] == library.rooms["nabo"].flows["tre"].base
    code, said = run(tmp_path, "--on", "2027-03-03", "--kommune", "nabo", "--flow", "tre")
    assert code == 0 and "Team Blå" in said and "Klubben" in said
    assert "havde intet eget" in run(tmp_path, "--version", version, "--kommune", "findes-ikke")[1]


def test_a_draft_was_not_served_and_is_not_told(tmp_path: Path) -> None:
    approved.own(tmp_path / "own")
    path = tmp_path / "own" / "municipalities" / "nabo" / "flows" / "tre.yaml"
    path.write_text(path.read_text("utf-8").replace("Team Blå", "Team Rød"), encoding="utf-8")
    library, _ = load(DEMO, [tmp_path / "own"])
    versions.keep(tmp_path, library, MARCH)
    assert "Team" not in versions.read(tmp_path, library.digest, "tre", "nabo")


def test_a_version_from_before_fingerprints_were_kept(tmp_path: Path) -> None:
    with zipfile.ZipFile(_zip(tmp_path), "w") as made:
        made.writestr("read/tre.md", "a")
    assert versions.prints(tmp_path, "aa") == {} and versions.read(tmp_path, "aa", "tre", "nabo") == "a"


@pytest.mark.parametrize("written", ["", "x", "=", "=a,b", "=0", "=0,1\n" * 8_000])
def test_lines_that_were_tampered_with_are_told(tmp_path: Path, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "LARGEST", 50_000)
    with zipfile.ZipFile(_zip(tmp_path), "w") as made:
        made.writestr("read/tre.md", "a line")
        made.writestr("kommuner/nabo/tre.lines", written)
    with pytest.raises(zipfile.BadZipFile):
        versions.read(tmp_path, "aa", "tre", "nabo")
