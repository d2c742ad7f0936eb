"""A kommune where nearly everything went wrong: each fault is told at its place, all at once, and harms no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.flows.finding import Finding
from guide.library.checks import check
from guide.library.library import Library, load
from tests.conftest import DEMO

BROKEN = Path(__file__).parent / "broken_kommune"
ROOM = "municipalities/uheld/"

FAULTS = [
    ("flows/flere.yaml:3", "«next» skal være efter «date»"),
    ("flows/flere.yaml:3", "er ændret, siden de blev godkendt"),
    ("flows/flere.yaml:6", "Skriv ikke paragraffer i hånden"),
    ("flows/flere.yaml:7", "Der bliver spurgt om mere, hvor det nationale flow er nået til «underret»"),
    ("flows/flere.yaml:10", "at underrette har ingen betingelser"),
    ("flows/flere.yaml:18", "forældrereglen er «ikke»"),
    ("flows/flere.yaml:19", "Mente du «modtagelse»?"),
    ("flows/flere.yaml:20", "Niveauet er «bekymring», nationalt «underret»"),
    ("flows/flere.yaml:20", "Kontakten «doegnvagt» mangler"),
    ("flows/flere.yaml:21", "Mente du «daarligt»?"),
    ("flows/tre.yaml:5", "«title» er låst"),
    ("flows/tre.yaml:7", "skal sige med «as»"),
    ("flows/tre.yaml:10", "«level» er låst"),
    ("flows/trre.yaml", "Mente du «tre»?"),
    ("letters/daarligt.md:7", "Feltet «navn» bruges ikke"),
    ("letters/daarligt.md:10", "Mente du «navn»?"),
    ("letters/daarligt.md:10", "«underretter» hører ikke til i et brev til forældre"),
    ("letters/kolon.md:2", "Der står et kolon i teksten"),
    ("logo.png", "skal være en PNG-fil"),
    ("municipality.yaml:2", "er ikke godkendt"),
    ("municipality.yaml:7", "Mente du «tvaerfagligt-moede»?"),
    ("municipality.yaml:9", "«Rød» er ordet for niveauet «akut»"),
    ("municipality.yaml:12", "er for lys"),
    ("municipality.yaml:16", "«før du underretter»"),
    ("municipality.yaml:17", "Et tilbud må ikke stå ved «underret»"),
    ("municipality.yaml:18", "Mente du «tre»?"),
    ("municipality.yaml:19", "Mente du «klubben»?"),
    ("municipality.yaml:21", "«alarm» er ens i hele landet"),
    ("municipality.yaml:25", "(I11)"),
    ("municipality.yaml:31", "12 34 56 99 er ikke nummeret til nogen kontakt"),
    ("municipality.yaml:34", "aldrig den næste, når ingen svarer"),
    ("noter.txt", "læses ikke"),
]
"""File and line in the folder, and what is said there."""

Read = tuple[Library, list[Finding]]


@pytest.fixture(scope="module")
def broken() -> Read:
    library, found = load(DEMO, [BROKEN])
    return library, sorted({*found, *check(library)})


@pytest.mark.parametrize(("place", "said"), FAULTS, ids=[f"{place} {said[:20]}" for place, said in FAULTS])
def test_each_fault_is_told_at_its_line(broken: Read, place: str, said: str) -> None:
    file, _, line = place.partition(":")
    at = [one for one in broken[1] if one.file == ROOM + file and (not line or one.line == int(line))]
    assert any(said in one.message for one in at), at


def test_nothing_is_said_of_others_for_it(broken: Read) -> None:
    """Planted fault: the same content without the kommune says just what it says with it, of everything else."""
    library, _ = load(DEMO)
    alone = {str(one) for one in check(library)}
    assert {str(one) for one in broken[1] if not one.file.startswith(ROOM)} <= alone
    assert broken[0].flows_in("uheld")["flere"] is broken[0].flows["flere"]
    assert len({place for place, _ in FAULTS}) > 12
