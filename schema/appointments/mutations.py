"""What may be done to requests for appointments and the halk günü: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.appointments import actions, models
from backend.appointments.moves import Verb, appointment_action
from backend.contacts.models import Citizen, PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import Department, User
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions.appointments.outcomes import Promised, complete, complete_visit
from permissions.complaints import access as complaint_access
from permissions.core import scope
from permissions.core.scope import Action
from permissions.programme.handing_over import hand_over_request
from schema.appointments import inputs
from schema.appointments.queries import PublicDayLeftOut, Row
from schema.appointments.types import AppointmentRequest, PublicDay
from schema.contacts.types import new_applicant
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned
from schema.core.verbs import action_kwargs
from schema.programme.mutations import with_free_times
from schema.programme.queries import TimeSpan

MOST_PROMISES = 10


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The request, as the viewer sees it afterwards.")
class AppointmentPayload(Payload):
    free_times: list[TimeSpan] = strawberry.field(
        description="After a CONFLICT: the nearest free times, at most three.", default_factory=list
    )

    request: AppointmentRequest | None = refetched_row(
        Row, "The request; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="What was made.")
class PublicDaysGeneratePayload(Payload):
    generated_on: list[dt.date] = strawberry.field(
        description="The days of the new ones.", default_factory=list
    )
    left_out: list[PublicDayLeftOut] = strawberry.field(
        description="The days of the rule without one, and why.", default_factory=list
    )


@strawberry.type(description="The halk günü afterwards.")
class PublicDayPayload(Payload):
    visitors: int = strawberry.field(
        description="How many were to come to a cancelled one, came to a closed one, or took a place on the web site.",
        default=0,
    )

    public_day: PublicDay | None = refetched_row(
        models.PublicDaySession, "The halk günü; null if nothing was done."
    )


def _promising(act: Callable[..., Any]) -> Callable[..., Any]:
    """The action with its promises as it takes them: who is to keep them loaded as far as the viewer sees them."""

    def run(row: Any, *, promises: list[inputs.AppointmentPromisedInput] | None = None, **fields: Any) -> Any:
        if len(promises or []) > MOST_PROMISES:
            raise DomainError(
                ErrorCode.OVER_LIMIT, _("At most %(count)s at once.") % {"count": MOST_PROMISES}, "promises"
            )
        edges = {"department": Department, "person": User}
        return act(row, promises=[Promised(**action_kwargs(one, edges)) for one in promises or []], **fields)

    return run


def _receive(input: inputs.AppointmentReceiveInput) -> dict[str, Any]:
    edges = {
        "principal": Principal,
        "applicant": Citizen,
        "partner": Organisation,
        "requested_by": User,
        "privacy_notice": PrivacyNotice,
    }
    fields = action_kwargs(input, edges, "new_applicant")
    with complaint_access.authorized_to_register() as viewer:
        if input.new_applicant:
            if "applicant" in fields:
                message = _("Name a known applicant or a new one, not both.")
                raise DomainError(ErrorCode.INVALID, message, "new_applicant")
            fields["applicant"] = new_applicant(input.new_applicant, viewer.user)
        request = actions.receive(fields.pop("principal"), by=viewer.user, **fields)
    return {"key": request.key}


def _generate(input: inputs.PublicDaysGenerateInput) -> dict[str, Any]:
    key = key_of(Principal, input.principal, "principal")
    with scope.authorized_to_create(Action.PLAN, Principal, key, field="principal") as principal:
        made = actions.generate_public_days(
            principal, by=scope.current_viewer().user, from_=input.from_, until=input.until
        )
        return {
            "generated_on": [session.day for session in made.sessions],
            "left_out": [PublicDayLeftOut(day=day, reason=reason) for day, reason in made.left_out],
        }


def _of_a_day(id: str, act: Callable[..., int], **fields: Any) -> PublicDayPayload:
    def run() -> dict[str, Any]:
        key = key_of(models.PublicDaySession, id)
        with scope.authorized_to_create(Action.PLAN, models.PublicDaySession, key, field="id") as session:
            return {"key": key, "visitors": act(session, by=scope.current_viewer().user, **fields)}

    return run_mutation(PublicDayPayload, run)


@strawberry.type(description="The halk günü in its new order.")
class PublicDayOrderPayload(PublicDayPayload):
    moved: list[str] = strawberry.field(
        description="The numbers of those who now have another time: tell them.", default_factory=list
    )


def _order(input: inputs.PublicDayOrderInput) -> dict[str, Any]:
    key = key_of(models.PublicDaySession, input.id)
    session = scope.get(models.PublicDaySession, key, field="id")
    seen = [key_of(Row, one, "seen") for one in input.seen]
    order = [key_of(Row, one, "order") for one in input.order]
    with scope.authorized_many(Verb.MOVE_VISIT, Row, seen) as rows:
        by_key = {row.key: row for row in rows}
        if not set(seen + order) <= set(by_key):
            raise scope.not_found("order")
        moved = actions.order_visits(
            session,
            [by_key[one] for one in order],
            by=scope.current_viewer().user,
            seen=[by_key[one] for one in seen],
        )
    return {"key": key, "moved": [row.reference for row in moved]}


@strawberry.type
class AppointmentMutations:
    @strawberry.mutation(description="Take a request for an appointment. Every member of staff may.")
    def appointment_receive(self, input: inputs.AppointmentReceiveInput) -> AppointmentPayload:
        return run_mutation(AppointmentPayload, lambda: _receive(input))

    @strawberry.mutation(description="Make the sessions of the halk günü from its rules.")
    def public_days_generate(self, input: inputs.PublicDaysGenerateInput) -> PublicDaysGeneratePayload:
        return run_mutation(PublicDaysGeneratePayload, lambda: _generate(input))

    @strawberry.mutation(description="A halk günü will not take place; who was to come waits for a decision.")
    def public_day_cancel(self, input: inputs.PublicDayCancelInput) -> PublicDayPayload:
        return _of_a_day(input.id, actions.cancel_public_day, reason=cleaned(input.reason))

    @strawberry.mutation(
        description="Let citizens take places of a halk günü themselves, on the web site and by portals."
    )
    def public_day_offer(self, input: inputs.PublicDayOfferInput) -> PublicDayPayload:
        return _of_a_day(input.id, actions.offer_places, places=input.places)

    @strawberry.mutation(description="Put who is still expected on a halk günü into another order.")
    def public_day_order(self, input: inputs.PublicDayOrderInput) -> PublicDayOrderPayload:
        return run_mutation(PublicDayOrderPayload, lambda: _order(input))

    @strawberry.mutation(description="A halk günü is over; who did not come is recorded so.")
    def public_day_close(self, input: inputs.PublicDayCloseInput) -> PublicDayPayload:
        return _of_a_day(input.id, actions.close_public_day)


AppointmentActions = action_mutations(
    "Appointment",
    appointment_action,
    Row,
    AppointmentPayload,
    row="The request.",
    inputs={
        Verb.COMPLETE_VISIT: inputs.AppointmentCompleteVisitInput,
        Verb.COMPLETE: inputs.AppointmentCompleteInput,
    },
    through={
        Verb.COMPLETE_VISIT: _promising(complete_visit),
        Verb.COMPLETE: _promising(complete),
        Verb.HAND_OVER: hand_over_request,
    },
    answer=with_free_times,
)
