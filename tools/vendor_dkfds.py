"""Fetches Det Fælles Designsystem (DKFDS) and writes the part that we use; run only to move to a new version.

    python tools/vendor_dkfds.py        # needs npm; then tools/compress_static.py and commit what it wrote

The files are committed because installing the guide must need neither Node nor a network. Nobody edits them by
hand: every change is made here, and `VENDOR.json` says what each file must be (`tests/web/test_vendor.py`).
Only the stylesheet, fonts and icons are taken: we use no JavaScript.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "11.2.0"
INTEGRITY = "sha512-JuVf8NjEOeF+TKIhEFXa3BfZvk1ulQM8+XN+6QhgDo6kiwwvupyBY34YU4FglBeyFWHbE5mYDmnrcYTWOSKkEA=="
DEST = Path(__file__).parent.parent / "guide" / "web" / "static" / "dkfds"
# The package only links to the Apache licence of the icons; the licence asks for a copy, so ours stays in place.
KEPT = "LICENSE-Apache-2.0.txt"

# DKFDS declares eight faces of about 58 kB each, and the first asks for .eot and .woff before .woff2. Two weights are
# enough: 600 stands in for 700, 400 for 500, and the browser slants the few words in italics. IBM also publishes each
# font in parts by alphabet, as they come and under the same name (so no subsetting, which the licence would not let
# keep its name); a browser then fetches 34 kB for Danish and the rest only for a page that has such a letter.
WEIGHTS = {"Regular": "400 500", "SemiBold": "600 700"}
PARTS = {
    "Latin1": "U+0000,U+000D,U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2013-2014,"
    "U+2018-201A,U+201C-201E,U+2020-2022,U+2026,U+2030,U+2039-203A,U+2044,U+20AC,U+2122,U+2212,U+FB01-FB02",
    "Latin2": "U+0100-0101,U+0104-0130,U+0132-0151,U+0154-017F,U+018F,U+0192,U+01A0-01A1,U+01AF-01B0,U+01FA-01FF,"
    "U+0218-021B,U+0237,U+0259,U+1E80-1E85,U+1E9E,U+20A1,U+20A4,U+20A6,U+20A8-20AA,U+20AD-20AE,U+20B1-20B2,"
    "U+20B4-20B5,U+20B8-20BA,U+20BD,U+20BF",
    "Pi": "U+2032-2033,U+2070,U+2074-2079,U+2080-2089,U+2113,U+2116,U+2126,U+212E,U+2150-2151,U+2153-215E,"
    "U+2190-2199,U+21A9-21AA,U+21B0-21B3,U+2202,U+2206,U+220F,U+2211,U+2215,U+221A,U+221E,U+222B,U+2248,U+2260,"
    "U+2264-2265,U+25CA,U+2713,U+274C",
}
FACE = (
    "@font-face{{font-display:swap;font-family:IBM Plex Sans;font-style:normal;font-weight:{weights};"
    'src:url(../fonts/{file}) format("woff2");unicode-range:{letters}}}'
)
# One rule per icon (157 of them, each with its own file) and two placeholder logos: icons come from the sprite.
UNUSED = re.compile(r"\.icon-[a-z-]+:not\(a\)\{[^}]*\}|[^{}]*\{[^{}]*url\(\.\./img/logo-[^)]*\)[^}]*\}")


def fetch(folder: Path) -> dict[str, bytes]:
    """The package's files by name, after its checksum has been found right."""
    command = ["npm", "pack", f"dkfds@{VERSION}", "--silent", "--ignore-scripts"]
    name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
    packed = (folder / name).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if found != INTEGRITY:
        raise SystemExit(f"dkfds {VERSION} has checksum {found}, not {INTEGRITY}")
    with tarfile.open(folder / name) as archive:
        members = [member for member in archive if member.isfile() and member.name.startswith("package/dist/")]
        return {m.name.removeprefix("package/dist/"): archive.extractfile(m).read() for m in members}  # type: ignore[union-attr]


def fonts() -> dict[str, str]:
    """Our font file → the package's."""
    names = [f"IBMPlexSans-{weight}-{part}.woff2" for weight in WEIGHTS for part in PARTS]
    return {f"fonts/{name}": f"fonts/IBMPlexSans/split/woff2/{name}" for name in names}


def rewrite(css: str) -> str:
    """The stylesheet with our faces, and without what would ask for files that we leave out."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = UNUSED.sub("", css)
    css = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css)
    faces = "".join(
        FACE.format(weights=weights, file=f"IBMPlexSans-{weight}-{part}.woff2", letters=letters)
        for weight, weights in WEIGHTS.items()
        for part, letters in PARTS.items()
    )
    # A byte order mark or @charset only counts in first place.
    css = css.lstrip("\ufeff").removeprefix('@charset "UTF-8";')
    return '@charset "UTF-8";' + faces + css.strip() + "\n"


def chosen(package: dict[str, bytes]) -> dict[str, bytes]:
    """What is written, by path under the destination."""
    css = rewrite(package["css/dkfds.min.css"].decode())
    images = sorted(set(re.findall(r"url\(\.\./(img/[^)]*)\)", css)))
    wanted = {name: name for name in [*images, "img/all-svg-icons.svg", "LICENSE.md"]} | fonts()
    wanted["LICENSE-IBM-Plex.txt"] = "fonts/IBMPlexSans/complete/woff2/license.txt"
    return {"css/dkfds.min.css": css.encode()} | {ours: package[theirs] for ours, theirs in wanted.items()}


def write(files: dict[str, bytes], dest: Path) -> None:
    """Replaces everything under `dest` but the kept licence, and says in VENDOR.json what is there."""
    for old in [path for path in dest.rglob("*") if path.is_file() and path.name != KEPT]:
        old.unlink()
    files = files | {KEPT: (dest / KEPT).read_bytes()}
    for name, content in files.items():
        path = dest / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    record = {
        "package": "dkfds",
        "version": VERSION,
        "integrity": INTEGRITY,
        "licence": "MIT AND OFL-1.1 AND Apache-2.0",
        "changed": "css/dkfds.min.css: tools/vendor_dkfds.py; all else as in the package",
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    (dest / "VENDOR.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("dest", nargs="?", type=Path, default=DEST)
    dest = parser.parse_args().dest
    with tempfile.TemporaryDirectory() as folder:
        files = chosen(fetch(Path(folder)))
    write(files, dest)
    print(f"{len(files)} files, {sum(map(len, files.values())) // 1000} kB in {dest}")


if __name__ == "__main__":
    main()
