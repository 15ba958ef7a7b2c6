"""What a person gave, checked: the cleaned value, or a refusal that names its field.

Inside `collecting` a refused field is noted and the checks go on, so that all faults are reported at once. The first
write, or the end, raises what was noted: nothing is done with a refused value.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import connection
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode, InputFaultsError
from backend.core.session import is_passing
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean

BLANK = re.compile(r"\{\{[^{}\n]*\}\}|\{\{|\}\}")
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


class _Noted:
    """The refusals of one input."""

    def __init__(self) -> None:
        self.errors: list[DomainError] = []

    def settle(self, last: DomainError | None = None) -> None:
        """Raise what was noted, `last` after it; of each field the first. It stays noted: a caller that catches it
        writes nothing either."""
        named: dict[Any, DomainError] = {}
        for error in [*self.errors, *(last.errors if last else ())]:
            named.setdefault(error.field or error, error)
        if named:
            raise InputFaultsError(list(named.values()))

    def before_writing(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        if self.errors and isinstance(sql, str) and WRITE.match(sql):
            self.settle()
        return execute(sql, *rest)


_noted: ContextVar[_Noted | None] = ContextVar("noted", default=None)
_prefix: ContextVar[str] = ContextVar("prefix", default="")


@contextmanager
def collecting() -> Iterator[None]:
    """Collect the faults of an input; InputFaultsError names them all. One of many inputs has a `collecting` of its
    own, so that its faults refuse no other."""
    noted = _Noted()
    token = _noted.set(noted)
    try:
        with connection.execute_wrapper(noted.before_writing):
            yield
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN:  # nothing that could be mended would help
            raise
        noted.settle(error)
    except (
        Exception
    ) as error:  # with a refused value the checks may go astray: what was refused is the reason
        if not is_passing(error):
            noted.settle()
        raise
    finally:
        _noted.reset(token)
    noted.settle()


@contextmanager
def noting() -> Iterator[None]:
    """Note a refusal that is raised inside and go on behind it; outside of `collecting` it is raised."""
    try:
        yield
    except InputFaultsError:  # what was noted before
        raise
    except DomainError as error:
        if (noted := _noted.get()) is None:
            raise
        noted.errors.append(_placed(error))


@contextmanager
def below(name: str) -> Iterator[None]:
    """Name the fields that are refused inside below `name`, as in `contact.phone`."""
    token = _prefix.set(f"{_prefix.get()}{name}.")
    try:
        yield
    except InputFaultsError:  # each has its name
        raise
    except DomainError as error:
        raise _placed(error) from None
    finally:
        _prefix.reset(token)


def _placed(error: DomainError) -> DomainError:
    """The refusal under its whole name, once."""
    if (prefix := _prefix.get()) and not error.is_placed:
        error.field = f"{prefix}{error.field}" if error.field else prefix.rstrip(".0123456789")
        error.is_placed = True
    return error


def refuse(code: ErrorCode, message: Any, field: str) -> None:
    """Refuse a field. It returns where the fault is noted: the checks behind it bear the refused value."""
    with noting():
        raise DomainError(code, message, field)


def required(text: str | None, field: str, message: Any, longest: int | None = None) -> str:
    """Return the cleaned text, or raise REQUIRED with `message`."""
    text = clean(text or "")
    if not text:
        refuse(ErrorCode.REQUIRED, message, field)
    return short(text, field, longest) if longest else text


def short(text: str | None, field: str, longest: int = 200) -> str:
    """The cleaned text, INVALID if it is longer than its column."""
    text = clean(text or "")
    if len(text) > longest:
        refuse(
            ErrorCode.INVALID, _("At most %(count)s letters are possible here.") % {"count": longest}, field
        )
    return text


def finished(text: str, field: str = "body") -> str:
    """The text, INVALID where a place such as `{{yer}}` waits to be filled in."""
    if blank := BLANK.search(text):
        message = _("“%(blank)s” is not filled in: write what belongs there, or leave it out.")
        refuse(ErrorCode.INVALID, message % {"blank": blank[0]}, field)
    return text


def web_address(text: str | None, field: str, longest: int = 200) -> str:
    """An address of the web, with https:// where nothing stands before it; "" for none. INVALID."""
    result = short(text, field, longest)
    try:
        if result and not urlsplit(result).scheme:
            result = f"https://{result}"
        if result:
            URLValidator(["http", "https"])(result)
    except (ValidationError, ValueError):
        raise DomainError(ErrorCode.INVALID, _("This is no valid web address."), field) from None
    return result


def is_email_address(text: str) -> bool:
    """Whether a mail can be addressed so."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def email_address(text: str | None, field: str = "email") -> str:
    """The cleaned address, "" from "". INVALID for what is none."""
    text = clean(text or "")
    if text and not is_email_address(text):
        raise DomainError(ErrorCode.INVALID, _("This is no valid e-mail address."), field)
    return text


def phone_number(text: str | None, field: str) -> str:
    """`normal_phone`, with the refusal at this field."""
    try:
        return normal_phone(text or "")
    except DomainError as refusal:
        raise DomainError(refusal.code, refusal.message, field) from None


def choice[C: enum.Enum](enumeration: type[C], value: object, field: str) -> C:
    """The member of a closed list, or INVALID."""
    try:
        return enumeration(value)
    except ValueError:
        raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), field) from None


def is_key(text: str) -> bool:
    """Return whether it is the form of a key."""
    try:
        return bool(text) and bool(UUID(str(text)))
    except ValueError:
        return False
