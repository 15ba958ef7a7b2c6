"""What a person gave, checked: the cleaned value, or a refusal that names its field."""

from __future__ import annotations

import enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean


def required(text: str | None, field: str, message: Any, longest: int | None = None) -> str:
    """Return the cleaned text, or raise REQUIRED with `message`."""
    text = clean(text or "")
    if not text:
        raise DomainError(ErrorCode.REQUIRED, message, field)
    return short(text, field, longest) if longest else text


def short(text: str | None, field: str, longest: int = 200) -> str:
    """The cleaned text, INVALID if it is longer than its column."""
    text = clean(text or "")
    if len(text) > longest:
        raise DomainError(
            ErrorCode.INVALID, _("At most %(count)s letters are possible here.") % {"count": longest}, field
        )
    return text


def choice[C: enum.Enum](enumeration: type[C], value: object, field: str) -> C:
    """The member of a closed list, or INVALID."""
    try:
        return enumeration(value)
    except ValueError:
        raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), field) from None
