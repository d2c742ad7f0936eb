"""The commands of what is kept, on the demo content: freshness, and contacts in and out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guide.cli import content, main
from tests.conftest import DEMO


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and the demo content as the shipped one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GUIDE_CONTENT", raising=False)
    monkeypatch.setattr(content, "content_root", lambda: DEMO)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_freshness() -> None:
    result = run("freshness", "--date", "2027-01-01")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Prøve Kommune: 0 af 100 (aldrig efterset 1)",
        "  aldrig efterset   Prøvemodtagelsen · ingen ejer · ingen dato",
        "Kommuner uden noget eget: 1",
    ]
    assert "Kommunen har intet eget her." in run("freshness", "--kommune", "nabo").output
    assert "Mente du «proeve»?" in run("freshness", "--kommune", "prove").output
    assert run("freshness", "--date", "ingen").exit_code == 2


def test_contacts_out_and_in(here: Path) -> None:
    result = run("export-contacts", "--from", str(DEMO), "--output", "ud.csv")
    assert result.exit_code == 0 and "ud.csv: 1 kontakter" in result.output
    result = run("import-contacts", "ud.csv")
    assert result.exit_code == 0, result.output
    assert "Række 2, Prøve, modtagelse: ny\n" in result.output and f"Skrevet i {here.resolve()}:" in result.output
    assert (here / "municipalities" / "proeve" / "municipality.yaml").exists()
    assert "Der er intet at ændre." in run("import-contacts", "ud.csv").output
    assert CliRunner().invoke(main, ["export-contacts"]).output_bytes == (here / "ud.csv").read_bytes()[3:]


def test_a_refused_row_ends_with_one(here: Path) -> None:
    run("export-contacts", "--from", str(DEMO), "--output", "ud.csv")
    text = (here / "ud.csv").read_text("utf-8-sig").replace("proeve;", "prøver;")
    (here / "ud.csv").write_text(text, encoding="cp1252")
    result = run("import-contacts", "ud.csv")
    assert result.exit_code == 1 and not (here / "municipalities").exists()
    assert "Windows-1252" in result.output and "Mente du" in result.output and "Intet er skrevet." in result.output
    (here / "ud.csv").write_bytes(b"PK\x03\x04")
    result = run("import-contacts", "ud.csv", "--partial")
    assert result.exit_code == 1 and "Filen er et regneark" in result.output


def test_a_file_with_errors_is_told_of(here: Path) -> None:
    path = here / "municipalities" / "nabo" / "municipality.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("name: [", encoding="utf-8")
    result = run("export-contacts")
    assert result.exit_code == 1 and "municipalities/nabo/municipality.yaml:2:1: " in result.output
