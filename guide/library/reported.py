"""What is known of reports in the whole country by year: registers/official.csv, each year with its source.

Shown where no official figures were taken in. Not here: those that were (`guide/statistics/official.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.register import rows
from guide.library.syntax import quote

COLUMNS = ("year", "about", "reports", "children", "source")


@dataclass(frozen=True)
class Reported:
    """A year: reports and the children they were about. `about`: «ca.» where the source rounds."""

    year: int
    about: str
    reports: int
    children: int
    source: str


def read_reported(registers: Path, folder: Folder, findings: list[Finding]) -> tuple[Reported, ...]:
    """The years, the newest first; none without the file. What is wrong is added to `findings`. Never raises."""
    path, found = registers / "official.csv", dict[str, Reported]()
    if not path.is_file():
        return ()
    for line, row in rows(path, folder, COLUMNS, findings):
        wrong = [quote(row[name]) for name in ("year", "reports", "children") if not _whole(row[name])]
        if wrong:
            said = f"{', '.join(wrong)} er ikke et helt tal. Skriv det uden punktum, fx 127182."
        elif row["year"] in found:
            said = f"{row['year']} står her flere gange. Slet den ene linje."
        elif not row["source"]:
            said = "«source» er tom. Skriv, hvor tallet kommer fra."
        elif row["about"] not in ("", "ca."):
            said = f"«about»: {quote(row['about'])} kendes ikke. Skriv «ca.», eller lad feltet være tomt."
        else:
            numbers = int(row["reports"]), int(row["children"])
            found[row["year"]] = Reported(int(row["year"]), row["about"], *numbers, row["source"])
            continue
        findings.append(Finding(folder.name(path), line, 1, said))
    return tuple(sorted(found.values(), key=lambda one: -one.year))


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal()
