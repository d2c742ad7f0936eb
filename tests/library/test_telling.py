"""`guide contact`: the number of a moment with the words, the next ones, 112 and the hours; errors in Danish."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from guide import cli
from guide.library.library import Library, load
from tests.approved import signed
from tests.conftest import DEMO

OWN = """name: Nabo Kommune
example: true
contacts:
  modtagelse:
    title: Nabomodtagelsen
    help: Ring her.
    phone: 12 34 56 78
    hours: {week: {man-tors: 9-15, fre: 9-13}, holidays: closed, exceptions: {24-december: closed, 31-december: 9-12}}
    fallback: doegnvagt
    whose: barnet
    say: »Jeg ringer **nu**.«
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with an example kommune that has hours of its own."""
    root = Path(shutil.copytree(DEMO, tmp_path_factory.mktemp("contact") / "demo"))
    (root / "municipalities" / "eksempel").mkdir()
    (root / "municipalities" / "eksempel" / "municipality.yaml").write_text(OWN, "utf-8")
    path = root / "flows" / "flere" / "outcomes.yaml"
    other = path.read_text("utf-8").replace("look: 14, contacts: [modtagelse]", "look: 14, contacts: [doegnvagt]")
    path.write_text(other, "utf-8")
    signed(root)
    return root


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    library, findings = load(folder)
    assert findings == []
    return library


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: Library) -> CliRunner:
    """Runs on that content, read once; the test of an error reads and checks its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.content, "library", lambda: (library, []))
    return CliRunner()


def said(run: CliRunner, *args: str) -> str:
    result = run.invoke(cli.main, ["contact", *args])
    assert result.exit_code == 0, result.output
    return result.output


def in_order(text: str, *parts: str) -> None:
    places = [text.find(part) for part in parts]
    assert -1 not in places and places == sorted(places), (parts, text)


def test_open(run: CliRunner) -> None:
    """The number now with the words to say, then the next, then 112, then the hours."""
    in_order(
        said(run, "--kommune", "eksempel", "--at", "2026-11-23T10:30"),
        *("Mandag 23. november 2026 kl. 10.30. Nabo Kommune.", "Ring nu:"),
        *("12 34 56 78 (opdigtet nummer)  Nabomodtagelsen: åbent til 15.00", "Sig: »Jeg ringer nu.«"),
        *("Svarer de ikke:", "114  Døgnvagten: hele døgnet", "Fare her og nu, uanset klokken: 112"),
        *("Åbningstider:", "Nabomodtagelsen: man-tors 9-15, fre 9-13, helligdage lukket, 24. december lukket, 31."),
    )


def test_closed_on_christmas_eve(run: CliRunner) -> None:
    text = said(run, "--kommune", "eksempel", "--at", "2026-12-24T15:30")
    in_order(text, "Ring nu:", "114  Døgnvagten", "Lukket:", "Nabomodtagelsen: åbner mandag kl. 9.00", "112")
    assert "Svarer de ikke" not in text


def test_another_zone_and_no_number(run: CliRunner) -> None:
    text = said(run, "--at", "2026-11-23T09:30+00:00")
    in_order(text, "kl. 10.30. Hele landet.", "Ring nu:", "114  Døgnvagten", "Intet efterset nummer:", "Modtagelsen")


def test_the_kommune_of_the_child(run: CliRunner) -> None:
    asked = ("--kommune", "nabo", "--barnets-kommune", "eksempel", "--at", "2026-11-23T10:30")
    in_order(said(run, *asked), "Barnets kommune: Nabo Kommune.", "12 34 56 78")


OPEN, FRIDAY = "2026-11-23T10:30", "2026-11-27T14:30"


@pytest.mark.parametrize(
    ("step", "flow", "moment", "heading"),
    [
        ("straks", "tre", OPEN, "Ring nu:"),
        ("straks", "tre", FRIDAY, "Ring nu:"),
        ("underret", "flere", OPEN, "Ring nu:"),
        ("underret", "flere", FRIDAY, "Kan det ikke vente, så ring nu:"),
        ("bekymring", "tre", OPEN, "Er du i tvivl, så ring:"),
        ("bekymring", "tre", FRIDAY, "Kan det ikke vente, så ring nu:"),
        ("akut", "tre", FRIDAY, "Ring 112 først. Ring derefter:"),
    ],
)
def test_what_can_wait_and_what_cannot(run: CliRunner, step: str, flow: str, moment: str, heading: str) -> None:
    text = said(run, "--kommune", "eksempel", "--udfald", step, "--fag", flow, "--at", moment)
    in_order(text, "Udfald: ", f"\n{heading}\n", "12 34 56 78" if moment == OPEN else "114  Døgnvagten")


def test_an_outcome_of_several_flows(run: CliRunner) -> None:
    """`akut` sends one to the same in both; `bekymring` does not."""
    assert "Udfald: " in said(run, "--udfald", "akut")
    result = run.invoke(cli.main, ["contact", "--udfald", "bekymring"])
    assert result.exit_code == 1 and "Skriv også «--fag»: flere, tre." in result.output


def test_now_is_the_clock_in_denmark(run: CliRunner) -> None:
    """Tests pin it to half past ten on the newest day of the content."""
    assert "kl. 10.30. Hele landet." in said(run)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--kommune", "eksemple"], "Kommunen «eksemple» findes ikke. Mente du «eksempel»?"),
        (["--barnets-kommune", "nabbo"], "Kommunen «nabbo» findes ikke. Mente du «nabo»?"),
        (["--udfald", "bekymringer"], "Udfaldet «bekymringer» findes ikke. Mente du «bekymring»?"),
        (["--udfald", "akut", "--fag", "tree"], "Flowet «tree» findes ikke. Mente du «tre»?"),
        (["--fag", "tre"], "Skriv også «--udfald»"),
        (["--at", "juleaften"], "«juleaften» er ikke et tidspunkt. Skriv fx 2026-12-24T15:30."),
        (["--at", "2026-12-24"], "er ikke et tidspunkt"),
        (["--at", "2026-02-30T10:00"], "er ikke et tidspunkt"),
        (["--at", "9999-12-31T23:30"], "er ikke et tidspunkt"),
        (["--at", "0001-01-01T00:00+14:00"], "er ikke et tidspunkt"),
        (["--at", "2027-03-28T02:30"], "Klokken 2.30 findes ikke den nat"),
    ],
)
def test_what_is_not_there_is_said_in_danish(run: CliRunner, args: list[str], told: str) -> None:
    result = run.invoke(cli.main, ["contact", *args])
    assert result.exit_code == 1 and told in result.output and "Traceback" not in result.output


def test_content_with_an_error_gives_no_number(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken = Path(shutil.copytree(folder, tmp_path_factory.mktemp("broken") / "demo"))
    path = broken / "municipalities" / "eksempel" / "municipality.yaml"
    path.write_text(OWN.replace("fallback: doegnvagt", "fallback: alarm"), "utf-8")
    monkeypatch.setattr(cli.content, "content_root", lambda: broken)
    result = CliRunner().invoke(cli.main, ["contact", "--kommune", "eksempel"])
    assert result.exit_code == 1 and "aldrig den næste" in result.output and "Ring nu" not in result.output
