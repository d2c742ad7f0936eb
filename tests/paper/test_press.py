"""The press: our own files only, and a Danish word about what is missing."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from guide import cli
from guide.paper import kinds, press
from tests.conftest import DEMO


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x.css",
        "http://127.0.0.1/print.css",
        "data:text/css,x",
        "ftp://x/y",
        "file:///etc/passwd",
        "file://evil.example/etc/passwd",
        (press.TEMPLATES / ".." / "press.py").as_uri(),
        press.TEMPLATES.as_uri() + "/%2e%2e/press.py",
        press.TEMPLATES.as_uri() + "-andre/print.css",
    ],
)
def test_nothing_else_is_read(url: str) -> None:
    assert not press.allowed(url)
    with pytest.raises(press.NotOurs):
        press.pressed(f'<html lang="da"><title>x</title><link rel="stylesheet" href="{url}"><body>x')


def test_our_own_files_are_read() -> None:
    assert press.allowed((press.TEMPLATES / "print.css").as_uri())
    assert press.allowed((press.FONTS / "IBMPlexSans-Regular-Latin1.woff2").as_uri())


def without(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """WeasyPrint cannot be imported here."""
    real = builtins.__import__

    def planted(name: str, *given: Any, **named: Any) -> Any:
        if name.startswith("weasyprint"):
            raise error
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", planted)


@pytest.mark.parametrize(
    ("error", "package"),
    [
        (OSError("cannot load library 'libpango-1.0-0': not found"), "libpango-1.0-0"),
        (OSError("cannot load library 'libpangoft2-1.0-0': not found"), "libpangoft2-1.0-0"),
        (OSError("cannot load library 'harfbuzz-subset'"), "libharfbuzz-subset0"),
        (ImportError("No module named 'weasyprint'", name="weasyprint"), "weasyprint"),
    ],
)
def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, package: str
) -> None:
    without(monkeypatch, error)
    monkeypatch.setattr(cli.content, "content_root", lambda: DEMO)
    result = CliRunner().invoke(cli.main, ["poster", "tre", "--kommune", "proeve", "--output", str(tmp_path / "x.pdf")])
    assert result.exit_code == 1 and f"{package} mangler" in result.output and "Alt andet" in result.output
    assert list(tmp_path.iterdir()) == []
    assert CliRunner().invoke(cli.main, ["read", "tre"]).exit_code == 0


def test_nothing_of_it_is_loaded_before_it_is_asked_for() -> None:
    import subprocess

    said = "import sys, guide.web, guide.web.paper, guide.cli; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0


def test_the_commands_write_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kinds, "pressed", lambda html, one_page: b"%PDF-" + str(one_page).encode() + html.encode())
    monkeypatch.setattr(cli.content, "content_root", lambda: DEMO)
    for command in ("poster", "handleplan"):
        path = tmp_path / f"{command}.pdf"
        result = CliRunner().invoke(cli.main, [command, "tre", "--kommune", "proeve", "--output", str(path)])
        assert result.exit_code == 0, result.output
        assert path.read_bytes().startswith(b"%PDF-" + str(command == "poster").encode())
        assert "Prøve Kommune" in path.read_text("utf-8")
    assert len(list(tmp_path.iterdir())) == 2
    result = CliRunner().invoke(cli.main, ["poster", "tre", "--output", str(tmp_path / "ingen" / "x.pdf")])
    assert result.exit_code == 1 and "Der kan ikke skrives i" in result.output
    assert CliRunner().invoke(cli.main, ["poster", "findes-ikke", "--output", "x.pdf"]).exit_code == 1
