"""Paper as a reader sees it: the text of PDF and of HTML, without what lines and pages do to words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pypdfium2

MARGIN = (40, 45)
"""Points at the top and at the foot where the running head and the page number stand."""


def squeezed(text: str) -> str:
    """Without spaces, hyphens and the signs that stand where a word was divided."""
    return re.sub(r"[\s\-\u00ad\u2010\ufffe\x02]+", "", text)


def pages(pdf: bytes) -> list[str]:
    """The text of each page of a PDF, squeezed, without what stands in its margins."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage().get_text_bounded(0, MARGIN[1], width, height - MARGIN[0])
        found.append(squeezed(text))
    document.close()
    return found


def feet(pdf: bytes) -> list[str]:
    """The lowest line of each page of a PDF, squeezed, by where it stands: in the text, marks of lists come last."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        held = page.get_textpage()
        boxes = [held.get_rect(n) for n in range(held.count_rects())]
        inside = [(bottom, top) for _, bottom, _, top in boxes if bottom > MARGIN[1]]
        low = min((bottom for bottom, _ in inside), default=0.0)
        high = max((top for bottom, top in inside if bottom < low + 3), default=0.0)
        found.append(squeezed(held.get_text_bounded(0, low - 1, page.get_size()[0], high + 1)) if inside else "")
    document.close()
    return found


class _Words(HTMLParser):
    """The text of HTML; `tel:` numbers apart; the parts named in `sections` by the id or class they have."""

    def __init__(self) -> None:
        super().__init__()
        self.said, self.numbers, self.hidden = list[str](), set[str](), 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("head", "style", "script")
        for name, value in attrs:
            if name == "href" and (value or "").startswith("tel:"):
                self.numbers.add((value or "").removeprefix("tel:"))

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("head", "style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(data)


def words(html: str) -> str:
    """The text of HTML, squeezed."""
    reader = _Words()
    reader.feed(html)
    return squeezed("".join(reader.said))


def dialled(html: str) -> set[str]:
    """Every number that a page dials, as digits."""
    reader = _Words()
    reader.feed(html)
    return reader.numbers


def outcomes(html: str) -> dict[str, str]:
    """The outcomes of a handleplan: step -> its part of the HTML."""
    parts = re.split(r'<section class="udfald">', html)[1:]
    found = {}
    for part in parts:
        step = re.search(r'data-trin="([\w-]+)"', part)
        assert step
        found[step[1]] = part.split("</section>")[0]
    return found
