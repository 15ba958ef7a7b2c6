"""What may be done to events: inputs, payloads and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.events import actions, models
from backend.events.actions import PlannedPart
from backend.events.moves import Verb, event_action
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action
from permissions.events.access import link_letter
from permissions.letters.access import own_departments
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload
from schema.core.scalars import values
from schema.core.verbs import action_kwargs
from schema.events import inputs
from schema.events.queries import Row
from schema.events.types import Event
from schema.programme.mutations import with_free_times
from schema.programme.queries import TimeSpan


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The event, as the viewer sees it afterwards.")
class EventPayload(Payload):
    free_times: list[TimeSpan] = strawberry.field(
        description="After a CONFLICT: the nearest free times, at most three.", default_factory=list
    )

    event: Event | None = refetched_row(
        Row, "The event; null if it left the viewer's sight, or nothing was done."
    )


def _planned(input: Any, act: Callable[[Principal, Any], models.Event]) -> EventPayload:
    def run() -> dict[str, Any]:
        key = key_of(Principal, input.principal, "principal")
        with scope.authorized_to_create(Action.PLAN, Principal, key, field="principal") as principal:
            row = act(principal, scope.current_viewer().user)
        return {"key": row.key}

    return with_free_times(EventPayload, run)


def _plan(input: inputs.EventPlanInput) -> EventPayload:
    def act(principal: Principal, by: Any) -> models.Event:
        fields = action_kwargs(input, {}, "principal", "parts")
        parts = [PlannedPart(**values(part)) for part in input.parts]
        return actions.plan(principal, by=by, parts=parts, **fields)

    return _planned(input, act)


def _from_template(input: inputs.EventPlanFromTemplateInput) -> EventPayload:
    own = own_departments().first() if input.letters else None

    def act(principal: Principal, by: Any) -> models.Event:
        fields = action_kwargs(input, {}, "principal", "letters")
        return actions.plan_from_template(principal, by=by, letters_of=own, **fields)

    return _planned(input, act)


@strawberry.type
class EventMutations:
    @strawberry.mutation(description="Record an event; for the keeper of the programme in which it stands.")
    def event_plan(self, input: inputs.EventPlanInput) -> EventPayload:
        return _plan(input)

    @strawberry.mutation(description="Record an event with everything that a template names.")
    def event_plan_from_template(self, input: inputs.EventPlanFromTemplateInput) -> EventPayload:
        return _from_template(input)


EventActions = action_mutations(
    "Event",
    event_action,
    Row,
    EventPayload,
    row="The event.",
    # they tell more: `schema.events.guests`
    by_hand=dict.fromkeys((Verb.SYNC_GUESTS, Verb.INVITE, Verb.CHECK_IN)),
    through={Verb.LINK_LETTER: link_letter},
    answer=with_free_times,
)
