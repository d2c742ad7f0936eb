"""What was found of the very same bytes is not found again; of other bytes, never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from guide.flows import proof
from guide.flows.finding import Finding, errors
from guide.library import owned, playable, verdicts
from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.refined import refined
from tests.conftest import DEMO
from tests.library.test_overlay import STEP
from tests.library.test_owned import HEAD, room

HARMFUL = STEP.replace("before: undren", "before: bekymring").replace("as: bekymring", "as: undren")


class Remembered:
    """Verdicts in memory."""

    def __init__(self) -> None:
        self.found = dict[str, Sequence[Finding]]()
        self.read = dict[str, Mapping[str, str]]()

    def get(self, key: str) -> Sequence[Finding] | None:
        return self.found.get(key)

    def put(self, key: str, found: Sequence[Finding]) -> None:
        self.found[key] = found

    def texts(self, key: str) -> Mapping[str, str] | None:
        return self.read.get(key)

    def put_texts(self, key: str, texts: Mapping[str, str]) -> None:
        self.read[key] = texts


def judged(folder: Path, known: Remembered | None) -> tuple[Library, list[Finding]]:
    library, found = load(DEMO, [folder], verdicts=known)
    return library, sorted({*found, *check(library)})


def test_the_same_files_are_neither_merged_nor_searched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, known = room(tmp_path, STEP), Remembered()
    _, cold = judged(folder, known)
    assert cold == judged(folder, None)[1] and known.found

    def never(*_: object) -> None:
        raise AssertionError("it is known")

    with monkeypatch.context() as patched:
        for place, name in ((owned, "merged"), (playable, "search"), (playable, "prove")):
            patched.setattr(place, name, never)
        library, warm = judged(folder, known)
    assert warm == cold
    own = library.rooms["vores"].flows["tre"]
    assert own.routed and own.proof and own.proof.remaining, "all of it is there when it is asked for"


def test_errors_are_found_each_time(tmp_path: Path) -> None:
    folder, known = room(tmp_path, HARMFUL), Remembered()
    first = errors(judged(folder, known)[1])
    assert first and errors(judged(folder, known)[1]) == first
    assert not any(errors(found) for found in known.found.values())


@pytest.mark.parametrize("planted", [False, True])
def test_a_verdict_of_other_bytes_is_never_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, planted: bool
) -> None:
    """Planted: a key that does not tell one file from another lets what is harmful through."""
    if planted:
        monkeypatch.setattr(verdicts, "key", lambda about, national, files: f"{about} {[name for name, _ in files]}")
    folder, known = room(tmp_path, STEP), Remembered()
    assert errors(judged(folder, known)[1]) == []
    (folder / "municipalities" / "vores" / "flows" / "tre.yaml").write_text(HEAD + HARMFUL, encoding="utf-8")
    assert (errors(judged(folder, known)[1]) == []) is planted


def test_a_key_is_of_the_bytes_the_name_the_base_the_check_and_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        verdicts.key("flow", "a", [("x", b"1"), ("y", b"2")]),
        verdicts.key("flow", "a", [("x", b"1"), ("y", b"3")]),
        verdicts.key("flow", "a", [("z", b"1"), ("y", b"2")]),
        verdicts.key("flow", "b", [("x", b"1"), ("y", b"2")]),
        verdicts.key("room", "a", [("x", b"1"), ("y", b"2")]),
    }
    monkeypatch.setattr(verdicts, "code", lambda: "another")
    assert len({*keys, verdicts.key("flow", "a", [("x", b"1"), ("y", b"2")])}) == 6


def test_an_own_flow_that_cannot_be_proven_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library, found = load(DEMO, [room(tmp_path, STEP)])
    assert errors(found) == []
    monkeypatch.setattr(proof, "LIMIT", 2)
    assert any("Flowet kan ikke bevises" in finding.message for finding in errors(refined(library)))


def test_after_forgetting_own_flows_are_merged_when_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, _ = load(DEMO, [room(tmp_path, STEP)], preview=True)
    whole = library.flows_in("vores")["tre"].flow
    library.forget()
    own = library.flows_in("vores")["tre"]
    assert own.flow == whole and own is library.flows_in("vores")["tre"]
    assert own.flow.outcomes["straks"] is library.flows["tre"].flow.outcomes["straks"], "in memory once"
    assert own.proof and own.proof.remaining and not own.proof.links and own.proof is own.proof

    monkeypatch.setattr(playable, "MOST", 0)
    monkeypatch.setattr(playable, "_SERVED", playable.deque(playable._SERVED))
    other = playable.Ways(own.flow)
    other.forget()
    assert other.proof and own.ways._proof is None, "the oldest rests"
    assert own.proof and own.proof.remaining, "and comes back"
