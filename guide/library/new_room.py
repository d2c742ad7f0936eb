"""The first files of a kommune that begins: a folder that teaches, and that passes as it stands.

Here: finding the kommune in the register, the texts of the files, writing them where nothing is. Every line that is not
filled in yet is a comment, and no number is made up. Files whose name begins with _ are not read until their name is
changed. Not here: the schemas that an editor's program completes from (`schema.py`).
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from guide.library.library import NOWHERE
from guide.library.owned import FILES
from guide.library.playable import Playable
from guide.library.wording import as_id
from guide.model import Flow, Level, Municipality, Question

ROOM, SCHEMAS = "municipalities", "skemaer"
"""The folder of all kommuner, and the one beside it that programs complete from."""


TO_WRITE = re.compile(
    r"Skriv (?:her\b|spørgsmålet her|svaret her|brevets navn)|Skriv, (?:hvornår brevet bruges|hvor brevet kommer fra)"
)
"""How the texts begin that the first files have where an editor is to write: none of them is for anybody to read."""


class NotMade(Exception):
    """The folder was not made, and nothing was changed. The message is Danish."""


def find(name: str, register: Mapping[str, Municipality]) -> str:
    """The id of a kommune by its id, code or name, with or without «Kommune». Raises NotMade with the nearest names."""
    known = {key: kommune for key, kommune in register.items() if key != NOWHERE}
    wanted = _bare(name)
    for key, kommune in known.items():
        if wanted in (key, _bare(kommune.name)) or name.strip().zfill(3) == kommune.code:
            return key
    names = {_bare(kommune.name): kommune.name for kommune in known.values()} | {k: w.name for k, w in known.items()}
    near = dict.fromkeys(names[word] for word in difflib.get_close_matches(wanted, names, n=4, cutoff=0.6))
    hint = f" Mente du «{'» eller «'.join(near)}»?" if near else " Skriv navnet, fx «Viborg», eller koden."
    raise NotMade(f"«{name}» er ikke en kommune i registeret.{hint}")


def _bare(name: str) -> str:
    """A name as an id, without the word kommune and the s before it: «Københavns Kommune» is koebenhavn."""
    return re.sub(r"s?-(kommune|regionskommune)$", "", as_id(name))


def make(folder: Path, name: str, kommune: Municipality, flows: Mapping[str, Playable], day: date) -> list[Path]:
    """Write the first files of a kommune into `folder/municipalities/<name>`, whole or not at all; gives their paths.

    Raises NotMade when anything is there already, or when the folder cannot be written or is reached by a link.
    """
    room = folder / ROOM / name
    if os.path.lexists(room):
        raise NotMade(f"{room} findes allerede. Intet er ændret.")
    if (folder / ROOM).is_symlink():
        raise NotMade(f"{folder / ROOM} er et link til et andet sted. Skriv i den mappe, det fører til.")
    files = dict(starters(kommune, flows, day))
    try:
        (folder / ROOM).mkdir(exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".ny-", dir=folder / ROOM))
        try:
            for file, text in files.items():
                (made / file).parent.mkdir(exist_ok=True)
                (made / file).write_text(text, encoding="utf-8", newline="\n")
            made.chmod(0o755)
            made.rename(room)  # a folder that came here meanwhile is left alone: it would have to be empty
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise NotMade(f"Der kan ikke skrives i {folder}: {error.strerror}.") from error
    return [room / file for file in files]


def starters(kommune: Municipality, flows: Mapping[str, Playable], day: date) -> Iterator[tuple[str, str]]:
    """The files by their name in the kommune's folder."""
    yield FILES[0], _MUNICIPALITY.format(name=kommune.name, code=kommune.code, day=day)
    yield "LÆSMIG.md", _READ_ME.format(name=kommune.name, flows=", ".join(flows))
    for flow, playable in flows.items():
        yield f"flows/_{flow}.yaml", flow_starter(playable, day)
    yield "letters/_eget-brev.md", _LETTER


def flow_starter(playable: Playable, day: date) -> str:
    """An own file on a flow in which everything but the head is a comment; with a list of the national steps.

    What it shows fits this flow: when every # is taken away, it passes.
    """
    flow = playable.flow
    order = _in_order(flow)
    asked = [step for step in order if step in flow.questions]
    box = next(step for step in asked[1:] if not flow.questions[step].locked)
    option = next(iter(flow.questions[box].options))
    ends = [step for step in order if step in flow.outcomes]
    mild = [step for step in ends if flow.outcomes[step].level in MILD and not flow.outcomes[step].locked]
    text = _FLOW.format(flow=playable.id, title=flow.title, day=day, box=box, option=option, **_own(playable, mild))
    return text + "".join(f"##   {line}\n" for line in _steps(flow, asked, ends))


MILD = (Level.undren, Level.bekymring)
"""Before outcomes of these levels an own question does no harm: nobody waits for it to underrette."""


def _in_order(flow: Flow) -> list[str]:
    """The steps, each after one that leads to it, as nearly as a reader meets them."""
    found, todo = dict[str, None](), [flow.start]
    while todo:
        step = todo.pop(0)
        if step not in found:
            found[step] = None
            todo += [goto for goto in _goes(flow.questions[step]) if goto] if step in flow.questions else []
    return list(found)


def _own(playable: Playable, mild: Iterable[str]) -> dict[str, str]:
    """An own question before the mildest outcome, and an own outcome like a stronger one that many ways lead to."""
    flow = playable.flow
    ways = {step: [q for q in flow.questions.values() if step in _goes(q)] for step in mild}
    free = [step for step, there in ways.items() if not any(q.locked for q in there)]
    if not free:
        return {"question": "", "outcome": ""}
    by_ways = sorted(free, key=lambda step: -sum(_goes(q).count(step) for q in ways[step]))
    before = min(by_ways, key=lambda step: flow.outcomes[step].level.rank)
    like = max(by_ways, key=lambda step: (flow.outcomes[step].level.rank, flow.outcomes[step].parents.told))
    return {"question": _QUESTION.format(before=before), "outcome": _OUTCOME.format(like=like)}


def _goes(question: Question) -> list[str | None]:
    return [*(option.goto for option in question.options.values()), *(rule.goto for rule in question.next)]


def _steps(flow: Flow, asked: Iterable[str], ends: Iterable[str]) -> Iterator[str]:
    yield "Spørgsmål:"
    for step in asked:
        locked = "  (låst: ingen boks, og vejen videre er den nationale)" if flow.questions[step].locked else ""
        yield f"  {step}: {flow.questions[step].title}{locked}"
    yield "Udfald (hvor alvorligt det er, og hvad forældrene må vide):"
    for step in ends:
        yield f"  {step}: {flow.outcomes[step].title}  ({flow.outcomes[step].level}, {flow.outcomes[step].parents})"


_MUNICIPALITY = """\
# yaml-language-server: $schema=../../skemaer/municipality.schema.json
## {name}: jeres navn, numre, ord, tilbud og farver.
## En linje, der begynder med #, bliver ikke læst. Linjer med ## er forklaringer: lad dem stå.
## Tag linjer i brug: slet # og ét mellemrum foran dem. Lad resten af linjen stå, som den er rykket ind.
name: {name}
code: '{code}'

## --- Jeres numre ---
## Skriv kun numre, I har ringet til, også om aftenen. Slet de linjer, I ikke kender. Kender I ikke åbningstiden, så
## slet hours og alle linjer under den. Tider skrives 9-15 eller 8.30-12, 13-15. Lukket er closed. Hele døgnet er 9-9.
# contacts:
#   modtagelse:
#     title: Modtagelsen for børn og unge, {name}
#     help: Her underretter du, og her får du råd.
#     phone:
#     hours:
#       week:
#         man-tors:
#         fre:
#       holidays:
#       exceptions:
#         24-december:
#         31-december:
#     purpose: [underretning, raad, uden-navn]
#     fallback: doegnvagt
#     whose: barnet
#     owner: {name}
#     checked:
#     source:
#     say: |-
#       Haster det: »Jeg ringer med en akut underretning. Jeg skal tale med en rådgiver nu.«
#
#       Vil du have råd: »Jeg vil gerne drøfte en bekymring uden at sige barnets navn.«
#
#   doegnvagt:
#     title: Den sociale døgnvagt, {name}
#     help: Når modtagelsen har lukket.
#     phone:
#     hours:
#       week:
#         man-tors:
#         fre:
#         loer-soen:
#       holidays:
#       exceptions:
#         24-december:
#         31-december:
#     purpose: [akut, underretning]
#     fallback: politi
#     whose: barnet
#     owner: {name}
#     checked:
#     source:
#     say: »Jeg ringer med en akut underretning. Jeg skal tale med en rådgiver nu.«
#
#   guiden:
#     title: De, der har ansvaret for guiden i {name}
#     help: Ring, når noget i guiden er forkert eller mangler. Sig ikke noget om et barn eller en familie her.
#     phone:
#     whose: arbejdspladsen
#     owner: {name}
#     checked:
#     source:

## --- Jeres navne, ord og tilbud: vises først, når to har godkendt dem (se LÆSMIG.md) ---
# owner:
# checked: {day}
# names:
#   tvaerfagligt-moede:
# levels:
#   underret:
# offers:
#   eget-tilbud:
#     title:
#     help:
#     levels: [undren, bekymring]

## --- Jeres farve: hvid tekst skal kunne læses på den. Logoet er filen logo.png ved siden af denne. ---
# colours:
#   primary: ''
"""

_FLOW = """\
# yaml-language-server: $schema=../../../skemaer/overlay-{flow}.schema.json
## Jeres egne trin i flowet «{title}». Filen bliver ikke læst, så længe dens navn begynder med _.
## Tag den i brug: kald den {flow}.yaml, skriv owner, og slet # og ét mellemrum foran det, I vil bruge. Slet resten.
## I kan lægge noget til det nationale. I kan aldrig tage noget væk eller gøre det mildere.
owner:
checked: {day}

# questions:
#   ## En boks med jeres egne ord på et nationalt spørgsmål. Id'erne står nederst i filen.
#   {box}:
#     local: Skriv her, hvad der gælder hos jer.
#     ## Et svar mere. as siger, hvilket nationalt svar det betyder det samme som.
#     options:
#       jeres-svar:
#         label: Skriv svaret her
#         as: {option}
{question}{outcome}
## --- De nationale trin: id, så overskriften ---
"""

_QUESTION = """\
#
#   ## Et eget spørgsmål. before er det nationale trin, det bliver stillet lige før.
#   jeres-spoergsmaal:
#     before: {before}
#     title: Skriv spørgsmålet her, så man kan svare ja eller nej
#     help: Skriv her, hvad man skal tænke på.
#     why: Skriv her, hvorfor I spørger.
#     means: Skriv her, hvad I mener med ordene i spørgsmålet.
#     example: Skriv her et opdigtet eksempel.
#     options:
#       ja:
#         label: Ja
#       nej:
#         label: Nej
#         goto: jeres-udfald
"""

_OUTCOME = """\
#
# outcomes:
#   ## Et eget udfald. as er det nationale udfald, det ligner. Alt, hvad I ikke selv skriver, kommer derfra.
#   jeres-udfald:
#     as: {like}
#     title: Skriv her i én sætning, hvad man gør
#     help: Skriv her, hvad man gør nu.
#     ## Et eget brev: når letters/eget-brev.md er taget i brug, så skriv: letters: [eget-brev]
#     ## Breve til forældre og andre fagpersoner kan kun stå, hvor reglen om forældrene er foerst eller orienter.
"""

_LETTER = """\
---
title: Skriv brevets navn
to: fagperson
help: Skriv, hvornår brevet bruges, og hvornår ikke.
source: Skriv, hvor brevet kommer fra.
blanks:
  dato: Dato
  indhold:
    label: Det, du har set og hørt
    long: true
    facts: true
---

Dato: {{ dato }}

{{ indhold }}
"""

_READ_ME = """\
# {name}: jeres egen mappe i Bekymringsguiden

| fil | hvad I skriver |
|---|---|
| `municipality.yaml` | jeres navn, numre, ord, tilbud og farve. Begynd her |
| `flows/_….yaml` | jeres egne bokse, svar, spørgsmål og udfald i et flow ({flows}). Fjern `_`, når I bruger den |
| `letters/_eget-brev.md` | et eget brev. Kald det fx `henvisning.md`, og skriv `letters: [henvisning]` på et udfald |
| `logo.png` | jeres logo, højst 100 kB |

Filer, hvis navn begynder med `_`, bliver ikke læst. Det gør denne heller ikke.

1. Skriv, og gem.
2. `guide check` med `--kommune` og jeres id siger, hvad der er galt, i hvilken linje, og hvad du gør ved det.
3. `guide preview` viser siderne, mens du skriver. Her står også det, der ikke er godkendt.
4. Numre og bokse: numre er vist, når der ingen fejl er. Alt andet, I selv skriver, bliver først vist, når én hos
   myndigheden og én leder i faget har godkendt netop den tekst. `guide check` skriver de linjer, der skal ind.

Hele vejen står i `docs/kommune.md`.
"""
