"""What may be done to invitations: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.invitations import actions
from backend.invitations.moves import Verb, invitation_action
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action
from permissions.programme.handing_over import represent
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload
from schema.core.verbs import action_kwargs, optional, required
from schema.invitations.queries import Row
from schema.invitations.types import (
    Invitation,
    InvitationOccasion,
)
from schema.programme.mutations import with_free_times
from schema.programme.queries import TimeSpan


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

    invitation: Invitation | None = refetched_row(
        Row, "The invitation; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.input(description="An invitation that arrived.")
class InvitationReceiveInput:
    principal: strawberry.ID = required("Who is invited.")
    occasion: InvitationOccasion = required("To what.")
    title: str = required("What it is, in a line.")
    host: str = required("Who invites.")
    partner: strawberry.ID | None = optional("The inviting organisation's record.")
    starts_at: dt.datetime = required("When it begins; without an offset local time.")
    ends_at: dt.datetime | None = optional("When it ends; default two hours later.")
    place: str | None = optional("Where.")
    contact: str | None = optional("Whom to answer.")
    phone: str | None = optional("Their telephone.")
    email: str | None = optional("Their e-mail address.")
    wish: str | None = optional("What they wish of the principal.")
    body: str | None = optional("The text of the invitation.")
    answer_by: dt.date | None = optional("By when they wish an answer.", name="answerUntil")


def _receive(input: InvitationReceiveInput) -> dict[str, Any]:
    fields = action_kwargs(input, {"partner": Organisation}, "principal")
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
    @strawberry.mutation(description="Record an invitation; for the office and the keepers of a programme.")
    def invitation_receive(self, input: InvitationReceiveInput) -> InvitationPayload:
        return with_free_times(InvitationPayload, lambda: _receive(input))


InvitationActions = action_mutations(
    "Invitation",
    invitation_action,
    Row,
    InvitationPayload,
    row="The invitation.",
    through={Verb.REPRESENT: represent},
    answer=with_free_times,
)
