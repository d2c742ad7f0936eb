"""The library: contacts, kommuner, added folders, and the hash that a walk carries."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from guide.flows.proof import here
from guide.library.checks import check
from guide.library.library import NOWHERE, Library, load
from tests.conftest import DEMO


def added(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / "municipalities" / name
    folder.mkdir(parents=True)
    (folder / "municipality.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_own_contact_before_the_national_one(demo: Library) -> None:
    assert demo.contact("proeve", "modtagelse").title == "Prøvemodtagelsen"
    assert demo.contact("nabo", "modtagelse").title == "Modtagelsen"
    assert demo.contact("proeve", "alarm").phone == "112"


def test_an_added_folder_adds_a_kommune(tmp_path: Path) -> None:
    library, findings = load(DEMO, [added(tmp_path, "nabo", "name: Nabo Kommune\ncode: '002'\ncontacts: {}\n")])
    assert findings == [] and library.municipalities["nabo"].code == "002"


def told(folder: Path) -> list[str]:
    """Everything found with an added folder, relative to it."""
    library, findings = load(DEMO, [folder])
    return [str(f).removeprefix("municipalities/") for f in sorted({*findings, *check(library)})]


NABO = "name: Nabo Kommune\ncode: '002'\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("findes-ikke", "name: Ukendt\n", "findes-ikke/municipality.yaml:1:1: «findes-ikke» er ikke en kommune i"),
        ("eksempel", "name: Eksempel\nexample: false\n", "«eksempel» er ikke en kommune i registeret."),
        ("nabo", NABO + "example: true\n", "nabo/municipality.yaml:3:1: Nabo Kommune findes. Slet «example»."),
        (
            "nabo",
            NABO.replace("002", "001"),
            "nabo/municipality.yaml:2:1: Koden 001 hører ikke til Nabo Kommune (002).",
        ),
        ("nabo", NABO.replace("Nabo K", "Naboens k"), "1:1: advarsel: I registeret hedder kommunen «Nabo Kommune»."),
        (NOWHERE, "name: Hele landet\n", "«hele-landet» er guidens eget navn."),
        ("Nabo Kommune", NABO, "municipalities/Nabo Kommune: «Nabo Kommune» er ikke et gyldigt id."),
        (
            "nabo",
            NABO + "contacts:\n  alarm: {title: A, help: B}\n",
            "nabo/municipality.yaml:4:3: «alarm» er ens i hele",
        ),
        ("nabo", NABO + "contacts:\n  politi: {title: A, help: B}\n", "«politi» er ens i hele landet. Slet den her."),
        (
            "nabo",
            NABO + "contacts:\n  ankestyrelsen: {title: A, help: B, phone: 20 00 00 00}\n",
            "«ankestyrelsen» er ens i hele landet. Slet den her.",
        ),
        (
            "nabo",
            NABO + "contacts:\n  modtagelsen: {title: A, help: B}\n",
            "4:3: advarsel: «modtagelsen» er ikke en national kontakt og erstatter derfor ingen. Mente du «modtag",
        ),
    ],
)
def test_what_a_kommunes_own_file_may_not_say(tmp_path: Path, name: str, text: str, said: str) -> None:
    found = told(added(tmp_path, name, text))
    assert any(said.removeprefix("municipalities/") in line for line in found), found


def test_a_kommune_may_have_contacts_of_its_own(tmp_path: Path) -> None:
    own = "{title: A, help: B, phone: 88 12 34 56, fallback: doegnvagt, whose: barnet}"
    text = f"contacts:\n  modtagelse: {own}\n  sundhedspleje: {own}\n"
    assert [said for said in told(added(tmp_path, "nabo", NABO + text)) if "ikke godkendt" not in str(said)] == []


def test_an_example_that_the_base_has_must_still_say_so(tmp_path: Path) -> None:
    added(tmp_path / "one", "eksempel", "name: Eksempel\nexample: true\n")
    added(tmp_path / "other", "eksempel", "name: Eksempel\n")
    _, findings = load(DEMO, [tmp_path / "one", tmp_path / "other"])
    assert len(findings) == 1 and "«example: true»" in str(findings[0])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("municipalities/nabo/municipality.yml", "nabo/municipality.yaml: Filen findes ikke."),
        (
            "municipalities/nabo/municipality.yml",
            "«municipality.yml» læses ikke. Her læses kun: municipality.yaml, logo.png, flows, letters.",
        ),
        ("municipalities/nabo/noter.txt", "nabo/noter.txt: advarsel: «noter.txt» læses ikke."),
        ("municipalities/nabo.yaml", "nabo.yaml: advarsel: «nabo.yaml» læses ikke. Her skal være mapper."),
        ("flows/x/flow.yaml", "flows: advarsel: «flows» læses ikke. I en mappe fra GUIDE_CONTENT læses kun «municipal"),
        ("law/x.yaml", "law: advarsel: «law» læses ikke."),
        ("municipality.yaml", "municipality.yaml: advarsel: «municipality.yaml» læses ikke."),
        ("noget/x", "advarsel: Mappen har ingen «municipalities/»."),
    ],
)
def test_what_is_not_read_of_an_added_folder(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("", encoding="utf-8")
    found = told(tmp_path)
    assert any(said in line for line in found), found


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("flows/tre/flow.yml", "flows/tre/flow.yml: advarsel: «flow.yml» læses ikke."),
        ("flows/ny/flow.yml", "flows/ny/flow.yaml: Filen findes ikke."),
        ("flows/Mit Fag/flow.yaml", "flows/Mit Fag: «Mit Fag» er ikke et gyldigt id."),
        ("flows/shared/Fælles.yaml", "flows/shared/Fælles.yaml: «Fælles» er ikke et gyldigt id."),
        ("signs/Små børn.yaml", "Skriv «smaa-boern»."),
        ("contacts/egne.yml", "contacts/egne.yml: advarsel: «egne.yml» læses ikke."),
        ("letters/brev.txt", "letters/brev.txt: advarsel: «brev.txt» læses ikke."),
        ("pages/Om os.md", "pages/Om os.md: «Om os» er ikke et gyldigt id."),
        ("law/lov/x.yaml", "law/lov: advarsel: «lov» læses ikke."),
        (
            "registers/text.yaml",
            "«text.yaml» læses ikke. Her læses kun: changes.yaml, figures.yaml, groups.csv, inhabitants.csv, "
            "judgements.yaml, kommuner.csv, myths.yaml, official.csv, principles.yaml, professions.yaml, regions.csv, "
            "terms.yaml, texts.yaml, tiles.csv.",
        ),
        ("lov/x.yaml", "lov: advarsel: «lov» læses ikke."),
    ],
)
def test_what_is_not_read_of_the_base(tmp_path: Path, path: str, said: str) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text("", encoding="utf-8")
    found = [str(f) for f in load(folder)[1]]
    assert any(said in line for line in found), found


@pytest.mark.parametrize("name", ["alarm", "modtagelse", "doegnvagt", "politi"])
def test_contacts_that_every_page_relies_on(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / "contacts/national.yaml"
    path.write_text(path.read_text("utf-8").replace(f"  {name}:", "  noget-andet:"), encoding="utf-8")
    assert any(f"Kontakten «{name}» mangler." in str(f) for f in check(load(folder)[0]))


@pytest.mark.parametrize("file", ["texts.yaml", "professions.yaml", "kommuner.csv"])
def test_every_register_is_needed(tmp_path: Path, file: str) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    (folder / "registers" / file).unlink()
    assert [str(f) for f in load(folder)[1]] == [f"registers/{file}: Filen findes ikke."]


def test_hele_landet_is_there_and_unknown_things_are_none(demo: Library) -> None:
    assert demo.playable(NOWHERE, "tre") is demo.flows["tre"]
    assert demo.playable(NOWHERE, "findes-ikke") is None
    assert demo.playable("findes-ikke", "tre") is None


def test_the_hash_changes_with_any_file_that_is_read(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    before = load(folder)[0].digest
    assert before == load(DEMO)[0].digest, "the place does not matter"
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = path.read_bytes()
        path.write_bytes(text + b"\n")
        assert load(folder)[0].digest != before, path
        path.write_bytes(text)
    (folder / "noter.txt").write_text("x")
    assert load(folder)[0].digest == before
    assert load(folder, [added(tmp_path / "x", "nabo", NABO)])[0].digest != before


def test_only_content_is_opened(tmp_path: Path) -> None:
    """GUIDE_CONTENT=/root once read every file there, and waited for ever at a FIFO."""
    folder = added(tmp_path, "nabo", NABO)
    os.mkfifo(folder / "x")
    (folder / "deep").symlink_to("/")
    (folder / "loop").symlink_to(folder)
    with (folder / "big").open("wb") as file:
        file.truncate(100_000_000_000)
    library, findings = load(DEMO, [folder])
    assert findings == [] and library.digest


def test_what_only_checks_need_can_be_forgotten() -> None:
    kept, forgetful = load(DEMO)[0], load(DEMO)[0]
    forgetful.forget()
    for name, playable in kept.flows.items():
        other = forgetful.flows[name]
        assert playable.proof and other.proof and not other.proof.links and other.flow == playable.flow
        for state in playable.proof.links:
            found = here(other.proof, state.step, playable.proof.example(state))
            assert found and other.proof.remaining[found] == playable.proof.remaining[state]
    assert (forgetful.law, forgetful.digest, forgetful.words) == (kept.law, kept.digest, [])
