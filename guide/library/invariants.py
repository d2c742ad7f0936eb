"""What must hold on every way through a flow, decided over its proof; numbers as in the reliability notes.

I2-I11 and I18, and what the content rules C2, C5, C12 and C27 add. A broken one names the questions and answers that
lead there, in Danish. I1 is in `routes.py`, I11-I13 for each kommune in `furnished.py`, I15-I17 and I25 in
`stated.py`, I19 in `force.py`, I22 and I23 in `guide/flows/refinement.py`. Not decided anywhere in the library, each
for its reason:

- I14 is about pages, I24 about servers: the web and browser tests walk them. I26 waits for training flows to exist.
- I20 is a matter of the day, in `force.py`: age is told and stops nothing. I21 is about who has approved what.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from guide.flows.finding import Finding
from guide.flows.live import Choice, pack
from guide.flows.proof import Proof, State
from guide.library.library import Own, Playable
from guide.model import Flag, Level, Outcome, Parents, Question

DANGER = frozenset({Flag.vold, Flag.seksuelt, Flag.vanroegt, Flag.social_kontrol, Flag.udrejse})
"""Flags after which an outcome is never weaker than `straks` (I4), and the parents are never told first (I5)."""

HARM = frozenset({Flag.vold, Flag.seksuelt})
"""Flags that do not say by themselves who may be behind it: somebody at home, outside, or nobody knows."""

HOME = frozenset({Flag.vanroegt, Flag.social_kontrol, Flag.udrejse, Flag.ukendt, Flag.hjemmet})
"""Flags after which neither parent is told (I6, C1, C10): a parent or the household may be the cause, or nobody knows.

Neglect, control by the family and leaving with the child are the home's by what the words mean.
"""

OUTSIDE = frozenset({Flag.ansat, Flag.barn_mod_barn, Flag.netvaerk})
"""Flags after which the parents are told as agreed with the kommune or the police, not before (I7, C23, C24)."""

FLOORS: dict[Flag, tuple[Level | None, str]] = {
    Flag.akut: (Level.akut, "I3"),
    Flag.vold: (Level.straks, "I4"),
    Flag.seksuelt: (Level.straks, "I4"),
    Flag.vanroegt: (Level.straks, "I4"),
    Flag.social_kontrol: (Level.straks, "I4"),
    Flag.udrejse: (Level.straks, "I4"),
    Flag.selvskade: (Level.straks, "C2"),
    Flag.fravaer_15: (Level.underret, "C27"),
    # Who may be behind it is asked only after a danger, so these say that there is one.
    Flag.ukendt: (Level.straks, "I10"),
    Flag.hjemmet: (Level.straks, "I10"),
    Flag.udsat_fortalt: (Level.straks, "I10"),
    Flag.ansat: (Level.straks, "I10"),
    Flag.barn_mod_barn: (Level.straks, "I10"),
    Flag.netvaerk: (Level.straks, "I10"),
    # A pregnancy is never in itself a reason to report: what weighs is the rest of the answers.
    Flag.gravid: (None, "I10"),
}
"""The lowest level after each flag, and the rule that says so: once a flag has raised the level, it never falls."""

LEVELS = tuple(Level)

DEPTH = 15
"""No walk asks more questions than this (I18)."""

OWN_DEPTH = 3
"""So many questions more a kommune may ask where a mild outcome was next: the national flows need all of DEPTH."""

STRAKS_DEPTH = 4
"""`straks` can be reached after this many answers (I18)."""

AFTER_DANGER = 3
"""After the first answer with a danger flag at most this many questions follow (decision 4)."""


def invariants(playable: Playable) -> Iterator[Finding]:
    """Every broken invariant of a flow; nothing for a flow that could not be searched."""
    if playable.proof is None:
        return
    yield from _acute_first(playable, playable.proof)
    yield from _doubt(playable, playable.proof)
    yield from _one_more(playable, playable.proof)
    yield from _never_falls(playable, playable.proof)
    yield from _depth(playable, playable.proof)
    yield from _endings(playable, playable.proof)
    yield from _equipped(playable, playable.proof)


def way(proof: Proof, step: str, option: str | None = None) -> str:
    """«Vejen dertil: …»: the shortest way to a step, and the answer that is given there, if it is a question."""
    known = proof.states[step].values()
    if not known:
        return ""
    told = proof.told(min(known, key=lambda state: proof.shortest[state]))
    if question := proof.flow.questions.get(step):
        last = f"«{question.title}»" + (f": «{question.options[option].label}»" if option else "")
        told = f"{told} → {last}" if told else last
    return f" Vejen dertil: {told}"


def _after(proof: Proof, state: State, choice: Choice) -> str:
    """The way to a state, and the answers given there."""
    question = proof.flow.questions[state.step]
    given = " + ".join(f"«{question.options[option].label}»" for option in choice.options)
    before = f"{told} → " if (told := proof.told(state)) else ""
    return f"{before}«{question.title}»: {given}"


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


def _acute_first(playable: Playable, proof: Proof) -> Iterator[Finding]:
    """I2, I3: the first question is the acute one, and its acute answers end at once."""
    flow, source = playable.flow, playable.source
    first = flow.questions[flow.start]
    acute = {name: option for name, option in first.options.items() if Flag.akut in option.flags}
    if not acute or first.kind != "one":
        said = "Det første spørgsmål skal være det akutte: ét svar, og et af dem med flaget «akut» (I2)."
        yield source.finding(said + way(proof, flow.start), "questions", flow.start)
    for step, question in flow.questions.items():
        for name, option in question.options.items():
            if Flag.akut not in option.flags:
                continue
            ends = flow.outcomes.get(option.goto or "")
            if question.kind != "one" or ends is None or ends.level is not Level.akut:
                said = "Et svar med flaget «akut» skal føre direkte til et udfald på niveauet «akut» (I3)."
                yield source.finding(said + way(proof, step, name), "questions", step, "options", name)


def _doubt(playable: Playable, proof: Proof) -> Iterator[Finding]:
    """I8: «ved-ikke» stands wherever an option carries a flag, and never gives less than a calm answer."""
    for step, question in playable.flow.questions.items():
        flagged = any(option.flags for option in question.options.values())
        if flagged and "ved-ikke" not in question.options:
            said = "Spørgsmålet har svar med flag og skal derfor have svaret «ved-ikke» (I8)."
            yield playable.source.finding(said + way(proof, step), "questions", step, "options")
    for step, question in playable.flow.questions.items():
        for named, calm in _calm(question).items() if "ved-ikke" in question.options else ():
            for (unsure, least), told in sorted(_weaker(proof, step, calm).items()):
                said = (
                    f"«ved-ikke» kan ende i «{LEVELS[unsure]}», men {named} aldrig lavere end «{LEVELS[least]}» (I8)."
                )
                yield playable.source.finding(f"{said} Vejen dertil: {told}", "questions", step, "options", "ved-ikke")


def _calm(question: Question) -> dict[str, list[str]]:
    """What doubt is held against, by what it is called: «nej» and «ingen», or else every answer without a flag."""
    plain = [name for name, option in question.options.items() if not option.flags and name != "ved-ikke"]
    known: tuple[str, ...] = ("nej", "ingen")
    named = {f"«{name}»": [name] for name in known if name in question.options}
    return named or ({"svar uden flag": plain} if plain else {})


def _weaker(proof: Proof, step: str, calm: Collection[str]) -> dict[tuple[int, int], str]:
    """Where «ved-ikke» alone may end lower than each of these alone: the lowest levels after them, and a way there."""
    doubt, found = proof.tests.alone[step, "ved-ikke"], dict[tuple[int, int], str]()
    others = [proof.tests.alone[step, name] for name in calm]
    for state in proof.states[step].values():
        after = {id(choice): proof.weakest[then].rank for choice, then in proof.links[state]}
        unsure, least = after.get(id(doubt), len(LEVELS)), min(after.get(id(other), 0) for other in others)
        if unsure < least and (unsure, least) not in found:
            found[unsure, least] = _after(proof, state, doubt)
    return found


def _one_more(playable: Playable, proof: Proof) -> Iterator[Finding]:
    """I9: where several answers may be given, one more with a flag never lowers the level one is sure of."""
    for step, question in playable.flow.questions.items():
        danger = [name for name, option in question.options.items() if option.flags]
        if question.kind == "one" or not danger:
            continue
        for name in danger:
            for state in proof.states[step].values():
                if lower := _lowered(proof, state, name):
                    choice, less, least = lower
                    said = f"Et svar mere, «{name}», giver kun «{less}»; uden det er det laveste «{least}» (I9)."
                    told = _after(proof, state, choice)
                    yield playable.source.finding(f"{said} Vejen dertil: {told}", "questions", step, "options", name)
                    break


def _lowered(proof: Proof, state: State, option: str) -> tuple[Choice, Level, Level] | None:
    """An answer to which this option is added, with a lower level to be sure of than without it."""
    tests, step = proof.tests, state.step
    single = tests.alone[step, option]
    weakest = {choice[1:]: (choice, proof.weakest[after]) for choice, after in proof.links[state]}
    for choice, least in list(weakest.values()):
        together = (choice.seen | single.seen, tests.live(step, (*choice.options, option)), None)
        both, less = weakest.get(together, (choice, least))
        if less.rank < least.rank:
            return both, less, least
    return None


def _never_falls(playable: Playable, proof: Proof) -> Iterator[Finding]:
    """I10, per option: what an answer makes sure of after calm answers, it makes sure of after any others.

    The level that is sure on a way is the lowest of all outcomes ahead; on one way it can only rise. So ways are
    compared: an option is measured where no flag has been seen, at the calmest of the ways there. A way on which a flag
    has raised the level must not get less from the same option. (The floors of the flags are in ENDINGS.)
    """
    for step, question in playable.flow.questions.items():
        names = {id(proof.tests.alone[step, name]): name for name in question.options}
        sure, worst = dict[str, Level](), dict[str, tuple[Level, State, Choice]]()
        for state in proof.states[step].values():
            for choice, after in proof.links[state]:
                if (name := names.get(id(choice))) is None:
                    continue
                level = proof.weakest[after]
                if not state.seen:
                    sure[name] = min(level, sure.get(name, level), key=LEVELS.index)
                elif name not in worst or level.rank < worst[name][0].rank:
                    worst[name] = (level, state, choice)
        for name, (level, state, choice) in worst.items():
            if name in sure and level.rank < sure[name].rank:
                said = f"«{name}» giver mindst «{sure[name]}», men efter {_list(state.flags)} kun «{level}» (I10)."
                told = f"{said} Vejen dertil: {_after(proof, state, choice)}"
                yield playable.source.finding(told, "questions", step, "options", name)


def _depth(playable: Playable, proof: Proof) -> Iterator[Finding]:
    """I18: akut after one answer, straks after at most four, any outcome after at most fifteen."""
    flow, ends = playable.flow, list(proof.ends())
    for level, limit in ((Level.akut, 1), (Level.straks, STRAKS_DEPTH)):
        near = min(
            (s for s in ends if flow.outcomes[s.step].level is level), key=proof.shortest.__getitem__, default=None
        )
        if near is None or proof.shortest[near] > limit:
            said = f"Niveauet «{level}» skal kunne nås efter højst {limit} svar (I18)."
            told = f" Vejen dertil: {proof.told(near)}" if near else " Ingen vej fører dertil."
            yield playable.source.finding(said + told, "start")
    yield from _after_danger(playable, proof)
    for state in ends:
        most = DEPTH + OWN_DEPTH if isinstance(playable, Own) and _own_last(playable, proof, state) else DEPTH
        if proof.longest[state] > most:
            said = f"Udfaldet kan kræve {proof.longest[state]} svar; højst {most} (I18)."
            yield playable.source.finding(
                f"{said} Den korteste vej dertil: {proof.told(state)}", "outcomes", state.step
            )


def _own_last(own: Own, proof: Proof, end: State) -> bool:
    """Whether the way is long only because the kommune asks more where it was over, or because it ends mildly."""
    if own.flow.outcomes[end.step].level.rank < Level.underret.rank or proof.longest[end] <= DEPTH:
        return True
    before = [state for state, after in proof.links.items() if any(then == end for _, then in after)]
    return all(state.step in own.steps for state in before if proof.longest[state] >= DEPTH)


def _after_danger(playable: Playable, proof: Proof) -> Iterator[Finding]:
    danger = pack(DANGER)
    for step, choices in proof.tests.choices.items():
        if not any(choice.seen & danger for choice in choices):
            continue
        found = {
            (choice.flags & DANGER, proof.remaining[after]): (state, choice)
            for state in proof.states[step].values()
            if not state.seen & danger
            for choice, after in proof.links[state]
            if choice.seen & danger and proof.remaining[after] > AFTER_DANGER
        }
        for (flags, more), (state, choice) in found.items():
            said = f"Efter svaret {_list(flags)} kan der komme {more} spørgsmål; højst {AFTER_DANGER} (I18)."
            yield playable.source.finding(f"{said} Vejen dertil: {_after(proof, state, choice)}", "questions", step)


def _floor(rule: str) -> Callable[[State, Outcome], str]:
    """I3, I4, C2, C27 or I10: no way with one of the flags of this rule ends below their floor."""
    floors = {flag: floor for flag, (floor, of) in FLOORS.items() if floor and of == rule}

    def broken(state: State, outcome: Outcome) -> str:
        seen = frozenset(flag for flag in state.flags if flag in floors and outcome.level.rank < floors[flag].rank)
        return f"Efter {_list(seen)} er niveauet kun «{outcome.level}» ({rule})." if seen else ""

    return broken


def _parents_kept(state: State, outcome: Outcome) -> str:
    """I5, I6, I7; of several broken by one outcome the first is told."""
    return _never_first(state, outcome) or _home_is_not_told(state, outcome) or _outsiders_by_agreement(state, outcome)


def _never_first(state: State, outcome: Outcome) -> str:
    """I5: after a danger the parents are never told first, never told whatever they say, never called."""
    seen = state.flags & DANGER
    weak = seen and _weaker_than_agreed(outcome)
    return f"Efter {_list(seen)} er forældrereglen «{outcome.parents}» (I5)." if weak else ""


def _home_is_not_told(state: State, outcome: Outcome) -> str:
    """I6: nobody at home is told; the exposed parent alone may be, where that parent has told of the violence."""
    seen, rule = state.flags & HOME, outcome.parents
    if rule is Parents.kun_udsat and Flag.udsat_fortalt not in state.flags:
        return "Forældrereglen er «kun-udsat», men den udsatte forælder har ikke selv fortalt om volden (I6)."
    alone = rule is Parents.kun_udsat and seen <= {Flag.hjemmet}
    if rule is Parents.ikke or alone:
        return ""
    if seen:
        return f"Efter {_list(seen)} er forældrereglen «{rule}», ikke «ikke» (I6)."
    if state.flags & HARM and not state.flags & OUTSIDE:
        unsaid = f"Efter {_list(state.flags & HARM)} har intet svar sagt, hvem der kan stå bag."
        return f"{unsaid} Forældrereglen er «{rule}», ikke «ikke» (I6)."
    return ""


def _outsiders_by_agreement(state: State, outcome: Outcome) -> str:
    """I7: after a suspicion of somebody outside the home the parents are told as agreed, not before."""
    seen = state.flags & OUTSIDE
    weak = seen and _weaker_than_agreed(outcome)
    return (
        f"Efter {_list(seen)} er forældrereglen «{outcome.parents}», svagere end «efter-aftale» (I7)." if weak else ""
    )


def _weaker_than_agreed(outcome: Outcome) -> bool:
    """Weaker than `efter-aftale`; `tilkald` is no agreement either."""
    strict = outcome.parents.strictness
    return strict is None or strict < (Parents.efter_aftale.strictness or 0)


ENDINGS: tuple[Callable[[State, Outcome], str], ...] = (
    *(_floor(rule) for rule in ("I3", "I4", "C2", "C27", "I10")),
    _parents_kept,
)


def _equipped(playable: Playable, proof: Proof) -> Iterator[Finding]:
    """I11, C12: what an outcome of its level has; which contacts it gets in a kommune is in `furnished.py`."""
    for step, outcome in playable.flow.outcomes.items():
        for said in _lacks(outcome):
            yield playable.source.finding(said + way(proof, step), "outcomes", step)


def _lacks(outcome: Outcome) -> Iterator[str]:
    if outcome.level is Level.akut and outcome.parents in (Parents.foerst, Parents.orienter):
        yield f"112 kommer før forældrene, så forældrereglen kan ikke være «{outcome.parents}» (C5)."
    if outcome.level is Level.akut and outcome.contacts[:1] != ("alarm",):
        yield "Et akut udfald skal have «alarm» (112) som første kontakt (I11)."
    if outcome.level in (Level.underret, Level.straks) and not {"modtagelse", "doegnvagt"} <= set(outcome.contacts):
        yield "Udfaldet skal have både «modtagelse» og «doegnvagt» (I11)."
    if outcome.level in (Level.underret, Level.straks) and outcome.contacts[0] not in ("modtagelse", "doegnvagt"):
        yield f"Siden siger: ring til «{outcome.contacts[0]}». Den første kontakt skal tage imod underretninger (I11)."
    if outcome.level.rank <= Level.bekymring.rank and len(outcome.raises) < 2:
        yield "Udfaldet skal i «raises» nævne mindst to ting, der løfter bekymringen med det samme (C12)."
    if outcome.level.rank <= Level.bekymring.rank and not outcome.again:
        yield "Udfaldet skal i «again» sige, hvornår man ser på det igen (C12)."


def _list(flags: frozenset[Flag]) -> str:
    return ", ".join(f"«{flag}»" for flag in sorted(flags))
