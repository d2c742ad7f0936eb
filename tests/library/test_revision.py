"""Where `guide diff` finds content, and the command itself: folders, checkouts, revisions."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guide.cli import main
from guide.flows import lockstep
from guide.library import revision
from guide.library.revision import NoContent, content_of
from tests.conftest import DEMO


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own with the demo content in two revisions; the second leads one answer elsewhere."""
    top = tmp_path / "checkout"
    shutil.copytree(DEMO, top / "content" / "da")
    monkeypatch.chdir(top)
    git("init", "-q")
    keep("first")
    flow = top / "content" / "da" / "flows" / "flere" / "flow.yaml"
    text = flow.read_text("utf-8")
    assert "hvem: hjemme}, goto: straks}" in text
    flow.write_text(text.replace("hvem: hjemme}, goto: straks}", "hvem: hjemme}, goto: underret}"), encoding="utf-8")
    keep("second")
    return top


def git(*arguments: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def keep(name: str) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", name)
    git("tag", name)


def diff(old: str, new: str) -> Result:
    return CliRunner().invoke(main, ["diff", old, new])


def test_a_folder_a_checkout_and_a_revision(checkout: Path, tmp_path: Path) -> None:
    content = checkout / "content" / "da"
    assert content_of(str(content), tmp_path) == content
    assert content_of(str(checkout), tmp_path) == content
    found = content_of("first", tmp_path / "old")
    assert found == tmp_path / "old" / "content" / "da"
    assert (found / "flows" / "tre" / "flow.yaml").read_bytes() == (content / "flows/tre/flow.yaml").read_bytes()


def test_two_revisions(checkout: Path) -> None:
    result = diff("first", "second")
    assert result.exit_code == 0, result.output
    assert "flere: 1 par af udfald før → nu" in result.output and "tre: ingen forskel" in result.output
    assert "«straks» (straks, " in result.output and "→ «underret» (underret, " in result.output
    assert "efter «Hvem?»: «Hjemme» (" in result.output and "«Har det varet længe?»" not in result.output


def test_a_revision_against_the_folder_and_the_other_way(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert diff("second", ".").output.endswith("Ingen forskel.\n")
    there, back = diff("first", "content/da"), diff("content/da", "HEAD~1")
    assert there.exit_code == back.exit_code == 0
    assert "→ «underret» (" in there.output and "→ «straks» (" in back.output
    monkeypatch.chdir(checkout / "content")
    assert diff("first", "second").output == diff("first", "..").output


@pytest.mark.parametrize("name", ["findes-ikke", "--output=x", "-h", "HEAD~9", "first:content", "", "a" * 300])
def test_what_is_neither_is_said_plainly(checkout: Path, name: str) -> None:
    result = CliRunner().invoke(main, ["diff", "--", name, "."])
    assert result.exit_code == 1 and "hverken en mappe eller en udgave" in result.output
    assert not (checkout / "x").exists()


def test_outside_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert diff("HEAD", str(DEMO)).exit_code == 1
    (tmp_path / "tom").mkdir()
    assert "ingen «flows/»" in diff("tom", str(DEMO)).output


def test_without_git(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoContent):
        content_of("first", checkout / "old")


def test_a_revision_without_content(checkout: Path) -> None:
    shutil.rmtree(checkout / "content")
    (checkout / "andet").write_text("x", encoding="utf-8")
    keep("third")
    assert "«third» har ingen «content/da/»" in diff("first", "third").output


def test_content_that_cannot_be_read(checkout: Path) -> None:
    (checkout / "content/da/flows/tre/flow.yaml").write_text("title: [\n", encoding="utf-8")
    result = diff("first", ".")
    assert result.exit_code == 1 and "Disse flow kan ikke bygges: tre" in result.output
    assert "flows/tre/flow.yaml:" in result.output and "Traceback" not in result.output


def test_too_many_states_is_never_no_difference(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockstep, "LIMIT", 2)
    result = diff("first", "second")
    assert result.exit_code == 1 and "kan ikke sammenlignes: mere end 2 tilstande" in result.output


def test_an_archive_writes_only_in_its_folder(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as files:
        for name in ("../ude", "content/da/inde"):
            member = tarfile.TarInfo(name)
            member.size = 1
            files.addfile(member, io.BytesIO(b"x"))
        link = tarfile.TarInfo("content/da/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        files.addfile(link)
    revision._unpack(made.getvalue(), tmp_path / "her")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["inde"]
