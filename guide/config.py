"""Settings from GUIDE_* variables, each with its why. Read by cli and web only, and passed down as values."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SHORTEST_KEY = 32
"""Characters in each string of GUIDE_SECRET_KEY: what a random 192-bit key needs in base64."""


class ConfigError(Exception):
    """A setting that cannot be used. The message is Danish and names the setting."""


@dataclass(frozen=True)
class Settings:
    """What the guide is told from outside. Every field has a default: without any setting the guide runs.

    GUIDE_DATA: the only folder written to; holds the key when none is given. Default `./guide-data`.
    GUIDE_SECRET_KEY: seals the walk cookie. One or more strings of at least 32 characters, comma-separated,
        newest first, so that a key can be changed without cutting walks off.
    GUIDE_CONTENT: folders, separated as PATH is, that add `municipalities/<id>/` to the shipped content.
    GUIDE_SCOPE: the id of the one kommune this installation serves; without it all can be chosen.
    GUIDE_DATABASE_URL: where counters are kept: `postgresql://…` for several hosts, or `sqlite:///…`.
        Default: `guide.sqlite` in GUIDE_DATA.
    """

    data: Path
    secret_keys: tuple[str, ...]
    content: tuple[Path, ...]
    scope: str | None
    database_url: str | None


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Raises ConfigError; writes nothing."""
    keys = tuple(k.strip() for k in environment.get("GUIDE_SECRET_KEY", "").split(",") if k.strip())
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ConfigError(f"GUIDE_SECRET_KEY: hver nøgle skal have mindst {SHORTEST_KEY} tegn.")
    content = tuple(Path(p) for p in environment.get("GUIDE_CONTENT", "").split(os.pathsep) if p)
    for folder in content:
        if not folder.is_dir():
            raise ConfigError(f"GUIDE_CONTENT: mappen {folder} findes ikke.")
    return Settings(
        data=Path(environment.get("GUIDE_DATA") or "guide-data"),
        secret_keys=keys,
        content=content,
        scope=environment.get("GUIDE_SCOPE") or None,
        database_url=environment.get("GUIDE_DATABASE_URL") or None,
    )


def keys(settings: Settings) -> tuple[str, ...]:
    """The keys to seal with, newest first; makes one in GUIDE_DATA the first time when none is given.

    Several workers may start at once: the key file is made under another name and linked into place, so that
    all of them read the same one. Raises ConfigError when the folder cannot be written or the file is damaged.
    """
    if settings.secret_keys:
        return settings.secret_keys
    path = settings.data / "secret-key"
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"GUIDE_DATA: nøglen i {path} kan ikke læses eller skrives ({error}).") from error
    if len(key) < SHORTEST_KEY:
        raise ConfigError(f"GUIDE_DATA: nøglen i {path} er beskadiget. Slet filen, så laver guiden en ny.")
    return (key,)


def _make(path: Path) -> None:
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
