"""What a root resolver answers while a statement is made: not rows, but how they are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass
class Compiling:
    """The context of an operation that is being compiled; `schema.core.documents.Context` is that of one that runs."""

    compiling: bool = True


@dataclass(frozen=True)
class SingleRow:
    """The first row of these, or null."""

    rows: QuerySet[Any]


@dataclass(frozen=True)
class RowsByIds:
    """A list of these: one row each, null where there is none."""

    items: list[SingleRow | None]
