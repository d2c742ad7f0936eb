"""The sealed cookie: what is refused, and that it tells nothing."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from guide.library.library import Library
from guide.web.walk_cookie import ABSOLUTE, IDLE, LARGEST, Seal, Ticket, Unreadable, new_ticket

KEY, OTHER = "a" * 32, "b" * 40
NOW = 1_800_000_000


@pytest.fixture
def ticket() -> Ticket:
    return Ticket("k" * 22, "proeve", "tre", {"akut-fare": ("nej",), "slag": ("ja",)}, NOW - 10, "d" * 16)


def test_opens_what_it_closed(ticket: Ticket) -> None:
    assert Seal([KEY]).open(Seal([KEY]).close(ticket, ticket.answers, NOW), NOW + 7) == (ticket, 7)


def test_nothing_can_be_read_from_it(ticket: Ticket) -> None:
    value = Seal([KEY]).close(ticket, ticket.answers, NOW)
    for word in ("proeve", "tre", "slag", "nej"):
        assert word not in value


def test_idle_and_absolute_limits(ticket: Ticket) -> None:
    seal = Seal([KEY])
    value = seal.close(ticket, {}, NOW)
    assert seal.open(value, NOW + IDLE)
    with pytest.raises(Unreadable):
        seal.open(value, NOW + IDLE + 1)
    old = Ticket(ticket.key, "proeve", "tre", {}, NOW - ABSOLUTE, "d")
    assert seal.open(seal.close(old, {}, NOW), NOW)
    with pytest.raises(Unreadable):
        seal.open(seal.close(old, {}, NOW), NOW + 1)


def test_the_future_is_refused(ticket: Ticket) -> None:
    seal = Seal([KEY])
    with pytest.raises(Unreadable):
        seal.open(seal.close(ticket, {}, NOW + 3_600), NOW)


def test_keys_can_be_changed_without_cutting_walks_off(ticket: Ticket) -> None:
    value = Seal([KEY]).close(ticket, ticket.answers, NOW)
    assert Seal([OTHER, KEY]).open(value, NOW)[0] == ticket
    with pytest.raises(Unreadable):
        Seal([OTHER]).open(value, NOW)


def test_a_thousand_bit_flips_and_other_rubbish(ticket: Ticket) -> None:
    seal, chance = Seal([KEY]), random.Random(1)
    value = seal.close(ticket, ticket.answers, NOW)
    for _ in range(1_000):
        at, bit = chance.randrange(len(value)), 1 << chance.randrange(7)
        flipped = value[:at] + chr(ord(value[at]) ^ bit) + value[at + 1 :]
        with suppress(Unreadable):  # base64 ignores foreign characters and padding bits: then nothing was changed
            assert seal.open(flipped, NOW)[0] == ticket
    for rubbish in ("", "x", "gAAAA", "æøå", "\x00", value[:-4], value * 2):
        with pytest.raises(Unreadable):
            seal.open(rubbish, NOW)


def test_a_flip_inside_the_sealed_part_is_refused(ticket: Ticket) -> None:
    seal = Seal([KEY])
    value = seal.close(ticket, ticket.answers, NOW)
    for at in range(0, len(value) - 4, 7):
        other = "A" if value[at] != "A" else "B"
        with pytest.raises(Unreadable):
            seal.open(value[:at] + other + value[at + 1 :], NOW)


def test_another_shape_under_the_right_key_is_refused() -> None:
    seal = Seal([KEY])
    for plain in (b"[]", b"null", b'{"k":1}', b"{", b'{"k":"","m":"","f":"","a":[],"s":1,"d":""}'):
        value = seal._fernet.encrypt_at_time(plain, NOW).decode()
        with pytest.raises(Unreadable):
            seal.open(value, NOW)


def test_answers_off_the_path_are_dropped_when_it_grows_too_large(ticket: Ticket) -> None:
    seal = Seal([KEY])
    many = {f"spoergsmaal-{n}": ("svar-der-er-langt",) for n in range(80)}
    big = Ticket(ticket.key, "proeve", "tre", {**many, **ticket.answers}, NOW, "d")
    value = seal.close(big, ticket.answers, NOW)
    assert len(value) < LARGEST
    assert seal.open(value, NOW)[0].answers == ticket.answers


def test_the_fullest_walk_of_the_shipped_flows_fits(content: Library) -> None:
    for playable in content.flows.values():
        all_boxes = {step: tuple(question.options) for step, question in playable.flow.questions.items()}
        longest = dict(sorted(all_boxes.items(), key=lambda item: -len(str(item)))[:15])
        full = Ticket("k" * 22, "x" * 30, playable.id, longest, NOW, "d" * 16)
        assert len(Seal([KEY]).close(full, longest, NOW)) < LARGEST


def test_each_walk_has_its_own_key_and_the_tag_does_not_tell_it() -> None:
    one, two = new_ticket("a", "b", "d", NOW), new_ticket("a", "b", "d", NOW)
    assert one.key != two.key and one.tag != two.tag and one.key not in one.tag
