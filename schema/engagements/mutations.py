"""What may be done to meetings and visits: inputs, payloads and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.engagements import actions
from backend.engagements.models import Attendee, Decision
from backend.engagements.models import Engagement as Row
from backend.engagements.moves import Verb
from backend.organization.models import Department, User
from backend.partners.models import Organisation as OrganisationRow
from backend.partners.models import Role
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action
from permissions.engagements import access as engagements
from schema.core.nodes import key_of, row_again
from schema.core.results import Payload, answered
from schema.core.verbs import given, says
from schema.engagements import inputs as i
from schema.engagements.types import Engagement


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
