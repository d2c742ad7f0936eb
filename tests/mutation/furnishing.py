"""Single faults in what an outcome says: its level, its parents rule, its contacts and law, or all of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from guide.model import Flow, Level, Outcome, Parents
from tests.mutation.operators import Fault

LEVELS = tuple(Level)


def _with(flow: Flow, step: str, **changed: object) -> Flow:
    outcome = flow.outcomes[step].model_copy(update=changed)
    return flow.model_copy(update={"outcomes": {**flow.outcomes, step: outcome}})


def lower_level(flow: Flow) -> Iterator[Fault]:
    """An outcome is less serious."""
    for step, outcome in flow.outcomes.items():
        for level in LEVELS[: outcome.level.rank]:
            yield Fault(
                "lower-level", f"{step}: {outcome.level} → {level}", lambda s=step, to=level: _with(flow, s, level=to)
            )


def weaken_parents(flow: Flow) -> Iterator[Fault]:
    """The parents are told earlier."""
    for step, outcome in flow.outcomes.items():
        for rule in Parents:
            if weaker(outcome.parents, rule):
                yield Fault(
                    "weaken-parents",
                    f"{step}: {outcome.parents} → {rule}",
                    lambda s=step, to=rule: _with(flow, s, parents=to),
                )


def weaker(old: Parents, new: Parents) -> bool:
    """Whether a rule tells the parents more than another; `tilkald` and any other neither replace nor are replaced."""
    if old is new:
        return False
    if old.strictness is None or new.strictness is None:
        return True
    return new.strictness < old.strictness


def drop_contact(flow: Flow) -> Iterator[Fault]:
    """An outcome has one contact less."""
    yield from _shorter(flow, "contacts", "drop-contact")


def drop_law(flow: Flow) -> Iterator[Fault]:
    """An outcome has one law reference less."""
    yield from _shorter(flow, "law", "drop-law")


def _shorter(flow: Flow, key: str, operator: str) -> Iterator[Fault]:
    for step, outcome in flow.outcomes.items():
        names = getattr(outcome, key)
        for gone in names if len(names) > 1 else ():  # the model refuses an outcome without any
            left = tuple(name for name in names if name != gone)
            yield Fault(operator, f"{step}: {gone}", lambda s=step, k=key, rest=left: _with(flow, s, **{k: rest}))


def swap_outcomes(flow: Flow) -> Iterator[Fault]:
    """Two outcomes have each other's words."""
    for one, other in combinations(flow.outcomes, 2):
        if _shown(flow.outcomes[one]) != _shown(flow.outcomes[other]):
            yield Fault("swap-outcomes", f"{one} and {other}", lambda a=one, b=other: _swapped(flow, a, b))


def _shown(outcome: Outcome) -> tuple[object, ...]:
    return outcome.level, outcome.parents, outcome.contacts, outcome.law


def _swapped(flow: Flow, one: str, other: str) -> Flow:
    swapped = {one: flow.outcomes[other], other: flow.outcomes[one]}
    return flow.model_copy(update={"outcomes": {step: swapped.get(step, o) for step, o in flow.outcomes.items()}})
