"""What sending the invitations of an event would do, before it is done."""

from __future__ import annotations

from typing import Annotated

import strawberry

from backend.events import models
from backend.events.moves import Verb
from backend.outbox.models import Message
from backend.outbox.plan import Draft, Plan
from permissions.core import scope
from permissions.events.access import invitations
from schema.core.nodes import MODELS, encode, key_of
from schema.events.guests import carrier_of

MOST_SHOWN = 200


@strawberry.type(description="One message as it will leave.")
class EventInvitationDraft:
    to: str = strawberry.field(description="Whom it is for, as the salutation names them.")
    is_sms: bool = strawberry.field(description="By SMS; else by e-mail.")
    address: str = strawberry.field(description="The address or number.")
    subject: str = strawberry.field(description="The subject of an e-mail; empty for an SMS.")
    body: str = strawberry.field(description="The text.")


@strawberry.type(description="What sending the invitations would do.")
class EventInvitationsPlan:
    by_mail: int = strawberry.field(description="To how many it would go by e-mail.")
    by_sms: int = strawberry.field(description="To how many by SMS.")
    on_paper: int = strawberry.field(
        description="How many have only a postal address: a card is printed for them."
    )
    not_reached: int = strawberry.field(description="How many have none of these: they are called.")
    samples: list[EventInvitationDraft] = strawberry.field(
        description="At most three of the messages, of each way at least one."
    )
    without_message: list[strawberry.ID] = strawberry.field(
        description="The guests whom no message reaches, at most two hundred; read them by `nodes(ids:)`."
    )


def _draft(draft: Draft) -> EventInvitationDraft:
    is_sms = draft.channel == Message.Channel.SMS
    return EventInvitationDraft(
        to=draft.to,
        is_sms=is_sms,
        address=draft.address,
        subject="" if is_sms else draft.subject,
        body=draft.body,
    )


def _plan(plan: Plan[models.Guest]) -> EventInvitationsPlan:
    without = [*plan.unreachable, *plan.on_paper][:MOST_SHOWN]
    return EventInvitationsPlan(
        by_mail=plan.by_mail,
        by_sms=plan.by_sms,
        on_paper=len(plan.on_paper),
        not_reached=len(plan.unreachable),
        samples=[_draft(draft) for draft in plan.samples],
        without_message=[encode(MODELS[models.Guest], guest.key) for guest in without],
    )


@strawberry.type
class EventPlanQueries:
    @strawberry.field(
        description="What sending the invitations would do (`eventInvite`): to how many by what, some messages exactly,"
        " and whom none reaches. For who may send them."
    )
    def event_invitations_plan(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The event.")],
        by_sms: Annotated[
            bool | None,
            strawberry.argument(description="true: by SMS alone; false: by e-mail alone; default by both."),
        ] = None,
    ) -> EventInvitationsPlan | None:
        scope.require_viewer()
        row = scope.visible(models.Event).filter(key=key_of(models.Event, id)).first()
        if row is None or not scope.can(Verb.INVITE, row):
            return None
        return _plan(invitations(row, carrier_of(by_sms) or ""))
