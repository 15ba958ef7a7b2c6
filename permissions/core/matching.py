"""Words in a list of cases, found in the way that costs least: rare ones by their index, frequent ones along the list.

Looking up all cases with a frequent word costs more the more there are; going along a list until a page is full of
cases with a rare one reads the list. PostgreSQL knows which is which, but not while it plans for parameters, nor under
a policy (full-text search is not leakproof). So both ways stand in the statement, and the database takes one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, cast

from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL

from backend.complaints.models import Complaint, ComplaintQuerySet


class SearchPlan(StrEnum):
    """How the cases with some words are found. `%(words)s` and `%(pk)s` are columns, `%(query)s` the words.

    Keys come as an array: PostgreSQL goes along the index once with all of them; from `IN` it looks each up by itself.
    """

    MINE = "%(pk)s = ANY (ARRAY(SELECT app.matching_complaints(%(query)s)))"  # for who is under the policy
    EVERY = "%(pk)s = ANY (ARRAY(SELECT app.every_matching_complaint(%(query)s)))"
    ROW = "CASE WHEN %(words)s @@ (SELECT to_tsquery('simple', %(query)s)) THEN true ELSE false END"
    """No index says this, and PostgreSQL takes it for true of every second row. In a statement for many requests the
    words are a parameter: as a subquery they are read once and not for each row."""


class Matching(Func):
    """Whether a case has words that begin like these; `query` is what `prefix_query` makes."""

    output_field = BooleanField()

    def __init__(self, query: str, way: SearchPlan) -> None:
        self.way = way
        super().__init__(F("words"), F("pk"), Value(query))

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        (words, _none), (pk, _none), (query, parameters) = map(
            compiler.compile, self.get_source_expressions()
        )
        way = SearchPlan.ROW if BY_ROW in compiler.query.annotations else self.way
        return f"({way % {'words': words, 'pk': pk, 'query': query}})", list(parameters)


BY_ROW = "matching_by_row"
"""The alias by which a query says that its words are asked of each row. Nothing selects it."""


def matching(queryset: QuerySet[Complaint], query: str, *, sees_all: bool) -> ComplaintQuerySet:
    """Narrow to the cases with these words, looked up by their index."""
    rows: ComplaintQuerySet = cases(queryset).filter(
        Matching(query, SearchPlan.EVERY if sees_all else SearchPlan.MINE)
    )
    rows.words = query
    return rows


def cases(queryset: QuerySet[Complaint]) -> ComplaintQuerySet:
    """Return the same queryset by its own type."""
    return cast(ComplaintQuerySet, queryset)


def by_row(queryset: ComplaintQuerySet) -> ComplaintQuerySet:
    """Narrow to the same cases, each asked for itself whether it has the words."""
    return queryset.alias(**{BY_ROW: Value(True)})


def scan_index(queryset: ComplaintQuerySet, words: str) -> ComplaintQuerySet:
    """These cases, if the words are frequent; then going along a list soon finds a page of them."""
    return by_row(queryset).filter(_frequent(words, "SELECT app.is_frequent(%s)"))


def look_up(queryset: ComplaintQuerySet, words: str) -> ComplaintQuerySet:
    """These cases, if the words are rare; then all of them are looked up."""
    return queryset.filter(_frequent(words, "SELECT NOT app.is_frequent(%s)"))


def _frequent(words: str, question: str) -> RawSQL:
    return RawSQL(question, [words], output_field=BooleanField())  # noqa: S611 - constants of this file
