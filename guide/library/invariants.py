"""What must hold on every way through a flow, decided over its proof; numbers as in the reliability notes.

A broken one names the questions and answers that lead there, in Danish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guide.flows.finding import Finding
from guide.flows.live import pack
from guide.flows.proof import Proof, State
from guide.library.library import Playable
from guide.model import Flag, Level, Outcome, Parents

DANGER = frozenset({Flag.vold, Flag.seksuelt, Flag.vanroegt, Flag.social_kontrol, Flag.udrejse})
"""Flags after which an outcome is never weaker than `straks` (I4)."""

HIDDEN = frozenset({Flag.vanroegt, Flag.social_kontrol, Flag.udrejse, Flag.ukendt})
"""Flags after which neither parent is told (C1, C10): a parent or the family may be the cause, or nobody knows."""

LEVELS = tuple(Level)

DEPTH = 15
"""No walk asks more questions than this (I18)."""

STRAKS_DEPTH = 4
"""`straks` can be reached after this many answers (I18)."""

AFTER_DANGER = 3
"""After the first answer with a danger flag at most this many questions follow (decision 4)."""


def invariants(playable: Playable) -> Iterator[Finding]:
    """Every broken invariant of a flow; nothing for a flow that could not be searched."""
    if playable.proof is None:
        return
    yield from _acute_first(playable)
    yield from _doubt(playable)
    yield from _depth(playable)
    yield from _endings(playable, playable.proof)
    for step, outcome in playable.flow.outcomes.items():
        for message in _furnished(outcome):
            yield playable.source.finding(message, "outcomes", step)


def _endings(playable: Playable, proof: Proof) -> Iterator[Finding]:
    """What must hold where walks end; of many ways to the same fault the shortest is told."""
    shortest: dict[tuple[str, str], State] = {}
    for state in proof.ends():
        outcome = playable.flow.outcomes[state.step]
        for rule in ENDINGS:
            if wrong := rule(state, outcome):
                known = shortest.setdefault((state.step, wrong), state)
                if proof.shortest[state] < proof.shortest[known]:
                    shortest[state.step, wrong] = state
    for (step, wrong), state in shortest.items():
        yield playable.source.finding(f"{wrong} Vejen dertil: {proof.told(state)}", "outcomes", step)


def _acute_first(playable: Playable) -> Iterator[Finding]:
    """I2, I3: the first question is the acute one, and its acute answers end at once."""
    flow, source = playable.flow, playable.source
    first = flow.questions[flow.start]
    acute = {name: option for name, option in first.options.items() if Flag.akut in option.flags}
    if not acute or first.kind != "one":
        yield source.finding(
            "Det første spørgsmål skal være det akutte: ét svar, og et af dem med flaget «akut».",
            "questions",
            flow.start,
        )
    for step, question in flow.questions.items():
        for name, option in question.options.items():
            place = ("questions", step, "options", name)
            if Flag.akut not in option.flags:
                continue
            ends = flow.outcomes.get(option.goto or "")
            if question.kind != "one" or ends is None or ends.level is not Level.akut:
                yield source.finding(
                    "Et svar med flaget «akut» skal føre direkte til et udfald på niveauet «akut» (I3).", *place
                )


def _doubt(playable: Playable) -> Iterator[Finding]:
    """I8: «ved-ikke» stands wherever an option carries a flag, and never gives less than «nej» or «ingen»."""
    proof = playable.proof
    assert proof is not None
    for step, question in playable.flow.questions.items():
        flagged = any(option.flags for option in question.options.values())
        if flagged and "ved-ikke" not in question.options:
            yield playable.source.finding(
                "Spørgsmålet har svar med flag og skal derfor have svaret «ved-ikke» (I8).",
                "questions",
                step,
                "options",
            )
    for step, question in playable.flow.questions.items():
        for calm in {"nej", "ingen"} & question.options.keys() if "ved-ikke" in question.options else ():
            for unsure, least in sorted(_weaker(proof, step, calm)):
                yield playable.source.finding(
                    f"«ved-ikke» kan ende i «{LEVELS[unsure]}», men «{calm}» aldrig lavere end «{LEVELS[least]}» (I8).",
                    *("questions", step, "options", "ved-ikke"),
                )


def _weaker(proof: Proof, step: str, calm: str) -> set[tuple[int, int]]:
    """Where «ved-ikke» alone may end lower than this option alone: the ranks of the lowest levels after them."""
    doubt, other = proof.tests.alone[step, "ved-ikke"], proof.tests.alone[step, calm]
    found = set()
    for state in proof.states[step].values():
        after = {id(choice): then for choice, then in proof.links[state]}
        if id(doubt) in after and id(other) in after:
            found.add((proof.weakest[after[id(doubt)]].rank, proof.weakest[after[id(other)]].rank))
    return {(unsure, least) for unsure, least in found if unsure < least}


def _depth(playable: Playable) -> Iterator[Finding]:
    """I18: akut after one answer, straks after at most four, any outcome after at most fifteen."""
    proof, ends = playable.proof, list[State]()
    assert proof is not None
    ends = list(proof.ends())
    for level, limit in ((Level.akut, 1), (Level.straks, STRAKS_DEPTH)):
        near = [proof.shortest[s] for s in ends if playable.flow.outcomes[s.step].level is level]
        if not near or min(near) > limit:
            yield playable.source.finding(f"Niveauet «{level}» skal kunne nås efter højst {limit} svar (I18).", "start")
    yield from _after_danger(playable, proof)
    for state in ends:
        if proof.longest[state] > DEPTH:
            yield playable.source.finding(
                f"Udfaldet kan kræve {proof.longest[state]} svar; højst {DEPTH} (I18).", "outcomes", state.step
            )


def _after_danger(playable: Playable, proof: Proof) -> Iterator[Finding]:
    danger = pack(DANGER)
    for step, choices in proof.tests.choices.items():
        if not any(choice.seen & danger for choice in choices):
            continue
        found = {
            (choice.flags & DANGER, proof.remaining[after])
            for state in proof.states[step].values()
            if not state.seen & danger
            for choice, after in proof.links[state]
            if choice.seen & danger and proof.remaining[after] > AFTER_DANGER
        }
        for flags, more in found:
            said = f"Efter svaret {_list(flags)} kan der komme {more} spørgsmål; højst {AFTER_DANGER} (I18)."
            yield playable.source.finding(said, "questions", step)


def _danger_is_straks(state: State, outcome: Outcome) -> str:
    seen = state.flags & DANGER
    return (
        f"Efter {_list(seen)} er niveauet kun «{outcome.level}» (I4)."
        if seen and outcome.level.rank < Level.straks.rank
        else ""
    )


def _selfharm_is_straks(state: State, outcome: Outcome) -> str:
    weak = Flag.selvskade in state.flags and outcome.level.rank < Level.straks.rank
    return f"Efter «selvskade» er niveauet kun «{outcome.level}» (C2)." if weak else ""


def _absence_is_reported(state: State, outcome: Outcome) -> str:
    weak = Flag.fravaer_15 in state.flags and outcome.level.rank < Level.underret.rank
    return f"Efter «fravaer-15» er niveauet kun «{outcome.level}» (C27)." if weak else ""


def _hidden_from_parents(state: State, outcome: Outcome) -> str:
    seen = state.flags & HIDDEN
    told = seen and outcome.parents is not Parents.ikke
    return f"Efter {_list(seen)} er forældrereglen «{outcome.parents}», ikke «ikke» (C1)." if told else ""


def _parents_after_danger(state: State, outcome: Outcome) -> str:
    seen = state.flags & DANGER
    strict = outcome.parents.strictness
    weak = strict is None or strict < (Parents.efter_aftale.strictness or 0)
    return f"Efter {_list(seen)} er forældrereglen «{outcome.parents}» (I5)." if seen and weak else ""


def _acute_is_acute(state: State, outcome: Outcome) -> str:
    wrong = Flag.akut in state.flags and outcome.level is not Level.akut
    return "Et akut svar ender ikke akut (I3)." if wrong else ""


ENDINGS: tuple[Callable[[State, Outcome], str], ...] = (
    _danger_is_straks,
    _selfharm_is_straks,
    _absence_is_reported,
    _parents_after_danger,
    _hidden_from_parents,
    _acute_is_acute,
)


def _furnished(outcome: Outcome) -> Iterator[str]:
    """I11: contacts that fit the level."""
    if outcome.level is Level.akut and outcome.contacts[0] != "alarm":
        yield "Et akut udfald skal have «alarm» (112) som første kontakt (I11)."
    if outcome.level in (Level.underret, Level.straks) and not {"modtagelse", "doegnvagt"} <= set(outcome.contacts):
        yield "Udfaldet skal have både «modtagelse» og «doegnvagt» (I11)."
    if outcome.level.rank <= Level.bekymring.rank and len(outcome.raises) < 2:
        yield "Udfaldet skal i «raises» nævne mindst to ting, der løfter bekymringen med det samme (C12)."
    if outcome.level.rank <= Level.bekymring.rank and not outcome.again:
        yield "Udfaldet skal i «again» sige, hvornår man ser på det igen (C12)."


def _list(flags: frozenset[Flag]) -> str:
    return ", ".join(f"«{flag}»" for flag in sorted(flags))
