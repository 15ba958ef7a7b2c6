"""Query and mutation fields of requests and the halk günü."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.appointments import models
from backend.appointments.moves import Verb
from permissions.appointments import applicants
from permissions.core import scope
from schema.appointments.types import (
    AppointmentDeclineGround,
    AppointmentDeliveryMethod,
    AppointmentKind,
    AppointmentNoticeKind,
    AppointmentRequest,
    AppointmentStatus,
    PublicDay,
)
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed, paged
from schema.core.nodes import key_of, single_row
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional
from schema.partners.queries import with_partner
from schema.programme.queries import From, Until, in_days, of_principal

NEWEST = Keyset("request", "registered_at", dt.datetime, descending=True)


BY_START = Keyset("publicday", "starts_at", dt.datetime)


Row = models.AppointmentRequest


@strawberry.input(description="Which requests: all of these must hold; within a list, any.")
class AppointmentFilter:
    principal: strawberry.ID | None = optional("By whom they wish to be received.")
    partner: strawberry.ID | None = optional("In the name of which organisation.")
    kind: list[AppointmentKind] | None = optional("What for.")
    status: list[AppointmentStatus] | None = optional("Where it stands.")
    open: bool | None = optional("Only those that are not settled, declined or withdrawn.")


@strawberry.type(description="A message to an applicant exactly as it would be sent.")
class AppointmentMessagePreview:
    subject: str = strawberry.field(description="The subject line.")
    body: str = strawberry.field(description="The whole text.")


@strawberry.type
class AppointmentQueries:
    @connection_field(description="The requests for appointments that the viewer sees, the newest first.")
    def appointment_requests(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        filter: Annotated[AppointmentFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[AppointmentRequest]:
        rows: Any = Row.objects.all()
        if search is not None:
            rows = rows.search(search)
        fields = values(filter) if filter else {}
        for name in ("kind", "status"):
            if fields.get(name) is not None:
                rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
        if fields.get("open"):
            rows = rows.open()
        rows = with_partner(of_principal(rows, fields.get("principal")), fields.get("partner"))
        return listed(rows, NEWEST, page, info)

    @strawberry.field(description="The request with this number. Null if it is hidden or missing.")
    def appointment_request(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as RT-2027/15.")],
    ) -> AppointmentRequest | None:
        scope.require_viewer()
        return single_row(scope.visible(Row).filter(reference=cleaned(reference)), info)

    @connection_field(description="The halk günü sessions, in order of time. For everybody.")
    def public_days(
        self,
        info: strawberry.Info,
        page: Page,
        from_: From = None,
        until: Until = None,
        principal: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only this principal's.")
        ] = None,
    ) -> Connection[PublicDay]:
        rows = in_days(of_principal(models.PublicDaySession.objects.all(), principal), from_, until)
        return paged(rows, BY_START, page, info)

    @strawberry.field(
        description="The exact notice that the applicant would get: of the appointment as it is now, or at a time."
    )
    def appointment_message_preview(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The request.")],
        kind: Annotated[AppointmentNoticeKind, strawberry.argument(description="What it would be.")],
        body: Annotated[str, strawberry.argument(description="What is added, or the message itself.")] = "",
        means: Annotated[
            AppointmentDeliveryMethod, strawberry.argument(description="How it would be sent.")
        ] = AppointmentDeliveryMethod.EMAIL,
        at: Annotated[dt.datetime | None, strawberry.argument(description="At which time.")] = None,
        hold_until: Annotated[
            dt.datetime | None, strawberry.argument(description="Until when they could answer.")
        ] = None,
        ground: Annotated[
            AppointmentDeclineGround | None, strawberry.argument(description="Why it would be declined.")
        ] = None,
    ) -> AppointmentMessagePreview | None:
        scope.require_viewer()
        request = scope.get(Row, key_of(Row, id), field="id", action=Verb.MESSAGE)
        subject, text = applicants.message_preview(
            request,
            str(kind),
            cleaned(body),
            means=str(means),
            at=cleaned(at),
            until=cleaned(hold_until),
            ground=str(ground or ""),
        )
        return AppointmentMessagePreview(subject=subject, body=text)


@strawberry.type(description="A day without a halk günü, and why.")
class PublicDayLeftOut:
    day: dt.date = strawberry.field(description="The day.")
    reason: str = strawberry.field(description="A holiday, leave, or what the programme is taken by.")
