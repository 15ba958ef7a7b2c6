"""The cases of a period that rules can concern, found by SQL: never fewer than those to which they apply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from backend.complaints.models import Complaint, ComplaintQuerySet
from backend.complaints.suggestion import artery_name, beginnings
from backend.core.localtime import ISTANBUL, midnight
from backend.organization.models import Category, Neighbourhood
from backend.routing.deciding import Facts, RuleRow, Surroundings, street_form
from backend.routing.reading import MOST_LETTERS

FIELDS = (
    "pk", "subject", "body", "place", "category_id", "neighbourhood_id", "channel", "registered_at", "priority",
    "danger", "responsible_department_id",
)  # fmt: skip
CHUNK = 2000


class Selection:
    """Which cases of a period rules can concern, and the facts of each. Reads categories and neighbourhoods once."""

    def __init__(self, rules: Iterable[RuleRow], around: Surroundings) -> None:
        self.around = around
        parents = {
            pk: (code, parent) for pk, code, parent in Category.objects.values_list("pk", "code", "parent")
        }
        self.categories = {pk: _upwards(pk, parents) for pk in parents}
        self.neighbourhoods = dict(Neighbourhood.objects.values_list("pk", "code"))
        parts = [self._condition(rule) for rule in rules]
        self.condition = reduce(or_, parts) if parts else Q(pk__in=())

    def rows(self, first: dt.date, last: dt.date) -> Iterator[tuple[Facts, Complaint]]:
        """The cases received on these local days, in order of time, with their facts."""
        query = received(first, last).alias(
            hour=ExtractHour("registered_at", tzinfo=ISTANBUL),
            weekday=ExtractIsoWeekDay("registered_at", tzinfo=ISTANBUL),
        )
        found = query.filter(self.condition).only(*FIELDS).order_by("registered_at", "pk")
        for case in found.iterator(chunk_size=CHUNK):
            yield self._facts(case), case

    def _facts(self, case: Complaint) -> Facts:
        return Facts(
            text=f"{case.subject}\n{case.body}"[:MOST_LETTERS],
            place=case.place,
            categories=self.categories.get(case.category_id or 0, ()),
            neighbourhood=self.neighbourhoods.get(case.neighbourhood_id or 0, ""),
            channel=case.channel,
            moment=case.registered_at,
        )

    def _condition(self, rule: RuleRow) -> Q:
        """What of a rule SQL can say: days of holidays, streets and words are looked at again in Python."""
        found = ~Q(pk__in=())
        if rule.categories:
            below = [pk for pk, codes in self.categories.items() if not rule.categories.isdisjoint(codes)]
            found &= Q(category__in=below)
        if rule.neighbourhoods:
            named = [pk for pk, code in self.neighbourhoods.items() if code in rule.neighbourhoods]
            found &= Q(neighbourhood__in=named)
        if rule.channels:
            found &= Q(channel__in=sorted(rule.channels))
        if rule.weekdays:
            found &= Q(weekday__in=sorted(rule.weekdays))
        if rule.hours == "WORKING":
            found &= Q(hour__gte=self.around.opens.hour, hour__lte=self.around.closes.hour)
        if rule.street:
            found &= _says([street_form(rule.street).rpartition(" ")[0]])
        if rule.words:
            found &= _says(rule.words)
        if rule.on_main_artery and self.around.arteries:
            found &= _says([artery_name(artery) for artery in self.around.arteries])
        return found


def received(first: dt.date, last: dt.date) -> ComplaintQuerySet:
    """The cases received on these local days."""
    end = midnight(last + dt.timedelta(days=1))
    return Complaint.objects.filter(registered_at__gte=midnight(first), registered_at__lt=end)


def _upwards(pk: int | None, parents: dict[int, tuple[str, int | None]]) -> tuple[str, ...]:
    codes: list[str] = []
    while pk in parents and parents[pk][0] not in codes:
        code, pk = parents[pk]
        codes.append(code)
    return tuple(codes)


def _says(keywords: Iterable[str]) -> Q:
    """Cases in which all words of one of the keywords begin a word, anywhere."""
    queries = [query for keyword in keywords if (query := beginnings(keyword))]
    if not queries:
        return ~Q(pk__in=())
    text = " | ".join(f"({query})" for query in queries)
    return Q(words=SearchQuery(text, config="simple", search_type="raw"))
