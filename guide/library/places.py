"""Where content lies on disk: the shipped base, and nothing else."""

from __future__ import annotations

from pathlib import Path

import guide


def content_root() -> Path:
    """The shipped `content/da`: inside the wheel as `guide/_content/da`, else the checkout's own."""
    package = Path(guide.__file__).parent
    inside = package / "_content" / "da"
    return inside if inside.is_dir() else package.parent / "content" / "da"
