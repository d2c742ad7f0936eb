"""Writes template.docx, the empty Word document that the writing help fills in the browser.

    python tools/make_template.py       # after a change here; then commit what it wrote

A4, Danish, four styles. It says nothing of who made it or when: what is downloaded must not tell more than its text.
The same input gives the same bytes (no time, nothing compressed), so that a test can see that the file is fresh.
The words of a letter come in the place of `<!--brev-->` in word/document.xml, by static/writing/writing.js.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

DEST = Path(__file__).parent.parent / "guide" / "web" / "static" / "writing" / "template.docx"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PART = "application/vnd.openxmlformats-officedocument.wordprocessingml"

TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{PART}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{PART}.styles+xml"/>'
    "</Types>"
)
PACKAGE_LINKS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
DOCUMENT_LINKS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
# Lengths are in twentieths of a point: A4 with margins of 2.5 and 2.3 cm.
DOCUMENT = (
    f'<w:document xmlns:w="{WORD}"><w:body><!--brev--><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1304" w:right="1418" w:bottom="1304" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/>'
    "</w:sectPr></w:body></w:document>"
)


def _style(name: str, title: str, size: int, before: int, after: int, heading: int | None = None) -> str:
    """A paragraph style; sizes in half points, space in twentieths of a point."""
    plain = heading is None
    level = "" if plain else f'<w:outlineLvl w:val="{heading}"/>'
    keep = "" if plain else "<w:keepNext/>"
    based = "" if plain else '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>'
    bold = "" if plain else "<w:b/>"
    return (
        f'<w:style w:type="paragraph"{" w:default=" + chr(34) + "1" + chr(34) if plain else ""} w:styleId="{name}">'
        f'<w:name w:val="{title}"/>{based}<w:qFormat/>'
        f'<w:pPr>{keep}<w:spacing w:before="{before}" w:after="{after}" w:line="264" w:lineRule="auto"/>{level}</w:pPr>'
        f'<w:rPr>{bold}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


STYLES = (
    f'<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    '<w:lang w:val="da-DK" w:eastAsia="da-DK" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + _style("Normal", "Normal", 22, 0, 120)
    + _style("Title", "Title", 36, 0, 240, 0)
    + _style("Heading1", "heading 1", 28, 320, 80, 1)
    + _style("Heading2", "heading 2", 24, 240, 60, 2)
    + "</w:styles>"
)
PARTS = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": PACKAGE_LINKS,
    "word/document.xml": DOCUMENT,
    "word/_rels/document.xml.rels": DOCUMENT_LINKS,
    "word/styles.xml": STYLES,
}


def template() -> bytes:
    """The template as a file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, text in PARTS.items():
            archive.writestr(zipfile.ZipInfo(name), HEAD + text)
    return made.getvalue()


def main() -> None:
    DEST.parent.mkdir(parents=True, exist_ok=True)
    DEST.write_bytes(template())
    print(f"{DEST.stat().st_size} bytes in {DEST}")


if __name__ == "__main__":
    main()
