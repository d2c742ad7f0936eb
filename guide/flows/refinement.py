"""A kommune's flow must refine the national one: for the same answers it never says less (I22), and the national
questions stay (I23).

**I22.** For all answers, the kommune's outcome against the national one (`lockstep.py`; own questions are answered in
every way, own options as the national ones they name):

- never a lower level, and never a weaker parents rule; `tilkald` neither replaces another nor is replaced (C2);
- on the same level every contact and every law reference of the national outcome. On a higher level those that all
  national outcomes of that level have: a kommune that says «straks» need not keep what was written for «undren»;
- every flag that was seen. A question that is not asked hides its flags, and all other proofs start from flags;
- before a national outcome on the level `akut` nothing is asked that the national flow does not ask;
- **no condition before an underretning.** An own question on the way to a national outcome of `underret` or more is a
  delay, and becomes a condition when one of its answers gives less. So it may stand there only when every answer gives
  at least as much, as above, and when a national question comes after it: with the last answer that the national flow
  needs, the kommune's flow ends too.

**I23.** The national questions and options are all there, with their kind and their flags; each question that some
answers lead to nationally is still asked of somebody; the acute question is the first. An own option says with `as:`
which national option it stands for. The order of the other questions is free, as long as I22 holds.

Not here: texts, labels and titles, which are locked where a kommune's file is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guide.flows.lockstep import Ends, Lockstep, told
from guide.flows.machine import build
from guide.flows.proof import prove
from guide.flows.rules import Answers
from guide.flows.side import Side
from guide.flows.walk import Walk
from guide.model import Flow, Level, Option, Outcome, Parents, Question


@dataclass(frozen=True)
class Violation:
    """One way in which a kommune's flow says less than the national one.

    `number`: I22 or I23. `what`: a Danish sentence. `step`: the question or outcome to look at, in the kommune's flow
    when it is there. `answers`: the shortest that show it, and `told`: the same in the words of the page.
    `kind`: what is less: level, parents, contacts, law, flags, acute, condition, kept (I23), or end. `national`: the
    outcome that the national flow comes to; nothing for I23.
    """

    number: str
    what: str
    step: str
    answers: Answers
    told: str
    kind: str = "kept"
    national: str = ""

    def __str__(self) -> str:
        """As it is shown to the kommune."""
        way = f" Vejen dertil: {self.told}." if self.told else ""
        return f"{self.what} ({self.number}).{way}"


def refine(base: Flow, own: Flow, sides: tuple[Side, Side] | None = None) -> list[Violation]:
    """What keeps `own` from refining `base`; of many ways to the same fault the shortest is told.

    `sides`: the two as sides of a comparison, where they have been made before (`Proof.side`).
    Raises TooManyStates when they cannot be compared, which is never a pass, and CycleError (graphlib) on a loop.
    """
    acute = [step for step, outcome in base.outcomes.items() if outcome.level is Level.akut]
    search = Lockstep(base, own, watched=acute, sides=sides)
    return [*_kept(base, own, search), *_Compared(base, own).all(search.ends())]


def weaker(base: Parents, own: Parents) -> bool:
    """Whether a parents rule may not stand where another did."""
    if base is own:
        return False
    return own.strictness is None or base.strictness is None or own.strictness < base.strictness


def _kept(base: Flow, own: Flow, search: Lockstep) -> Iterator[Violation]:
    """I23."""
    found = list(_lost(base, own))
    found += [(step, "Det nationale spørgsmål bliver aldrig stillet") for step in _skipped(base, search)]
    if not found:
        return
    proof = prove(base)
    for step, what in found:
        states = proof.states.get(step, {}).values()
        answers = proof.example(min(states, key=lambda state: proof.shortest[state])) if states else {}
        yield Violation("I23", what, step, answers, told(base, answers))


def _skipped(base: Flow, search: Lockstep) -> list[str]:
    return [step for step in search.unasked() if step in base.questions]


def _lost(base: Flow, own: Flow) -> Iterator[tuple[str, str]]:
    """What is missing of the national questions: the question, and what is wrong."""
    if own.start != base.start:
        yield base.start, "Det akutte spørgsmål er ikke længere det første"
    for step, question in base.questions.items():
        if step not in own.questions:
            yield step, "Det nationale spørgsmål er fjernet"
        else:
            yield from ((step, what) for what in _changed(question, own.questions[step]))


def _changed(base: Question, own: Question) -> Iterator[str]:
    """What is missing of one question."""
    if own.kind != base.kind:
        yield f"Spørgsmålet tager nu {_KINDS[own.kind]}, nationalt {_KINDS[base.kind]}"
    for name, option in base.options.items():
        if name not in own.options:
            yield f"Det nationale svar «{option.label}» er fjernet"
        else:
            yield from _flags(option, own.options[name])
    for name, option in own.options.items():
        if name in base.options:
            continue
        if option.as_ in base.options:
            yield from _flags(base.options[option.as_], option)
        else:
            yield f"Kommunens svar «{option.label}» siger ikke med «as», hvilket nationalt svar det står for"


_KINDS = {"one": "ét svar", "several": "flere svar"}


def _flags(base: Option, own: Option) -> Iterator[str]:
    for flag in sorted(set(base.flags) - set(own.flags)):
        yield f"Svaret «{own.label}» mangler flaget «{flag}»"


class _Compared:
    """I22: pairs of ends as sentences."""

    def __init__(self, base: Flow, own: Flow) -> None:
        self.base, self.own = base, own
        self._machines = build(base), build(own)

    def all(self, ends: Iterable[Ends]) -> Iterator[Violation]:
        """Each thing said less, once for each pair of outcomes."""
        said = set[tuple[str | None, str | None, str]]()
        for end in ends:
            for kind, what in self._wrong(end):
                if (end.old, end.new, what) not in said:
                    said.add((end.old, end.new, what))
                    yield self._violation(end, kind, what)

    def _violation(self, end: Ends, kind: str, what: str) -> Violation:
        asked = Walk(self.own, self._machines[1], end.new_answers)
        last = {asked.current: end.new_answers[asked.current]} if asked.current in end.new_answers else {}
        answers = {**asked.on_path, **last}
        extra = [self.own.questions[step].title for step in answers if step not in self.base.questions]
        why = f" efter kommunens spørgsmål «{extra[-1]}»" if extra else ""
        way, national = told(self.own, answers), end.old or ""
        return Violation("I22", what + why, end.new or asked.current, answers, way, kind, national)

    def _wrong(self, end: Ends) -> Iterator[tuple[str, str]]:
        """What is less at one pair of ends. An answer that only one side has is told by I23."""
        if end.old is None:
            return
        if end.new is None:
            if end.stuck:
                yield "end", "Svarene fører ikke til noget udfald"
            return
        base, own = self.base.outcomes[end.old], self.own.outcomes[end.new]
        yield from self._less(base, own)
        if flags := end.old_flags - end.new_flags - self._told_as_lost(end):
            yield "flags", f"{_list(sorted(flags))} bliver ikke set"
        if base.level is Level.akut and end.more:
            yield "acute", "Der bliver spurgt om mere før et akut udfald"
        elif base.level.rank >= Level.underret.rank and end.late:
            yield "condition", f"Der bliver spurgt om mere, hvor det nationale flow er nået til «{base.level}»"

    def _less(self, base: Outcome, own: Outcome) -> Iterator[tuple[str, str]]:
        if own.level.rank < base.level.rank:
            yield "level", f"Niveauet er «{own.level}», nationalt «{base.level}»"
        if weaker(base.parents, own.parents):
            yield "parents", f"Forældrereglen er «{own.parents}», nationalt «{base.parents}»"
        contacts, law = set(base.contacts), set(base.law)
        if own.level.rank > base.level.rank:
            alike = [outcome for outcome in self.base.outcomes.values() if outcome.level is own.level]
            contacts = set.intersection(*(set(outcome.contacts) for outcome in alike)) if alike else contacts
            law = set.intersection(*(set(outcome.law) for outcome in alike)) if alike else law
        if missing := contacts - set(own.contacts):
            yield "contacts", f"Kontakten {_list(sorted(missing))} mangler"
        if missing := law - set(own.law):
            yield "law", f"Lovhenvisningen {_list(sorted(missing))} mangler"

    def _told_as_lost(self, end: Ends) -> set[str]:
        """Flags that the kommune's option lacks and the national one has, which I23 tells."""
        lost = set[str]()
        for step in end.old_answers.keys() & end.new_answers.keys():
            before, after = self.base.questions.get(step), self.own.questions.get(step)
            if before and after:
                flags = {flag for name in end.old_answers[step] for flag in before.options[name].flags}
                lost |= flags - {flag for name in end.new_answers[step] for flag in after.options[name].flags}
        return lost


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)
