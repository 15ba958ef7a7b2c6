"""The named filters of a list: a few values, days, and the days of moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.http import QueryDict
from django.utils.functional import Promise

from backend.core.localtime import midnight
from backend.core.words.dates import day_meant

Text = str | Promise
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Choice:
    """A filter by one of a few values; `options` yields (value in the address, text)."""

    name: str
    title: Text
    options: Callable[[], Iterable[tuple[str, Any]]]
    apply: Callable[[Any, str], Any]
    kind: str = "choice"

    @classmethod
    def of(cls, column: str, title: Text, choices: type[TextChoices]) -> Choice:
        """A filter by a column that holds one of these choices, under the column's name."""
        return cls(column, title, lambda: choices.choices, lambda rows, value: rows.filter(**{column: value}))

    def read(self, data: QueryDict) -> dict[str, str]:
        value = data.get(self.name, "")
        return {self.name: value} if value else {}

    def narrow(self, rows: Rows, query: dict[str, str]) -> Rows:
        """The rows with that value; an unknown value finds nothing."""
        if not query:
            return rows
        if not self.offers(query[self.name]):
            return rows.none()
        return self.apply(rows, query[self.name])

    def offers(self, value: str) -> bool:
        return value in {offered for offered, _text in self.options()}


@dataclass(frozen=True)
class Dates:
    """A filter from a day to a day, both included, over a date field."""

    name: str
    title: Text
    field: str
    kind: str = "dates"

    def read(self, data: QueryDict) -> dict[str, str]:
        found = {name: day_meant(str(data.get(name, "")), past=True) for name in self.names}
        return {name: day.isoformat() for name, day in found.items() if day}

    @property
    def names(self) -> tuple[str, str]:
        return f"{self.name}_from", f"{self.name}_to"

    def wrong(self, data: QueryDict) -> list[str]:
        """What was typed and is no day."""
        read = self.read(data)
        typed = {name: str(data.get(name, "")).strip() for name in self.names}
        return [text for name, text in typed.items() if text and name not in read]

    def narrow(self, rows: Rows, query: dict[str, str]) -> Rows:
        if first := day_of(query.get(f"{self.name}_from", "")):
            rows = rows.filter(**{f"{self.field}__gte": first})
        if last := day_of(query.get(f"{self.name}_to", "")):
            rows = rows.filter(**{f"{self.field}__lte": last})
        return rows


@dataclass(frozen=True)
class LocalDays(Dates):
    """The same over a moment: from the beginning of a local day to the end of one."""

    def narrow(self, rows: Rows, query: dict[str, str]) -> Rows:
        if first := day_of(query.get(f"{self.name}_from", "")):
            rows = rows.filter(**{f"{self.field}__gte": midnight(first)})
        if (last := day_of(query.get(f"{self.name}_to", ""))) and last < dt.date.max:
            rows = rows.filter(**{f"{self.field}__lt": midnight(last + dt.timedelta(days=1))})
        return rows


def day_of(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
