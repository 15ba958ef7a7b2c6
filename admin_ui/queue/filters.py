"""The counters above the queue: each narrows it, and what is zero is not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.queue.reading import COUNTED, Count, Filter
from permissions.queue.sources import SOURCES

PARTS: tuple[tuple[Filter, str | Promise, str], ...] = (
    (Filter.URGENT, _("Urgent"), "red"),
    (Filter.LATE, _("Late"), "red"),
    (Filter.TODAY, _("Today"), "orange"),
)


@dataclass(frozen=True)
class Chip:
    """One counter, and the address that narrows the queue to it."""

    title: str | Promise
    number: str
    url: str
    tone: str
    is_chosen: bool


def chips(counts: Mapping[str, Count], show: str, part: Filter | None) -> list[Chip]:
    """What presses, then the sources in their order; a chosen one stays to be left again."""
    whole = sum(counts.values(), Count())
    parts = [
        Chip(title, _number(whole.of(one)), "?" if part is one else f"?part={one}", tone, part is one)
        for one, title, tone in PARTS
        if whole.of(one) or part is one
    ]
    sources = [
        Chip(
            one.title,
            _number(counts.get(one.name, Count()).all),
            "?" if show == one.name else f"?show={one.name}",
            "red" if one.name == "urgent" else "grey",
            show == one.name,
        )
        for one in SOURCES
        if one.name in counts or show == one.name
    ]
    return [*parts, *sources]


def _number(count: int) -> str:
    text = f"{min(count, COUNTED):,}".replace(",", ".")
    return f"{text}+" if count > COUNTED else text
