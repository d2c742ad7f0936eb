"""`guide diff`: two versions of the content, for the whole country or for one kommune with its own files on both."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import click

from guide import versions
from guide.cli import content
from guide.cli.group import main
from guide.flows.finding import Finding, errors
from guide.flows.live import TooManyStates
from guide.library.checks import check
from guide.library.difference import difference, said
from guide.library.library import Library, load
from guide.library.overlay import fingerprint
from guide.library.revision import NoContent, content_of
from guide.library.touched import ROOM, Only, told

VERSION = re.compile(r"[0-9a-f]{8,16}")
"""How a kept version is named: its hash, or the first of it."""


@main.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--kommune", help="Hvad det betyder for den kommune. Uden OLD: siden det, I godkendte.")
def diff(old: str | None, new: str | None, kommune: str | None) -> None:
    """Vis, hvilke svar der nu fører et andet sted hen.

    OLD og NEW er mapper med indhold, udgaver i git eller gemte udgaver («guide show»).
    """
    if kommune is None and (old is None or new is None):
        raise click.UsageError("Skriv to udgaver, fx «guide diff v1.0 .», eller «guide diff --kommune ID».")
    with _readable(), tempfile.TemporaryDirectory() as folder:
        if kommune is None:
            before, after = (_compared(str(name), Path(folder, room))[0] for name, room in ((old, "old"), (new, "new")))
            lines = said(difference(before, after))
        else:
            lines = _Kommune(kommune, Path(folder)).told(old, new)
        for line in lines:
            click.echo(line)


@contextmanager
def _readable() -> Iterator[None]:
    """What cannot be compared is told in Danish. Raises ClickException."""
    try:
        yield
    except TooManyStates as error:
        raise click.ClickException(f"Flowene kan ikke sammenlignes: mere end {error}.") from error
    except NoContent as error:
        raise click.ClickException(str(error)) from error
    except (OSError, BadZipFile) as error:
        raise click.ClickException(f"Udgaven kan ikke læses: {error}.") from error


def _compared(name: str, into: Path, own: Only | None = None) -> tuple[Library, list[Finding]]:
    """The content of a folder, a revision or a kept version, all its flows walkable; with a kommune's own folder.

    Also what was found on it. Raises ClickException and what `_readable` tells of.
    """
    library, found = load(_content(name, into), [own] if own else [], preview=own is not None)
    broken = [flow for flow in library.scenarios if flow not in library.flows]
    if broken or not library.flows:
        for finding in errors(found):
            click.echo(f"{name}: {finding}", err=True)
        which = ", ".join(broken) or "alle"
        raise click.ClickException(f"«{name}» kan ikke sammenlignes. Disse flow kan ikke bygges: {which}.")
    return library, found


def _content(name: str, into: Path) -> Path:
    """The base that is meant. Raises NoContent, OSError and BadZipFile."""
    data = content.settings().data
    kept = versions.kept(data, name) if VERSION.fullmatch(name) else []
    return versions.unpack(data, kept[0], into)[0] if len(kept) == 1 else content_of(name, into)


class _Kommune:
    """A kommune whose own files are read with more than one version of the national content."""

    def __init__(self, name: str, into: Path) -> None:
        """Raises ClickException when the kommune has no folder. `into`: where versions may be unpacked."""
        self.name, self.into = name, into
        roots = [content.content_root(), *content.settings().content]
        own = [root for root in roots if (root / ROOM / name / "municipality.yaml").is_file()]
        if not own:
            said = f"Der er ingen «{ROOM}/{name}/municipality.yaml» i indholdet eller i GUIDE_CONTENT."
            raise click.ClickException(f"{said} En kommune uden egne filer ser det nationale: «guide diff OLD NEW».")
        self.root = own[-1]

    def told(self, old: str | None, new: str | None) -> Iterator[str]:
        """All there is to tell. Without `new`: the content as it is now; without `old`: since what was approved."""
        own = self.folder()
        after, found = _compared(new or str(content.content_root()), self.into / "new", own)
        if old is None:
            yield from self._since_approval(after, own)
        else:
            yield from told(self._before(old), after, self.name)
        every = sorted({*errors(found), *errors(check(after))})
        wrong = [one for one in every if one.file.startswith(f"{ROOM}/{self.name}/")]
        if wrong:
            yield f"Jeres filer holder ikke på det nye. Fejl: {len(wrong)}"
            yield from (f"  {one}" for one in wrong)
        else:
            yield "Jeres filer holder på det nye: de passer på det, og de siger ikke mindre end det nationale."

    def folder(self) -> Only:
        """Its folder, of which nothing is read yet."""
        return Only(self.root, kommune=self.name)

    def _before(self, name: str) -> Library:
        return _compared(name, self.into / name[:16].replace("/", "-"), self.folder())[0]

    def _since_approval(self, after: Library, own: Only) -> Iterator[str]:
        """Each of its flows against the national one that was approved, where a kept version has that."""
        files = {Path(name).stem: one.value for name, one in own.documents.items() if f"{self.name}/flows/" in name}
        if not files:
            yield "I har ingen egne filer til flowene, så der er intet, der er godkendt på et af dem."
        for flow, value in files.items():
            approved = value.get("approved")
            base = approved.get("base") if isinstance(approved, dict) else None
            now = after.flows.get(flow)
            if not base:
                yield f"{flow}: jeres fil siger ikke, hvilket nationalt flow I har godkendt den på («base»)."
            elif now and fingerprint(now.source.document.value) == base:
                yield f"{flow}: det nationale flow er det, I godkendte."
            elif (version := self._kept_with(flow, str(base))) is None:
                yield f"{flow}: ingen gemt udgave har det nationale flow, I godkendte (base: {base}). Sammenlign selv"
                yield f"  med den udgave, I læste: «guide diff <udgave> . --kommune {self.name}»."
            else:
                yield f"{flow}, siden I godkendte (udgave {version}):"
                yield from told(self._before(version), after, self.name, frozenset({flow}))

    def _kept_with(self, flow: str, base: str) -> str | None:
        """The newest kept version with that national flow; those without fingerprints are read, after the others."""
        data, unknown = content.settings().data, list[str]()
        newest = [row.version for row in reversed(versions.served(data))]
        for version in dict.fromkeys([*newest, *versions.kept(data, "")]):
            if not versions.is_kept(data, version):
                continue
            prints = versions.prints(data, version)
            if prints.get(flow) == base:
                return version
            unknown += [] if prints else [version]
        for version in unknown:
            with tempfile.TemporaryDirectory() as folder:
                library, _ = load(versions.unpack(data, version, Path(folder))[0])
            known = library.flows.get(flow)
            if known and fingerprint(known.source.document.value) == base:
                return version
        return None
