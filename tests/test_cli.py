"""`guide …`: what it prints and with what it ends; no data folder, no database."""

from __future__ import annotations

import json
import shutil
import socket
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from guide import cli
from guide.cli import content
from guide.library import force
from tests.conftest import DEMO


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    """Runs on the demo content, in an empty folder that must stay empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(content, "content_root", lambda: DEMO)
    return CliRunner()


def test_check_prints_each_flow_and_ends_well(run: CliRunner, tmp_path: Path) -> None:
    result = run.invoke(cli.main, ["check"])
    assert result.exit_code == 0, result.output
    assert "tre: 3 spørgsmål, 4 udfald" in result.output and "fejl: 0" in result.output
    assert list(tmp_path.iterdir()) == []


def test_check_ends_with_1_on_any_error(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path_factory.mktemp("x") / "demo"))
    path = folder / "flows" / "tre" / "flow.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("goto: trist}", "goto: trits}"), encoding="utf-8")
    monkeypatch.setattr(content, "content_root", lambda: folder)
    result = run.invoke(cli.main, ["check"])
    assert result.exit_code == 1
    assert "flows/tre/flow.yaml:14:25: Trinnet «trits» findes ikke. Mente du «trist»?" in result.output


def test_an_empty_content_folder_is_not_a_pass(run: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(content, "content_root", lambda: tmp_path)
    assert run.invoke(cli.main, ["check"]).exit_code == 1


def test_walk_plays_a_flow(run: CliRunner) -> None:
    result = run.invoke(cli.main, ["walk", "flere", "--kommune", "proeve"], input="3\nsludder\n1 3\nhjemme\n")
    assert result.exit_code == 0, result.output
    for told in ("1. Er der fare lige nu?", "Svaret findes ikke", "Niveau: straks. Forældre: ikke.", "88 12 34 56"):
        assert told in result.output


def test_read_prints_every_outcome_once(run: CliRunner) -> None:
    result = run.invoke(cli.main, ["read", "tre", "--kommune", "proeve"])
    assert result.exit_code == 0, result.output
    told = result.output
    titles = ["## Undr dig videre", "## Hold øje", "## Ring til kommunen nu", "## Ring 112"]
    assert [told.count(title + "\n") for title in titles] == [1, 1, 1, 1]
    assert sorted(titles, key=told.index) == titles, "the mildest first"
    assert "2. [kun ved »Ved ikke«] Du var i tvivl." in told and "88 12 34 56" in told and "## Niveau: Straks" in told


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["read", "x"], "Der er: flere, tre"),
        (["walk", "x"], "Der er: flere, tre"),
        (["walk", "tre", "--kommune", "x"], "«x»"),
    ],
)
def test_walk_says_what_there_is(run: CliRunner, args: list[str], told: str) -> None:
    result = run.invoke(cli.main, args)
    assert result.exit_code == 1 and told in result.output


def test_diagram(run: CliRunner) -> None:
    assert run.invoke(cli.main, ["diagram", "tre"]).output.startswith("flowchart TD\n")


def test_schema_to_the_screen_and_to_a_folder(run: CliRunner, tmp_path: Path) -> None:
    shown = json.loads(run.invoke(cli.main, ["schema"]).output)
    assert {"flow", "municipality", "law"} <= set(shown)
    run.invoke(cli.main, ["schema", "s"])
    assert json.loads((tmp_path / "s" / "flow.schema.json").read_text(encoding="utf-8")) == shown["flow"]


def test_a_flow_that_cannot_be_built_still_has_its_line(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path_factory.mktemp("x") / "demo"))
    (folder / "flows" / "tre" / "flow.yaml").write_text("title: [\n", encoding="utf-8")
    monkeypatch.setattr(content, "content_root", lambda: folder)
    output = run.invoke(cli.main, ["check"]).output
    assert "tre: kan ikke bygges; fund: " in output and "flere: 4 spørgsmål" in output
    refused = run.invoke(cli.main, ["walk", "flere"])
    assert refused.exit_code == 1 and "Ret dem først" in refused.output


def test_a_figure_that_is_no_number_is_no_answer(run: CliRunner) -> None:
    result = run.invoke(cli.main, ["walk", "tre"], input="²\n0\n99\n-1\n1\n")
    assert result.exit_code == 0 and result.output.count("Svaret findes ikke") == 4


@pytest.mark.parametrize("host", ["findes-ikke", "999.1.1.1", "192.0.2.1"])
def test_an_address_that_cannot_be_listened_on(run: CliRunner, host: str) -> None:
    result = run.invoke(cli.main, ["serve", "--host", host])
    assert result.exit_code == 1 and host in result.output and "Traceback" not in result.output


def test_a_port_that_is_taken_is_said(run: CliRunner) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run.invoke(cli.main, ["serve", "--port", str(taken.getsockname()[1])])
    assert result.exit_code == 1 and "kan ikke lyttes" in result.output


def test_an_unknown_scope_stops_the_start(run: CliRunner) -> None:
    result = run.invoke(cli.main, ["serve"], env={"GUIDE_SCOPE": "findes-ikke"})
    assert result.exit_code == 1 and "GUIDE_SCOPE" in result.output


def test_a_folder_that_cannot_be_written(run: CliRunner) -> None:
    result = run.invoke(cli.main, ["schema", "/proc/findes-ikke"])
    assert result.exit_code == 1 and "kan ikke skrives" in result.output


def test_a_bad_setting_is_said_plainly(run: CliRunner) -> None:
    result = run.invoke(cli.main, ["check"], env={"GUIDE_CONTENT": "findes-ikke"})
    assert result.exit_code == 1 and "GUIDE_CONTENT" in result.output and "Traceback" not in result.output


@pytest.mark.parametrize(
    ("date", "ends", "told"),
    [
        ("efterset", 0, "2 gælder 2026-11-"),
        ("ingen", 0, "2 regler, 1 venter"),
        ("2027-01-01", 0, "2 gælder 2027-01-01"),
        ("2027-06-22", 0, "advarsel: Reglen «proeve-pligt» er sidst efterset 2026-11-21: 6 måneder siden eller mere."),
        ("2027-12-22", 1, "Reglen «proeve-pligt» er sidst efterset 2026-11-21: 12 måneder siden eller mere."),
        ("2023-12-31", 1, "Reglen «proeve-pligt» gælder først fra 2024-01-01"),
        ("i morgen", 2, "Skriv fx 2027-01-01, «efterset» eller «ingen»."),
    ],
)
def test_check_reads_the_guide_as_on_a_day(run: CliRunner, date: str, ends: int, told: str) -> None:
    result = run.invoke(cli.main, ["check", "--date", date])
    assert result.exit_code == ends and told in result.output


def test_check_tells_which_rules_begin_and_end_until_the_day(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path_factory.mktemp("x") / "demo"))
    path = folder / "law" / "proevelov.yaml"
    coming = "  kommer:\n    number: § 9\n    title: Kommer\n    text: Man skal sige det.\n    valid_from: 2027-01-01\n"
    coming += "    checked: 2026-11-21\n    source: Opdigtet.\n    status: verified\n"
    path.write_text(path.read_text("utf-8") + coming, encoding="utf-8")
    monkeypatch.setattr(content, "content_root", lambda: folder)
    assert "kommer" not in run.invoke(cli.main, ["check"]).output
    then = run.invoke(cli.main, ["check", "--date", "2027-01-01"])
    assert then.exit_code == 0 and "lov: «kommer» gælder fra 2027-01-01 til videre\n" in then.output


def test_check_is_as_of_today_unless_told(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(force, "today", lambda: date(2027, 12, 22))
    assert run.invoke(cli.main, ["check"]).exit_code == 1
    assert run.invoke(cli.main, ["walk", "tre"], input="1\n").exit_code == 0, "age stops no walk"
