"""A flow in memory: as it was read, as it can be walked, and as a kommune made it. Not here: reading (`read.py`)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from weakref import ref

from pydantic import BaseModel
from transitions import Machine

from guide.flows.finding import Finding
from guide.flows.machine import build as build_machine
from guide.flows.proof import Proof, TooManyStates, prove
from guide.library.overlay import fingerprint
from guide.library.read import Source
from guide.library.routes import search
from guide.model import Flow, Overlay

MOST = 150
"""So many flows are kept proven while serving: two megabytes each, and a quarter of a second to prove one again."""

_SERVED = deque[ref["Ways"]]()


class Ways:
    """How a flow is walked: its machine and its proof, each made when it is first asked for and then kept.

    Hundreds of kommuner may have flows of their own; most of them are not walked in one process on one day.
    """

    def __init__(self, flow: Flow, proof: Proof | None = None) -> None:
        """`proof`: where it has been made."""
        self._flow, self._proof = flow, proof
        self._machine: Machine | None = None
        self._searched, self._small = proof is not None, False

    @property
    def machine(self) -> Machine:
        """What walks the flow."""
        if self._machine is None:
            self._machine = build_machine(self._flow)
        return self._machine

    @property
    def proof(self) -> Proof | None:
        """What holds on every way; None when there are too many states to be searched."""
        if not self._searched:
            try:
                self.prove(prove(self._flow))
            except TooManyStates:
                self.prove(None)
        return self._proof

    def prove(self, proof: Proof | None) -> None:
        """Take a proof that was made elsewhere; None when there are too many states."""
        if proof and self._small:
            proof.forget()
            self._rest()
        self._proof, self._searched = proof, True

    def _rest(self) -> None:
        """Let go of the flow that was proven the longest ago, when there are many: it can be proven again."""
        _SERVED.append(ref(self))
        while len(_SERVED) > MOST:
            if (oldest := _SERVED.popleft()()) and oldest is not self:
                oldest._machine, oldest._proof, oldest._searched = None, None, False

    def forget(self) -> None:
        """Keep of the proof only what serving needs, now and whenever it is made."""
        self._small = True
        if self._proof:
            self._proof.forget()


def searched(ways: Ways, flow: Flow, source: Source) -> list[Finding]:
    """What a search of a flow shows; its proof is kept in the ways."""
    proof, found = search(flow, source)
    ways.prove(proof)
    return found


@dataclass(frozen=True)
class Draft:
    """A flow that was read, and where each value was written. Its graph may be wrong: only checks may use it."""

    id: str
    flow: Flow
    source: Source


@dataclass(frozen=True)
class Playable(Draft):
    """A flow that can be walked."""

    ways: Ways

    @property
    def machine(self) -> Machine:
        """What walks it."""
        return self.ways.machine

    @property
    def proof(self) -> Proof | None:
        """What holds on every way through it; None when it has too many states to be searched."""
        return self.ways.proof

    @cached_property
    def said(self) -> str:
        """The fingerprint of what was written."""
        return fingerprint(self.source.document.value)


@dataclass(frozen=True)
class Own(Playable):
    """A national flow with what one kommune adds to it.

    `file`: the kommune's own file; `steps`: its own questions and outcomes; `touched`: the national steps that it adds
    to; `routed`: whether any way through the flow is another than the national one; `text`: the fingerprint of what was
    written, `base` that of the national flow it stands on.
    """

    overlay: Overlay
    file: Source
    steps: frozenset[str]
    touched: frozenset[str]
    routed: bool
    text: str
    base: str


class Flows(Mapping[str, Own]):
    """A kommune's flows by id, each merged when it is asked for: merged they are as large as the national ones."""

    def __init__(self) -> None:
        self._make: dict[str, Callable[[], Own]] = {}
        self._made: dict[str, Own] = {}
        self._small = False

    def put(self, name: str, make: Callable[[], Own]) -> None:
        """A flow that can be merged without errors, and how."""
        self._make[name] = make

    def __getitem__(self, name: str) -> Own:
        if name not in self._made:
            made = self._made[name] = self._make[name]()
            if self._small:
                made.ways.forget()
                made.source.document.value.clear()
                made.source.document.marks.clear()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)

    def drop(self) -> None:
        """Let go of what was merged: it can be merged again."""
        self._made.clear()

    def forget(self) -> None:
        """The same, and keep from now on only what serving needs."""
        self._small = True
        self.drop()


@dataclass(frozen=True)
class Written:
    """A file as a word of the model, and where each value was written."""

    word: BaseModel
    source: Source
