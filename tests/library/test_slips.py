"""What a beginner writes wrong, and what is said of it: the line to correct, the cause, and what to do.

Each slip stands alone in an otherwise right folder of a kommune. Only that folder is read, on the demo's flows.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.library import Library
from guide.library.owned import Ground, read_room

M, F = "municipality.yaml", "flows/tre.yaml"
HEAD = "owner: Skolen\nchecked: 2026-11-22\n"
TOP = "name: Vores Kommune\nexample: true\n"
CONTACT = TOP + "contacts:\n  modtagelse:\n    title: Modtagelsen\n"
BRACES = TOP + "contacts:\n  modtagelse: {{title: A, help: B, {}}}\n"
OWN = HEAD + "questions:\n  ny:\n    before: undren\n"
ASKED = OWN + "    title: Ny?\n    options: {ja: {label: Ja}, nej: {label: Nej}}\n"

QUOTED = "Sæt teksten i anførselstegn"
SPACE = "hårdt mellemrum (måske fra Word). Skriv mellemrummene igen."
CURLY = "Krøllede anførselstegn (“ ”) tæller ikke."
BLANK = "Der mangler et mellemrum efter kolon. Skriv «"

# (file, what stands in it, the line that is told, what is said there)
SLIPS: dict[str, tuple[str, str | bytes, int, str]] = {
    # YAML itself
    "colon in a text": (M, CONTACT + "    help: Husk: ring først\n", 6, f"kolon i teksten. {QUOTED}."),
    "colon in a title": (F, OWN + "    title: Har du ringet: ja eller nej?\n", 6, f"kolon i teksten. {QUOTED}."),
    "colon in curly quotes": (M, CONTACT + "    help: “Husk: ring”\n", 6, CURLY),
    "tab": (M, TOP + "contacts:\n\tmodtagelse:\n", 4, "tabulator. Brug mellemrum."),
    "no blank, first line": (M, "name:Vores Kommune\nexample: true\n", 1, BLANK + "name: …»."),
    "no blank, between": (M, CONTACT.replace("title: ", "title:") + "    help: x\n", 5, BLANK + "title: Modtagelsen»."),
    "no blank, last": (M, CONTACT + "    help:x\n", 6, BLANK + "help: x»."),
    "no blank, link": (M, TOP + "link:https://x.dk\n", 3, BLANK + "link: https://x.dk»."),
    "too little indented": (M, CONTACT + "   help: B\n", 6, "rykket forkert ind. Ryk den"),
    "too far indented": (M, CONTACT + "     help: B\n", 6, "rykket forkert ind. Ryk den"),
    "id at the margin": (M, TOP + "contacts:\nmodtagelse:\n  title: A\n", 4, "så ryk den og dens linjer ind"),
    "keys beside the id": (M, TOP + "contacts:\n  modtagelse:\n  title: A\n", 5, "Ryk linjen ind under det id"),
    "nothing under a key": (M, TOP + "contacts:\n", 3, "«contacts» er tom. Skriv linjer under den, rykket ind"),
    "no colon": (F, HEAD + "questions\n  trist:\n    local: x\n", 3, "Linjen mangler et kolon."),
    "no colon above": (M, TOP + "contacts:\n  modtagelse\n    title: A\n", 4, "til sidst. Skriv «modtagelse:»."),
    "two colons": (M, "name:: V\n", 1, "Mente du «name»?"),
    "equals sign": (M, "name = Vores Kommune\n", 1, "Skriv kolon og mellemrum: «name: …»."),
    "two on a line": (M, "name: V, code: '791'\n", 1, f"kolon i teksten. {QUOTED}."),
    "quote not closed": (M, 'name: "Vores Kommune\nexample: true\n', 1, "bliver ikke lukket. Sæt et anførselstegn"),
    "single quote not closed": (M, "name: 'Vores\ncode: '791'\n", 1, "bliver ikke lukket. Sæt et anførselstegn"),
    "quotes in quotes": (M, 'name: "Sig "hej""\n', 1, "Sæt hele teksten i anførselstegn"),
    "brace not closed": (
        M,
        TOP + "contacts:\n  modtagelse: {title: A, help: B\n",
        4,
        "Parentesen { bliver ikke lukket",
    ),
    "comma in braces": (F, OWN + "    options: {ja: {label: Ja, men lidt}}\n", 6, "Er der et komma i teksten?"),
    "bracket first": (F, HEAD + "questions:\n  trist:\n    local: [Ring] nu\n", 5, "Sæt hele teksten i anførselstegn"),
    "star first": (F, HEAD + "questions:\n  trist:\n    local: **Ring** nu\n", 5, f"& eller *. {QUOTED}."),
    "hyphen first": (F, HEAD + "questions:\n  trist:\n    local: - ring nu\n", 5, "Et «- » begynder en liste."),
    "question mark first": (F, HEAD + "questions:\n  trist:\n    local: ? nu\n", 5, f"«? ». {QUOTED}."),
    "at sign first": (M, "name: @vores\n", 1, f"må ikke begynde med @. {QUOTED}."),
    "number sign first": (M, CONTACT.replace("Modt", "#Modt") + "    help: B\n", 5, "Begynder den med #"),
    "text goes on, not indented": (F, HEAD + "questions:\n  trist:\n    local: Ring\n    til os.\n", 6, "ryk teksten"),
    "text beside the pipe": (F, HEAD + "questions:\n  trist:\n    local: | Ring\n", 5, "Skriv teksten på næste linje"),
    "text under the pipe": (
        F,
        HEAD + "questions:\n  trist:\n    local: |\n    Ring.\n",
        6,
        "længere ind end linjen med |",
    ),
    "backslash": (M, CONTACT + '    help: "C:\\Users"\n', 6, "Brug enkelte anførselstegn"),
    "key twice": (M, "name: V\nname: W\n", 2, "står to gange. Første gang er i linje 1."),
    "contact twice": (M, BRACES.format("say: x") + "  modtagelse: {title: A}\n", 5, "Første gang er i linje 4."),
    # programs that are no editors
    "hard space as indentation": (M, CONTACT.replace("    t", "\u00a0" * 4 + "t") + "    help: B\n", 5, SPACE),
    "hard space after the colon": (M, CONTACT.replace("title: ", "title:\u00a0") + "    help: B\n", 5, SPACE),
    "hard space in a number": (M, BRACES.format("phone: 87\u00a087 87 87"), 4, "Skriv «87 87 87 87»."),
    "invisible sign": (M, TOP + "code: '\u200b791'\n", 3, "usynligt tegn i teksten. Slet hele teksten"),
    "curly quotes": (M, TOP + "code: “791”\n", 3, CURLY),
    "Windows-1252": (M, "name: Københavns\n".encode("cp1252"), 1, "Gem filen igen med tegnkodningen UTF-8"),
    "UTF-16": (M, TOP.encode("utf-16"), 1, "Gem den igen med tegnkodningen UTF-8."),
    "a Word document": (M, b"PK\x03\x04\x14\x00", 1, "et dokument fra Word"),
    "RTF": (M, b"{\\rtf1\\ansi name: V}", 1, "et dokument fra et skriveprogram (RTF)"),
    "only comments": (M, "# name: V\n# code: '791'\n", 1, "Alle linjer begynder med #. Slet #"),
    "empty": (M, "", 1, "Filen er tom. Skriv mindst én linje"),
    # ids, keys and values
    "Danish letters in an id": (M, TOP + "contacts:\n  døgnvagt: {title: A, help: B}\n", 4, "Skriv «doegnvagt»."),
    "blank in an id": (M, TOP + "contacts:\n  team blå: {title: A, help: B}\n", 4, "Skriv «team-blaa»."),
    "capitals in an id": (F, ASKED.replace("ny:", "Ny:"), 4, "Skriv «ny»."),
    "Danish key": (M, "navn: Vores Kommune\n", 1, "«navn» kendes ikke i filen. Mente du «name»?"),
    "Danish key in a contact": (M, BRACES.format("telefon: 112"), 4, "Mente du «phone»?"),
    "Danish key of a flow": (F, HEAD + "spørgsmål:\n  x: {}\n", 3, "Mente du «questions»?"),
    "key nearly right": (M, TOP + "contact: {}\n", 3, "Mente du «contacts»?"),
    "e-mail": (M, BRACES.format("email: x@y.dk"), 4, "Her kan stå: title, help, phone"),
    "code with four digits": (M, TOP + "code: 0825\n", 3, "tre cifre i anførselstegn, fx '825'."),
    "phone with +45": (M, BRACES.format("phone: +45 87878787"), 4, "Skriv «87 87 87 87»."),
    "phone in fours": (M, BRACES.format("phone: 8787 8787"), 4, "Skriv «87 87 87 87»."),
    "two phones": (M, BRACES.format("phone: 87 87 87 87 / 112"), 4, "Skriv ét nummer"),
    "Danish date": (F, HEAD.replace("2026-11-22", "22-11-2026"), 2, "Skriv «2026-11-22»."),
    "date in words": (F, HEAD.replace("2026-11-22", "22. november 2026"), 2, "Skriv «2026-11-22»."),
    "day that is not": (F, HEAD.replace("22", "31"), 2, "er ikke en dato i kalenderen. Ret dagen."),
    "ja for true": (M, "name: V\nexample: Ja\n", 2, "true (ja) eller false (nej), med små bogstaver"),
    "True for true": (M, "name: V\nexample: True\n", 2, "med små bogstaver"),
    "link without https": (M, TOP + "link: www.vores.dk\n", 3, "Skriv «https://www.vores.dk»."),
    "hours with colons": (M, BRACES.format("hours: {week: {man-fre: '09:00-15:00'}}"), 4, "Skriv «9-15»."),
    "days in full": (M, BRACES.format("hours: {week: {mandag-fredag: 9-15}}"), 4, "Skriv «man-fre»."),
    "lukket": (M, BRACES.format("hours: {week: {man: lukket}}"), 4, "Skriv «closed»."),
    "24/12": (M, BRACES.format("hours: {exceptions: {24/12: closed}}"), 4, "Skriv «24-december»."),
    "hours as text": (M, BRACES.format("hours: 9-15"), 4, "Skriv «week: {man-fre: 9-15}» på linjen under."),
    "purpose with a Danish letter": (M, BRACES.format("purpose: [råd]"), 4, "Mente du «raad»?"),
    "purpose without brackets": (M, BRACES.format("purpose: raad"), 4, "skal være en liste. Skriv [raad]."),
    "level with a capital": (M, TOP + "levels: {Straks: Rød}\n", 3, "Mente du «straks»?"),
    "colour without quotes": (M, TOP + "colours: {primary: #0b5a3c}\n", 3, f"Efter # bliver intet læst. {QUOTED}"),
    "colour by name": (M, TOP + "colours: {primary: grøn}\n", 3, "er ikke en farve. Skriv den som '#0b5a3c'"),
    "contacts as a list": (M, TOP + "contacts:\n  - title: A\n    help: B\n", 3, "må ikke være en liste. Slet"),
    "approved: ja": (F, HEAD + "approved: ja\n" + ASKED[len(HEAD) :], 3, "hver på sin linje: authority, profession"),
    "approved without text": (
        F,
        HEAD
        + "approved: {authority: 'Anna Aa, leder', profession: 'Bo Bb, leder', date: 2026-11-22, next: 2027-05-22}\n",
        3,
        "«text» mangler under «approved». Tilføj linjen «text: …»",
    ),
    # the national flow
    "options as a list": (F, OWN + "    title: Ny?\n    options: [Ja, Nej]\n", 7, "må ikke være en liste. Slet"),
    "options as text": (
        F,
        OWN + "    title: Ny?\n    options:\n      ja: Ja\n      nej: Nej\n",
        8,
        "«label: Ja» på linjen under",
    ),
    "one option": (F, OWN + "    title: Ny?\n    options: {ja: {label: Ja}}\n", 7, "Der skal stå mindst 2."),
    "as missing": (
        F,
        HEAD + "questions: {trist: {options: {maaske: {label: M}}}}\n",
        3,
        "«as», hvilket nationalt svar",
    ),
    "as of nothing": (F, HEAD + "questions: {trist: {options: {m: {label: M, as: jaa}}}}\n", 3, "Mente du «ja»?"),
    "label on a national option": (F, HEAD + "questions: {trist: {options: {ja: {label: J}}}}\n", 3, "«label» er låst"),
    "title of a national step": (F, HEAD + "questions: {trist: {title: T}}\n", 3, "«title» er låst. Her kan du skrive"),
    "question under outcomes": (F, HEAD + "outcomes: {trist: {local: T}}\n", 3, "Skriv «trist» under «questions»."),
    "before nothing": (F, ASKED.replace("undren", "undrenn"), 5, "Mente du «undren»?"),
    "as of no outcome": (F, HEAD + "outcomes: {mit: {as: bekymrin}}\n", 3, "Mente du «bekymring»?"),
    "goto nowhere": (F, ASKED.replace("{label: Nej}", "{label: Nej, goto: undrn}"), 7, "Mente du «undren»?"),
    "do as text": (F, HEAD + "outcomes: {mit: {do: Ring nu}}\n", 3, "hver linje begynder med «- »"),
    # files and folders
    "flow/ for flows/": ("flow/tre.yaml", HEAD, 0, "Mente du «flows»?"),
    ".yml": ("flows/tre.yml", HEAD, 0, "Mente du «tre.yaml»?"),
    ".yaml.txt": ("flows/tre.yaml.txt", HEAD, 0, "Mente du «tre.yaml»?"),
    "municipality.yml": ("municipality.yml", TOP, 0, "Mente du «municipality.yaml»?"),
    "a flow that is not": ("flows/tree.yaml", HEAD, 0, "Mente du «tre»? Filen skal hedde som flowet."),
    "a flow with a capital": ("flows/Tre.yaml", HEAD, 0, "Skriv «tre»."),
    "a letter as text": ("letters/brev.txt", "x", 0, "Mente du «brev.md»?"),
}

REMEDY = re.compile(
    r"Skriv|skriv|Sæt|Ryk|ryk|Slet|Ret|Brug|Gem|Mente du|Vælg|Her kan|Tilføj|Der skal stå|hedde|Første gang|Parentesen"
    r"|skal være|skal sige|fx '"
)


def said(folder: Path, demo: Library, file: str, data: str | bytes) -> list[Finding]:
    """What is found in a kommune's folder with this file, errors of syntax and of the model, none of approval."""
    room = folder / "municipalities" / "vores"
    (room / file).parent.mkdir(parents=True, exist_ok=True)
    (room / M).write_text(TOP, encoding="utf-8")
    (room / file).write_bytes(data if isinstance(data, bytes) else data.encode())
    reading = Folder(folder)
    found = [*read_room(room, reading, Ground(demo.flows, set(demo.scenarios))).findings, *reading.findings]
    return [finding for finding in found if "ikke godkendt" not in finding.message]


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_with_its_line_and_a_remedy(tmp_path: Path, demo: Library, name: str) -> None:
    file, data, line, expected = SLIPS[name]
    found = said(tmp_path, demo, file, data)
    there = [one for one in found if one.line == line and expected in one.message]
    assert there, "\n".join(map(str, found))
    assert there[0].file.startswith("municipalities/vores/"), there[0].file
    assert all(REMEDY.search(one.message) for one in found), found


def test_there_are_many_slips_and_a_right_file_has_none(tmp_path: Path, demo: Library) -> None:
    assert len(SLIPS) >= 80
    assert said(tmp_path / "a", demo, F, ASKED) == []
    assert said(tmp_path / "b", demo, M, BRACES.format("phone: 87 87 87 87")) == []


def test_the_commonest_slips_of_syntax_are_told_at_once(tmp_path: Path, demo: Library) -> None:
    lines = (
        "".join(f"    {key}: Husk: {key}\n" for key in ("help", "say", "source")) + "    owner:Vores\n    phone: 112\n"
    )
    found = said(tmp_path, demo, M, CONTACT + lines + "    link: se: her\n")
    assert [one.line for one in found] == [6, 7, 8, 9, 11], found


def test_what_only_comes_of_a_slip_is_not_told(tmp_path: Path, demo: Library) -> None:
    assert len(said(tmp_path / "a", demo, F, ASKED.replace("undren", "undrenn"))) == 1
    assert len(said(tmp_path / "b", demo, F, HEAD + "questions: {trist: {options: {maaske: {label: M}}}}\n")) == 1


def test_a_wrong_file_hides_nothing_in_the_others(tmp_path: Path, demo: Library) -> None:
    flows = tmp_path / "municipalities" / "vores" / "flows"
    flows.mkdir(parents=True)
    (flows / "tre.yaml").write_text("ejer: Os\n", encoding="utf-8")
    found = said(tmp_path, demo, M, "navn: V\n")
    assert {one.file.rpartition("/")[2] for one in found} == {"municipality.yaml", "tre.yaml"}


def test_many_slips_in_one_file_are_told_at_once(tmp_path: Path, demo: Library) -> None:
    data = BRACES.format("telefon: 1, hours: 9-15, purpose: raad, whose: kommunen") + "link: vores.dk\ncolours: rød\n"
    assert len(said(tmp_path, demo, M, data)) == 6
