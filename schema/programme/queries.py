"""Asking for programmes and changing them; free and busy times, which say nothing of what they are."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import DateField, DateTimeField, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, LPad
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.programme import models, places, slots
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed, paged
from schema.core.nodes import MODELS, decode, must_load
from schema.core.scalars import values
from schema.core.verbs import optional
from schema.programme.types import PressItem, Principal, ProgrammeEntry, ProgrammeKind, ProgrammeStatus

BY_TIME = Keyset("S", "starts_at", dt.datetime)


IN_ORDER = Keyset("principal", "place_in_order", str)


MOST_DAYS, MOST_FREE = 62, 100


MAX_MINUTES = 480


From = Annotated[
    dt.date | None, strawberry.argument(name="from", description="Only what ends on this local day or later.")
]


Until = Annotated[
    dt.date | None, strawberry.argument(description="Only what begins on this local day or earlier.")
]


def midnight(day: Any, days_later: int = 0) -> Func:
    """The moment at which a local day begins, made by the database so that its indexes serve it."""
    return Func(
        Value(day, output_field=DateField()),
        template=f"(((%(expressions)s)::date + {days_later})::timestamp AT TIME ZONE 'Europe/Istanbul')",
        output_field=DateTimeField(),
    )


def of_principal(rows: QuerySet[Any], value: str | None) -> QuerySet[Any]:
    """Narrow to one principal; an id of nothing fits nothing."""
    if value is None or value is strawberry.UNSET:
        return rows
    result = decode(value)
    if result is None or result[0] != MODELS[models.Principal]:
        return rows.none()
    return rows.filter(principal__key=result[1])


def in_days(rows: QuerySet[Any], first: dt.date | None, last: dt.date | None) -> QuerySet[Any]:
    if first is not None:
        rows = rows.filter(ends_at__gt=midnight(first))
    if last is not None:
        rows = rows.filter(starts_at__lt=midnight(last, 1))
    return rows


@strawberry.input(description="Which entries: all of these must hold; within a list, any.")
class ProgrammeFilter:
    principal: strawberry.ID | None = optional("Whose programme.")
    kind: list[ProgrammeKind] | None = optional("What it is.")
    status: list[ProgrammeStatus] | None = optional("Where it stands.")


@strawberry.type(description="From a moment until before another. It says nothing of what is there.")
class TimeSpan:
    starts_at: dt.datetime = strawberry.field(description="From when.")
    ends_at: dt.datetime = strawberry.field(description="Until before when.")


def spans(found: Any) -> list[TimeSpan]:
    return [TimeSpan(starts_at=span.start, ends_at=span.end) for span in found]


def _between(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moments between which these local days lie. INVALID, OVER_LIMIT."""
    if last < first:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "until")
    if (last - first).days > MOST_DAYS:
        raise DomainError(ErrorCode.OVER_LIMIT, _("At most 62 days at a time."), "until")
    start = dt.datetime.combine(first, dt.time(), ISTANBUL)
    return start, dt.datetime.combine(last, dt.time(), ISTANBUL) + dt.timedelta(days=1)


@strawberry.type
class ProgrammeQueries:
    @connection_field(description="Whose programmes are kept, in their order.")
    def principals(self, info: strawberry.Info, page: Page) -> Connection[Principal]:
        order = LPad(Cast("position", TextField()), 5, Value("0"))
        rows = models.Principal.objects.annotate(place_in_order=order)
        return paged(rows, IN_ORDER, page, info)

    @connection_field(description="The entries that the viewer sees, in order of time.")
    def programme(
        self,
        info: strawberry.Info,
        page: Page,
        from_: From = None,
        until: Until = None,
        search: Search = None,
        filter: Annotated[ProgrammeFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[ProgrammeEntry]:
        rows: Any = models.Entry.objects.all()
        if search is not None:
            rows = rows.search(search)
        fields = values(filter) if filter else {}
        for name in ("kind", "status"):
            if fields.get(name) is not None:
                rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
        rows = in_days(of_principal(rows, fields.get("principal")), from_, until)
        return listed(rows, BY_TIME, page, info)

    @connection_field(description="What the press unit may know of the programmes, in order of time.")
    def press_view(
        self, info: strawberry.Info, page: Page, from_: From = None, until: Until = None
    ) -> Connection[PressItem]:
        rows = in_days(models.PressItem.objects.all(), from_, until)
        return listed(rows, BY_TIME, page, info)

    @strawberry.field(
        description="When a principal is not free, in order and joined where it touches; at most 62 days. For"
        " everybody, without a word of what it is."
    )
    def busy_times(
        self,
        principal: Annotated[strawberry.ID, strawberry.argument(description="Whose.")],
        from_: Annotated[dt.date, strawberry.argument(name="from", description="The first local day.")],
        until: Annotated[dt.date, strawberry.argument(description="The last local day.")],
    ) -> list[TimeSpan]:
        scope.require_viewer()
        row = must_load(models.Principal, principal, "principal")
        return spans(places.busy(row.pk, *_between(from_, until)))

    @strawberry.field(
        description="Where something fits into the working hours of a principal, in order; at most 62 days."
    )
    def free_times(
        self,
        principal: Annotated[strawberry.ID, strawberry.argument(description="Whose.")],
        from_: Annotated[dt.date, strawberry.argument(name="from", description="The first local day.")],
        until: Annotated[dt.date, strawberry.argument(description="The last local day.")],
        minutes: Annotated[
            int | None, strawberry.argument(description="How long; default the usual length.")
        ] = None,
        preparation_minutes: Annotated[int, strawberry.argument(description="Before it.")] = 0,
        travel_minutes: Annotated[int, strawberry.argument(description="The way there.")] = 0,
        follow_up_minutes: Annotated[int, strawberry.argument(description="After it.")] = 0,
        first: Annotated[int, strawberry.argument(description="How many at most (up to 100).")] = 20,
    ) -> list[TimeSpan]:
        scope.require_viewer()
        row = must_load(models.Principal, principal, "principal")
        start, end = _between(from_, until)
        length = minutes or row.slot_minutes
        for value in (length, preparation_minutes, travel_minutes, follow_up_minutes):
            if not 0 <= value <= MAX_MINUTES:
                raise DomainError(ErrorCode.INVALID, _("Between 0 and 480 minutes."), "minutes")
        wanted = slots.Time(
            start,
            start + dt.timedelta(minutes=length),
            preparation_minutes,
            travel_minutes,
            follow_up_minutes,
        )
        count = min(max(first, 0), MOST_FREE)
        result = places.slots_of(row, start, end).free(wanted)
        return spans(span for span, _number in zip(result, range(count), strict=False))
