"""The disk: names are ids, what nobody reads is told, and nothing that is no plain file is opened for long."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from guide.library.folder import Folder, digest
from guide.library.strict_yaml import MAX_BYTES
from tests.conftest import HANGS


def told(folder: Folder) -> list[str]:
    return sorted(map(str, folder.findings))


def test_only_what_was_read_is_in_the_hash(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("1")
    (tmp_path / "b.yaml").write_text("1")

    def read(*names: str) -> str:
        folder = Folder(tmp_path)
        for name in names:
            folder.bytes(tmp_path / name)
        return digest([folder])

    before = read("a.yaml", "b.yaml")
    assert before == read("b.yaml", "a.yaml"), "the order of reading does not matter"
    assert before != read("a.yaml"), "which files were read does"
    (tmp_path / "c.yaml").write_text("x")
    assert before == read("a.yaml", "b.yaml"), "a file that nobody reads does not"
    (tmp_path / "b.yaml").write_text("2")
    assert before != read("a.yaml", "b.yaml")


def test_a_name_and_its_bytes_are_told_apart(tmp_path: Path) -> None:
    one, other = Folder(tmp_path), Folder(tmp_path)
    one.content, other.content = {"a": b"b\0001\0"}, {"a": b"b", "b": b""}
    assert digest([one]) != digest([other])
    assert digest([one, Folder(tmp_path)]) != digest([one])


@pytest.mark.parametrize("kind", ["fifo", "folder", "socket", "device", "nothing", "dangling"])
def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path, open_socket = tmp_path / "x.yaml", None
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        open_socket = socket.socket(socket.AF_UNIX)
        open_socket.bind(os.path.relpath(path))
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "dangling":
        path.symlink_to(tmp_path / "gone")
    began, folder = time.perf_counter(), Folder(tmp_path)
    data, findings = folder.bytes(path)
    if open_socket:
        open_socket.close()
    assert time.perf_counter() - began < HANGS
    assert data is None and len(findings) == 1 and findings[0].file == "x.yaml"
    assert folder.content == {}


def test_a_link_to_a_file_is_a_file(tmp_path: Path) -> None:
    """So that content can be mounted, as Kubernetes does it."""
    (tmp_path / "..data").write_bytes(b"x")
    (tmp_path / "x.yaml").symlink_to("..data")
    assert Folder(tmp_path).bytes(tmp_path / "x.yaml") == (b"x", [])


def test_links_that_lead_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    """Whoever may write in a content folder must not get other files of the machine shown."""
    inside, away = tmp_path / "inside", tmp_path / "away"
    (inside / "law").mkdir(parents=True)
    away.mkdir()
    (away / "x.yaml").write_text("title: hemmeligt")
    (inside / "law" / "x.yaml").symlink_to(away / "x.yaml")
    (inside / "law" / "y.yaml").symlink_to("../../away/x.yaml")
    (inside / "flows").symlink_to(away)
    (inside / "municipalities").mkdir()
    (inside / "municipalities" / "vores").symlink_to(away)
    folder = Folder(inside)
    for name in ("x.yaml", "y.yaml"):
        data, findings = folder.bytes(inside / "law" / name)
        assert data is None and "et link, der fører ud af mappen" in str(findings[0])
    assert folder.files("flows", ".yaml") == [] and folder.folders("municipalities") == []
    assert told(folder) == [
        f"{name}: Her er et link, der fører ud af mappen, så det bliver ikke læst. Læg selve mappen her."
        for name in ("flows", "municipalities/vores")
    ]
    assert folder.content == {}
    (tmp_path / "named").symlink_to(inside)
    (inside / "law" / "z.yaml").write_text("x")
    assert Folder(tmp_path / "named").bytes(tmp_path / "named" / "law" / "z.yaml") == (b"x", []), "the root may be one"


def test_never_more_than_the_limit_is_read(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        file.truncate(10_000_000_000)
    data, _ = Folder(tmp_path).bytes(tmp_path / "x")
    assert data is not None and len(data) == MAX_BYTES + 1


def test_names_are_ids(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    for name in ("god.yaml", "Børnelov 2.yaml", "x" * 41 + ".yaml", ".skjult.yaml", "_kladde.yaml", "README.md"):
        (tmp_path / "law" / name).write_text("")
    folder = Folder(tmp_path)
    assert len(folder.files("law", ".yaml")) == 3, "also those with bad names, to tell what is wrong in them"
    bad, long = told(folder)
    assert bad.startswith("law/Børnelov 2.yaml: «Børnelov 2» er ikke et gyldigt id.")
    assert "Skriv «boernelov-2»." in bad
    assert "er for lang: 41 tegn. Der må højst være 40." in long


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.yml", "advarsel: «a.yml» læses ikke. Her læses kun .yaml-filer. Mente du «a.yaml»?"),
        ("A.YAML", "Mente du «A.yaml»?"),
        ("a.yaml.txt", "Mente du «a.yaml»?"),
        ("noter.md", "advarsel: «noter.md» læses ikke. Her læses kun .yaml-filer."),
        ("noter.txt", "advarsel: «noter.txt» læses ikke. Her læses kun .yaml-filer."),
        ("mappe/x.yaml", "law/mappe: advarsel: «mappe» læses ikke."),
    ],
)
def test_what_nobody_reads_is_told(tmp_path: Path, name: str, said: str) -> None:
    path = tmp_path / "law" / name
    path.parent.mkdir(parents=True)
    path.write_text("")
    folder = Folder(tmp_path)
    assert folder.files("law", ".yaml") == []
    assert len(folder.findings) == 1 and said in told(folder)[0]


def test_folders_and_fixed_names(tmp_path: Path) -> None:
    for name in ("god", "Nej Tak", "shared", ".git"):
        (tmp_path / "flows" / name).mkdir(parents=True)
    (tmp_path / "flows" / "flow.yaml").write_text("")
    (tmp_path / "flows" / "god" / "flow.yml").write_text("")
    folder = Folder(tmp_path)
    assert [p.name for p in folder.folders("flows", besides=("shared",))] == ["Nej Tak", "god"]
    folder.only(tmp_path / "flows" / "god", ("flow.yaml",))
    said = "\n".join(told(folder))
    assert "flows/flow.yaml: advarsel: «flow.yaml» læses ikke. Her skal være mapper." in said
    assert (
        "flows/god/flow.yml: advarsel: «flow.yml» læses ikke. Her læses kun: flow.yaml. Mente du «flow.yaml»?" in said
    )
    assert "Skriv «nej-tak»" in said and len(folder.findings) == 3


def test_names_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    for raw in (b"\xff\xfe.yaml", b"a\nb.yaml", b"\x1b[31m.yaml"):
        (Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), b"law", raw)))).write_bytes(b"")
    folder = Folder(tmp_path)
    for path in folder.files("law", ".yaml"):
        folder.bytes(path)
        assert folder.id(path).isprintable()
    assert len(folder.findings) == 3
    assert all(line.isprintable() and line.encode() for line in told(folder))
    assert digest([folder])


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "law").write_text("")
    folder = Folder(tmp_path)
    assert folder.files("law", ".yaml") == []
    assert told(folder) == ["law: Her skulle være en mappe, men der er en fil."]
