"""Asking for meetings and visits, opening their files, and saying what may be said to them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from backend.engagements import actions
from backend.engagements.models import Attendee, Decision
from backend.engagements.models import Engagement as Row
from backend.engagements.moves import Verb
from backend.organization.models import Department, User
from backend.partners.models import Organisation as OrganisationRow
from backend.partners.models import Role
from backend.programme.models import Principal
from permissions import engagements, scope
from permissions.scope import Action
from schema import engagement_inputs as i
from schema.complaint_queries import OrderDirection
from schema.connection import Connection, Keyset, Page
from schema.engagement_types import Engagement, EngagementKind, EngagementStatus
from schema.nodes import key_of, row_again
from schema.organization import After, Before, First, Last, Search
from schema.partners import with_partner
from schema.programme import listed, of_principal
from schema.results import Payload, answered
from schema.scalars import values
from schema.verbs import given, optional, says


@strawberry.enum(description="What is true of an engagement today.")
class EngagementCondition(enum.Enum):
    COMING = strawberry.enum_value("coming", description="In preparation and not over (tr: yaklaşan).")
    TO_MINUTE = strawberry.enum_value(
        "to_minute", description="Over, and without minutes (tr: tutanağı yazılacak)."
    )


@strawberry.input(description="Which engagements: all of these must hold; within a list, any.")
class EngagementFilter:
    condition: list[EngagementCondition] | None = optional("What is true of it today; all of them.")
    kind: list[EngagementKind] | None = optional("What it is.")
    status: list[EngagementStatus] | None = optional("Where it stands.")
    principal: strawberry.ID | None = optional("Who represents us.")
    organisation: strawberry.ID | None = optional("With whom.")


def _filtered(asked: EngagementFilter | None) -> Any:
    rows: Any = Row.objects.all()
    fields = {name: value for name, value in (values(asked) if asked else {}).items() if value is not None}
    for condition in fields.get("condition", []):
        rows = getattr(rows, condition.value)()
    for name in ("kind", "status"):
        if name in fields:
            rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
    rows = with_partner(rows, fields.get("organisation"), "organisation")
    return of_principal(rows, fields.get("principal"))


@strawberry.type
class EngagementQueries:
    @strawberry.field(description="The meetings and visits that the viewer sees, the latest first.")
    def engagements(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
        direction: Annotated[
            OrderDirection, strawberry.argument(description="By time: which way.")
        ] = OrderDirection.DESC,
        filter: Annotated[EngagementFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Engagement]:
        scope.require_viewer()
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        descending = direction is OrderDirection.DESC
        keyset = Keyset(
            "engagement-S" if descending else "engagement-s", "starts_at", dt.datetime, descending
        )
        return listed(rows, keyset, Page.of(first, after, last, before), info)


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The engagement, as the viewer sees it afterwards.")
class EngagementPayload(Payload):
    engagement: Engagement | None = row_again(
        Row, "The engagement; null if it left the viewer's sight, or nothing was done."
    )


def _open(input: i.EngagementOpenInput) -> dict[str, Any]:
    fields = given(input, {"organisation": OrganisationRow, "department": Department}, "principal")
    key = key_of(Principal, input.principal, "principal")
    with scope.making(Action.INSTRUCT, Principal, key, field="principal") as principal:
        row = actions.open_file(principal, by=scope.current_viewer().user, **fields)
    return {"key": row.key}


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    keep_null = verb in (Verb.CORRECT, Verb.EQUIP)
    return says(verb, act, Row, EngagementPayload, input_type, description, keep_null=keep_null, **edges)


V, a = Verb, actions


@strawberry.type
class EngagementMutations:
    @strawberry.mutation(
        description="Open the file of a meeting or a visit: the office for every principal, a keeper for theirs."
    )
    def engagement_open(self, input: i.EngagementOpenInput) -> EngagementPayload:
        return answered(EngagementPayload, lambda: _open(input))

    engagement_correct = _said(
        V.CORRECT,
        a.correct,
        i.EngagementCorrectInput,
        "Set facts right.",
        organisation=OrganisationRow,
        department=Department,
    )
    engagement_equip = _said(V.EQUIP, a.equip, i.EngagementEquipInput, "Travel, vehicle, lodging, gift.")
    engagement_invite = _said(
        V.INVITE, a.invite, i.EngagementInviteInput, "Somebody takes part.", user=User, role=Role
    )
    engagement_uninvite = _said(
        V.UNINVITE, a.uninvite, i.EngagementUninviteInput, "Somebody does not take part.", attendee=Attendee
    )
    engagement_set_agenda = _said(V.SET_AGENDA, a.set_agenda, i.EngagementSetAgendaInput, "The agenda, anew.")
    engagement_schedule = _said(
        V.SCHEDULE, a.schedule, i.EngagementScheduleInput, "It enters the programme at its time."
    )
    engagement_hold = _said(V.HOLD, a.hold, i.EngagementRemarkInput, "It took place.")
    engagement_minute = _said(V.MINUTE, a.minute, i.EngagementMinuteInput, "Write the minutes.")
    engagement_decide = _said(V.DECIDE, a.decide, i.EngagementDecideInput, "Record a decision.")
    engagement_instruct = _said(
        V.INSTRUCT,
        engagements.instruct,
        i.EngagementInstructInput,
        "Make an instruction of a decision; both name one another.",
        decision=Decision,
        department=Department,
    )
    engagement_cancel = _said(
        V.CANCEL, a.cancel, i.EngagementCancelInput, "It does not take place; its time is free again."
    )
    engagement_reopen = _said(V.REOPEN, a.reopen, i.EngagementRemarkInput, "It is prepared again.")
