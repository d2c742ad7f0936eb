"""`guide new-municipality` and `guide check --kommune`: what an editor is told in the first hour."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guide import cli
from guide.cli import content
from tests.conftest import DEMO


@pytest.fixture
def guide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    """Runs on the demo content, in an empty folder, with no setting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GUIDE_CONTENT", raising=False)
    monkeypatch.setattr(content, "content_root", lambda: DEMO)
    return CliRunner()


def run(guide: CliRunner, *args: str) -> Result:
    result = guide.invoke(cli.main, list(args))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_from_an_empty_folder_to_no_errors(guide: CliRunner, tmp_path: Path) -> None:
    result = run(guide, "new-municipality", "Nabo")
    assert result.exit_code == 0, result.output
    for told in ("Nabo Kommune har fået en mappe", "guide check --kommune nabo", "$env:GUIDE_CONTENT = '", "export "):
        assert told in result.output
    assert (tmp_path / "municipalities" / "nabo" / "municipality.yaml").is_file()
    schema = json.loads((tmp_path / "skemaer" / "overlay-tre.schema.json").read_text(encoding="utf-8"))
    assert "akut-fare" in schema["properties"]["questions"]["properties"]

    assert run(guide, "schema", "nye", "--kommuner").exit_code == 0
    assert json.loads((tmp_path / "nye" / "overlay-tre.schema.json").read_text(encoding="utf-8")) == schema

    result = run(guide, "check", "--kommune", "Nabo Kommune")
    assert result.exit_code == 0 and result.output.endswith(
        "Ingen fejl. Bliver vist: kun det nationale. Næste skridt: skriv jeres numre i "
        "municipalities/nabo/municipality.yaml (modtagelse og doegnvagt mangler).\n"
    )


def test_with_the_setting_its_first_folder_is_used(
    guide: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setenv("GUIDE_CONTENT", ":".join(map(str, folders)))
    result = run(guide, "new-municipality", "002")
    assert (folders[0] / "municipalities" / "nabo").is_dir() and "export" not in result.output
    assert not list(folders[1].iterdir()) and not (tmp_path / "municipalities").exists()
    (folders[0] / "skemaer" / "municipality.schema.json").write_text("mit", encoding="utf-8")
    again = run(guide, "new-municipality", "nabo")
    assert again.exit_code == 1 and "findes allerede. Intet er ændret." in again.output
    run(guide, "new-municipality", "proeve")
    assert (folders[0] / "skemaer" / "municipality.schema.json").read_text(encoding="utf-8") == "mit"


def test_only_what_the_kommune_wrote_is_told_and_counts(guide: CliRunner, tmp_path: Path) -> None:
    for name in ("nabo", "proeve"):
        run(guide, "new-municipality", name)
    file = tmp_path / "municipalities" / "nabo" / "municipality.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "navne: 1\nlink: www.x.dk\n", encoding="utf-8")
    result = run(guide, "check", "--kommune", "nabo")
    assert result.exit_code == 1
    assert "Fejl: municipalities/nabo/municipality.yaml:" in result.output, "as a program can open it from here"
    assert "Mente du «names»?" in result.output and "Skriv «https://www.x.dk»." in result.output
    assert result.output.splitlines()[-1].startswith("2 fejl. Indtil de er rettet, bliver intet nyt vist.")
    assert run(guide, "check", "--kommune", "proeve").exit_code == 0


@pytest.mark.parametrize(
    ("args", "setting", "told"),
    [
        (("new-municipality", "Nabbo"), "", "Mente du «Nabo Kommune»?"),
        (("new-municipality", "../../etc/passwd"), "", "ikke en kommune i registeret"),
        (("new-municipality", ""), "", "Skriv navnet, fx «Viborg», eller koden."),
        (("check", "--kommune", "nabbo"), "", "Mente du «Nabo Kommune»?"),
        (("check", "--kommune", "nabo"), "", "Lav den med «guide new-municipality nabo»"),
        (("check", "--kommune", "nabo"), "municipalities", "peger for langt ind"),
        (("check", "--kommune", "nabo"), "municipalities/nabo", "peger for langt ind"),
        (("check", "--kommune", "nabo"), "findes/ikke", "findes ikke"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    guide: CliRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    setting: str,
    told: str,
) -> None:
    if setting:
        monkeypatch.setenv("GUIDE_CONTENT", str(tmp_path / setting))
        if "ikke" not in setting:
            (tmp_path / setting).mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    result = run(guide, *args)
    assert result.exit_code == 1 and told in result.output, result.output
    assert sorted(tmp_path.rglob("*")) == before
