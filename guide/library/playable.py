"""A flow in memory: as it was read, as it can be walked, and as a kommune made it. Not here: reading (`read.py`)."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel
from transitions import Machine

from guide.flows.proof import Proof
from guide.library.read import Source
from guide.model import Flow, Overlay


@dataclass(frozen=True)
class Draft:
    """A flow that was read, and where each value was written. Its graph may be wrong: only checks may use it."""

    id: str
    flow: Flow
    source: Source


@dataclass(frozen=True)
class Playable(Draft):
    """A flow that can be walked; without a proof when it has too many states to be searched."""

    machine: Machine
    proof: Proof | None


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


@dataclass(frozen=True)
class Written:
    """A file as a word of the model, and where each value was written."""

    word: BaseModel
    source: Source
