"""Writes docs/mutation.md from what the night left in build/mutation: `python -m tests.mutation.report`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.mutation.harm import Harm
from tests.mutation.harness import ALONE, Verdict, rate

ROOT = Path(__file__).parent.parent.parent
PARTS = ROOT / "build" / "mutation"
PAGE = ROOT / "docs" / "mutation.md"
COLUMNS = ("invariants", "scenarios", "reviewed", "refinement")

INTRODUCTION = """\
# Faults planted in the four flows, and who notices them

Made by `make night` and `python -m tests.mutation.report`. Each fault is one slip of an author's hand, made in memory.
*Invariants*: the graph checks and `guide/library/invariants.py`. *Scenarios*: `scenarios.yaml`. *Reviewed*: the flags,
levels and parents rules that people have read (`tests/reviewed.json`), and what each outcome must cite. *Refinement*:
against the flow as it was. Each column is that killer alone. What a fault does to those who walk is found by both flows
side by side on the same answers.

Why some survive invariants and scenarios. A flag is what proofs start from, and a contact or law reference less is
said of nobody's answers: `reviewed.json` and refinement hold these. A rule that is changed for one rare set of answers
needs a scenario with just these. What only raises a level, or changes nothing, is no danger to anybody.
"""


def save(flow: str, verdicts: Iterable[Verdict]) -> None:
    """Keep the verdicts on one flow for the report."""
    PARTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False, indent=1)
    (PARTS / f"{flow}.json").write_text(text, encoding="utf-8")


def read() -> list[Verdict]:
    """The verdicts on all flows."""
    found = []
    for path in sorted(PARTS.glob("*.json")):
        for kept in json.loads(path.read_text("utf-8")):
            found.append(Verdict(**{**kept, "noticed": tuple(kept["noticed"])}))
    return found


def page(verdicts: list[Verdict]) -> str:
    """The page: by harm, by operator, and the survivors."""
    heads, rule = f" | faults | alone | {' | '.join(COLUMNS)} |", "|---|" + "---|" * (len(COLUMNS) + 1)
    lines = [INTRODUCTION, f"{len(verdicts)} faults.", "", "| what it does" + heads, rule]
    for harm in Harm:
        _, there_are = rate(verdicts, harm)
        if there_are:
            lines.append(_row(harm.value, [v for v in verdicts if harm.value in v.harms]))
    lines += ["", "| operator" + heads, rule]
    for operator in dict.fromkeys(verdict.operator for verdict in verdicts):
        lines.append(_row(operator, [v for v in verdicts if v.operator == operator]))
    lines += ["", "«Alone»: invariants or scenarios, without any comparison.", ""]
    return "\n".join([*lines, *_survivors(verdicts)]) + "\n"


HARMLESS = frozenset({Harm.raising.value, Harm.none.value})

DANISH = {"invariants": "regler for alle veje", "scenarios": "scenarier", "reviewed": "gennemlæste flag og niveauer"}
"""The killers as the quality page names them; «refinement» is last there."""


def summary(verdicts: list[Verdict]) -> dict[str, object]:
    """What the quality page tells: faults that do harm, those that nobody noticed, and what each killer did alone."""
    harmful = [v for v in verdicts if not v.harms.keys() <= HARMLESS]
    names = {**DANISH, "refinement": "sammenligning med det nationale flow"}
    return {
        "mutants": len(harmful),
        "survivors": sum(not v.noticed for v in harmful),
        "killers": [(said, sum(name in v.noticed for v in harmful), len(harmful)) for name, said in names.items()],
    }


def _row(name: str, verdicts: list[Verdict]) -> str:
    counts = [sum(any(k in v.noticed for k in by) for v in verdicts) for by in (ALONE, *((c,) for c in COLUMNS))]
    cells = [f"{count} ({count / len(verdicts):.0%})" for count in counts]
    return f"| {name} | {len(verdicts)} | " + " | ".join(cells) + " |"


def _survivors(verdicts: list[Verdict]) -> Iterable[str]:
    yield "## Survivors of invariants and scenarios"
    for harm in Harm:
        left = [v for v in verdicts if next(iter(_worst(v))) == harm.value and not v.alone]
        if not left:
            continue
        yield f"\n### {harm.value}: {len(left)}\n"
        if harm in (Harm.lowering, Harm.danger, Harm.parents):
            for v in left:
                others = ", ".join(v.noticed) or "nobody"
                yield f"- {v.flow}, {v.operator}, `{v.place}`; noticed by {others}. {v.harms[harm.value]}"
        else:
            yield "; ".join(f"{op} {n}" for op, n in _by_operator(left).items()) + "."


def _worst(verdict: Verdict) -> Iterable[str]:
    """The harms of a fault, the most serious first."""
    return sorted(verdict.harms, key=[*(harm.value for harm in Harm), "cannot be walked"].index)


def _by_operator(verdicts: list[Verdict]) -> dict[str, int]:
    names = [verdict.operator for verdict in verdicts]
    return {name: names.count(name) for name in dict.fromkeys(names)}


if __name__ == "__main__":
    PAGE.write_text(page(read()), encoding="utf-8")
