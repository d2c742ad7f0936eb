"""Who chooses a case is told what it is about: in its label, and above its story."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide.library.library import Library
from guide.library.texts import plain


def test_who_chooses_reads_what_each_case_is_about(shipped_app: Flask, content: Library) -> None:
    """Also with a screen reader: the notice is a part of the label."""
    page = read(shipped_app.test_client())
    assert len(content.cases) > 20 and untold(page, content) == set()


@pytest.mark.parametrize("gone", [0, 1])
@pytest.mark.parametrize("kind", ["notice", "cards_notice"])
def test_a_notice_that_is_gone_is_found(shipped_app: Flask, content: Library, kind: str, gone: int) -> None:
    """Planted: a page without the notice of one case, or of its cards, in its label or above its story."""
    page, name = read(shipped_app.test_client()), "skole-billedet-i-klassechatten"
    words = getattr(content.cases[name], kind)
    parts = page.split(words)
    assert len(parts) == 3
    said = [words] * 2
    said[gone] = ""
    assert untold(parts[0] + said[0] + parts[1] + said[1] + parts[2], content) == {name}


def read(client: FlaskClient) -> str:
    return re.sub(r"\s+", " ", unescape(client.get("/temadag/").get_data(as_text=True)))


def untold(page: str, library: Library) -> set[str]:
    """The cases that the page offers without a word of what they are about, in the label or above the story."""
    left = set()
    for name, case in library.cases.items():
        label = re.search(rf'<label[^>]* for="sag-{name}">(.*?)</label>', page)
        told = page.partition(f"<h4>{case.title}</h4>")[2].partition(plain(case.text)[:20])[0]
        words = [f"Handler om: {case.notice}."]
        if case.cards_notice:
            words.append(f"Kortene til sidst handler også om: {case.cards_notice}.")
        chosen = label[1] if label else ""
        if any(said not in chosen for said in (case.title, *words)) or any(said not in told for said in words):
            left.add(name)
    return left
