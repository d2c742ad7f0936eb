"""The trusted base: what proofs cannot prove, because it is what they start from.

A flag says what an answer means; level and parents rule say what an outcome is. People review these. So they stand in
`reviewed.json`, and a change of one shows up as a change there: `python -m tests.test_reviewed` writes the file anew.
"""

from __future__ import annotations

import json
from pathlib import Path

from guide.library.library import Library, load
from guide.library.places import content_root

FILE = Path(__file__).with_name("reviewed.json")


def trusted(library: Library) -> dict[str, dict[str, dict[str, str]]]:
    """Flow -> flags of every flagged option, and level and parents rule of every outcome."""
    return {
        name: {
            "flags": {
                f"{step}/{option}": " ".join(sorted(found.flags))
                for step, question in sorted(playable.flow.questions.items())
                for option, found in sorted(question.options.items())
                if found.flags
            },
            "outcomes": {
                step: f"{outcome.level} {outcome.parents}" for step, outcome in sorted(playable.flow.outcomes.items())
            },
        }
        for name, playable in sorted(library.flows.items())
    }


def test_what_people_have_reviewed_is_unchanged(content: Library) -> None:
    assert trusted(content) == json.loads(FILE.read_text("utf-8"))


if __name__ == "__main__":
    text = json.dumps(trusted(load(content_root())[0]), ensure_ascii=False, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")
