"""A flow as a picture: where each box and line lies, so that no line runs through a box. Not here: how it is painted.

One column of questions in the order of their numbers, each beside its answers; answers that lead to the same steps
share a row. What they lead to stands at the end of the row: outcomes as boxes, later questions as their numbers. From
these a line runs to the rail of each question, which goes down beside the columns to the top of that question. So
lines meet boxes only at their ends. Answers and steps come from the proof: what some walk does, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from guide.flows.graph import in_order
from guide.library.library import Playable
from guide.model import Flow, Level, Option, Question

ASKED, ANSWERED, LED = 220, 380, 270
"""Widths of the three columns, in units of the picture: the questions, their answers, what they lead to."""

LEFT, GAP, LINE, PAD, CHIP, RAIL = 8, 32, 18, 8, 44, 13
"""The margin, the room between columns, and of text, in boxes, of numbers, between rails."""

FORKS, LANE = 7, 6
"""How many lines of a question bend beside each other on their way to what they lead to, and the room between them."""

LABELS, ENDS = LEFT + ASKED + GAP, LEFT + ASKED + GAP + ANSWERED + FORKS * LANE + LEFT
RAILS = ENDS + LED + 20
"""Where the columns begin."""

PER_LINE = 5
"""Numbers of questions beside each other."""

WIDE, NARROW = frozenset("mwMW@%"), frozenset("iljtfrI.,:;'!|() ")


@dataclass(frozen=True)
class Box:
    """A question, an outcome or a number that leads to a question. `step`: what it stands for."""

    step: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    level: Level | None = None
    own: bool = False
    marks: tuple[str, ...] = ()
    """What of it is the kommune's, in lines below its words."""

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2


Line = tuple[tuple[float, float], ...]
"""The points of a line, which is drawn level and upright only."""


@dataclass(frozen=True)
class Answer:
    """One answer of a row: its option id (None for several together), its words, whether it is the kommune's own."""

    option: str | None
    label: str
    own: bool = False


@dataclass(frozen=True)
class Row:
    """Answers that lead to the same steps; where it is more than one, earlier answers decide."""

    answers: tuple[Answer, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """A row with its place: the words of its answers, each with the height of its line, and what they lead to."""

    row: Row
    words: tuple[tuple[float, str, bool], ...]
    boxes: tuple[Box, ...]
    """Outcomes, each with its word for the level in its first line; those of a row above are not drawn again."""
    numbers: tuple[Box, ...]
    lines: tuple[Line, ...]
    dots: tuple[tuple[float, float, str], ...] = ()
    """Where the line joins the rail of a question."""

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """The corner, width and height of what lies around all numbers."""
        left, top = min(box.x for box in self.numbers), min(box.y for box in self.numbers)
        right, low = (max(ends) for ends in zip(*((b.x + b.width, b.y + b.height) for b in self.numbers), strict=True))
        return left, top, right - left, low - top


@dataclass(frozen=True)
class Block:
    """A question with its rows."""

    number: int
    box: Box
    rows: tuple[Drawn, ...]


@dataclass(frozen=True)
class Rail:
    """The line down to a question from all that lead to it."""

    step: str
    x: float
    line: Line
    shade: int
    """0–3, so that neighbours differ."""


@dataclass(frozen=True)
class Map:
    """The whole picture. `names`: question -> number."""

    blocks: tuple[Block, ...]
    rails: tuple[Rail, ...]
    names: dict[str, int]
    width: float
    height: float
    labels: float = LABELS
    """Where the words of the answers begin."""

    def arrows(self) -> set[tuple[str, str | None, str]]:
        """Every arrow that can be followed with the eye: (question, option or None for several together, step)."""
        rails = {rail.step: rail for rail in self.rails}
        found = set[tuple[str, str | None, str]]()
        for block in self.blocks:
            boxes = [box for drawn in block.rows for box in drawn.boxes]
            for drawn in block.rows:
                ends = [line[-1] for line in drawn.lines]
                led = {box.step for box in boxes if any(x == box.x and box.y < y < box.y + box.height for x, y in ends)}
                led |= {to for x, y, to in drawn.dots if to in rails and _on(rails[to], x, y)}
                found |= {(block.box.step, answer.option, to) for answer in drawn.row.answers for to in led}
        return found


def _on(rail: Rail, x: float, y: float) -> bool:
    """Whether a point lies on the part of a rail that goes down."""
    (_, top), (_, low) = rail.line[:2]
    return x == rail.x and top <= y <= low


# --- which answers lead where --------------------------------------------------------------------------------------


def rows(playable: Playable, names: dict[str, int], national: Flow) -> dict[str, tuple[Row, ...]]:
    """Question -> its rows, in the order of its options; «several together» for what no single answer leads to."""
    reached = _reached(playable)
    rank = {step: n for n, step in enumerate((*playable.flow.outcomes, *names))}
    found: dict[str, tuple[Row, ...]] = {}
    for step, question in playable.flow.questions.items():
        grouped: dict[tuple[str, ...], list[Answer]] = {}
        for name, option in question.options.items():
            steps = tuple(sorted(reached[step].get(name, ()), key=rank.__getitem__))
            grouped.setdefault(steps, []).append(Answer(name, option.label, _own(step, name, national)))
        alone = {to for steps in grouped for to in steps}
        if more := tuple(sorted(reached[step].get(None, set()) - alone, key=rank.__getitem__)):
            grouped[more] = [*grouped.get(more, ()), Answer(None, "Flere svar sammen")]
        found[step] = tuple(Row(tuple(answers), steps) for steps, answers in grouped.items() if steps)
    return found


def _own(step: str, option: str, national: Flow) -> bool:
    return step not in national.questions or option not in national.questions[step].options


def _reached(playable: Playable) -> dict[str, dict[str | None, set[str]]]:
    """Question -> option -> the steps that some walk comes to with it alone; None: with any answer."""
    flow, proof = playable.flow, playable.proof
    if proof is None:
        return {step: _written(step, question) for step, question in flow.questions.items()}
    found: dict[str, dict[str | None, set[str]]] = {step: {None: set()} for step in flow.questions}
    alone: dict[tuple[str, object], list[str]] = {}
    for (step, option), choice in proof.tests.alone.items():
        alone.setdefault((step, choice), []).append(option)
    for state, links in proof.links.items():
        for choice, after in links:
            for option in (None, *alone.get((state.step, choice), ())):
                found[state.step].setdefault(option, set()).add(after.step)
    return found


def _written(step: str, question: Question) -> dict[str | None, set[str]]:
    """The same as it is written, for a flow with too many states to be searched."""

    def led(name: str, option: Option) -> set[str]:
        if option.goto and question.kind == "one":
            return {option.goto}
        return {rule.goto for rule in question.next if name in rule.when.get(step, (name,))}

    found: dict[str | None, set[str]] = {name: led(name, option) for name, option in question.options.items()}
    return {**found, None: {rule.goto for rule in question.next}}


# --- where it lies --------------------------------------------------------------------------------------------------


def drawn(playable: Playable, national: Flow, levels: dict[Level, str], marks: Mapping[str, str] | None = None) -> Map:
    """The picture of a flow. `national`: the flow without the kommune's own parts; `levels`: the word of each level.

    `marks`: what is written below the words of a step, such as «jeres eget».

    Raises graphlib's CycleError on a loop, which no flow that can be walked has.
    """
    flow = playable.flow
    names = {step: n for n, step in enumerate(in_order(flow), 1)}
    asked, top = rows(playable, names, national), float(LEFT)
    met = {to for found in asked.values() for row in found for to in row.steps}
    blocks: list[Block] = []
    for step in names:
        top += GAP if step in met else LEFT
        blocks.append(_Laying(flow, national, levels, names, marks or {}).block(step, asked[step], top))
        top = blocks[-1].box.y + blocks[-1].box.height
    laid, rails = _railed(blocks)
    width = max([rail.x for rail in rails], default=RAILS) + LEFT + RAIL
    return Map(laid, rails, names, width, top + LEFT)


@dataclass
class _Laying:
    """One question on its way into the picture. `placed`: outcomes that it leads to, each once; `forks`: lines bent."""

    flow: Flow
    national: Flow
    levels: dict[Level, str]
    names: dict[str, int]
    marks: Mapping[str, str]
    placed: dict[str, Box] = field(default_factory=dict)
    forks: int = 0

    def block(self, step: str, found: Iterable[Row], top: float) -> Block:
        """A question and its rows from a height on."""
        number = self.names[step]
        # Set larger and bolder than the rest, so less of it fits.
        title = wrapped(f"{number}. {self.flow.questions[step].title}", (ASKED - 2 * PAD) * 0.9)
        own, y, laid = step not in self.national.questions, top + PAD, list[Drawn]()
        marks = wrapped(self.marks.get(step, ""), (ASKED - 2 * PAD) * 0.9)
        tall = (len(title) + len(marks)) * LINE + 2 * PAD
        for row in found:
            made, low = self.row(row, y)
            laid.append(made)
            y = low + PAD
        return Block(number, Box(step, LEFT, top, ASKED, max(tall, y - top), title, None, own, marks), tuple(laid))

    def row(self, row: Row, top: float) -> tuple[Drawn, float]:
        """A row from a height on, without its joins to the rails, and how far down it goes."""
        words = [(line, answer.own) for answer in row.answers for line in _said(answer)]
        outcomes = [to for to in row.steps if to in self.flow.outcomes]
        boxes, y = self.outcomes([to for to in outcomes if to not in self.placed], top)
        numbers, y = self.numbers([to for to in row.steps if to in self.names], y)
        tall = max(y - PAD - top, 0)
        height = max(len(words) * LINE, tall)
        boxes, numbers = (_lowered(some, (height - tall) / 2) for some in (boxes, numbers))
        self.placed |= {box.step: box for box in boxes}
        begin = top + (height - len(words) * LINE) / 2 * (len(boxes) <= 2)  # beside a long list at its top
        placed = tuple((begin + (n + 0.75) * LINE, line, own) for n, (line, own) in enumerate(words))
        wide = max(_wide(line) for line, _ in words)
        lines = self.lines(begin + len(words) * LINE / 2, wide, [self.placed[to] for to in outcomes], numbers)
        return Drawn(row, placed, tuple(boxes), tuple(numbers), tuple(lines)), top + height

    def outcomes(self, steps: Iterable[str], y: float) -> tuple[list[Box], float]:
        """Outcomes below each other from a height on, and where the next box may begin."""
        boxes = list[Box]()
        for to in steps:
            outcome, own = self.flow.outcomes[to], to not in self.national.outcomes
            said = (*wrapped(self.levels[outcome.level], LED - 3 * PAD), *wrapped(outcome.title, LED - 3 * PAD))
            marks = wrapped(self.marks.get(to, ""), (LED - 3 * PAD) * 0.9)
            tall = (len(said) + len(marks)) * LINE + 2 * PAD
            boxes.append(Box(to, ENDS, y, LED, tall, said, outcome.level, own, marks))
            y += boxes[-1].height + PAD
        return boxes, y

    def numbers(self, later: list[str], y: float) -> tuple[list[Box], float]:
        """The questions that a row leads to: a single one with its words, several by their numbers."""
        if len(later) == 1:
            lines = wrapped(f"{self.names[later[0]]}. {self.flow.questions[later[0]].title}", LED - 2 * PAD)
            tall = max(CHIP, len(lines) * LINE + 2 * PAD)
            return [Box(later[0], ENDS, y, LED, tall, lines)], y + tall + PAD
        step = CHIP + 6
        places = [(ENDS + n % PER_LINE * step, y + n // PER_LINE * step) for n in range(len(later))]
        made = [Box(to, *at, CHIP, CHIP, (str(self.names[to]),)) for to, at in zip(later, places, strict=True)]
        return made, max((box.y + box.height + PAD for box in made), default=y)

    def lines(self, middle: float, wide: float, boxes: Collection[Box], numbers: Collection[Box]) -> Iterable[Line]:
        """From the question to the words, and from the end of the words to each outcome and to the numbers."""
        yield (LEFT + ASKED, middle), (LABELS - PAD, middle)
        lane = self.forks % FORKS
        ends = [box.middle + (lane - FORKS // 2) * 3 * (len(boxes) > 1) for box in boxes]
        if numbers:
            ends.append(_level(numbers))
        begin, fork = LABELS + min(wide, ANSWERED - LANE) + PAD, LABELS + ANSWERED + lane * LANE
        self.forks += any(end != middle for end in ends)
        for end in ends:
            bend = ((fork, middle), (fork, end)) if end != middle else ()
            yield (begin, middle), *bend, (ENDS, end)


def _said(answer: Answer) -> Iterable[str]:
    """The words of an answer, with a sign before the first."""
    first, *rest = wrapped(answer.label, ANSWERED - 2 * LINE)
    return [f"• {first}", *(f"   {line}" for line in rest)]


def _lowered(boxes: Iterable[Box], by: float) -> list[Box]:
    return [replace(box, y=box.y + by) for box in boxes]


def _level(numbers: Collection[Box]) -> float:
    """The height of the middle of all numbers of a row."""
    return (min(box.y for box in numbers) + max(box.y + box.height for box in numbers)) / 2


# --- the rails ------------------------------------------------------------------------------------------------------


def _railed(blocks: list[Block]) -> tuple[tuple[Block, ...], tuple[Rail, ...]]:
    """The blocks with their joins, and the rail of each question; the next free place beside the columns is taken."""
    tops = {block.box.step: block.box.y for block in blocks}
    joins: dict[str, list[float]] = {}
    for block in blocks:
        for row in block.rows:
            for box in row.numbers:
                joins.setdefault(box.step, []).append(_level(row.numbers))
    rails, free = dict[str, Rail](), list[float]()
    for step, heights in sorted(joins.items(), key=lambda item: min(item[1])):
        begin, turn = min(heights), tops[step] - GAP / 2
        place = next((n for n, until in enumerate(free) if until < begin), len(free))
        free[place : place + 1] = [turn]
        x, centre = RAILS + place * RAIL, LEFT + ASKED / 2
        line = ((x, begin), (x, turn), (centre, turn), (centre, tops[step]))
        rails[step] = Rail(step, x, line, place % 4)
    return tuple(_joined(block, rails) for block in blocks), tuple(rails.values())


def _joined(block: Block, rails: dict[str, Rail]) -> Block:
    rows = []
    for row in block.rows:
        if row.numbers:
            y, right = _level(row.numbers), max(box.x + box.width for box in row.numbers)
            dots = tuple((rails[box.step].x, y, box.step) for box in row.numbers)
            line = ((right, y), (max(x for x, _, _ in dots), y))
            row = replace(row, lines=(*row.lines, line), dots=dots)
        rows.append(row)
    return Block(block.number, block.box, tuple(rows))


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """Text in lines that fit a width, by how wide its letters are; a word that is too long is divided."""
    lines, line = list[str](), ""
    for word in text.split():
        while _wide(word) > width:
            kept = next(n for n in range(len(word) - 1, 0, -1) if _wide(word[:n] + "-") <= width or n == 1)
            lines += [line, word[:kept] + "-"] if line else [word[:kept] + "-"]
            line, word = "", word[kept:]
        if line and _wide(f"{line} {word}") > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return (*lines, line) if line else tuple(lines)


def _wide(text: str) -> float:
    """About how wide text is, rather too wide than too narrow; letters are fourteen units high."""
    return sum(12.6 if sign in WIDE else 4.6 if sign in NARROW else 9.8 if sign.isupper() else 8 for sign in text)
