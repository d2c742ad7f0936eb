"""Fetches fflate, the zip library of the writing help; run only to move to a new version.

    python tools/vendor_zip.py          # needs npm; then tools/compress_static.py and commit what it wrote

The files are committed because installing the guide must need neither Node nor a network. Nobody edits them by
hand: they are as in the package, and `VENDOR.json` says what each must be (`tests/web/test_vendor.py`).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "0.8.3"
INTEGRITY = "sha512-tbZNuJrLwGUp3zshBtdy4W+ORxZuIh8a5ilyIEQDC5rY1f3U20JMry0Ll3WBzU58EZKsEuJFXhb5gwv8CsPvgA=="
DEST = Path(__file__).parent.parent / "guide" / "web" / "static" / "writing" / "fflate"
CHOSEN = {"fflate.js": "package/umd/index.js", "LICENSE.txt": "package/LICENSE"}
"""Our name → the package's: the one form that is a plain script and is already made small."""


def fetch(folder: Path) -> dict[str, bytes]:
    """The files we use by our name, after the package's checksum has been found right."""
    command = ["npm", "pack", f"fflate@{VERSION}", "--silent", "--ignore-scripts"]
    name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
    packed = (folder / name).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if found != INTEGRITY:
        raise SystemExit(f"fflate {VERSION} has checksum {found}, not {INTEGRITY}")
    with tarfile.open(folder / name) as archive:
        return {ours: archive.extractfile(theirs).read() for ours, theirs in CHOSEN.items()}  # type: ignore[union-attr]


def write(files: dict[str, bytes], dest: Path) -> None:
    """Writes the files, and says in VENDOR.json what is there."""
    dest.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (dest / name).write_bytes(content)
    record = {
        "package": "fflate",
        "version": VERSION,
        "integrity": INTEGRITY,
        "licence": "MIT",
        "changed": "nothing",
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    (dest / "VENDOR.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("dest", nargs="?", type=Path, default=DEST)
    dest = parser.parse_args().dest
    with tempfile.TemporaryDirectory() as folder:
        files = fetch(Path(folder))
    write(files, dest)
    print(f"{len(files)} files, {sum(map(len, files.values())) // 1000} kB in {dest}")


if __name__ == "__main__":
    main()
