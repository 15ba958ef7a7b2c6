"""Words in a list of cases, found in the way that costs least: rare ones by their index, frequent ones along the list.

Looking up all cases with a frequent word costs more the more there are; going along a list until a page is full of
cases with a rare one reads the list. PostgreSQL knows which is which, but not while it plans for parameters, nor under
a policy (full-text search is not leakproof). So both ways stand in the statement, and the database takes one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode

from backend.complaints.models import Complaint


class Way(StrEnum):
    """How the cases with some words are found. `%(words)s` and `%(pk)s` are columns, `%(query)s` the words."""

    MINE = "%(pk)s IN (SELECT app.matching_complaints(%(query)s))"  # for who is under the policy
    EVERY = "%(pk)s IN (SELECT app.every_matching_complaint(%(query)s))"
    ROW = "CASE WHEN %(words)s @@ to_tsquery('simple', %(query)s) THEN true ELSE false END"
    """No index says this, and PostgreSQL takes it for true of every second row."""


class Matching(Func):
    """Whether a case has words that begin like these; `query` is what `prefix_query` makes."""

    output_field = BooleanField()

    def __init__(self, query: str, way: Way) -> None:
        self.query, self.way = query, way
        super().__init__(F("words"), F("pk"), Value(query))

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        (words, _none), (pk, _none), (query, parameters) = map(
            compiler.compile, self.get_source_expressions()
        )
        return f"({self.way % {'words': words, 'pk': pk, 'query': query}})", list(parameters)


def words_of(queryset: QuerySet[Complaint]) -> str | None:
    """The words that these cases must have, or None."""
    return next((lookup.lhs.query for _place, _i, lookup in _matchings(queryset.query.where)), None)


def by_row(queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """The same cases, each asked for itself whether it has the words."""
    queryset = queryset.all()
    for place, i, lookup in list(_matchings(queryset.query.where)):
        place.children[i] = asked = copy.copy(lookup)
        asked.lhs = copy.copy(lookup.lhs)
        asked.lhs.way = Way.ROW
    return queryset


def found_along(queryset: QuerySet[Complaint], words: str) -> QuerySet[Complaint]:
    """These cases, if the words are frequent; then going along a list soon finds a page of them."""
    return by_row(queryset).filter(_frequent(words, "SELECT app.is_frequent(%s)"))


def found_at_once(queryset: QuerySet[Complaint], words: str) -> QuerySet[Complaint]:
    """These cases, if the words are rare; then all of them are looked up."""
    return queryset.filter(_frequent(words, "SELECT NOT app.is_frequent(%s)"))


def _frequent(words: str, question: str) -> RawSQL:
    return RawSQL(question, [words], output_field=BooleanField())  # noqa: S611 - constants of this file


def _matchings(place: WhereNode) -> Iterator[tuple[WhereNode, int, Any]]:
    for i, child in enumerate(place.children):
        if isinstance(child, WhereNode):
            yield from _matchings(child)
        elif isinstance(child, Exact) and isinstance(child.lhs, Matching):
            yield place, i, child
