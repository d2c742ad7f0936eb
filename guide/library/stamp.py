"""«Stemmer stadig»: the day on which somebody looked, written into a file of which every other byte stays.

Here: where `checked` stands or belongs. Not here: the change of the text (`layout.py`), the disk (`write.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ruamel.yaml.nodes import ScalarNode

from guide.library import write
from guide.library.layout import Entry, Place, laid_out

KEY, OWNER, NEXT = "checked", "owner", "source"
"""The key that is written; it stands after the owner, and before where it was seen."""


def stamped(data: bytes, place: Place, day: date) -> bytes:
    """A YAML file with `checked: <day>` at a place: `("contacts", "doegnvagt")` for a contact, `()` for the file.

    A key that is there gets the new day, with the quotes and comments it has; else it gets a line of its own, or a
    place in the braces. Raises NotWritten when the file has errors, the place is not there, or the rest would change.
    """
    layout = laid_out(data)
    found = layout.entries(place)
    if KEY in found:
        layout.set_scalar((*place, KEY), day.isoformat())
    else:
        layout.add((*place, KEY), day, _after(found, at_the_top=not place))
    return layout.changed()


def _after(found: Mapping[str, Entry], at_the_top: bool) -> str | None:
    """The entry that the day is written after; None for before the first."""
    names = list(found)
    if OWNER in found:
        return OWNER
    if NEXT in found:
        names = names[: names.index(NEXT)]
    elif at_the_top:  # with the name and the code, before long mappings
        long = (n for n, entry in enumerate(found.values()) if not isinstance(entry.value, ScalarNode))
        names = names[: next(long, len(names))]
    return names[-1] if names else None


def still_right(folder: Path, file: str, place: Place, day: date) -> None:
    """Write into a content file that what stands at a place is still right on a day.

    `folder` is a content folder; `file` is the name from there, as findings show it. `place` is that of the thing that
    was looked at, not of its `checked`. Raises NotWritten, with the reason in Danish, and then the file is as it was.
    """
    before = write.content_of(folder, file)
    write.put(folder, file, before, stamped(before, place, day))
