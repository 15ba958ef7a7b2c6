"""Asking for requests and the halk günü, and saying what may be said to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.appointments import actions, models
from backend.appointments.moves import Verb
from backend.contacts.models import Citizen, PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import Department, User
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions import applicants, scope
from permissions.handing_over import hand_over_request
from permissions.outcomes import Promised, see_out, settle
from permissions.scope import Action
from schema import appointment_inputs as inputs
from schema.appointment_types import (
    AppointmentKind,
    AppointmentMeans,
    AppointmentNoticeKind,
    AppointmentRequest,
    AppointmentStatus,
    PublicDay,
)
from schema.connection import Connection, Keyset, Page, paged
from schema.contacts import recorded
from schema.nodes import key_of, one, row_again
from schema.organization import After, Before, First, Last, Search
from schema.partners import with_partner
from schema.programme import From, TimeSpan, Until, in_days, listed, of_principal, with_free_times
from schema.results import Payload, answered
from schema.scalars import cleaned, values
from schema.verbs import given, optional, says

NEWEST = Keyset("request", "registered_at", dt.datetime, descending=True)
BY_START = Keyset("publicday", "starts_at", dt.datetime)
Row = models.AppointmentRequest
MOST_PROMISES = 10


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
    @strawberry.field(description="The requests for appointments that the viewer sees, the newest first.")
    def appointment_requests(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
        filter: Annotated[AppointmentFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[AppointmentRequest]:
        scope.require_viewer()
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
        return listed(rows, NEWEST, Page.of(first, after, last, before), info)

    @strawberry.field(description="The request with this number. Null if it is hidden or missing.")
    def appointment_request(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as RT-2027/15.")],
    ) -> AppointmentRequest | None:
        scope.require_viewer()
        return one(scope.visible(Row).filter(reference=cleaned(reference)), info)

    @strawberry.field(description="The halk günü sessions, in order of time. For everybody.")
    def public_days(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        from_: From = None,
        until: Until = None,
        principal: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only this principal's.")
        ] = None,
    ) -> Connection[PublicDay]:
        scope.require_viewer()
        rows = in_days(of_principal(models.PublicDaySession.objects.all(), principal), from_, until)
        page = Page.of(first, after, last, before)
        return paged(rows, BY_START, page, info)

    @strawberry.field(
        description="What the applicant would be told, exactly: of the appointment as it is now, or at a time."
    )
    def appointment_message_preview(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The request.")],
        kind: Annotated[AppointmentNoticeKind, strawberry.argument(description="What it would be.")],
        body: Annotated[str, strawberry.argument(description="What is added, or the message itself.")] = "",
        means: Annotated[
            AppointmentMeans, strawberry.argument(description="How it would be sent.")
        ] = AppointmentMeans.EMAIL,
        at: Annotated[dt.datetime | None, strawberry.argument(description="At which time.")] = None,
        hold_until: Annotated[
            dt.datetime | None, strawberry.argument(description="Until when they could answer.")
        ] = None,
    ) -> AppointmentMessagePreview | None:
        scope.require_viewer()
        request = scope.get(Row, key_of(Row, id), field="id", action=Verb.MESSAGE)
        moments = {"at": cleaned(at), "until": cleaned(hold_until)}
        subject, text = applicants.message_preview(
            request, str(kind), cleaned(body), means=str(means), **moments
        )
        return AppointmentMessagePreview(subject=subject, body=text)


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The request, as the viewer sees it afterwards.")
class AppointmentPayload(Payload):
    free_times: list[TimeSpan] = strawberry.field(
        description="After a CONFLICT: the nearest free times, at most three.", default_factory=list
    )

    request: AppointmentRequest | None = row_again(
        Row, "The request; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="A day without a halk günü, and why.")
class PublicDayLeftOut:
    day: dt.date = strawberry.field(description="The day.")
    reason: str = strawberry.field(description="A holiday, leave, or what the programme is taken by.")


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
        description="How many were to come to a cancelled one, or came to a closed one.", default=0
    )

    public_day: PublicDay | None = row_again(
        models.PublicDaySession, "The halk günü; null if nothing was done."
    )


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    return says(
        verb,
        act,
        Row,
        AppointmentPayload,
        input_type,
        description,
        keep_null=verb is Verb.CORRECT,
        answer=with_free_times,
        **edges,
    )


def _promising(act: Callable[..., Any]) -> Callable[..., Any]:
    """The action with its promises as it takes them: who is to keep them loaded as far as the viewer sees them."""

    def run(row: Any, *, promises: list[inputs.AppointmentPromisedInput] | None = None, **said: Any) -> Any:
        if len(promises or []) > MOST_PROMISES:
            raise DomainError(
                ErrorCode.OVER_LIMIT, _("At most %(count)s at once.") % {"count": MOST_PROMISES}, "promises"
            )
        edges = {"department": Department, "person": User}
        return act(row, promises=[Promised(**given(one, edges)) for one in promises or []], **said)

    return run


def _receive(input: inputs.AppointmentReceiveInput) -> dict[str, Any]:
    edges = {
        "principal": Principal,
        "applicant": Citizen,
        "partner": Organisation,
        "requested_by": User,
        "privacy_notice": PrivacyNotice,
    }
    fields = given(input, edges, "new_applicant")
    with scope.registering() as viewer:
        if input.new_applicant:
            if "applicant" in fields:
                message = _("Name a known applicant or a new one, not both.")
                raise DomainError(ErrorCode.INVALID, message, "new_applicant")
            fields["applicant"] = recorded(input.new_applicant, viewer.user)
        request = actions.receive(fields.pop("principal"), by=viewer.user, **fields)
    return {"key": request.key}


def _generate(input: inputs.PublicDaysGenerateInput) -> dict[str, Any]:
    key = key_of(Principal, input.principal, "principal")
    with scope.making(Action.PLAN, Principal, key, field="principal") as principal:
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
        with scope.making(Action.PLAN, models.PublicDaySession, key, field="id") as session:
            return {"key": key, "visitors": act(session, by=scope.current_viewer().user, **fields)}

    return answered(PublicDayPayload, run)


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
    with scope.acting_on(Verb.MOVE_VISIT, Row, seen) as rows:
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
        return answered(AppointmentPayload, lambda: _receive(input))

    appointment_correct = _said(
        Verb.CORRECT,
        actions.correct,
        inputs.AppointmentCorrectInput,
        "Set facts right.",
        applicant=Citizen,
        partner=Organisation,
    )
    appointment_approve = _said(
        Verb.APPROVE, actions.approve, inputs.AppointmentApproveInput, "Give an appointment."
    )
    appointment_propose = _said(
        Verb.PROPOSE, actions.propose, inputs.AppointmentProposeInput, "Hold a time and ask the applicant."
    )
    appointment_accept = _said(
        Verb.ACCEPT, actions.accept, inputs.AppointmentAcceptInput, "The applicant takes the proposed time."
    )
    appointment_refuse = _said(
        Verb.REFUSE, actions.refuse, inputs.AppointmentRefuseInput, "The applicant cannot come then."
    )
    appointment_reschedule = _said(
        Verb.RESCHEDULE, actions.reschedule, inputs.AppointmentRescheduleInput, "Give it another time."
    )
    appointment_hand_over = _said(
        Verb.HAND_OVER,
        hand_over_request,
        inputs.AppointmentHandOverInput,
        "Another principal receives them at the same time; the applicant is told.",
        to=Principal,
    )
    appointment_cancel = _said(
        Verb.CANCEL, actions.cancel, inputs.AppointmentCancelInput, "Cancel the appointment."
    )
    appointment_decline = _said(
        Verb.DECLINE, actions.decline, inputs.AppointmentDeclineInput, "Decline, with courtesy."
    )
    appointment_redirect = _said(
        Verb.REDIRECT,
        actions.redirect,
        inputs.AppointmentRedirectInput,
        "Send it to another principal or to a department.",
        principal=Principal,
        department=Department,
    )
    appointment_turn = _said(
        Verb.TURN, actions.turn, inputs.AppointmentTurnInput, "Make a complaint of it, linked both ways."
    )
    appointment_put_on_public_day = _said(
        Verb.PUT_ON_PUBLIC_DAY,
        actions.put_on_public_day,
        inputs.AppointmentPutOnPublicDayInput,
        "Give a place on a halk günü.",
        session=models.PublicDaySession,
    )
    appointment_move_visit = _said(
        Verb.MOVE_VISIT,
        actions.move_visit,
        inputs.AppointmentMoveVisitInput,
        "Another time of the halk günü, or another one.",
        session=models.PublicDaySession,
    )
    appointment_take_off = _said(
        Verb.TAKE_OFF, actions.take_off, inputs.AppointmentTakeOffInput, "Take it off the halk günü."
    )
    appointment_arrive = _said(
        Verb.ARRIVE, actions.arrive, inputs.AppointmentArriveInput, "The visitor is in the hall."
    )
    appointment_call_in = _said(
        Verb.CALL_IN, actions.call_in, inputs.AppointmentCallInInput, "The visitor goes in."
    )
    appointment_see_out = _said(
        Verb.SEE_OUT, _promising(see_out), inputs.AppointmentSeeOutInput, "The conversation is over."
    )
    appointment_miss = _said(Verb.MISS, actions.miss, inputs.AppointmentMissInput, "Nobody came.")
    appointment_settle = _said(
        Verb.SETTLE, _promising(settle), inputs.AppointmentSettleInput, "Record what came of it."
    )
    appointment_withdraw = _said(
        Verb.WITHDRAW, actions.withdraw, inputs.AppointmentWithdrawInput, "The applicant takes it back."
    )
    appointment_undo = _said(
        Verb.UNDO, actions.undo, inputs.AppointmentUndoInput, "Take back a result recorded by mistake."
    )
    appointment_promise = _said(
        Verb.PROMISE,
        actions.promise,
        inputs.AppointmentPromiseInput,
        "Record what the applicant was promised.",
        department=Department,
        person=User,
    )
    appointment_reopen = _said(Verb.REOPEN, actions.reopen, inputs.AppointmentReopenInput, "Decide it anew.")
    appointment_message = _said(
        Verb.MESSAGE, actions.message, inputs.AppointmentMessageInput, "Write to the applicant."
    )

    @strawberry.mutation(description="Make the sessions of the halk günü from its rules.")
    def public_days_generate(self, input: inputs.PublicDaysGenerateInput) -> PublicDaysGeneratePayload:
        return answered(PublicDaysGeneratePayload, lambda: _generate(input))

    @strawberry.mutation(description="A halk günü will not take place; who was to come waits for a decision.")
    def public_day_cancel(self, input: inputs.PublicDayCancelInput) -> PublicDayPayload:
        return _of_a_day(input.id, actions.cancel_public_day, reason=cleaned(input.reason))

    @strawberry.mutation(description="Put who is still expected on a halk günü into another order.")
    def public_day_order(self, input: inputs.PublicDayOrderInput) -> PublicDayOrderPayload:
        return answered(PublicDayOrderPayload, lambda: _order(input))

    @strawberry.mutation(description="A halk günü is over; who did not come is recorded so.")
    def public_day_close(self, input: inputs.PublicDayCloseInput) -> PublicDayPayload:
        return _of_a_day(input.id, actions.close_public_day)
