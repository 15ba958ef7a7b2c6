"""What a root resolver answers while a statement is made: not rows, but how they are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet


@dataclass
class Compiling:
    """The context of an operation that is being compiled; `schema.core.documents.Context` is that of one that runs."""

    compiling: bool = True


@dataclass(frozen=True)
class SingleRow:
    """The first row of these, or null; with a key, the one that has it."""

    rows: QuerySet[Any]
    key: UUID | None = None

    def found(self) -> QuerySet[Any]:
        """Return the rows narrowed to the key."""
        return self.rows if self.key is None else self.rows.filter(key=self.key)


@dataclass(frozen=True)
class ValueRows:
    """A list of these, which are rows of no table: a queryset of values, named as the fields of their type."""

    rows: QuerySet[Any]


@dataclass(frozen=True)
class RowsByIds:
    """A list of these: one row each, null where there is none. Rows of one model differ by their keys alone."""

    items: list[SingleRow | None]


@dataclass(frozen=True)
class ComputedValues:
    """What `find(**arguments)` answers in Python when the statement is asked: values named as the fields of their type,
    in which rows stand by their numbers (`schema.core.computed`)."""

    find: Callable[..., Any]
    arguments: Mapping[str, Any]
