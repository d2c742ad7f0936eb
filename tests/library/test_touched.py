"""A change of the national content is told to a kommune exactly when something it wrote stands on what changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from guide import versions
from guide.cli import content, main
from guide.library import stands
from guide.library.library import Library, load
from guide.library.touched import Only, touched
from guide.model import Contact, Flow
from tests import approved
from tests.conftest import DEMO, NEWEST

OWN = """\
questions:
  trist:
    local: Ring til Team Blå.
    options:
      lidt: {label: Lidt trist, as: ja}
  set-team:
    before: undren
    title: Har du talt med Team Blå?
    why: De hjælper.
    means: Et opkald er nok.
    example: Du ringede i går. Svaret er ja.
    options:
      ja: {label: Ja}
      nej: {label: Nej, goto: ring-team}
outcomes:
  straks: {letters: [eget]}
  ring-team: {as: bekymring, title: Ring til Team Blå}
"""

FILE = "municipalities/nabo/flows/tre.yaml"

STOOD_ON = {"trist", "undren", "straks", "bekymring"}
"""The national steps that the file adds to, comes before, or is like."""

Data = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An added folder with the kommune `nabo`."""
    made: Path = tmp_path_factory.mktemp("own")
    letters = made / "municipalities" / "nabo" / "letters"
    letters.mkdir(parents=True)
    (letters / "eget.md").write_text((DEMO / "letters" / "proeve.md").read_text("utf-8"), encoding="utf-8")
    more = (
        "contacts:\n  modtagelse: {title: Nabo, help: Ring., phone: 88 12 34 57, fallback: doegnvagt, whose: barnet}\n"
    )
    approved.own(made, flow=OWN, more=more)
    return made


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return load(DEMO, [Only(folder, kommune="nabo")])[0]


def edited(library: Library, edit: Callable[[Data], object]) -> Library:
    """The library with another national flow; the kommune's own file is as it was."""
    known = library.flows["tre"]
    data = known.flow.model_dump(by_alias=True, mode="json")
    edit(data)
    other = replace(known, flow=Flow.model_validate(data))
    return replace(library, flows={**library.flows, "tre": other})


def retitled(step: str) -> Callable[[Data], None]:
    def edit(data: Data) -> None:
        room = data["questions"] if step in data["questions"] else data["outcomes"]
        room[step]["title"] += " Ny"

    return edit


def steps(library: Library) -> list[str]:
    flow = library.flows["tre"].flow
    return [*flow.questions, *flow.outcomes]


def wrong(library: Library) -> list[str]:
    """The steps of which a change is told though nothing stands on them, or the other way."""
    return [
        step
        for step in steps(library)
        if bool(touched(library, edited(library, retitled(step)), "nabo")) is not (step in STOOD_ON)
    ]


def test_it_is_told_of_the_steps_that_something_stands_on_and_of_no_other(library: Library) -> None:
    assert touched(library, library, "nabo") == [] and set(steps(library)) > STOOD_ON
    assert wrong(library) == []


@pytest.mark.parametrize(
    ("fault", "missed"), [("_added", "trist"), ("_own_question", "undren"), ("_outcome", "straks")]
)
def test_a_kind_of_place_that_is_forgotten_is_noticed(
    library: Library, monkeypatch: pytest.MonkeyPatch, fault: str, missed: str
) -> None:
    monkeypatch.setattr(stands, fault, lambda *given: iter(()))  # planted
    assert missed in wrong(library)


def _answer(key: str, value: object) -> Callable[[Data], None]:
    return lambda data: data["questions"]["trist"]["options"]["ja"].update({key: value})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_answer("label", "Ja, meget"), "der står for «ja»\n  label: «Ja» → «Ja, meget»"),
        (_answer("flags", ["vold"]), "flags: intet → «vold»"),
        (_answer("goto", "straks"), "goto: «bekymring» → «straks»"),
        (lambda data: data["questions"]["trist"]["options"].update({"lidt": {"label": "Lidt"}}), "findes nu også"),
        (lambda data: data["outcomes"]["bekymring"].update({"level": "straks"}), "level: «bekymring» → «straks»"),
        (lambda data: data["outcomes"]["bekymring"].update({"do": ["Tal."]}), "do: «Tal med forældrene.» → «Tal.»"),
        (lambda data: data["outcomes"].update({"set-team": data["outcomes"]["undren"]}), "findes nu også nationalt"),
        (lambda data: data["outcomes"].pop("bekymring"), "ens med «bekymring»\n  findes ikke mere nationalt"),
    ],
    ids=["label", "flags", "goto", "answer in the way", "level", "advice", "step in the way", "gone"],
)
def test_what_changed_is_said(library: Library, edit: Callable[[Data], None], said: str) -> None:
    found = touched(library, edited(library, edit), "nabo")
    assert said in "\n".join(map(str, found)) and {one.file for one in found} == {FILE}


def test_the_line_is_where_the_kommune_wrote_it(library: Library, folder: Path) -> None:
    written = (folder / FILE).read_text("utf-8").splitlines()
    (found,) = touched(library, edited(library, retitled("undren")), "nabo")
    assert written[found.line - 1].strip() == "before: undren"


def test_a_national_contact_behind_an_own_one(library: Library) -> None:
    known = library.contacts["modtagelse"]
    for change, told_of in (({"help": "Noget andet."}, True), ({"checked": NEWEST, "source": "X"}, False)):
        other = replace(library, contacts={**library.contacts, "modtagelse": Contact(**{**dict(known), **change})})
        assert bool(touched(library, other, "nabo")) is told_of
    gone = replace(library, contacts={n: one for n, one in library.contacts.items() if n != "modtagelse"})
    assert "i stedet for den nationale" in str(touched(library, gone, "nabo")[0])


def test_only_the_kommune_itself_is_read(tmp_path: Path) -> None:
    for name in ("nabo", "broken"):
        (tmp_path / "municipalities" / name).mkdir(parents=True)
        (tmp_path / "municipalities" / name / "municipality.yaml").write_text("name: Nabo Kommune\n", encoding="utf-8")
    (tmp_path / "municipalities" / "broken" / "municipality.yaml").write_bytes(b"\xff{")
    own = Only(tmp_path, kommune="nabo")
    library, found = load(DEMO, [own])
    assert "nabo" in library.rooms and found == [] and list(own.content) == ["municipalities/nabo/municipality.yaml"]


# --- guide diff --kommune ---


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo content with another title on `undren`."""
    made = Path(shutil.copytree(DEMO, tmp_path_factory.mktemp("newer") / "da"))
    path = made / "flows" / "tre" / "outcomes.yaml"
    path = path if "Undr dig" in path.read_text("utf-8") else made / "flows" / "tre" / "flow.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Undr dig videre", "title: Vent lidt"), encoding="utf-8")
    return made


@pytest.fixture
def data(tmp_path: Path, folder: Path, newer: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIDE_CONTENT", str(folder))
    monkeypatch.setenv("GUIDE_DATA", str(tmp_path))
    monkeypatch.setattr(content, "content_root", lambda: newer)
    return tmp_path


def diff(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["diff", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_guide_diff_for_a_kommune(data: Path, newer: Path) -> None:
    said = diff(str(DEMO), str(newer), "--kommune", "nabo")
    assert "tre: alle svar ender, hvor de endte" in said and ": jeres spørgsmål «set-team», der kommer før" in said
    assert "«Undr dig videre» → «Vent lidt»" in said and "Jeres filer holder på det nye" in said
    assert "Intet af det, I har skrevet, er berørt." in diff(str(newer), str(newer), "--kommune", "nabo")


def test_since_the_approval(data: Path, library: Library, newer: Path) -> None:
    assert "tre: ingen gemt udgave har det nationale flow, I godkendte" in diff("--kommune", "nabo")
    versions.keep(data, library, NEWEST)
    versions.keep(data, load(newer)[0], NEWEST)
    said = diff("--kommune", "nabo")
    assert f"tre, siden I godkendte (udgave {library.digest}):" in said and "«Undr dig videre» → «Vent lidt»" in said
    assert diff(library.digest[:8], "--kommune", "nabo").count("«Undr dig videre» → «Vent lidt»") == 1


def test_a_file_that_does_not_fit_the_new_one(data: Path, newer: Path, tmp_path: Path) -> None:
    gone = Path(shutil.copytree(newer, tmp_path / "gone"))
    for path in gone.rglob("*.yaml"):
        path.write_text(
            path.read_text("utf-8")
            .replace("bekymring:", "uro:")
            .replace("goto: bekymring", "goto: uro")
            .replace("ends: bekymring", "ends: uro"),
            encoding="utf-8",
        )
    said = diff(str(DEMO), str(gone), "--kommune", "nabo")
    assert "tre: jeres fil passer kun på den ene udgave" in said and "findes ikke mere nationalt" in said
    assert "Jeres filer holder ikke på det nye." in said and f"{FILE}:" in said.split("holder ikke")[1]


def test_what_cannot_be_compared(data: Path) -> None:
    for arguments, said in (
        (["--kommune", "proeve-by"], "Der er ingen «municipalities/proeve-by/municipality.yaml»"),
        ([], "Skriv to udgaver"),
        (["0123456789abcdef", "--kommune", "nabo"], "hverken en mappe eller en udgave"),
    ):
        done = CliRunner().invoke(main, ["diff", *arguments])
        assert done.exit_code and said in done.output
    (data / "versions").mkdir()
    (data / "versions" / "0123456789abcdef.zip").write_bytes(b"no zip")
    done = CliRunner().invoke(main, ["diff", "0123456789abcdef", "--kommune", "nabo"])
    assert done.exit_code == 1 and "kan ikke læses" in done.output
