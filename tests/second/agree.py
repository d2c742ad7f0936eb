"""Where the search of `guide.flows.proof` says other than every walk there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from guide.flows.proof import Proof, here
from tests.second.plain import Data, Prefix, Way, flags, rank


def disagreements(flow: Data, ways: list[Way], proof: Proof) -> list[str]:
    """What the search says of ends, lengths, ways on and weakest levels, against the walks."""
    return [*_ends(flow, ways, proof), *_prefixes(flow, ways, proof)]


def _ends(flow: Data, ways: list[Way], proof: Proof) -> Iterable[str]:
    lengths: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for way in ways:
        lengths[way.outcome, flags(flow, way.given)].append(len(way.given))
    near: dict[tuple[str, frozenset[str]], int] = {}
    far: dict[tuple[str, frozenset[str]], int] = {}
    for state in proof.ends():
        end = state.step, frozenset(str(flag) for flag in state.flags)
        near[end] = min(proof.shortest[state], near.get(end, 99))
        far[end] = max(proof.longest[state], far.get(end, 0))
    if near.keys() != lengths.keys():
        yield f"ends: {sorted(map(str, near.keys() ^ lengths.keys()))}"
    elif near != {end: min(found) for end, found in lengths.items()}:
        yield "shortest"
    elif far != {end: max(found) for end, found in lengths.items()}:
        yield "longest"
    if proof.stuck:
        yield "stuck"


def _prefixes(flow: Data, ways: list[Way], proof: Proof) -> Iterable[str]:
    """After each answer of each walk: how weak it may end, how many questions are left, and the flags so far."""
    weakest: dict[Prefix, int] = {}
    left: dict[Prefix, int] = {}
    step: dict[Prefix, str] = {}
    for way in ways:
        level, path = rank(flow, way.outcome), [*(on for on, _ in way.given), way.outcome]
        for n in range(len(path)):
            prefix = way.given[:n]
            step[prefix] = path[n]
            weakest[prefix] = min(level, weakest.get(prefix, 99))
            left[prefix] = max(len(way.given) - n, left.get(prefix, 0))
    told: dict[object, tuple[int, int]] = {}
    for prefix, at in step.items():
        state = here(proof, at, {on: tuple(sorted(answer)) for on, answer in prefix})
        if state is None:
            yield f"no state for {prefix} at {at}"
            continue
        if {str(flag) for flag in state.flags} != flags(flow, prefix):
            yield f"flags after {prefix}"
        worst, most = told.get(state, (99, 0))
        told[state] = min(worst, weakest[prefix]), max(most, left[prefix])
        if proof.weakest[state].rank != weakest[prefix] or proof.remaining[state] != left[prefix]:
            yield f"weakest or left after {prefix}"
    if told.keys() != proof.links.keys():
        yield "states that no walk comes to"
