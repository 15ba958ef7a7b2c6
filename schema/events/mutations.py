"""What may be done to events: inputs, payloads and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.events import actions, models
from backend.events.actions import PlannedPart
from backend.events.moves import Verb
from backend.letters.models import Letter
from backend.organization.models import Department, User
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action
from permissions.events.access import link_letter
from permissions.letters.access import own_departments
from schema.core.nodes import key_of, row_again
from schema.core.results import Payload
from schema.core.scalars import values
from schema.core.verbs import given, says
from schema.events import inputs as i
from schema.events.queries import Row
from schema.events.types import (
    Event,
)
from schema.programme.mutations import with_free_times
from schema.programme.queries import TimeSpan


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The event, as the viewer sees it afterwards.")
class EventPayload(Payload):
    free_times: list[TimeSpan] = strawberry.field(
        description="After a CONFLICT: the nearest free times, at most three.", default_factory=list
    )

    event: Event | None = row_again(
        Row, "The event; null if it left the viewer's sight, or nothing was done."
    )


def _planned(input: Any, act: Callable[[Principal, Any], models.Event]) -> EventPayload:
    def run() -> dict[str, Any]:
        key = key_of(Principal, input.principal, "principal")
        with scope.making(Action.PLAN, Principal, key, field="principal") as principal:
            row = act(principal, scope.current_viewer().user)
        return {"key": row.key}

    return with_free_times(EventPayload, run)


def _plan(input: i.EventPlanInput) -> EventPayload:
    def act(principal: Principal, by: Any) -> models.Event:
        fields = given(input, {}, "principal", "parts")
        parts = [PlannedPart(**values(part)) for part in input.parts]
        return actions.plan(principal, by=by, parts=parts, **fields)

    return _planned(input, act)


def _from_template(input: i.EventPlanFromTemplateInput) -> EventPayload:
    own = own_departments().first() if input.letters else None

    def act(principal: Principal, by: Any) -> models.Event:
        fields = given(input, {}, "principal", "letters")
        return actions.plan_from_template(principal, by=by, letters_of=own, **fields)

    return _planned(input, act)


def child(act: Callable[..., Any], **kinds: Any) -> Callable[..., Any]:
    """The action with the ids of rows of the event as their keys; the action looks them up in this event."""

    def run(event: models.Event, **fields: Any) -> Any:
        for name, model in kinds.items():
            if fields.get(name) is not None:
                fields[name] = str(key_of(model, fields[name], name))
        return act(event, **fields)

    return run


def said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    return says(
        verb,
        act,
        Row,
        EventPayload,
        input_type,
        description,
        keep_null=verb is Verb.CORRECT,
        answer=with_free_times,
        **edges,
    )


V, a = Verb, actions


_part, _item = {"part": models.EventPart}, {"part": models.EventPart, "item": models.AgendaItem}


@strawberry.type
class EventMutations:
    @strawberry.mutation(description="Record an event: whoever keeps the programme in which it stands.")
    def event_plan(self, input: i.EventPlanInput) -> EventPayload:
        return _plan(input)

    @strawberry.mutation(description="Record an event with everything that a template names.")
    def event_plan_from_template(self, input: i.EventPlanFromTemplateInput) -> EventPayload:
        return _from_template(input)

    event_announce = said(V.ANNOUNCE, a.announce, i.EventRemarkInput, "The programme is decided.")
    event_hold = said(V.HOLD, a.hold, i.EventRemarkInput, "It took place.")
    event_close = said(V.CLOSE, a.close, i.EventCloseInput, "The file is complete.")
    event_correct = said(V.CORRECT, a.correct, i.EventCorrectInput, "Set facts right.")
    event_put_part = said(
        V.PUT_PART, child(a.put_part, **_part), i.EventPutPartInput, "Add a part, or change one."
    )
    event_drop_part = said(V.DROP_PART, child(a.drop_part, **_part), i.EventDropPartInput, "Take a part off.")
    event_put_item = said(
        V.PUT_ITEM, child(a.put_item, **_item), i.EventPutItemInput, "Add a step, or change one."
    )
    event_drop_item = said(
        V.DROP_ITEM, child(a.drop_item, item=models.AgendaItem), i.EventDropItemInput, "Take a step off."
    )
    event_arrange_speakers = said(
        V.ARRANGE_SPEAKERS, a.arrange_speakers, i.EventInput, "Speakers from the lowest to the highest."
    )
    event_add_task = said(
        V.ADD_TASK,
        a.add_task,
        i.EventAddTaskInput,
        "Add a task or a provision.",
        department=Department,
        person=User,
    )
    event_name_member = said(
        V.NAME_MEMBER, a.name_member, i.EventNameMemberInput, "Give somebody a duty.", user=User
    )
    event_unname_member = said(
        V.UNNAME_MEMBER,
        child(a.unname_member, member=models.TeamMember),
        i.EventUnnameMemberInput,
        "Take a duty off.",
    )
    event_add_partner = said(
        V.ADD_PARTNER,
        a.add_partner,
        i.EventAddPartnerInput,
        "Name an organisation that has a part in it.",
        organisation=Organisation,
    )
    event_drop_partner = said(
        V.DROP_PARTNER,
        child(a.drop_partner, partner=models.EventPartner),
        i.EventDropPartnerInput,
        "Take an organisation off.",
    )
    event_link_letter = said(
        V.LINK_LETTER,
        link_letter,
        i.EventLetterInput,
        "A letter that is there already, such as a permit that arrived, belongs to it.",
        letter=Letter,
    )
    event_unlink_letter = said(
        V.UNLINK_LETTER,
        a.unlink_letter,
        i.EventLetterInput,
        "The letter does not belong to it.",
        letter=Letter,
    )
    event_write_note = said(
        V.WRITE_NOTE, a.write_note, i.EventWriteNoteInput, "Write what one audience is told."
    )
    event_thank = said(
        V.THANK, a.thank, i.EventInput, "Put those who came into the event's batch of letters of thanks."
    )
    event_publish = said(V.PUBLISH, a.publish, i.EventPublishInput, "Put it into the public calendar.")
    event_unpublish = said(V.UNPUBLISH, a.unpublish, i.EventInput, "Take it out of the public calendar.")
    event_cancel = said(V.CANCEL, a.cancel, i.EventReasonInput, "It will not be; its times are free again.")
    event_reopen = said(V.REOPEN, a.reopen, i.EventReasonInput, "Take a closed file up again.")
