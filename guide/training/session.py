"""One temadag session as all its pages see it: cases, what is asked, and how far it is. Pure; kept by `store.py`.

    open ⇄ closed → shown

is the way of a round. While it is open or closed nobody sees what was answered, only how many did; so one that was
closed too early can be opened again, and one that was shown never. What is on the wall is the last thing the trainer
chose: the code, a case, or a round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from guide.training.votes import Kind

LONGEST = 12 * 60 * 60
"""Seconds that a session lives at most."""

OWN = "egen"
"""Stands for the trainer's own case where cases are named; no file can have this name and be chosen."""

TWICE = 2
"""Rounds of the same question to the same case: before the talk, and after."""


class Stage(StrEnum):
    """How far a round is."""

    open = "aaben"
    closed = "lukket"
    shown = "vist"


class Refused(Exception):
    """What a session cannot do now. The message is Danish and says what to do instead."""


@dataclass(frozen=True)
class Round:
    """What is asked of a case: `number` 1 before the talk, 2 after."""

    case: str
    kind: Kind
    number: int = 1
    stage: Stage = Stage.open


@dataclass(frozen=True)
class Session:
    """`ends`: seconds since 1970. `cases`: ids of cases, or OWN. `kommune`: whose flows.

    `own`: the text of the trainer's own case; `about`: its notice.
    `free`: everybody goes through all cases in their own time. `at`: the case on the wall; `on`: the round on the wall,
    or None; both by number. `sealed`: no phone more. `together`: no faggruppe is shown apart.
    """

    cases: tuple[str, ...]
    ends: int
    kommune: str
    own: str = ""
    free: bool = False
    at: int | None = None
    on: int | None = None
    rounds: tuple[Round, ...] = ()
    sealed: bool = False
    together: bool = False
    about: str = ""

    @property
    def case(self) -> str | None:
        """The case on the wall."""
        return None if self.at is None else self.cases[self.at]

    @property
    def round(self) -> Round | None:
        """The round on the wall."""
        return None if self.on is None else self.rounds[self.on]

    @property
    def opened(self) -> dict[int, Round]:
        """The rounds that can be answered now, by number."""
        return {number: one for number, one in enumerate(self.rounds) if one.stage is Stage.open}

    @property
    def stamp(self) -> str:
        """Another one whenever a phone could have something else to do; the same when phones are only kept out."""
        return f"{self.at}-{self.on}-{''.join(one.stage[0] for one in self.rounds)}"

    def of(self, case: str | None, kind: Kind) -> list[int]:
        """The numbers of the rounds that asked this of a case, in order."""
        return [number for number, one in enumerate(self.rounds) if (one.case, one.kind) == (case, kind)]


def put(session: Session, case: int) -> Session:
    """A case goes on the wall. Raises Refused while a round is open, unless all go at their own pace."""
    if not 0 <= case < len(session.cases):
        raise Refused("Sagen er ikke valgt til denne temadag.")
    if session.opened and not session.free:
        raise Refused("Luk spørgsmålet, før du går videre til en anden sag.")
    return replace(session, at=case, on=None)


def ask(session: Session, kind: Kind) -> Session:
    """Opens a round about the case on the wall, the second one where the first is over. Raises Refused."""
    if session.case is None:
        raise Refused("Vis en sag, før du spørger.")
    if session.opened and not session.free:
        raise Refused("Der er allerede et spørgsmål åbent. Luk det først.")
    before = session.of(session.case, kind)
    if len(before) == TWICE:
        raise Refused("I har svaret to gange på det samme. Vælg et andet spørgsmål eller en anden sag.")
    if before and session.rounds[before[0]].stage is not Stage.shown:
        raise Refused("Vis svarene fra første gang, før I svarer igen.")
    rounds = (*session.rounds, Round(session.case, kind, len(before) + 1))
    return replace(session, rounds=rounds, on=len(rounds) - 1)


def ask_all(session: Session) -> Session:
    """Opens the walk through every case that was not asked for yet: from now on all go at their own pace."""
    left = [case for case in session.cases if not session.of(case, Kind.walk)]
    if not left:
        raise Refused("Alle sager er allerede åbne.")
    return replace(session, free=True, on=None, rounds=(*session.rounds, *(Round(case, Kind.walk) for case in left)))


def close(session: Session, number: int) -> Session:
    """Nobody can answer a round any more. Closing twice changes nothing. Raises Refused."""
    return _staged(session, number, Stage.closed, (Stage.open,))


def show(session: Session, number: int) -> Session:
    """The answers of a closed round go on the wall, with its case. Raises Refused."""
    if session.free or not session.opened or number in session.opened:
        after = _staged(session, number, Stage.shown, (Stage.closed,))
        return replace(after, on=number, at=session.cases.index(after.rounds[number].case))
    raise Refused("Luk spørgsmålet, før du viser andre svar.")


def reopen(session: Session, number: int) -> Session:
    """A closed round can be answered again, and is on the wall. Raises Refused."""
    if session.opened and not session.free and number not in session.opened:
        raise Refused("Der er allerede et spørgsmål åbent. Luk det først.")
    if 0 <= number < len(session.rounds) and session.rounds[number].stage is Stage.shown:
        raise Refused("Svarene er vist. Så kan de ikke ændres. Spørg igen i stedet.")
    after = _staged(session, number, Stage.open, (Stage.closed,))
    return replace(after, on=number, at=session.cases.index(after.rounds[number].case))


def keep_together(session: Session) -> Session:
    """From now on only the whole room is shown. Raises Refused once answers were shown apart.

    Two ways of adding up the same votes would tell more than each of them.
    """
    if any(one.stage is Stage.shown for one in session.rounds) and not session.together:
        raise Refused("I har set svarene delt på fag. Det kan først laves om på en ny temadag.")
    return replace(session, together=True)


def _staged(session: Session, number: int, stage: Stage, after: tuple[Stage, ...]) -> Session:
    if not 0 <= number < len(session.rounds):
        raise Refused("Spørgsmålet findes ikke.")
    one = session.rounds[number]
    if one.stage is stage or (stage is Stage.closed and one.stage is Stage.shown):
        return session
    if one.stage not in after:
        raise Refused("Luk spørgsmålet, før du viser svarene.")
    rounds = (*session.rounds[:number], replace(one, stage=stage), *session.rounds[number + 1 :])
    return replace(session, rounds=rounds)


def written(session: Session) -> str:
    """A session as JSON."""
    return json.dumps(asdict(session), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Session:
    """A session from its JSON."""
    found: Mapping[str, object] = json.loads(text)
    rounds = tuple(
        Round(one["case"], Kind(one["kind"]), one["number"], Stage(one["stage"]))
        for one in found["rounds"]  # type: ignore[attr-defined]
    )
    return Session(**{**found, "cases": tuple(found["cases"]), "rounds": rounds})  # type: ignore[arg-type]


class Move(StrEnum):
    """What the trainer can do."""

    put = "sag"
    ask = "spoerg"
    ask_all = "alle"
    close = "luk"
    reopen = "genaabn"
    show = "vis"
    seal = "ingen-nye"
    unseal = "flere"
    together = "samlet"


def act(session: Session, what: Move, number: int, kind: Kind) -> Session:
    """Does one of them: `number` is of a case or a round, `kind` what is asked. Raises Refused."""
    done: dict[Move, Callable[[], Session]] = {
        Move.put: lambda: put(session, number),
        Move.ask: lambda: ask(session, kind),
        Move.ask_all: lambda: ask_all(session),
        Move.close: lambda: close(session, number),
        Move.reopen: lambda: reopen(session, number),
        Move.show: lambda: show(session, number),
        Move.seal: lambda: replace(session, sealed=True),
        Move.unseal: lambda: replace(session, sealed=False),
        Move.together: lambda: keep_together(session),
    }
    return done[what]()


def onward(session: Session) -> tuple[Move, int, Kind] | None:
    """What comes next on the wall: the case, the walk, its answers, the talk and once more, then another case.

    After a direct question was asked twice comes the walk of its case. None when all is done. The trainer can always do
    something else.
    """
    if session.on is not None and (one := session.round):
        if one.stage is Stage.open:
            return Move.close, session.on, one.kind
        if one.stage is Stage.closed:
            return Move.show, session.on, one.kind
        if len(session.of(one.case, one.kind)) == 1 and not session.free:
            return Move.ask, 0, one.kind
    at = session.at
    if at is not None and not session.free and not session.of(session.case, Kind.walk):
        return Move.ask, 0, Kind.walk
    if session.free:
        closed = [(Move.show, n, one.kind) for n, one in enumerate(session.rounds) if one.stage is Stage.closed]
        return closed[0] if closed else None
    asked = {one.case for one in session.rounds}
    left = [n for n, case in enumerate(session.cases) if case not in asked]
    if at is not None:
        left.sort(key=lambda n: n < at)  # those after the one on the wall, then those passed over
    return (Move.put, left[0], Kind.walk) if left else None


def aside(session: Session) -> tuple[Move, int, Kind] | None:
    """The walk of a case of which a direct question was shown: it can come at once, instead of the same question again.

    None where it is what comes next, or was asked.
    """
    one = session.round
    if one is None or one.stage is not Stage.shown or session.opened or session.of(one.case, Kind.walk):
        return None
    step = Move.ask, 0, Kind.walk
    return None if onward(session) == step else step
