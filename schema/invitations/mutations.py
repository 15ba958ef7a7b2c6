"""What may be done to invitations: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry

from backend.invitations import actions, models
from backend.invitations.moves import Verb
from backend.organization.models import User
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action
from permissions.programme.handing_over import represent
from schema.core.nodes import key_of, row_again
from schema.core.results import Payload
from schema.core.verbs import given, optional, says, told
from schema.invitations.queries import Row
from schema.invitations.types import (
    Invitation,
    InvitationGift,
    InvitationMeans,
    InvitationOccasion,
)
from schema.programme.inputs import NOTE, UNUSUAL
from schema.programme.mutations import with_free_times
from schema.programme.queries import TimeSpan

MEANS = "How the host is told; by default by e-mail where there is an address."


BODY = "What is added to the standing text that the host reads."


WHY = "Why; needed where an earlier decision is changed. The host does not read it."


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The invitation, as the viewer sees it afterwards.")
class InvitationPayload(Payload):
    free_times: list[TimeSpan] = strawberry.field(
        description="After a CONFLICT: the nearest free times, at most three.", default_factory=list
    )
    alike: list[str] = strawberry.field(
        description="Of a new one: the numbers of others of this host on this day, ten at most.",
        default_factory=list,
    )

    invitation: Invitation | None = row_again(
        Row, "The invitation; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.input(description="An invitation that arrived.")
class InvitationReceiveInput:
    principal: strawberry.ID = told("Who is invited.")
    occasion: InvitationOccasion = told("To what.")
    title: str = told("What it is, in a line.")
    host: str = told("Who invites.")
    partner: strawberry.ID | None = optional("The record of whoever invites.")
    starts_at: dt.datetime = told("When it begins; without an offset local time.")
    ends_at: dt.datetime | None = optional("When it ends; default two hours later.")
    place: str | None = optional("Where.")
    contact: str | None = optional("Whom to answer.")
    phone: str | None = optional("Their telephone.")
    email: str | None = optional("Their e-mail address.")
    wish: str | None = optional("What they wish of the principal.")
    body: str | None = optional("The text of the invitation.")
    answer_by: dt.date | None = optional("By when they wish an answer.", name="answerUntil")


@strawberry.input(description="An invitation, and nothing more to say.")
class InvitationInput:
    id: strawberry.ID = told("The invitation.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class InvitationCorrectInput(InvitationInput):
    occasion: InvitationOccasion | None = optional("To what.")
    title: str | None = optional("What it is, in a line.")
    host: str | None = optional("Who invites.")
    partner: strawberry.ID | None = optional("The record of whoever invites.")
    starts_at: dt.datetime | None = optional("When it begins; an entry in the programme moves with it.")
    ends_at: dt.datetime | None = optional("When it ends.")
    place: str | None = optional("Where.")
    contact: str | None = optional("Whom to answer.")
    phone: str | None = optional("Their telephone.")
    email: str | None = optional("Their e-mail address.")
    wish: str | None = optional("What they wish of the principal.")
    body: str | None = optional("The text of the invitation.")
    answer_by: dt.date | None = optional("By when they wish an answer.", name="answerUntil")


@strawberry.input(description="The principal attends.")
class InvitationAttendInput(InvitationInput):
    reason: str | None = optional(WHY)
    travel_minutes: int | None = optional("The way there and back, each.")
    accept_unusual: bool | None = optional(UNUSUAL)
    means: InvitationMeans | None = optional(MEANS)
    body: str | None = optional(BODY)


@strawberry.input(description="Somebody represents: one of a principal, a member of staff, a name.")
class InvitationRepresentInput(InvitationAttendInput):
    deputy: strawberry.ID | None = optional(
        "A principal whose programme the viewer keeps too; it gets the event."
    )
    representative: strawberry.ID | None = optional("A member of staff.")
    name: str | None = optional("Somebody by name.")
    note: str | None = optional("What the representative is told besides.")


@strawberry.input(description="Decline with courtesy.")
class InvitationDeclineInput(InvitationInput):
    reason: str = told("Why; the host does not read it.")
    means: InvitationMeans | None = optional(MEANS)
    body: str | None = optional(BODY)


@strawberry.input(description="The host cancelled.")
class InvitationCancelInput(InvitationInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="Decide it anew.")
class InvitationReopenInput(InvitationInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="Order flowers, a wreath or a message.")
class InvitationOrderInput(InvitationInput):
    gift: InvitationGift = told("What is sent.")
    address: str = told("To where.")
    due_at: dt.datetime = told("By when; without an offset local time.")
    text: str | None = optional("The text on it.")


@strawberry.input(description="It was sent.")
class InvitationFulfilInput(InvitationInput):
    order: strawberry.ID = told("Which order.")


@strawberry.input(description="It is not sent after all.")
class InvitationDropInput(InvitationInput):
    order: strawberry.ID = told("Which order.")
    note: str | None = optional(NOTE)


def _of_order(act: Callable[..., Any]) -> Callable[..., Any]:
    def said(invitation: Row, *, by: Any, order: str, **facts: Any) -> None:
        act(invitation, by=by, order=str(key_of(models.GiftOrder, order, "order")), **facts)

    return said


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    return says(
        verb,
        act,
        Row,
        InvitationPayload,
        input_type,
        description,
        keep_null=verb is Verb.CORRECT,
        answer=with_free_times,
        **edges,
    )


def _receive(input: InvitationReceiveInput) -> dict[str, Any]:
    fields = given(input, {"partner": Organisation}, "principal")
    key = key_of(Principal, input.principal, "principal")
    principal = scope.get(Principal, key, field="principal")
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        others = list(
            scope.visible(actions.alike(principal, fields["host"], fields["starts_at"])).values_list(
                "reference", flat=True
            )[:10]
        )
        row = actions.receive(principal, by=viewer.user, **fields)
    return {"key": row.key, "alike": others}


@strawberry.type
class InvitationMutations:
    @strawberry.mutation(description="Record an invitation: the office, and whoever keeps a programme.")
    def invitation_receive(self, input: InvitationReceiveInput) -> InvitationPayload:
        return with_free_times(InvitationPayload, lambda: _receive(input))

    invitation_attend = _said(Verb.ATTEND, actions.attend, InvitationAttendInput, "The principal attends.")
    invitation_represent = _said(
        Verb.REPRESENT,
        represent,
        InvitationRepresentInput,
        "Send a representative, who is told.",
        deputy=Principal,
        representative=User,
    )
    invitation_decline = _said(
        Verb.DECLINE, actions.decline, InvitationDeclineInput, "Decline with courtesy."
    )
    invitation_correct = _said(
        Verb.CORRECT, actions.correct, InvitationCorrectInput, "Set facts right.", partner=Organisation
    )
    invitation_cancel = _said(Verb.CANCEL, actions.cancel, InvitationCancelInput, "The host cancelled.")
    invitation_reopen = _said(Verb.REOPEN, actions.reopen, InvitationReopenInput, "Decide it anew.")
    invitation_order = _said(
        Verb.ORDER, actions.order, InvitationOrderInput, "Order flowers, a wreath or a message."
    )
    invitation_fulfil = _said(Verb.FULFIL, _of_order(actions.fulfil), InvitationFulfilInput, "It was sent.")
    invitation_drop = _said(
        Verb.DROP, _of_order(actions.drop), InvitationDropInput, "It is not sent after all."
    )
