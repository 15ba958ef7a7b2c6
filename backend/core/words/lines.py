"""Texts of one line: whichever door a value comes by, no line break and no control character stays in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import class_prepared
from django.dispatch import receiver

from backend.core.words.text import line

LONGEST = 200
LONG_LINES = frozenset({"title", "place"})
"""Columns of one line that have room for more letters; other long ones, such as addresses and notes, may have several
lines, as every `TextField` may."""


class LineAttribute(DeferredAttribute):
    """The attribute of a column of one line: what is assigned is made one (`backend.core.words.text.line`)."""

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = _in_line(value)


def _in_line(value: Any) -> Any:
    return line(value) if isinstance(value, str) and not value.isprintable() else value


class _Prepared:
    """A column's `get_db_prep_save`, of one line. What is looked up is left alone: it may be a placeholder."""

    def __init__(self, prepare: Callable[[Any, Any], Any]) -> None:
        self.prepare = prepare

    def __call__(self, value: Any, connection: Any) -> Any:
        return self.prepare(_in_line(value), connection)


def is_line(field: models.Field[Any, Any]) -> bool:
    """Whether the column holds one line."""
    return (
        isinstance(field, models.CharField)
        and field.descriptor_class in (DeferredAttribute, LineAttribute)
        and ((field.max_length or LONGEST) <= LONGEST or field.name in LONG_LINES)
    )


@receiver(class_prepared)
def _make_lines(sender: type[models.Model], **_given: Any) -> None:
    if sender.__module__.startswith(("backend.", "permissions.")):
        for field in sender._meta.local_fields:
            if is_line(field):
                setattr(sender, field.attname, LineAttribute(field))
                prepared = _Prepared(field.get_db_prep_save)  # for update()
                field.get_db_prep_save = prepared  # type: ignore[method-assign]
