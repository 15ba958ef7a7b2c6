"""The counters above the queue: each narrows it, and what is zero is not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.queue.kinds import Filter, Whose
from permissions.queue.reading import COUNTED, Count
from permissions.queue.sources import BY_NAME, SOURCES

PARTS: tuple[tuple[Filter, str | Promise, str], ...] = (
    (Filter.URGENT, _("Urgent"), "red"),
    (Filter.LATE, _("Late"), "red"),
    (Filter.TODAY, _("Today"), "orange"),
)


@dataclass(frozen=True)
class Narrowing:
    """What an address narrows the queue to; an unknown word narrows to nothing."""

    show: str = ""
    part: Filter | None = None
    whose: Whose | None = None

    @classmethod
    def of(cls, asked: QueryDict) -> Narrowing:
        show, part, whose = (asked.get(name, "") for name in ("show", "part", "whose"))
        return cls(
            show if show in BY_NAME else "",
            Filter(part) if part in set(Filter) else None,
            Whose(whose) if whose in set(Whose) else None,
        )

    @property
    def query(self) -> dict[str, str]:
        """The same as parameters of an address."""
        asked = {"show": self.show, "part": self.part, "whose": self.whose}
        return {name: str(value) for name, value in asked.items() if value}


@dataclass(frozen=True)
class Chip:
    """One counter, and the address that narrows the queue to it."""

    title: str | Promise
    number: str
    url: str
    tone: str
    is_chosen: bool


SHOWN = 3
"""Sources that stand in the line; the others are folded behind it."""


@dataclass(frozen=True)
class Chips:
    """The line of counters, and what is folded behind it."""

    line: list[Chip]
    folded: list[Chip]


def chips(counts: Mapping[str, Count], asked: Narrowing) -> Chips:
    """What presses, whose it is, then the sources in their order; a chosen one stays to be left again."""
    whole = sum(counts.values(), Count())
    parts = [
        Chip(title, _number(whole.of(one)), _url("part", one, asked.part), tone, asked.part is one)
        for one, title, tone in PARTS
        if whole.of(one) or asked.part is one
    ]
    people = [
        Chip(one.label, _number(whole.of(one)), _url("whose", one, asked.whose), "blue", asked.whose is one)
        for one in Whose
        if whole.of(one) or asked.whose is one
    ]
    sources = [
        Chip(
            one.title,
            _number(counts.get(one.name, Count()).all),
            _url("show", one.name, asked.show),
            "red" if one.name == "urgent" else "grey",
            asked.show == one.name,
        )
        for one in SOURCES
        if one.name in counts or asked.show == one.name
    ]
    line = [one for number, one in enumerate(sources) if number < SHOWN or one.is_chosen]
    folded = [one for one in sources if one not in line]
    if len(folded) == 1:  # its name is as short as what would stand for it
        return Chips([*parts, *people, *sources], [])
    return Chips([*parts, *people, *line], folded)


def _url(name: str, value: str, chosen: str | None) -> str:
    return "?" if chosen == value else f"?{name}={value}"


def _number(count: int) -> str:
    text = f"{min(count, COUNTED):,}".replace(",", ".")
    return f"{text}+" if count > COUNTED else text
