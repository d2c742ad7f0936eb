"""The picture of a flow: every arrow is one that some walk goes, none is lost, and no line runs through a box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from guide.flows.proof import State
from guide.library.library import Library, Playable
from guide.library.map import Box, Line, Map, drawn, wrapped
from guide.library.playable import Ways
from guide.model import Level

WORDS = {level: str(level) for level in Level}


def gone(playable: Playable) -> set[tuple[str, str | None, str]]:
    """Every step that some walk goes: from a question, with one answer by itself, to a step; None: with any answers."""
    assert playable.proof
    alone: dict[tuple[str, object], list[str]] = {}
    for (step, option), choice in playable.proof.tests.alone.items():
        alone.setdefault((step, choice), []).append(option)
    links: Iterator[tuple[State, object, State]] = (
        (state, choice, after) for state, found in playable.proof.links.items() for choice, after in found
    )
    return {
        (state.step, option, after.step)
        for state, choice, after in links
        for option in (None, *alone.get((state.step, choice), ()))
    }


def lost_or_made_up(picture: Map, playable: Playable) -> list[str]:
    """Where picture and machine differ; several answers together may show their step at any answer of the question."""
    walked, shown = gone(playable), picture.arrows()
    found = [f"lost: {arrow}" for arrow in walked if arrow[1] is not None and arrow not in shown]
    found += [f"made up: {arrow}" for arrow in shown - walked]
    ways = {(step, to) for step, _, to in shown}
    return found + [f"lost: {step} {to}" for step, _, to in walked if (step, to) not in ways]


def boxes(picture: Map) -> list[Box]:
    """All boxes of a picture."""
    rows = [row for block in picture.blocks for row in block.rows]
    return [*(b.box for b in picture.blocks), *(box for row in rows for box in (*row.boxes, *row.numbers))]


def lines(picture: Map) -> Iterator[Line]:
    """All lines of a picture."""
    yield from (line for block in picture.blocks for row in block.rows for line in row.lines)
    yield from (rail.line for rail in picture.rails)


def overlapping(picture: Map) -> list[tuple[str, str]]:
    """Boxes that lie on each other."""
    found = sorted(boxes(picture), key=lambda box: box.y)
    return [
        (one.step, other.step)
        for n, one in enumerate(found)
        for other in found[n + 1 :]
        if other.y < one.y + one.height and one.x < other.x + other.width and other.x < one.x + one.width
    ]


def run_through(picture: Map) -> list[tuple[str, Line]]:
    """Boxes that a line runs through, and lines that are not level or upright."""
    found, known = list[tuple[str, Line]](), boxes(picture)
    for line in lines(picture):
        for (x, y), (to_x, to_y) in zip(line, line[1:], strict=False):
            if x != to_x and y != to_y:
                found.append(("oblique", line))
            left, right, top, low = min(x, to_x), max(x, to_x), min(y, to_y), max(y, to_y)
            for box in known:
                if left < box.x + box.width and right > box.x and top < box.y + box.height and low > box.y:
                    found.append((box.step, line))
    return found


def pictures(library: Library) -> Iterator[tuple[Playable, Map]]:
    for playable in library.flows.values():
        yield playable, drawn(playable, playable.flow, WORDS)


def test_every_arrow_is_the_machines(demo: Library, content: Library) -> None:
    for library in (demo, content):
        for playable, picture in pictures(library):
            assert lost_or_made_up(picture, playable) == []


def test_a_lost_arrow_and_a_made_up_one_are_found(demo: Library) -> None:
    playable, picture = next(pictures(demo))
    assert lost_or_made_up(replace(picture, rails=picture.rails[1:]), playable)
    block = next(b for b in picture.blocks if any(row.boxes for row in b.rows))
    row = next(row for row in block.rows if row.boxes)
    cut = replace(block, rows=tuple(replace(r, lines=r.lines[:1]) if r is row else r for r in block.rows))
    blocks = tuple(cut if b is block else b for b in picture.blocks)
    assert lost_or_made_up(replace(picture, blocks=blocks), playable)
    other = next(r for b in picture.blocks for r in b.rows if r.boxes and r.boxes[0].step != row.boxes[0].step)
    moved = replace(row, boxes=(replace(row.boxes[0], step=other.boxes[0].step),))
    wrong = replace(block, rows=tuple(moved if r is row else r for r in block.rows))
    blocks = tuple(wrong if b is block else b for b in picture.blocks)
    assert any(one.startswith("made up") for one in lost_or_made_up(replace(picture, blocks=blocks), playable))


def test_no_box_lies_on_another_and_no_line_runs_through_one(demo: Library, content: Library) -> None:
    for library in (demo, content):
        for _, picture in pictures(library):
            assert overlapping(picture) == [] and run_through(picture) == []
            assert all(0 <= x <= picture.width and 0 <= y <= picture.height for line in lines(picture) for x, y in line)


def test_a_box_in_the_way_is_found(demo: Library) -> None:
    _, picture = next(pictures(demo))
    first, second = picture.blocks[:2]
    high = replace(second, box=replace(second.box, y=first.box.y + 1))
    assert overlapping(replace(picture, blocks=(first, high)))
    wide = replace(first, box=replace(first.box, width=picture.width))
    assert run_through(replace(picture, blocks=(wide, *picture.blocks[1:])))


def test_a_flow_without_a_proof_is_drawn_as_it_is_written(demo: Library) -> None:
    """More is shown than can be walked perhaps, but nothing less."""
    for playable in demo.flows.values():
        ways = Ways(playable.flow)
        ways.prove(None)
        shown = drawn(replace(playable, ways=ways), playable.flow, WORDS).arrows()
        assert {arrow for arrow in gone(playable) if arrow[1] is not None} <= shown


def test_own_parts_are_marked(demo: Library) -> None:
    playable = demo.flows["tre"]
    step, outcome = list(playable.flow.questions)[-1], list(playable.flow.outcomes)[0]
    left = {name: question for name, question in playable.flow.questions.items() if name != step}
    known = {name: one for name, one in playable.flow.outcomes.items() if name != outcome}
    national = playable.flow.model_copy(update={"questions": left, "outcomes": known})
    picture = drawn(playable, national, WORDS)
    assert {box.step for box in boxes(picture) if box.own} == {step, outcome}
    rows = {block.box.step: block.rows for block in picture.blocks}
    assert all(answer.own == (name == step) for name in rows for row in rows[name] for answer in row.row.answers)


def test_text_is_wrapped_and_long_words_are_divided() -> None:
    assert wrapped("et to tre", 40) == ("et to", "tre")
    assert wrapped("børnehaveklasselederuddannelse nu", 100)[0].endswith("-")
    assert "".join(line.rstrip("-") for line in wrapped("W" * 40, 60)) == "W" * 40
    assert wrapped("", 10) == ()
