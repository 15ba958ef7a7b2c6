"""Where a page of a list ended, as a condition that an index can follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Field, Func, Value


@dataclass(frozen=True)
class KeysetPosition:
    """The rows behind a place in a list by `field` and the primary key: compared as a row, since a chain of ORs says
    the same and is two hundred times slower at three million rows."""

    field: str
    place: tuple[Any, int]
    stored: Field[Any, Any]
    key: Field[Any, Any]
    descends: bool

    def over(self, column: Callable[[str], str] = str) -> Func:
        """The condition, over the columns that stand for `field` and `pk`."""
        value, pk = self.place
        there = Func(Value(value, output_field=self.stored), Value(pk, output_field=self.key), function="")
        return Func(
            Func(F(column(self.field)), F(column("pk")), function=""),
            there,
            template="%(expressions)s",
            arg_joiner=" < " if self.descends else " > ",
            output_field=BooleanField(),
        )
