"""Faults drawn from each operator, tried on each killer, and what comes of it as figures.

`examine` asks every killer, for the night; `first_killer` stops at the first, for `make test`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from unittest.mock import patch

from guide.flows import refinement
from guide.flows.lockstep import Ends, Lockstep, TooManyStates
from guide.library.routes import routes
from guide.model import Flow, Level
from tests.mutation import furnishing, operators
from tests.mutation.harm import NO_ENDS, Harm, harms
from tests.mutation.killers import Original, checked, played, reviewed
from tests.mutation.operators import Fault, Operator

OPERATORS: tuple[Operator, ...] = (
    *(operators.retarget_option, operators.retarget_rule, operators.swap_rules, operators.drop_rule),
    *(operators.drop_when, operators.narrow_when, operators.widen_when, operators.drop_flag),
    *(operators.drop_option, operators.drop_question),
    *(furnishing.lower_level, furnishing.weaken_parents, furnishing.drop_contact, furnishing.drop_law),
    furnishing.swap_outcomes,
)

Killer = Callable[[Original, Flow], str]

KILLERS: Mapping[str, Killer] = {"invariants": checked, "scenarios": played, "reviewed": reviewed}
"""Those that do not compare with the flow as it was; «reviewed» compares with what people have written down of it."""

ALONE = ("invariants", "scenarios")


@dataclass(frozen=True)
class Verdict:
    """What became of one fault. `noticed`: by which killers; `harms`: with an example of answers that show it."""

    flow: str
    operator: str
    place: str
    noticed: tuple[str, ...]
    harms: dict[str, str]

    @property
    def alone(self) -> bool:
        """Noticed without any comparison with the flow as it was."""
        return any(name in self.noticed for name in ALONE)


def drawn(original: Original, each: int, seed: int) -> list[Fault]:
    """At most so many faults of each operator."""
    chance = random.Random(f"{seed} {original.playable.id}")
    found: list[Fault] = []
    for operator in OPERATORS:
        faults = list(operator(original.flow))
        found += chance.sample(faults, min(each, len(faults)))
    return found


def examine(original: Original, fault: Fault, killers: Mapping[str, Killer] = KILLERS) -> Verdict:
    """What every killer says of a fault, and what harm it does."""
    flow = fault.make()
    noticed = [name for name, killer in killers.items() if killer(original, flow)]
    if next(routes(flow, original.playable.source), None):
        return Verdict(original.playable.id, fault.operator, fault.place, tuple(noticed), {"cannot be walked": ""})
    found, refused = _compared(original.flow, flow)
    noticed += ["refinement"] if refused else []
    said = {harm.value: f"{ends.old} → {ends.new}: {dict(ends.new_answers)}" for harm, ends in found.items()}
    return Verdict(original.playable.id, fault.operator, fault.place, tuple(noticed), said or {Harm.none.value: ""})


def _compared(old: Flow, new: Flow) -> tuple[dict[Harm, Ends], bool]:
    """What harm is done, and whether refinement refuses it; what is too much to compare is never a pass."""
    acute = [step for step, outcome in old.outcomes.items() if outcome.level is Level.akut]
    try:
        search = Lockstep(old, new, watched=acute)  # the costly part, made once for both who need it
    except TooManyStates:
        return {Harm.unknown: NO_ENDS}, True
    with patch.object(refinement, "Lockstep", lambda *_, **__: search):
        refused = bool(refinement.refine(old, new))
    return harms(old, new, search.ends()), refused


def rate(verdicts: Iterable[Verdict], harm: Harm, *by: str) -> tuple[int, int]:
    """Of the faults that do this harm: how many were noticed by one of these killers, and how many there are."""
    of = [verdict for verdict in verdicts if harm.value in verdict.harms]
    return sum(any(name in verdict.noticed for name in by) for verdict in of), len(of)


def too_few(verdicts: Iterable[Verdict]) -> list[str]:
    """The promises that are not kept."""
    verdicts = list(verdicts)
    promised = (
        (Harm.lowering, 0.9, ALONE),
        (Harm.danger, 1.0, ALONE),
        (Harm.lowering, 1.0, ("refinement",)),
        (Harm.danger, 1.0, ("refinement",)),
    )
    found = []
    for harm, share, by in promised:
        noticed, there_are = rate(verdicts, harm, *by)
        if not there_are or noticed < share * there_are:
            found.append(f"{harm.value}: {noticed} of {there_are} noticed by {' or '.join(by)}, not {share:.0%}")
    return found


def figures(verdicts: list[Verdict]) -> str:
    """The kill rates in one line, as the night tells them."""
    parts = [f"{len(verdicts)} faults"]
    for harm in (Harm.lowering, Harm.danger):
        for by in (ALONE, ("invariants",), ("scenarios",), ("reviewed",), ("refinement",)):
            noticed, there_are = rate(verdicts, harm, *by)
            parts.append(f"{harm.name} by {'+'.join(by)} {noticed}/{there_are}")
    return "; ".join(parts)
