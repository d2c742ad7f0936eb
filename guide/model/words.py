"""What all words share: ids, texts, dates, truth values, and the frozen base. Not here: any word itself."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=240, strip_whitespace=True, pattern=r"^[^\n]*$")]
Link = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=300)]


def _one_or_many(value: object) -> object:
    """`when: {step: a}` and `when: {step: [a, b]}` mean the same kind of thing."""
    return [value] if isinstance(value, str) else value


def _not_empty(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("listen er tom")
    return value


def _plain_bool(value: object) -> object:
    """Only `true` and `false` are truth values; `yes`, `on` and `1` are text."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _plain_date(value: object) -> object:
    """Only 2026-11-21; pydantic would also take `0` and `86400`, as seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        raise ValueError("skriv datoen som 2026-11-21")
    return value.strip()


Ids = tuple[Id, ...]
Choice = Annotated[tuple[Id, ...], BeforeValidator(_one_or_many), AfterValidator(_not_empty)]
When = dict[Id, Choice]
Day = Annotated[date, BeforeValidator(_plain_date)]
YesNo = Annotated[bool, BeforeValidator(_plain_bool), Field(strict=True)]


class Word(BaseModel):
    """What all words share: frozen, and no key that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
