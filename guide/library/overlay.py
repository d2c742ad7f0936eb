"""A kommune's own file on top of a national flow: what it may change, and the two merged into one document.

Everything of a national step is locked, but for what only adds: a box of the kommune's (`local`), more contacts and
letters on an outcome, more options on a question (each says with `as` which national one it stands for), and, where the
step is not `locked`, the way on. Own questions are free; what they may lead to is proven afterwards
(`guide/flows/refinement.py`). An own outcome is a national one and more (`alike.py`). Nothing can be taken away.

Three short ways of saying much, all written out here so that nothing after this file knows of them:

- an own option is like the national one it stands for: the same way on, the same flags, and every rule and every piece
  of advice that asks for the national one asks for it too;
- `before: step` on an own question puts it on every way to that step;
- `as: outcome` on an own outcome makes it like that national one in all that it does not add.

Not here: whether ids exist and what the merged flow proves (`checks.py`, `owned.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from guide.flows.finding import Finding
from guide.library.alike import LISTS, confused, escape, first, kept, more, other_flags, whole
from guide.library.read import Source, suggest
from guide.library.strict_yaml import Document, Mark, merge
from guide.library.strict_yaml import Path as Place
from guide.model import Flow

QUESTION, OUTCOME = ("local", "options", "next"), ("local", "contacts", "letters")
"""What may stand in an own file under a national step."""

LOCKED = ("local",)
"""What may stand there when the national outcome is `locked`."""

MORE = ("contacts", "letters")
"""Lists of an outcome that an own file makes longer."""


def fingerprint(value: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits that change with what is said, not with how it is laid out or with dates."""
    said = {key: part for key, part in value.items() if key not in ("approved", "checked", "owner", "reviewed")}
    plain = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(plain.encode(), digest_size=8).hexdigest()


@dataclass
class Merged:
    """What came of an own file on a national flow."""

    document: Document
    steps: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()
    routed: bool = False
    findings: list[Finding] = field(default_factory=list)


def merged(national: Document, flow: Flow, own: Document) -> Merged:
    """The national flow with what an own file adds. `flow` is the national one as it was built."""
    return _Merging(national, flow, own).done()


class _Merging:
    """One own file on its way into a flow."""

    def __init__(self, national: Document, flow: Flow, own: Document) -> None:
        self.national, self.flow, self.own = national, flow, own
        self.source = Source(own)
        self.findings: list[Finding] = []
        self.routed = False
        self.steps = {room: _mapping(own.value.get(room)) for room in ("questions", "outcomes")}
        self.known = {*flow.questions, *flow.outcomes}

    def done(self) -> Merged:
        """Everything in turn; what is wrong is told, and left out of the merged flow."""
        kept: dict[str, dict[str, Any]] = {
            "questions": {
                step: self._question(step, said)
                for step, said in self.steps["questions"].items()
                if self._in_its_room(step, "outcomes", "Det er et nationalt udfald")
            },
            "outcomes": {
                step: self._outcome(step, said)
                for step, said in self.steps["outcomes"].items()
                if self._in_its_room(step, "questions", "Det er et nationalt spørgsmål")
            },
        }
        document = merge(self.national, Document({k: v for k, v in kept.items() if v}, self.own.marks))
        self._add(document)
        self._mark_lists(document)
        self._own_options(document)
        for step, said in self.steps["questions"].items():
            if step not in self.known and isinstance(_mapping(said).get("before"), str):
                self._before(document, step, said["before"])
        own = {step for room in self.steps.values() for step in room}
        self.routed = self.routed or bool(own - self.known)
        return Merged(document, frozenset(own - self.known), frozenset(own & self.known), self.routed, self.findings)

    def find(self, said: str, *place: str | int) -> None:
        """A finding in the own file."""
        self.findings.append(self.source.finding(said, *place))

    def _in_its_room(self, step: str, other: str, what: str) -> bool:
        """Whether a step is not a national one of the other kind."""
        if step not in getattr(self.flow, other):
            return True
        here = "outcomes" if other == "questions" else "questions"
        self.find(f"{what}. Skriv «{step}» under «{other}».", here, step)
        return False

    # --- one step ---

    def _allowed(self, room: str, step: str, said: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
        """What may stand under a national step; of the rest it is said that it is locked."""
        for key in said:
            if key not in keys:
                more = f"Her kan du skrive: {', '.join(keys)}.{suggest(key, keys)}"
                self.find(f"«{step}» er et nationalt trin, og «{key}» er låst. {more}", room, step, key)
        return {key: said[key] for key in said if key in keys}

    def _question(self, step: str, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        if step not in self.known:
            return {key: part for key, part in said.items() if key != "before"}
        kept = self._allowed("questions", step, said, QUESTION)
        locked = self.flow.questions[step].locked
        if "next" in kept:
            self.routed = True
            if locked:
                self.find(f"Vejen videre fra «{step}» er låst. Slet «next».", "questions", step, "next")
                del kept["next"]
        if isinstance(kept.get("options"), dict):
            kept["options"] = {
                name: self._option(step, name, option, locked) for name, option in kept["options"].items()
            }
        return kept

    def _option(self, step: str, name: str, said: Any, locked: bool) -> Any:
        """An option of a national question: the way on of a national one, or an own one."""
        if not isinstance(said, dict):
            return said
        place = ("questions", step, "options", name)
        national, kept = name in self.flow.questions[step].options, dict(said)
        if "goto" in kept:
            self.routed = True
            if locked:
                self.find(f"Vejen videre fra «{step}» er låst. Slet «goto».", *place, "goto")
                del kept["goto"]
        if not national:
            return kept
        for key in [key for key in kept if key != "goto"]:
            self.find(f"«{name}» er et nationalt svar, og «{key}» er låst. Her kan du kun skrive «goto».", *place, key)
            del kept[key]
        return kept

    def _outcome(self, step: str, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        if step not in self.known:
            return self._like(step, said)
        keys = LOCKED if self.flow.outcomes[step].locked else OUTCOME
        return {key: part for key, part in self._allowed("outcomes", step, said, keys).items() if key not in MORE}

    def _like(self, step: str, said: dict[str, Any]) -> Any:
        """An own outcome, with all that the national one it names says and it does not."""
        like = said.get("as")
        if not isinstance(like, str) or like not in self.flow.outcomes:
            if isinstance(like, str):
                near = suggest(like, self.flow.outcomes)
                self.find(f"Det nationale udfald «{like}» i «as» findes ikke.{near}", "outcomes", step, "as")
            elif like is None:
                told = (
                    f"Udfaldet «{step}» skal sige med «as», hvilket nationalt udfald det er ens med. Så har det alt, "
                )
                self.find(told + "hvad loven kræver, og I skriver kun jeres eget.", "outcomes", step)
            return said
        base, national = self.national.value["outcomes"][like], self.flow.outcomes[like]
        for key, told in kept(like, national, base, said):
            self.find(told, "outcomes", step, key)
        return whole(national, base, said)

    # --- the merged flow ---

    def _add(self, document: Document) -> None:
        """More contacts and letters on national outcomes, after the national ones."""
        for step, said in self.steps["outcomes"].items():
            if step not in self.flow.outcomes or not isinstance(said, dict) or self.flow.outcomes[step].locked:
                continue
            for key in MORE:
                if not isinstance(said.get(key), list):
                    if key in said:
                        self.find(f"«{key}» skal være en liste.", "outcomes", step, key)
                    continue
                there = document.value["outcomes"][step].setdefault(key, [])
                for n, name in enumerate(said[key]):
                    if name not in there:
                        there.append(name)
                        place = ("outcomes", step, key, len(there) - 1)
                        document.marks[place] = self.own.mark(("outcomes", step, key, n))

    def _mark_lists(self, document: Document) -> None:
        """The places of what an own outcome adds to the lists of the national one it is like."""
        for step, said in self.steps["outcomes"].items():
            like = None if step in self.known else _mapping(said).get("as")
            if not isinstance(like, str) or like not in self.flow.outcomes:
                continue
            base = self.national.value["outcomes"][like]
            for key in LISTS:
                own, there = said.get(key), base.get(key)
                if isinstance(own, list) and isinstance(there, list):
                    after = 0 if first(self.flow.outcomes[like], key) else len(there)
                    self._mark_list(document, ("outcomes", step, key), more(own, there), after)

    def _mark_list(self, document: Document, place: Place, kept: list[int], after: int) -> None:
        for path in [path for path in document.marks if len(path) > len(place) and path[: len(place)] == place]:
            del document.marks[path]
        for path, mark in self.own.marks.items():
            if len(path) > len(place) and path[: len(place)] == place and path[len(place)] in kept:
                at = after + kept.index(int(path[len(place)]))
                document.marks[(*place, at, *path[len(place) + 1 :])] = mark

    def _own_options(self, document: Document) -> None:
        """Own options of national questions get what they stand for, and stand right after it."""
        like: dict[str, dict[str, list[str]]] = {}
        for step, said in self.steps["questions"].items():
            if step not in self.flow.questions or not isinstance(_mapping(said).get("options"), dict):
                continue
            options, national = document.value["questions"][step]["options"], self.flow.questions[step].options
            for name in [name for name in options if name not in national]:
                self.routed = True
                if (known := self._stands_for(step, name, options)) is not None:
                    like.setdefault(step, {}).setdefault(known, []).append(name)
            order = [n for known in national for n in (known, *like.get(step, {}).get(known, ()))]
            document.value["questions"][step]["options"] = {
                name: options[name] for name in [*order, *(name for name in options if name not in order)]
            }
        if like:
            for when in _whens(document.value):
                for step in when.keys() & like.keys():
                    asked = [when[step]] if isinstance(when[step], str) else when[step]
                    if isinstance(asked, list):
                        when[step] = [n for name in asked for n in (name, *like[step].get(name, ()))]

    def _stands_for(self, step: str, name: str, options: dict[str, Any]) -> str | None:
        """The national option that an own one says it stands for, when it does; its flags and its way on are taken."""
        option, national = options[name], self.flow.questions[step].options
        known = _mapping(option).get("as")
        if not isinstance(known, str) or known not in national:
            near = suggest(known, national) if isinstance(known, str) else f" Der er: {', '.join(national)}."
            said = f"Svaret «{name}» skal sige med «as», hvilket nationalt svar det står for.{near}"
            self.find(said, "questions", step, "options", name)
            return None
        labels = {other: _mapping(part).get("label") for other, part in options.items()}
        for told in (
            escape(self.flow, self.flow.questions[step], known),
            confused(self.flow.questions[step], known, name, labels),
            other_flags(national[known], _mapping(option)),
        ):
            if told:
                self.find(told, "questions", step, "options", name)
        base = _mapping(options[known])
        for key in ("goto", "find_out"):
            if key in base and key not in option:
                option[key] = base[key]
        flags, own = base.get("flags", []), option.get("flags", [])
        if isinstance(flags, list) and isinstance(own, list) and (flags or own):
            option["flags"] = [*flags, *(flag for flag in own if flag not in flags)]
        return known

    def _before(self, document: Document, step: str, target: str) -> None:
        """Every way to a step goes by an own question first."""
        place = ("questions", step, "before")
        questions = document.value["questions"]
        if target not in self.known:
            self.find(f"Trinnet «{target}» i «before» findes ikke nationalt.{suggest(target, self.known)}", *place)
            return
        if isinstance(own := questions.get(step), dict) and "next" not in own and _undecided(own):
            own["next"] = [{"goto": target}]
            document.marks[("questions", step, "next")] = self.own.mark(place)
        if target == self.flow.start:
            self.find("Intet må komme før det akutte spørgsmål.", *place)
            return
        locked = [name for name, q in self.flow.questions.items() if q.locked and target in _targets(questions[name])]
        if locked:
            names = ", ".join(f"«{name}»" for name in locked)
            self.find(
                f"Vejen fra {names} til «{target}» er låst, så intet kan komme imellem. Vælg et andet trin.", *place
            )
            return
        for name, question in questions.items():
            if name != step and isinstance(question, dict):
                self._turn(document, name, question, target, step, self.own.mark(place))

    def _turn(
        self, document: Document, name: str, question: dict[str, Any], target: str, step: str, mark: Mark
    ) -> None:
        """Lead a question's ways to `target` to `step` instead."""
        turned: Iterator[tuple[Place, Any]] = (
            (("questions", name, key, at), part)
            for key in ("options", "next")
            for at, part in _items(question.get(key))
        )
        for place, part in turned:
            if isinstance(part, dict) and part.get("goto") == target:
                part["goto"] = step
                document.marks[(*place, "goto")] = mark


def _items(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _undecided(question: dict[str, Any]) -> bool:
    """Whether some answer leaves the way on to the question."""
    answers = _mapping(question.get("options")).values()
    return question.get("kind") == "several" or not all(_mapping(answer).get("goto") for answer in answers)


def _targets(question: Any) -> set[str]:
    parts = [part for key in ("options", "next") for _, part in _items(_mapping(question).get(key))]
    return {part["goto"] for part in parts if isinstance(part, dict) and isinstance(part.get("goto"), str)}


def _whens(value: Any) -> Iterator[dict[str, Any]]:
    """Every `when` of a flow: on rules and on advice."""
    for _, part in _items(value):
        if isinstance(part, dict) and isinstance(part.get("when"), dict):
            yield part["when"]
        yield from _whens(part)
