"""Writes the `.gz` beside every stylesheet, script and drawing that is served, so that no request compresses anything.

    python tools/compress_static.py     # after every change to a .css, .js or .svg under guide/web/static

The same input gives the same bytes (no time, no name in the header). A file is only written when it is out of date,
so another version of zlib changes nothing. `tests/web/test_vendor.py` fails when one is stale.
"""

from __future__ import annotations

import gzip
from pathlib import Path

STATIC = Path(__file__).parent.parent / "guide" / "web" / "static"
KINDS = {".css", ".js", ".svg"}
# Below this the header and the extra request variant cost more than they save.
SMALLEST = 1000


def sources() -> list[Path]:
    """The files that have a `.gz` beside them."""
    return sorted(p for p in STATIC.rglob("*") if p.suffix in KINDS and p.stat().st_size >= SMALLEST)


def packed(path: Path) -> Path:
    """Where the compressed form of a file lies."""
    return path.with_name(path.name + ".gz")


def is_fresh(path: Path) -> bool:
    """Whether the compressed form is there and says the same."""
    return packed(path).is_file() and gzip.decompress(packed(path).read_bytes()) == path.read_bytes()


def main() -> None:
    wanted = {packed(path) for path in sources()}
    for stale in [path for path in STATIC.rglob("*.gz") if path not in wanted]:
        stale.unlink()
    for path in sources():
        if not is_fresh(path):
            packed(path).write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            print(f"{path.relative_to(STATIC)}: {path.stat().st_size} -> {packed(path).stat().st_size} bytes")


if __name__ == "__main__":
    main()
