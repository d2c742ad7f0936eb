"""A kommune's own colour: whether it can be read, and the shades that pages take of it.

Contrast by the relative luminance of WCAG 2.2. The colour is under white text (buttons), and is the text of links on
white and on the light backgrounds of the guide. Red is never themed: it means 112, so a red of one's own is warned of.
"""

from __future__ import annotations

import colorsys
from collections.abc import Iterator
from functools import lru_cache

from guide.flows.finding import Finding
from guide.library.library import Library
from guide.model import Municipality

FLOOR = 4.5
"""The contrast of text that WCAG asks for (AA)."""

WHITE = "#ffffff"

LIGHT = {"på lysegrå": "#f5f5f5", "på lysegul": "#fff4cc"}
"""The light backgrounds of the guide on which links stand, besides white and the kommune's own light shade."""

DARKER, LIGHTER = 0.72, 0.07
"""How much is left of the colour under the pointer, and how much of it there is in the light shade."""

RED, STRONG = 18 / 360, 0.45
"""How near a hue is to pure red, and how strong, to be taken for the red of 112."""


def coloured(library: Library) -> Iterator[Finding]:
    """Every own colour that cannot be read well enough, with the measured contrast and a darker one that can."""
    for written in library.words:
        if isinstance(written.word, Municipality) and written.word.colours:
            colour = written.word.colours.primary
            place = ("colours", "primary")
            if wrong := unreadable(colour):
                yield written.source.finding(wrong, *place)
            elif alarming(colour):
                said = f"{colour} er rød. Rød betyder 112 i guiden. Vælg en anden af jeres farver."
                yield written.source.finding(said, *place, warning=True)


def unreadable(colour: str) -> str:
    """What is wrong with a colour, in Danish; empty when nothing is."""
    where, found = min(measured(colour).items(), key=lambda item: item[1])
    if found >= FLOOR:
        return ""
    return (
        f"{colour} er for lys: {where} er kontrasten {_shown(found)}, og den skal være mindst {_shown(FLOOR)}. "
        f"{darkened(colour)} er den samme farve, mørk nok."
    )


def _shown(ratio: float) -> str:
    """A ratio with two decimals, never rounded up to what it is not."""
    return f"{int(ratio * 100) / 100:.2f}:1".replace(".", ",")


def measured(colour: str) -> dict[str, float]:
    """The contrast of a colour on each background that it stands on; white text on it is the same as on white."""
    light = {"på hvid": WHITE, **LIGHT, "på den lyse tone af den selv": tint(colour)}
    return {where: contrast(colour, background) for where, background in light.items()}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2: 1 for the same, 21 for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=256)
def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`: 0 for black, 1 for white."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: str, share: float, ground: int) -> str:
    """A colour mixed with black (0) or white (255), of which `share` is left."""
    return "#" + "".join(f"{round(part * share + ground * (1 - share)):02x}" for part in _parts(colour))


def shade(colour: str) -> str:
    """The darker shade, under the pointer."""
    return _mixed(colour, DARKER, 0)


def tint(colour: str) -> str:
    """The light shade, behind text."""
    return _mixed(colour, LIGHTER, 255)


def darkened(colour: str) -> str:
    """The lightest darker shade of a colour that can be read; the colour itself when it can."""
    shares = (_mixed(colour, hundredth / 100, 0) for hundredth in range(100, -1, -1))
    return next(found for found in shares if min(measured(found).values()) >= FLOOR)


def alarming(colour: str) -> bool:
    """Whether a colour is so red that it could be taken for danger."""
    hue, _, strength = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    return min(hue, 1 - hue) <= RED and strength >= STRONG


def style(colour: str) -> str:
    """The style sheet that gives pages the colour: buttons, bars, frames and links; the red of 112 stays."""
    return (
        f":root {{ --tema-farve: {colour}; --tema-farve-mork: {shade(colour)}; --tema-lys: {tint(colour)}; }}\n"
        f"main a:where(:not(.akut *)), .svar a {{ color: {colour}; }}\n"
    )
