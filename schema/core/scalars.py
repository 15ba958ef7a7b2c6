"""Values at the door: enums with their Turkish term, strings and dates cleaned before anything sees them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from typing import Any

import strawberry
from django.utils import translation
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.words.text import clean

FIRST_YEAR, LAST_YEAR = 2, 9998  # a moment at the ends of the calendar has no local time everywhere


def described_enum[E: type[enum.Enum]](
    choices: E, name: str, description: str, terms: dict[str, str] | None = None
) -> E:
    """Publish a stored choice under `name`; each value is described in English with its Turkish term.

    `terms`: the descriptions of an enumeration whose members have no label.
    """
    published = strawberry.enum(choices, name=name, description=description)
    for value in published.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = terms[value.name] if terms else _terms(choices[value.name])
    return published


def _terms(choice: Any) -> str:
    label = choice.label
    with translation.override("en"):
        english = str(label)
    with translation.override("tr"):
        turkish = str(label)
    return f"{english} (tr: {turkish})"


def values(facts: Any, *without: str) -> dict[str, Any]:
    """The fields of an input as keyword arguments: strings cleaned, what was left out left out.

    A moment without an offset is taken as local time (Europe/Istanbul).
    """
    fields = (field.name for field in dataclasses.fields(facts))
    mapping = {name: getattr(facts, name) for name in fields if name not in without}
    for name, value in mapping.items():
        if isinstance(value, dt.datetime) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            message = _("“%(name)s” has the wrong type.") % {"name": name}
            raise DomainError(ErrorCode.INVALID, message, name)
    return {name: cleaned(value) for name, value in mapping.items() if value is not strawberry.UNSET}


def cleaned(value: Any) -> Any:
    """A value as it may go on: NFC, without NUL and control characters; lists item by item."""
    if isinstance(value, enum.Enum):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=ISTANBUL)
    return value


def at_most(text: str, length: int, field: str, message: Any) -> str:
    """The text, or TOO_LARGE with `message`."""
    if len(text) > length:
        raise DomainError(ErrorCode.TOO_LARGE, message, field)
    return text
