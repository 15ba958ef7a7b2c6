"""Asking for invitations, recording them and saying what may be said to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from backend.invitations import actions, models
from backend.invitations.moves import Verb
from backend.organization.models import User
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions import scope
from permissions.handing_over import represent
from permissions.scope import Action
from schema.connection import Connection, Keyset, Page
from schema.invitation_types import (
    Invitation,
    InvitationGift,
    InvitationMeans,
    InvitationOccasion,
    InvitationStatus,
)
from schema.nodes import key_of, one, row_again
from schema.organization import After, Before, First, Last, Search
from schema.partners import with_partner
from schema.programme import From, TimeSpan, Until, in_days, listed, of_principal, with_free_times
from schema.programme_inputs import NOTE, UNUSUAL
from schema.results import Payload
from schema.scalars import cleaned, values
from schema.verbs import given, optional, says, told

BY_TIME = Keyset("invitation", "starts_at", dt.datetime)
Row = models.Invitation
MEANS = "How the host is told; by default by e-mail where there is an address."
BODY = "What is added to the standing text that the host reads."
WHY = "Why; needed where an earlier decision is changed. The host does not read it."


@strawberry.input(description="Which invitations: all of these must hold; within a list, any.")
class InvitationFilter:
    principal: strawberry.ID | None = optional("Who is invited.")
    partner: strawberry.ID | None = optional("Which organisation invites.")
    occasion: list[InvitationOccasion] | None = optional("To what.")
    status: list[InvitationStatus] | None = optional("What was decided.")


@strawberry.type
class InvitationQueries:
    @strawberry.field(description="The invitations that the viewer sees, in order of time.")
    def invitations(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        from_: From = None,
        until: Until = None,
        search: Search = None,
        filter: Annotated[InvitationFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Invitation]:
        scope.require_viewer()
        rows: Any = Row.objects.all()
        if search is not None:
            rows = rows.search(search)
        fields = values(filter) if filter else {}
        for name in ("occasion", "status"):
            if fields.get(name) is not None:
                rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
        rows = with_partner(of_principal(rows, fields.get("principal")), fields.get("partner"))
        rows = in_days(rows, from_, until)
        return listed(rows, BY_TIME, Page.of(first, after, last, before), info)

    @strawberry.field(description="The invitation with this number. Null if it is hidden or missing.")
    def invitation(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as DV-2027/4.")],
    ) -> Invitation | None:
        scope.require_viewer()
        return one(scope.visible(Row).filter(reference=cleaned(reference)), info)


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
