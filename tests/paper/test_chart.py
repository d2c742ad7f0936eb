"""The decision chart says what the machine does: every arrow, on the paper's own words."""

from __future__ import annotations

import os
import random
import re
from dataclasses import replace
from html import unescape

import pytest

from guide.flows.walk import Walk
from guide.library.library import Library, Playable
from guide.model import Flow
from guide.paper.chart import Arrow, Asked, Chart, Fork, letter
from tests.paper.reading import squeezed, words

NIGHT = bool(os.environ.get("GUIDE_NIGHT"))
WALKS = 20_000 if NIGHT else 250


def astray(chart: Chart, playable: Playable, walks: int) -> list[str]:
    """Where the chart sends somebody elsewhere than the machine, on drawn walks from the start to an outcome."""
    drawn, asked, wrong = random.Random(20261122), {each.step: each for each in chart.asked}, []
    for _ in range(walks):
        going = Walk(playable.flow, playable.machine, {})
        while question := playable.flow.questions.get(going.current):
            step, names = going.current, list(question.options)
            picked = drawn.sample(names, drawn.randint(1, 3 if question.kind == "several" else 1))
            going = going.answer(step, picked)
            if asked[step].follow(going.on_path) != going.path[going.path.index(step) + 1]:
                wrong.append(f"{step}: {picked}")
    return wrong


def test_every_drawn_walk_goes_where_the_machine_goes(content: Library) -> None:
    for playable in content.flows.values():
        assert astray(Chart(playable.flow), playable, WALKS) == []


def swapped(asked: Asked) -> Asked:
    """The same question with the two first arrows of its first fork the other way round."""
    first, *others = asked.forks
    arrows = (first.arrows[1], first.arrows[0], *first.arrows[2:])
    return replace(asked, forks=(Fork(first.options, arrows), *others))


def test_a_planted_arrow_is_caught(content: Library) -> None:
    playable = content.flows["tandpleje"]
    chart = Chart(playable.flow)
    place = next(n for n, asked in enumerate(chart.asked) if asked.step == "overgreb")
    chart.asked[place] = swapped(chart.asked[place])
    assert astray(chart, playable, WALKS)
    chart = Chart(playable.flow)
    chart.asked[0] = replace(chart.asked[0], straight={**chart.asked[0].straight, "nej": "undren"})
    assert astray(chart, playable, 5)


def test_questions_are_numbered_as_they_are_asked(content: Library) -> None:
    for playable in content.flows.values():
        chart = Chart(playable.flow)
        assert chart.asked[0].step == playable.flow.start and len(set(chart.names.values())) == len(chart.names)
        for asked in chart.asked:
            ways = [*asked.straight.values(), *(arrow.goto for fork in asked.forks for arrow in fork.arrows)]
            numbers = [int(chart.names[step]) for step in ways if step in playable.flow.questions]
            assert all(number > int(asked.number) for number in numbers), asked.step


# --- the words ----------------------------------------------------------------------------------------------------


def read(said: str, chart: Chart) -> dict[str, frozenset[str]]:
    """A condition out of its words alone, as a reader with the chart at hand takes them."""
    steps = {chart.names[step]: question for step, question in chart.flow.questions.items()}
    codes = {chart.code(s, o): (s, o) for s, question in chart.flow.questions.items() for o in question.options}
    for step, option in codes.values():  # the label is said for the reader's sake; the code alone decides
        said = said.replace(f" »{chart.flow.questions[step].options[option].label}«", "")
    found: dict[str, frozenset[str]] = {}
    for part in filter(None, said.split(" og ")):
        picked = [codes[code] for code in re.findall(r"\b\d+[a-zæøå]\b", part)]
        if other := re.match(r"et (andet )?svar på spørgsmål (\d+)", part):
            step = next(name for name, question in chart.flow.questions.items() if question is steps[other[2]])
            found[step] = frozenset(steps[other[2]].options) - {option for _, option in picked}
        else:
            assert len({step for step, _ in picked}) == 1, part
            found[picked[0][0]] = frozenset(option for _, option in picked)
    return found


def test_the_words_of_every_arrow_say_its_condition(content: Library) -> None:
    said = 0
    for playable in content.flows.values():
        chart = Chart(playable.flow)
        for asked in chart.asked:
            for fork in asked.forks:
                for arrow in fork.arrows:
                    meant = {step: frozenset(options) for step, options in arrow.when.items()}
                    assert read(chart.words(arrow.when), chart) == meant, (asked.step, arrow)
                    said += 1
    assert said > 300


def test_words_that_leave_something_out_are_caught(content: Library) -> None:
    chart = Chart(content.flows["tandpleje"].flow)
    when = {"nyt": ("laenge",), "foraeldre": ("vil-ikke",)}
    assert read(chart.words(when), chart) != read(chart.words({"nyt": ("laenge",)}), chart)
    short = chart.words({"foraeldre": ("vil-ikke", "skilt", "hemmeligt")}).replace(" eller ", ", ")
    assert len(read(short, chart)["foraeldre"]) == 3 and "»" not in short


def test_arrows_with_one_target_stand_together(content: Library) -> None:
    chart = Chart(content.flows["tandpleje"].flow)
    fork = Fork((), (Arrow({"nyt": ("ny",)}, "undren"), Arrow({"nyt": ("laenge",)}, "undren"), Arrow({}, "voksen")))
    blocks = chart.blocks(fork)
    assert [(len(any_of), goto) for any_of, goto in blocks] == [(2, "undren"), (1, "voksen")] and blocks[1][0] == [""]


@pytest.mark.parametrize(("n", "said"), [(0, "A"), (25, "Z"), (28, "Å"), (29, "A2")])
def test_letters(n: int, said: str) -> None:
    assert letter(n) == said


# --- on the paper -------------------------------------------------------------------------------------------------


def drawn(html: str) -> dict[str, str]:
    """The questions of a handleplan: step -> its part of the HTML."""
    parts = html.split('<section class="spoergsmaal">')[1:]
    return {re.findall(r'data-trin="([\w-]+)"', part)[0]: part.split("</section>")[0] for part in parts}


def missing(flow: Flow, html: str) -> list[str]:
    """Every question, option and arrow of a flow that does not stand in its place on the paper."""
    chart, found, wrong = Chart(flow), drawn(html), []
    for asked in chart.asked:
        part = found.get(asked.step, "")
        rows = [unescape(row) for row in re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)]
        wrong += [asked.step] if squeezed(f"{asked.number} · {asked.question.title}") not in words(part) else []
        for name, option in asked.question.options.items():
            told = squeezed(f"{chart.code(asked.step, name)} {option.label}")
            row = next((row for row in rows if words(row).startswith(told)), "")
            to = asked.straight.get(name)
            wrong += [] if row and (to is None or f'href="#trin-{to}"' in row) else [f"{asked.step}: {name}"]
        arrows = [arrow for fork in asked.forks for arrow in fork.arrows]
        tables = part.split('<table class="regler">')[1:]
        told_arrows = [to for table in tables for to in re.findall(r'href="#trin-([\w-]+)"', table)]
        meant = [goto for fork in asked.forks for _, goto in chart.blocks(fork)]
        wrong += [] if told_arrows == meant else [f"{asked.step}: arrows"]
        text = words("".join(tables))
        wrong += [f"{asked.step}: {arrow}" for arrow in arrows if squeezed(chart.words(arrow.when)) not in text]
    return wrong


def test_every_question_option_and_arrow_is_on_the_paper(content: Library, plans: dict[str, str]) -> None:
    for name, html in plans.items():
        assert missing(content.flows[name].flow, html) == []


def test_an_option_or_arrow_that_is_lost_is_caught(content: Library, plans: dict[str, str]) -> None:
    flow, html = content.flows["tandpleje"].flow, plans["tandpleje"]
    assert missing(flow, html.replace("Alvorlig vanrøgt</strong>", "</strong>", 1)) == ["overgreb: vanroegt"]
    part = drawn(html)["overgreb"]
    assert missing(flow, html.replace(part, part.replace('href="#trin-hvem"', 'href="#trin-rejse"'))) == [
        "overgreb: arrows"
    ]
