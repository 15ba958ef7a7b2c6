"""What is proposed of a text or a case, as far as the viewer may hear it.

What was learned is of all cases, so a label, and how sure it is, could tell of a hidden one: who sees every case hears
it whole. Everybody else is proposed what the words of the catalogue say, or, where the house opens it (setting
ROUTER_FOR_UNITS), the learned labels alone. Past cases are always the viewer's own to see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.search import SearchQuery
from django.utils import timezone

from backend.complaints import catalogue
from backend.complaints.models import Complaint
from backend.complaints.suggestion import Catalogue, suggest
from backend.configuration.office import configured
from backend.core.session import system
from backend.core.words.text import clean, prefix_query
from backend.organization.models import Category, Department
from backend.triage import proposing, serving
from backend.triage.proposing import Proposal, Proposed
from permissions.core import scope
from permissions.core.viewer import Viewer

LONGEST = 10_000
PAST, LOOKED_AT = 3, 500
"""Of each proposal so many past cases are shown, out of so many of its newest."""
SHORTEST_STEM, ENDING = 4, 3
"""A word is looked for by its beginning: Turkish adds its endings behind."""


@dataclass(frozen=True)
class Suggested:
    """A category or unit that is proposed, why, and the past cases that speak for it. `sure_percent` is for who sees
    every case."""

    row: Category | Department
    words: tuple[str, ...]
    sure_percent: int | None
    past: list[Complaint]


@dataclass(frozen=True)
class Suggestions:
    """The best first, three at most. `version`: of the router that spoke; None: the words of the catalogue."""

    categories: list[Suggested]
    units: list[Suggested]
    priority: str
    version: int | None
    is_learned: bool
    is_of_law: bool

    def __bool__(self) -> bool:
        return bool(self.categories or self.units)


def on_text(text: str, place: str = "", *, but: Complaint | None = None) -> Suggestions:
    """What is proposed of a text. `but`: the case that it is of, which is no past case of itself."""
    viewer = scope.current_viewer()
    text, place = clean(text)[:LONGEST], clean(place)[:300]
    current = catalogue.current()
    found = _proposal(text, place, current, viewer)
    return Suggestions(
        categories=_suggested(Category, found.categories, but),
        units=_suggested(Department, found.units, but),
        priority=found.priority,
        version=found.router.number if found.router else None,
        is_learned=found.is_learned,
        is_of_law=found.is_of_law,
    )


def on_case(case: Complaint) -> Suggestions:
    """What is proposed of a case that the viewer sees."""
    return on_text(f"{case.subject} {case.body}", case.place, but=case)


def _proposal(text: str, place: str, current: Catalogue, viewer: Viewer) -> Proposal:
    hears_all = viewer.sees_all
    router = None
    if hears_all or configured.ROUTER_FOR_UNITS:
        with system():
            router = serving.in_force()
    found = proposing.propose(
        text,
        current,
        router,
        place=place,
        threshold=configured.ROUTER_THRESHOLD / 100,
        silent_units=configured.ROUTER_SILENT_UNITS,
    )
    return found if hears_all or not found.is_learned else _labels_alone(found, text, current)


def _labels_alone(found: Proposal, text: str, current: Catalogue) -> Proposal:
    """The first label of each question, with the words of the catalogue that the text has: nothing of how sure it is,
    of what else was near, or of which words decided."""
    words = {
        one.code: one.words
        for one in proposing.by_words(text, current, suggest(text, current), is_of_law=False).categories
    }

    def bare(items: Sequence[Proposed]) -> tuple[Proposed, ...]:
        return tuple(Proposed(one.code, words.get(one.code, ())) for one in items[:1])

    return replace(
        found, categories=bare(found.categories), units=bare(found.units), priority="", router=None
    )


def _suggested(
    model: type[Category] | type[Department], items: Sequence[Proposed], but: Complaint | None
) -> list[Suggested]:
    rows = {row.code: row for row in model.objects.filter(code__in=[one.code for one in items])}
    return [
        Suggested(
            rows[one.code],
            one.words,
            None if one.sure is None else min(int(one.sure * 100), 99),
            _past(rows[one.code], one.words, but),
        )
        for one in items
        if one.code in rows
    ]


def _past(row: Category | Department, words: Sequence[str], but: Complaint | None) -> list[Complaint]:
    """The newest closed cases of a category or unit with one of these words, of those that the viewer sees."""
    query = " | ".join(filter(None, map(_stem, words)))
    if not query:
        return []
    edge = "category" if isinstance(row, Category) else "responsible_department"
    newest = scope.visible(Complaint.objects.closed()).filter(
        **{edge: row}, registered_at__gte=timezone.now() - dt.timedelta(days=2 * 365)
    )
    newest = newest.order_by("-registered_at", "-pk")[:LOOKED_AT]
    found = Complaint.objects.filter(pk__in=newest.values("pk")).filter(
        words=SearchQuery(query, config="simple", search_type="raw")
    )
    if but is not None:
        found = found.exclude(pk=but.pk)
    return list(scope.visible(found).order_by("-registered_at", "-pk")[:PAST])


def _stem(words: str) -> str:
    """The words by their beginnings, all of them, as the database looks them up."""
    stems = (word[: max(SHORTEST_STEM, len(word) - ENDING)] for word in words.split())
    query = prefix_query(" ".join(stems))
    return f"({query})" if query else ""
