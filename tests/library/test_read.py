"""From document to word: every error in Danish at its place, all at once."""

import time
from pathlib import Path

import pytest
from pydantic import BaseModel

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.read import build, read_document, read_markdown, read_yaml, suggest
from guide.library.strict_yaml import MAX_FINDINGS, merge, parse
from guide.library.wording import Fault, as_id, word_for
from guide.model import Contact, ContactList, Flag, Flow, Letter, Municipality, Page, Registers, ScenarioList
from tests.conftest import HANGS

FLOW = (Path(__file__).parent / "samples" / "flow.yaml").read_text(encoding="utf-8")


def findings_of(word: type[BaseModel], text: str) -> list[str]:
    """Line, column and message of everything found."""
    document, findings = parse(text.encode(), "f.yaml")
    if document is not None:
        made, findings = build(word, document)
        assert (made is None) == bool(findings)
    assert findings == sorted(findings)
    return [str(finding).removeprefix("f.yaml:") for finding in findings]


def changed(old: str, new: str) -> str:
    assert FLOW.count(old) == 1, old
    return FLOW.replace(old, new)


def test_a_right_flow_is_read() -> None:
    assert findings_of(Flow, FLOW) == []


LEVELS = "Vælg mellem: undren, bekymring, underret, straks, akut."
KINDS = "Vælg mellem: one, several."
FLAGS = f"Vælg mellem: {', '.join(Flag)}."
DATE = "er ikke en dato. Skriv den som 2026-11-21."
TRUTH = "skal være true (ja) eller false (nej), med små bogstaver."
HASH = "Begynder den med #, skal den i anførselstegn."
RULE = "er ikke et gyldigt id. Brug små bogstaver a-z, tal og bindestreg (æ→ae, ø→oe, å→aa)."

# (what stands in FLOW, what is written instead, the only finding)
FLOW_ERRORS: dict[str, tuple[str, str, str]] = {
    "missing": (
        "audience: Dig, der prøver\n",
        "",
        "2:1: «audience» mangler i filen. Tilføj linjen «audience: …» (Hvem vejledningen er til).",
    ),
    "missing, deep": (
        "    level: akut\n",
        "",
        "33:3: «level» mangler under «outcomes.ring-112». Tilføj linjen «level: …» (Hvor alvorligt det er).",
    ),
    "unknown key": (
        "    why: 'Det",
        "    whi: 'Det",
        "15:5: «whi» kendes ikke under «questions.akut». Mente du «why»?",
    ),
    "unknown key in braces": (
        "{label: Slag, flags",
        "{label: Slag, flag",
        "26:27: «flag» kendes ikke under «questions.set.options.slag». Mente du «flags»?",
    ),
    "unknown key in a rule": (
        "      - goto: leder",
        "      - {goto: leder, wen: {a: b}}",
        "31:23: «wen» kendes ikke under «questions.set.next.punkt 2». Mente du «when»?",
    ),
    "the Python name of a key": (
        "nej: {label: Nej,",
        "nej: {label: Nej, as_: x,",
        "18:25: «as_» kendes ikke under «questions.akut.options.nej». Mente du «as»?",
    ),
    "a key of nowhere": (
        "    why: 'Det",
        "    xyzzy: 'Det",
        "15:5: «xyzzy» kendes ikke under «questions.akut». "
        "Her kan stå: title, help, why, means, example, myths, kind, options, next, signs, locked, local, before.",
    ),
    "level": ("level: akut", "level: akute", f"35:5: «level»: «akute» kendes ikke. {LEVELS} Mente du «akut»?"),
    "level, nothing near": ("level: akut", "level: 5", f"35:5: «level»: «5» kendes ikke. {LEVELS}"),
    "level, empty": ("level: akut", "level:", f"35:5: «level» er tom. Skriv en værdi. {LEVELS}"),
    "level, list": ("level: akut", "level: [akut]", f"35:5: «level» skal være ét ord. {LEVELS}"),
    "flag": (
        "[akut, ukendt]",
        "[akut, ukent]",
        f"19:57: «flags» punkt 2: «ukent» kendes ikke. {FLAGS} Mente du «ukendt»?",
    ),
    "literal": ("kind: several", "kind: severl", f"22:5: «kind»: «severl» kendes ikke. {KINDS} Mente du «several»?"),
    "text for a mapping": (
        "nej: {label: Nej, goto: set}",
        "nej: Nej",
        "18:7: «nej» skal have linjer under sig, rykket ind. Skriv «label: Nej» på linjen under.",
    ),
    "list for a mapping": (
        "  overgreb: {ud-skole: leder}",
        "  - overgreb",
        "10:1: «use» må ikke være en liste. Slet bindestregerne, skriv et id med kolon over hver del, fx «ja:», "
        "og ryk delen ind under det.",
    ),
    "text for a list": ("signs: [krop]", "signs: krop", "23:5: «signs» skal være en liste. Skriv [krop]."),
    "mapping for a list": (
        "do: [Skriv ned]",
        "do: {a: b}",
        "51:5: «do» skal være en liste: én linje for hver del, rykket ind, og hver linje begynder med «- ».",
    ),
    "list for a text": (
        "title: Ring 112",
        "title: [Ring, 112]",
        "34:5: «title» skal være en tekst. Er der [ eller { i teksten? Sæt hele teksten i anførselstegn.",
    ),
    "mapping for a text": (
        "help: Ring nu.",
        "help: {Ring: nu}",
        "37:5: «help» skal være en tekst. Er der et kolon i teksten? Sæt hele teksten i anførselstegn.",
    ),
    "empty, needed": ("title: Ring 112", "title:", f"34:5: «title» er tom. Skriv en tekst. {HASH}"),
    "empty, not needed": (
        "why: 'Det akutte kommer først.'",
        "why:",
        f"15:5: «why» er tom. Skriv en tekst, eller slet linjen. {HASH}",
    ),
    "only blanks": (
        "why: 'Det akutte kommer først.'",
        "why: '  '",
        "15:5: «why» er tom. Skriv en tekst, eller slet linjen.",
    ),
    "empty list": ("contacts: [leder]", "contacts: []", "52:5: «contacts» er tom. Der skal stå mindst 1."),
    "empty list in when": ("akut: [nej]", "akut: []", "29:27: «akut»: listen er tom."),
    "empty item": ("      - Ring 112\n", "      -\n", f"39:8: «text» er tom. Skriv en tekst. {HASH}"),
    "one option": (
        '      savn: {label: "Savn, sult", flags: [vanroegt]}\n',
        "",
        "25:5: «options» har kun 1. Der skal stå mindst 2.",
    ),
    "too long": (
        "title: Ring 112",
        "title: " + "x" * 241,
        "34:5: «title» er for lang: 241 tegn. Der må højst være 240.",
    ),
    "two lines": (
        "title: Ring 112",
        "title: |\n      Ring\n      112",
        "34:5: «title»: «Ring 112» skal stå på én linje.",
    ),
    "bad id": ("goto: set}", "goto: Sét på}", f"18:25: «goto»: «Sét på» {RULE} Skriv «set-paa»."),
    "bad id as key": (
        "      slag: {",
        "      Slåen Ødelagt: {",
        f"26:7: «Slåen Ødelagt» {RULE} Skriv «slaaen-oedelagt».",
    ),
    "bad id in a list": (
        "law: [barnets-lov-133]\n  leder:",
        "law: [Barnets Lov § 133]\n  leder:",
        f"43:11: «law» punkt 1: «Barnets Lov § 133» {RULE} Skriv «barnets-lov-133».",
    ),
    "id of nothing but signs": ("start: akut", "start: '!?'", f"9:1: «start»: «!?» {RULE}"),
    "id too long": ("start: akut", "start: " + "a" * 41, "9:1: «start» er for lang: 41 tegn. Der må højst være 40."),
    "a day that is not": (
        "2026-11-21",
        "2026-02-30",
        "7:1: «reviewed»: «2026-02-30» er ikke en dato i kalenderen. Ret dagen.",
    ),
    "a Danish date": ("2026-11-21", "21.11.2026", "7:1: «reviewed»: «21.11.2026» er ikke en dato. Skriv «2026-11-21»."),
    "seconds as date": ("2026-11-21", "86400", f"7:1: «reviewed»: «86400» {DATE}"),
    "a date with a time": ("2026-11-21", "2026-11-21T00:00:00", f"7:1: «reviewed»: «2026-11-21T00:00:00» {DATE}"),
    "a list as date": ("2026-11-21", "[2026]", f"7:1: «reviewed»: det, der står her, {DATE}"),
    "yes is not true": ("locked: true", "locked: yes", f"24:5: «locked» {TRUTH}"),
    "True is not true": ("locked: true", "locked: True", f"24:5: «locked» {TRUTH}"),
    "one is not true": ("locked: true", "locked: 1", f"24:5: «locked» {TRUTH}"),
    "empty truth": ("locked: true", "locked:", "24:5: «locked» er tom. Skriv en værdi, eller slet linjen."),
}


@pytest.mark.parametrize("name", FLOW_ERRORS)
def test_one_error_one_finding(name: str) -> None:
    old, new, finding = FLOW_ERRORS[name]
    text = changed(old, new) if name != "bad id in a list" else FLOW.replace(old, new, 1)
    assert findings_of(Flow, text) == [finding]


def test_a_colon_in_a_list_is_explained() -> None:
    found = findings_of(Flow, changed("      - Ring 112\n", "      - Ring straks: 112\n"))
    assert any("39:9: «Ring straks» kendes ikke" in f and "Sæt hele teksten i anførselstegn" in f for f in found)


CONTACT = "contacts:\n  leder:\n    title: Leder\n    help: Hjælp\n    {}\n"


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("phone: '112'", ""),
        ("phone: 70 20 12 01", ""),
        ("phone: 116 111", ""),
        (
            "phone: '70201201'",
            "«phone»: «70201201» er ikke et telefonnummer. Skriv «70 20 12 01».",
        ),
        ("phone: +45 70 20 12 01", "er ikke et telefonnummer"),
        ("link: http://dr.dk", "«link»: «http://dr.dk» er ikke et link. Skriv «https://dr.dk»."),
        ("link: 'javascript:alert(1)'", "er ikke et link"),
        ("checked: snart", "«checked»: «snart» er ikke en dato"),
        ("phone:", "«phone» er tom. Skriv en værdi, eller slet linjen."),
    ],
)
def test_contacts(line: str, finding: str) -> None:
    found = findings_of(ContactList, CONTACT.format(line))
    assert (len(found) == 1 and found[0].startswith("5:5: ") and finding in found[0]) if finding else found == []


def test_a_municipality_code_keeps_its_zero() -> None:
    assert "«code»: «101a» er ikke en kommunekode" in findings_of(Municipality, "name: X\ncode: 101a\n")[0]
    assert findings_of(Municipality, "name: X\ncode: 025\n") == []


def test_keys_of_registers_and_scenarios() -> None:
    assert "2:3: «akutt» kendes ikke. Vælg mellem:" in "\n".join(
        findings_of(Registers, "levels:\n  akutt: {}\nparents: {}\n")
    )
    found = findings_of(ScenarioList, "en:\n  titel: x\n  answers: {a: b}\n  ends: c\n")
    assert found == [
        "1:1: «title» mangler under «en». Tilføj linjen «title: …» (Hvad der sker i historien).",
        "2:3: «titel» kendes ikke under «en». Mente du «title»?",
    ]


def test_all_errors_of_a_file_at_once() -> None:
    text = FLOW
    for old, new, _ in [
        FLOW_ERRORS[n] for n in ("unknown key", "level", "literal", "a day that is not", "bad id", "yes is not true")
    ]:
        text = text.replace(old, new, 1)
    assert [found.split(":")[0] for found in findings_of(Flow, text)] == ["7", "15", "18", "22", "24", "35"]


def test_findings_point_into_the_file_that_must_be_corrected() -> None:
    base, _ = parse(FLOW.encode(), "flow.yaml")
    over, _ = parse(b"\nquestions:\n  set:\n    kind: mange\n    hjaelp: x\n", "kommune/flow.yaml")
    assert base and over
    _, findings = build(Flow, merge(base, over))
    assert [(f.file, f.line, f.column) for f in findings] == [("kommune/flow.yaml", 4, 5), ("kommune/flow.yaml", 5, 5)]


def test_thousands_of_errors_are_shown_soon_and_capped() -> None:
    document, _ = parse(b"".join(b"titel%d: x\n" % n for n in range(9_000)), "f.yaml")
    assert document
    began = time.perf_counter()
    _, findings = build(Flow, document)
    assert time.perf_counter() - began < HANGS
    assert len(findings) == MAX_FINDINGS and "flere fejl" in findings[-1].message


def test_suggest() -> None:
    assert suggest("akutt", ["akut", "leder"]) == " Mente du «akut»?"
    assert suggest("Tandlæge", ["tandlaege"]) == " Mente du «tandlaege»?"
    assert suggest("xyz", ["akut"]) == ""
    assert suggest("akut", []) == ""
    assert suggest("a" * 5_000, ["aaa"]) == ""


def test_as_id() -> None:
    assert as_id("Hvad har du SET på Ærø?") == "hvad-har-du-set-paa-aeroe"
    assert as_id("§ 133") == "133"
    assert len(as_id("abc " * 40)) <= 40
    assert as_id("!!") == ""


def test_an_error_that_nobody_thought_of_is_still_in_danish() -> None:
    fault = Fault(Contact, ("title",), "some_new_kind", 1, {}, False)
    assert word_for(fault) == "«title» er ikke skrevet rigtigt. Se vejledningen til forfattere."


# --- files --------------------------------------------------------------------------------------------------------


def test_files_are_named_from_the_root(tmp_path: Path) -> None:
    path = tmp_path / "flows" / "x" / "flow.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(FLOW.replace("level: akut", "level: x").encode())
    _, findings = read_yaml(Flow, path, Folder(tmp_path))
    assert [(f.file, f.line) for f in findings] == [("flows/x/flow.yaml", 35)]
    path.write_bytes(FLOW.encode())
    flow, findings = read_yaml(Flow, path, Folder(tmp_path))
    assert flow is not None and flow.title == "Prøvefaget" and findings == []


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    _, findings = read_document(tmp_path / "a" / "b.yaml", Folder(tmp_path))
    assert findings == [Finding("a/b.yaml", 0, 0, "Filen findes ikke.")]
    _, findings = read_document(tmp_path, Folder(tmp_path.parent))
    assert "mappe" in findings[0].message
    (tmp_path / "big.yaml").write_bytes(b"#" * 10_000_000)
    _, findings = read_document(tmp_path / "big.yaml", Folder(tmp_path))
    assert "256 kB" in findings[0].message


LETTER = (
    "---\ntitle: Brev\nto: kommune\nhelp: Når du skriver\nblanks:\n  navn: Barnets navn\nsource: Ingen\n---\n"
    "\nKære {navn}\n\n---\nHilsen\n"
)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_markdown_with_keys_first(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "brev.md"
    path.write_bytes(b"\xef\xbb\xbf" + LETTER.replace("\n", ends).encode())
    letter, findings = read_markdown(Letter, path, Folder(tmp_path))
    assert findings == []
    assert letter is not None
    assert letter.text.splitlines() == ["Kære {navn}", "", "---", "Hilsen"]
    assert letter.blanks["navn"].label == "Barnets navn"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("# Overskrift\n", "brev.md:1:1: Filens første linje skal være «---»"),
        ("", "brev.md:1:1: Filens første linje skal være «---»"),
        ("---\ntitle: x\n", "brev.md:1:1: Der mangler en linje med «---»"),
        ("---\ntitle: x: y\n---\nHej\n", "brev.md:2:9: Der står et kolon i teksten"),
        ("---\ntitel: x\n---\nHej\n", "brev.md:2:1: «titel» kendes ikke i filen. Mente du «title»?"),
        ("---\ntitle: x\n---\n\n", "brev.md:3:1: «text» er tom. Skriv en tekst."),
        ("---\ntitle: x\ntext: y\n---\nHej\n", "brev.md:3:1: «text» må ikke stå her"),
        ("---\ntitle: x\n---\nHej\x07\n", "brev.md:4:4: Her er et usynligt tegn (U+0007)"),
        (
            "---\ntitle: x\n---\n" + "Hej " * 5_000,
            "brev.md:1:1: Filen er for lang: 20.017 tegn. Der må højst være 20.000.",
        ),
    ],
)
def test_markdown_findings(tmp_path: Path, text: str, finding: str) -> None:
    path = tmp_path / "brev.md"
    path.write_bytes(text.encode())
    page, findings = read_markdown(Page, path, Folder(tmp_path))
    assert page is None
    assert any(str(found).startswith(finding) for found in findings), list(map(str, findings))


def test_a_long_page_is_one_text(tmp_path: Path) -> None:
    path = tmp_path / "side.md"
    path.write_text("---\ntitle: x\n---\n" + "Hej\n" * 4_000, encoding="utf-8")
    page, findings = read_markdown(Page, path, Folder(tmp_path))
    assert findings == [] and page is not None and len(page.text) > 15_000
