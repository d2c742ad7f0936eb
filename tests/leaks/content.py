"""The demo content with canaries for ids: what a visitor answers is then a word that can be looked for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.conftest import DEMO
from tests.leaks.canary import STEM, STEP

YES, NO = f"ja-{STEM}", f"nej-{STEM}"
HUNGER, HOME = f"sult-{STEM}", f"hjemme-{STEM}"
BEATEN, SAD = f"slag-{STEP}", f"trist-{STEP}"
OPTIONS = {"ja": YES, "nej": NO, "sult": HUNGER, "hjemme": HOME}
STEPS = {"slag": BEATEN, "trist": SAD}
"""Steps of the flow `tre`; in another flow one of these words is an option."""


def with_canaries(folder: Path) -> Path:
    """A copy of the demo content in `folder` whose options and steps have canaries for ids."""
    shutil.copytree(DEMO, folder)
    for path in (folder / "flows").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for old, new in {**OPTIONS, **(STEPS if path.parent.name == "tre" else {})}.items():
            text = re.sub(rf"(?<![\w-]){old}(?![\w-])", new, text)
        path.write_text(text, encoding="utf-8")
    return folder
