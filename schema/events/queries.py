"""Query and mutation fields of events and guests."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any

import strawberry

from backend.core.localtime import today
from backend.events import actions, blueprints, models
from backend.organization.models import Department
from permissions.core import scope
from permissions.events.rules import knows_guests, sees_whole_file
from schema.core.connection import (
    Connection,
    Keyset,
    Page,
    Search,
    connection_field,
    listed,
)
from schema.core.nodes import MODELS, decode, encode, key_of, single_row
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional
from schema.events.types import (
    Event,
    EventKind,
    EventStatus,
    EventTask,
    EventTaskStatus,
    Guest,
    GuestAnswer,
    GuestStatus,
    PublishedEvent,
)
from schema.partners.queries import with_partner
from schema.programme.queries import From, Until, in_days, of_principal

BY_TIME = Keyset("event", "starts_at", dt.datetime)


BY_DAY = Keyset("event-task", "due_on", dt.date)


IN_ORDER = Keyset("guest", "id", int)


PUBLISHED = Keyset("published", "starts_at", dt.datetime)


Row = models.Event


@strawberry.input(description="Which events: all of these must hold; within a list, any.")
class EventFilter:
    kind: list[EventKind] | None = optional("What it is.")
    status: list[EventStatus] | None = optional("Where it stands.")
    principal: strawberry.ID | None = optional("Whose it is.")
    partner: strawberry.ID | None = optional("In which this organisation has a part.")


@strawberry.enum(description="What is true of a guest.")
class GuestCondition(enum.Enum):
    ATTENDING = strawberry.enum_value(
        "attending", description="Comes, or sends a representative (tr: katılacak)."
    )
    UNANSWERED = strawberry.enum_value("unanswered", description="No answer yet (tr: cevap bekleyen).")
    TO_CALL = strawberry.enum_value(
        "to_call", description="No answer yet and not reached on the telephone (tr: aranacak)."
    )
    ARRIVED = strawberry.enum_value("arrived", description="Came in (tr: gelen).")


@strawberry.input(description="Which guests: all of these must hold; within a list, any.")
class GuestFilter:
    event: strawberry.ID | None = optional("Of which event.")
    condition: list[GuestCondition] | None = optional("What is true of them; all of it.")
    status: list[GuestStatus] | None = optional("On the list, on the reserve, or taken off.")
    answer: list[GuestAnswer] | None = optional("What they answered.")


@strawberry.input(description="Which tasks: all of these must hold; within a list, any.")
class EventTaskFilter:
    event: strawberry.ID | None = optional("Of which event.")
    department: strawberry.ID | None = optional("Of which department.")
    status: list[EventTaskStatus] | None = optional("Where it stands.")


@strawberry.type(
    description="A template of events (şablon): what it is, from where, and what is to be known."
)
class EventTemplate:
    code: str = strawberry.field(description="Its code.")
    title: str = strawberry.field(description="Its title.")
    kind: EventKind = strawberry.field(description="What its events are.")
    source: str = strawberry.field(description="Law and practice it follows.")
    facts: list[str] = strawberry.field(description="What is to be known of the day.")
    next_on: dt.date | None = strawberry.field(description="The next such day; null where it is on any day.")


@strawberry.type(description="Guests who are perhaps one person.")
class GuestsAlike:
    alike: list[strawberry.ID] = strawberry.field(description="Which guests, in the order of the list.")


MOST_ALIKE = 200


def _chosen(rows: Any, fields: dict[str, Any], *names: str) -> Any:
    for name in names:
        if fields.get(name) is not None:
            rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
    return rows


def _narrowed(rows: Any, value: str | None, model: Any, lookup: str) -> Any:
    if value is None:
        return rows
    result = decode(value)
    if result is None or result[0] != MODELS[model]:
        return rows.none()
    return rows.filter(**{lookup: result[1]})


@strawberry.type
class EventQueries:
    @connection_field(description="The events that the viewer sees, in order of time.")
    def events(
        self,
        info: strawberry.Info,
        from_: From = None,
        until: Until = None,
        *,
        page: Page,
        search: Search = None,
        filter: Annotated[EventFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Event]:
        rows: Any = Row.objects.all()
        if search is not None:
            rows = rows.search(search)
        fields = values(filter) if filter else {}
        rows = _chosen(rows, fields, "kind", "status")
        if fields.get("partner") is not None:
            parts = scope.visible(
                with_partner(models.EventPartner.objects, fields["partner"], "organisation")
            )
            rows = rows.filter(pk__in=parts.values("event"))
        rows = in_days(of_principal(rows, fields.get("principal")), from_, until)
        return listed(rows, BY_TIME, page, info)

    @strawberry.field(description="The event with this number. Null if it is hidden or missing.")
    def event(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as ET-2027/4.")],
    ) -> Event | None:
        scope.require_viewer()
        return single_row(scope.visible(Row).filter(reference=cleaned(reference)), info)

    @connection_field(description="The tasks of events that the viewer sees, the nearest day first.")
    def event_tasks(
        self,
        info: strawberry.Info,
        page: Page,
        filter: Annotated[EventTaskFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[EventTask]:
        fields = values(filter) if filter else {}
        rows = _chosen(models.EventTask.objects.all(), fields, "status")
        rows = _narrowed(rows, fields.get("event"), Row, "event__key")
        rows = _narrowed(rows, fields.get("department"), Department, "department__key")
        return listed(rows, BY_DAY, page, info)

    @connection_field(description="The guests that the viewer sees, in the order in which they were listed.")
    def guests(
        self,
        info: strawberry.Info,
        page: Page,
        filter: Annotated[GuestFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Guest]:
        fields = values(filter) if filter else {}
        rows: Any = models.Guest.objects.all()
        for condition in fields.get("condition") or []:
            rows = getattr(rows, condition.value)()
        rows = _narrowed(_chosen(rows, fields, "status", "answer"), fields.get("event"), Row, "event__key")
        return listed(rows, IN_ORDER, page, info)

    @connection_field(
        description="The public calendar, in order of time; what was cancelled says so.", public=True
    )
    def published_events(
        self, info: strawberry.Info, from_: From = None, until: Until = None, *, page: Page
    ) -> Connection[PublishedEvent]:
        rows = in_days(models.PublishedEvent.objects.all(), from_, until)
        return listed(rows, PUBLISHED, page, info)

    @strawberry.field(description="One event of the public calendar; null for what is not in it, or no more.")
    def published_event(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],
    ) -> PublishedEvent | None:
        rows = _narrowed(scope.visible(models.PublishedEvent), id, models.PublishedEvent, "key")
        return single_row(rows, info)

    @strawberry.field(description="The templates of events.")
    def event_templates(self) -> list[EventTemplate]:
        scope.require_viewer()
        return [
            EventTemplate(
                code=item.code,
                title=item.title,
                kind=EventKind(item.kind),
                source=item.source,
                facts=list(item.facts),
                next_on=item.next_day(today()),
            )
            for item in blueprints.templates().values()
        ]

    @strawberry.field(
        description="Where the programme of an event is not as its template says, each in a sentence; for who sees all"
        " of it."
    )
    def event_faults(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The event.")]
    ) -> list[str]:
        viewer = scope.require_viewer()
        row = scope.visible(Row).filter(key=key_of(Row, id)).first()
        return blueprints.faults(row) if row and sees_whole_file(viewer, row) else []

    @strawberry.field(
        description="Guests of an event with different records but one name or one number: each set is perhaps one"
        " person. Read them by `nodes(ids:)`."
    )
    def event_guests_alike(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The event.")]
    ) -> list[GuestsAlike]:
        viewer = scope.require_viewer()
        row = scope.visible(Row).filter(key=key_of(Row, id)).first()
        result = actions.perhaps_the_same(row) if row and knows_guests(viewer, row) else []
        name = MODELS[models.Guest]
        return [GuestsAlike(alike=[encode(name, one.key) for one in rows]) for rows in result[:MOST_ALIKE]]
