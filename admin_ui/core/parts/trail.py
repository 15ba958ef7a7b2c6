"""The way through the queue: what narrows it, and where in it the row stands that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

FROM = "from"
"""The parameter in addresses and forms that holds it."""
QUEUE = "queue"
NARROWING = ("show", "part", "whose")


def token(row: Any) -> str:
    """Name a row in the address of the queue."""
    return f"{row._meta.model_name}-{row.key}"


def number(text: str) -> int | None:
    """Read the place of a row; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


@dataclass(frozen=True)
class Trail:
    """`place`: that of the row, from 0; None where a step was done on the list itself."""

    narrowing: Mapping[str, str] = field(default_factory=dict)
    place: int | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Trail | None:
        """Read the way that a page or a form began with; None where it did not begin in the queue."""
        text = request.POST.get(FROM) or request.GET.get(FROM) or ""
        name, _mark, query = text.partition("?")
        if name != QUEUE:
            return None
        asked = QueryDict(query)
        return cls(narrowing(asked), number(asked.get("place", "")))

    @property
    def value(self) -> str:
        """The same as one parameter."""
        facts: dict[str, str | int] = {
            **self.narrowing,
            **({} if self.place is None else {"place": self.place}),
        }
        return f"{QUEUE}?{urlencode(facts)}" if facts else QUEUE

    def queue(self, **more: str | int) -> str:
        """The address of the queue as it is narrowed."""
        facts: dict[str, str | int] = {**self.narrowing, **more}
        query = urlencode(facts)
        return f"{reverse('admin:index')}{'?' if query else ''}{query}"

    def open(self, row: object, **more: str | int) -> str:
        """The address of the queue with this row at its side."""
        return self.queue(**({} if self.place is None else {"place": self.place}), at=token(row), **more)

    def onward(self, row: object, *, after_deed: bool, is_pane: bool) -> str:
        """The address that leads on: after a deed the row itself while it still waits, else the one that follows."""
        if self.place is None:
            return f"{self.queue()}#queue"
        return self.open(row, **{"done" if after_deed else "next": 1}, **({} if is_pane else {"alone": 1}))


def narrowing(asked: QueryDict) -> dict[str, str]:
    """What an address narrows the queue to."""
    return {name: str(asked[name])[:20] for name in NARROWING if asked.get(name)}
