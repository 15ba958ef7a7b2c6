"""Looking a case up by whatever a caller can say: its number, its tracking code, a telephone number, a name, words.

Who is behind a case is found only where the viewer may know them (`known_persons`); the tracking code, which
opens the citizen's own page, is the office's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL

from backend.complaints.models import Complaint, ComplaintQuerySet, reference_in
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.models import TrTokens
from backend.core.words.text import prefix_query
from permissions.complaints import access as complaint_access
from permissions.complaints import persons
from permissions.complaints.public import plain_code
from permissions.complaints.rules import known_persons
from permissions.core import scope
from permissions.core.filters import NOTHING

CANDIDATES = 500
"""The newest matches of each kind that are looked at: ranking all of a frequent word costs seconds."""
YEARS = 3
"""Years of which a case is found by its number alone, this one included."""
NAMED_FROM = 3
"""Letters a name is looked for from."""
EXACT, NAME, PERSON, SUBJECT, WORDS, ALIKE = range(6)
"""How well something fits: by its number, by its own name, by who is behind it, by its heading, by its text, nearly."""
ORDER = ("fit", "-registered_at", "-pk")
"""What fits best first, then the newest."""

_NEWEST = ("-registered_at", "-pk")
_NUMBER = re.compile(r"[\d\s()+./-]{7,}")
_BARE_NUMBER = re.compile(r"0*([1-9]\d{0,6})", re.ASCII)


def find(cases: ComplaintQuerySet, text: str, most: int | None = None) -> ComplaintQuerySet:
    """The visible `cases` that match `text`, annotated with the quality of the match (`fit`); a fixed number of
    queries. More than `most` rows (default `CANDIDATES`) mean that there are further matches."""
    exact, people, words = match_strategies(cases, text, most or CANDIDATES)
    query = prefix_query(text)
    in_subject = [] if query is None else [When(subject_words=_words(query), then=Value(SUBJECT))]
    result = cases.alias(subject_words=SearchVector(TrTokens("subject"), config="simple"))
    return result.matches(Q(pk__in={*exact, *people, *words})).annotate(
        fit=Case(
            When(pk__in=exact, then=Value(EXACT)),
            When(pk__in=people, then=Value(PERSON)),
            *in_subject,
            default=Value(WORDS),
            output_field=IntegerField(),
        )
    )


def match_strategies(
    cases: ComplaintQuerySet, text: str, most: int, *, with_persons: bool = True, with_words: bool = True
) -> tuple[list[int], list[int], list[int]]:
    """The newest visible ones of `cases` by number or code, by who is behind them, and by their words.

    A number without its year may be that of a house too: words are looked for all the same.
    """
    exact = _exact(cases, text, most)
    people = _of_persons(cases, text, most) if with_persons and not exact else []
    return (
        exact or _of_any_year(cases, text, most),
        people,
        _keys(complaint_access.search(cases, text), most) if with_words and not exact else [],
    )


def persons_found(cases: Iterable[Complaint], purpose: str) -> dict[int, Citizen]:
    """Case -> applicant, for shown cases that matched by a person; written to the read log.

    Cases that matched by words have none: the same person may be known from another case and hidden here.
    """
    by_person: dict[int, Any] = {case.pk: case.applicant_id for case in cases if case.fit == PERSON}  # type: ignore[attr-defined]
    if not by_person:
        return {}
    people = {citizen.pk: citizen for citizen in scope.visible(Citizen).filter(pk__in=by_person.values())}
    scope.log_access(people, purpose)
    return {case: people[person] for case, person in by_person.items() if person in people}


def is_number(text: str) -> bool:
    """Whether it looks like a telephone number."""
    return _NUMBER.fullmatch(text.strip()) is not None


def _words(query: str) -> SearchQuery:
    return SearchQuery(query, config="simple", search_type="raw")


def _keys(cases: Any, most: int) -> list[int]:
    return list(complaint_access.first_page(cases, _NEWEST, most + 1).values_list("pk", flat=True))


def _exact(cases: ComplaintQuerySet, text: str, most: int) -> list[int]:
    """By number, and for the office by tracking code."""
    condition = Q(reference=reference_in(text)) if reference_in(text) else NOTHING
    if scope.current_viewer().is_office and (code := plain_code(text)):
        condition |= Q(tracking_code=code)
    return [] if condition == NOTHING else _keys(cases.matches(condition), most)


def _of_any_year(cases: ComplaintQuerySet, text: str, most: int) -> list[int]:
    """By a number without its year: those of the last `YEARS`."""
    number = _BARE_NUMBER.fullmatch(text.strip())
    if number is None:
        return []
    year = today().year
    references = [f"{year - ago}/{int(number[1])}" for ago in range(YEARS)]
    return _keys(cases.matches(Q(reference__in=references)), most)


def _of_persons(cases: ComplaintQuerySet, text: str, most: int) -> list[int]:
    rule = known_persons(scope.current_viewer())
    if rule == NOTHING:
        return []
    if is_number(text):
        try:
            result = contacts.find_by_phone(text)
        except DomainError:
            return []
        keys = {key for citizen in scope.visible(result)[:20] for key in contacts.family(citizen)}
        return _keys(persons.brought_by(cases, keys), most) if keys else []
    query = prefix_query(text)
    if query is None or max(map(len, query.split(":*"))) < NAMED_FROM:
        return []
    mine = Q(pk__in=RawSQL("SELECT app.cases_of_named(%s)", [query]))
    return _keys(cases.matches(mine & rule), most)


__all__ = ["CANDIDATES", "ORDER", "PERSON", "find"]
