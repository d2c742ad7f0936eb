"""400 plain sound flows of 25 steps: how long it takes to read, check and prove them all, with all kommuner.

The flows are made up with a fixed seed: flags, a question that takes several answers, rules that read each other's
answers, «ved ikke», advice for certain answers, and scenarios that choose every option. Laws, contacts, texts and
kommuner are the shipped ones. No two flows share a text, so nothing is checked once for all of them.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from guide.flows.machine import build
from guide.flows.walk import Walk
from guide.library.checks import check
from guide.library.library import load
from guide.library.places import content_root
from guide.model import Flow

FLOWS, TOPICS, DEEP = 400, 4, 3
SEED = 20261122

SHADES = {"alvorlig": "Ja, det er alvorligt", "noget": "Ja, noget", "lidt": "Kun lidt", "ved-ikke": "Det ved jeg ikke"}
PARENTS = {"vil-ikke": "De vil ikke", "enige": "De er enige", "ikke-talt": "Vi har ikke talt", "ved-ikke": "Ved ikke"}
LONG = {"laenge": "I lang tid", "kort": "I kort tid", "foerst-nu": "Først nu", "ved-ikke": "Ved ikke"}
ABUSE = {"vold": ["vold"], "seksuelt": ["seksuelt"], "vanroegt": ["vanroegt"], "ingen": [], "ved-ikke": []}
BOTH = ["modtagelse", "doegnvagt"]


def measure(flows: int = FLOWS) -> dict[str, float]:
    """Seconds to read and prove, to check, and both; how much was read, and how many states were found."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "da"
        write(root, flows)
        size = sum(path.stat().st_size for path in (root / "flows").rglob("*.yaml"))
        begun = time.perf_counter()
        library, findings = load(root)
        read = time.perf_counter() - begun
        findings += check(library)
        whole = time.perf_counter() - begun
    wrong = [str(finding) for finding in findings]
    if wrong or len(library.flows) != flows:
        raise AssertionError(f"the made-up content is not sound: {wrong[:5]}")
    proofs = [playable.proof for playable in library.flows.values() if playable.proof]
    return {
        "flows": len(proofs),
        "steps": sum(len(proof.flow.questions) + len(proof.flow.outcomes) for proof in proofs),
        "kommuner": len(library.municipalities),
        "kB of YAML": size / 1000,
        "states": sum(len(proof.links) for proof in proofs),
        "read and proven, s": read,
        "checked, s": whole - read,
        "in all, s": whole,
    }


def write(root: Path, flows: int) -> None:
    """A content folder with so many made-up flows."""
    shutil.copytree(content_root(), root, ignore=shutil.ignore_patterns("flows", "municipalities"))
    _dump(root / "registers" / "principles.yaml", {"principles": {"p1": {"title": "En fagregel"}}})
    _dump(root / "registers" / "professions.yaml", {"professions": {}})
    chance = random.Random(SEED)
    for n in range(flows):
        folder = root / "flows" / f"flow-{n:03}"
        folder.mkdir(parents=True)
        data = _flow(chance, f"nr. {n}")
        _dump(folder / "outcomes.yaml", {"outcomes": data.pop("outcomes")})
        _dump(folder / "flow.yaml", data)
        flow = Flow.model_validate({**data, **yaml.safe_load((folder / "outcomes.yaml").read_text(encoding="utf-8"))})
        _dump(folder / "scenarios.yaml", _scenarios(flow))


class Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes what stands in two places twice: the reader takes no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _dump(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.dump(data, Dumper=Plain, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8")


def _topic(topic: int, deep: int) -> str:
    return f"emne-{topic}-{deep}"


def _flow(chance: random.Random, name: str) -> dict[str, Any]:
    fare = [("ja", ["akut"], "akut"), ("ved-ikke", ["akut"], "akut"), ("nej", [], "overgreb")]
    questions: dict[str, Any] = {
        "akut-fare": _question(f"Er barnet i fare nu, {name}?", {o: (o, flags, goto) for o, flags, goto in fare}),
        "overgreb": _question(f"Ser du tegn på overgreb, {name}?", {o: (o, f, None) for o, f in ABUSE.items()}),
        "hvem": _question(f"Hvem gør det, {name}?", {o: (o, [], None) for o in ("hjemme", "ude", "ved-ikke")}),
        "emne": _question(
            f"Hvad er du mest i tvivl om, {name}?",
            {f"emne-{t}": (f"Emne {t}", [], _topic(t, 1)) for t in range(TOPICS)},
        ),
    }
    abuse = ["vold", "seksuelt", "vanroegt", "ved-ikke"]
    questions["overgreb"] |= {"kind": "several", "next": [{"when": {"overgreb": abuse}, "goto": "hvem"}, _to("emne")]}
    outside = {"overgreb": ["vold"], "hvem": ["ude"]}
    neglect = {"when": {"overgreb": ["vanroegt"]}, "goto": "straks"}
    questions["hvem"]["next"] = [neglect, {"when": outside, "goto": "straks-ude"}, _to("straks")]
    for topic in range(TOPICS):
        for deep in range(1, DEEP + 1):
            asked = f"Er der noget galt med emne {topic} og del {deep}, {name}?"
            options = {o: (label, [], None) for o, label in SHADES.items()}
            after = _topic(topic, deep + 1) if deep < DEEP else "laenge"
            questions[_topic(topic, deep)] = {**_question(asked, options), "next": [_to(after)]}
    options = {o: (label, [], None) for o, label in LONG.items()}
    questions["laenge"] = {**_question(f"Har det stået på længe, {name}?", options), "next": [_to("foraeldre")]}
    questions["foraeldre"] = _question(
        f"Hvad siger forældrene, {name}?", {o: (s, [], None) for o, s in PARENTS.items()}
    )
    questions["foraeldre"]["next"] = [*(_rule(chance, n) for n in range(2 * TOPICS)), _to("undren")]
    about = {"title": f"Flow {name}", "audience": "Dem, der måler", "help": "Et flow, der er lavet til at måle på."}
    about |= {"reviewed": "2026-11-21", "source": "Opdigtet til måling.", "start": "akut-fare"}
    return {**about, "questions": questions, "outcomes": _outcomes(name)}


def _to(step: str) -> dict[str, Any]:
    return {"goto": step}


def _question(title: str, options: dict[str, tuple[str, list[str], str | None]]) -> dict[str, Any]:
    made = {
        name: {"label": label} | ({"flags": flags} if flags else {}) | (_to(goto) if goto else {})
        for name, (label, flags, goto) in options.items()
    }
    tell = f"Tænk på det, du selv har set. {title} Svar, som det er i dag."
    return {"title": title, "help": tell, "why": f"Vi spørger, fordi svaret viser vej. {title}", "options": made}


def _rule(chance: random.Random, n: int) -> dict[str, Any]:
    """A rule that reads the first answer of a topic, another one, and what comes after; no rule covers another."""
    topic, second = n // 2, 2 + n % 2
    when: dict[str, Any] = {_topic(topic, deep): chance.sample(list(SHADES), 2) for deep in (1, second)}
    if chance.random() < 0.5:
        when["laenge"] = chance.sample(list(LONG), 2)
    when["foraeldre"] = chance.sample(list(PARENTS), 3)
    return {"when": when, "goto": ("underret", "bekymring", "underret-efter")[n % 3]}


def _outcomes(name: str) -> dict[str, Any]:
    rows = [
        ("akut", "akut", "ikke", ["alarm"]),
        ("straks", "straks", "ikke", BOTH),
        ("straks-ude", "straks", "efter-aftale", BOTH),
        ("underret", "underret", "foerst", BOTH),
        ("underret-efter", "underret", "efter-aftale", BOTH),
        ("bekymring", "bekymring", "foerst", ["modtagelse"]),
        ("undren", "undren", "foerst", ["modtagelse"]),
    ]
    return {step: _outcome(f"{step} {name}", level, parents, who) for step, level, parents, who in rows}


def _outcome(title: str, level: str, parents: str, contacts: list[str]) -> dict[str, Any]:
    do = [f"Skriv ned, hvad du har set. {title}", f"Ring, og sig, hvad du har set. {title}"]
    only = {"text": f"Sig det til din leder. {title}", "when": {"foraeldre": ["vil-ikke"]}}
    common = {"title": title, "level": level, "parents": parents, "help": f"Det gør du nu. {title}"}
    mild = {"raises": ["Der er mere", "Det bliver værre"], "again": "Om to uger."} if len(contacts) < 2 else {}
    law = ["skaerpet-pligt"]
    return {**common, "do": [*do, only], "contacts": contacts, "law": law, **(mild if level != "akut" else {})}


def _scenarios(flow: Flow) -> dict[str, Any]:
    """A walk for each option of each question, and where the flow itself says that it ends."""
    machine, found, shades = build(flow), dict[str, Any](), list(SHADES)
    calm = {"akut-fare": ["nej"], "overgreb": ["ingen"]}
    answers = [{"akut-fare": [option]} for option in ("ja", "ved-ikke")]
    answers += [
        {"akut-fare": ["nej"], "overgreb": [o], "hvem": [w]} for o in list(ABUSE)[:3] for w in ("hjemme", "ude")
    ]
    answers += [{"akut-fare": ["nej"], "overgreb": ["ved-ikke"], "hvem": ["ved-ikke"]}]
    for topic in range(TOPICS):
        for n, shade in enumerate(shades):
            way = {_topic(topic, deep): [shade] for deep in range(1, DEEP + 1)}
            answers.append(
                {**calm, "emne": [f"emne-{topic}"], **way, "laenge": [list(LONG)[n]], "foraeldre": [list(PARENTS)[n]]}
            )
    for n, given in enumerate(answers):
        walk = Walk(flow, machine, {step: tuple(options) for step, options in given.items()})
        said = {step: options[0] for step, options in given.items()}
        found[f"s{n}"] = {"title": f"Scenarie {n}", "answers": said, "ends": walk.current}
    return found


if __name__ == "__main__":
    for what, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else FLOWS).items():
        print(f"{what}: {value:.2f}" if isinstance(value, float) else f"{what}: {value}")
