"""Mutations of tasks, of the guest list and of each guest."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import strawberry

from backend.contacts.models import Citizen
from backend.events import actions, models
from backend.events.actions import Outcome, Scan
from backend.events.actions.inviting import Carrier
from backend.events.moves import Verb, guest_action, task_action
from permissions.core import scope
from permissions.events import access as events
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum
from schema.core.verbs import VerbMutation
from schema.events import inputs
from schema.events.mutations import EventPayload
from schema.events.types import Event, EventTask, Guest

OUTCOMES = {
    "WELCOME": "Came in now (tr: hoş geldiniz).",
    "AGAIN": "Came in before: a second scan (tr: ikinci okutma).",
    "REPEATED": "This very scan was sent before; nothing was changed (tr: daha önce gönderildi).",
    "NOT_LISTED": "On the reserve, or taken off the list (tr: listede değil).",
    "UNKNOWN": "No card of this event (tr: tanınmayan davetiye).",
}
ScanOutcome = described_enum(Outcome, "ScanOutcome", "What came of a scan at the door.", OUTCOMES)


@strawberry.type(description="The task, as the viewer sees it afterwards.")
class EventTaskPayload(Payload):
    task: EventTask | None = refetched_row(
        models.EventTask, "The task; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="The guest, as the viewer sees them afterwards.")
class GuestPayload(Payload):
    guest: Guest | None = refetched_row(
        models.Guest, "The guest; null if they left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="What reading the groups anew did.")
class EventSyncGuestsPayload(Payload):
    added: int = strawberry.field(description="How many were put on the list.", default=0)
    reserved: int = strawberry.field(description="How many were put on the reserve.", default=0)
    taken_off: int = strawberry.field(description="How many were in no group any more and left.", default=0)
    gone_but_invited: int = strawberry.field(
        description="How many are in no group any more, but were invited: the office decides.", default=0
    )

    event: Event | None = refetched_row(models.Event, "The event; null if nothing was done.")


@strawberry.type(description="To whom the invitation went.")
class EventInvitePayload(Payload):
    sent: int = strawberry.field(description="To how many it was sent now.", default=0)
    by_mail: int = strawberry.field(description="To how many of them by e-mail.", default=0)
    by_sms: int = strawberry.field(description="To how many of them by SMS.", default=0)
    without_address: int = strawberry.field(
        description="How many have no address: cards are printed for them, or they are called.", default=0
    )
    leaves_at: dt.datetime | None = strawberry.field(
        description="Until then all of them can be taken back (`eventRecall`); null if nothing was sent.",
        default=None,
    )

    event: Event | None = refetched_row(models.Event, "The event; null if nothing was done.")


@strawberry.type(description="A scan, and what came of it.")
class EventScan:
    client_id: strawberry.ID = strawberry.field(description="The scan.")
    outcome: ScanOutcome = strawberry.field(description="What came of it.")
    title: str = strawberry.field(description="The office or title of the guest.")
    arrived_at: dt.datetime | None = strawberry.field(description="When the guest came in.")


@strawberry.type(description="What came of the scans, in the order in which they were sent.")
class EventCheckInPayload(Payload):
    scans: list[EventScan] = strawberry.field(description="Each scan.", default_factory=list)
    people: int = strawberry.field(description="How many people are there now.", default=0)


def _on_event(input: Any, verb: Verb, act: Callable[[models.Event, Any], dict[str, Any]]) -> dict[str, Any]:
    version = input.version or None
    with scope.authorized(verb, models.Event, key_of(models.Event, input.id), version=version) as event:
        return {"key": event.key, **act(event, scope.current_viewer().user)}


def _gathered(event: models.Event, by: Any) -> dict[str, Any]:
    done = events.gather(event, by=by)
    return {
        "added": len(done.added),
        "reserved": len(done.to_reserve),
        "taken_off": len(done.taken_off),
        "gone_but_invited": len(done.gone_but_invited),
    }


def carrier_of(by_sms: bool | None) -> Carrier | None:
    """By what alone, if anything was said."""
    if by_sms is None or by_sms is strawberry.UNSET:
        return None
    return Carrier.SMS if by_sms else Carrier.EMAIL


def _invited(event: models.Event, by: Any, input: inputs.EventInviteInput) -> dict[str, Any]:
    done = actions.invite(event, by=by, carrier=carrier_of(input.by_sms), send_at=input.send_at or None)
    return {
        "sent": len(done.sent),
        "by_mail": done.counts[Carrier.EMAIL],
        "by_sms": done.counts[Carrier.SMS],
        "without_address": len(done.without_address),
        "leaves_at": done.held_until,
    }


def _scan(one: inputs.EventScanInput) -> Scan:
    try:
        client_id = uuid.UUID(one.client_id)
    except ValueError:
        raise scope.not_found("scans") from None
    guest = key_of(models.Guest, one.guest, "scans") if one.guest else None
    return Scan(client_id, code=one.code, guest=guest, at=one.at, people=one.people)


def _checked_in(input: inputs.EventCheckInInput) -> dict[str, Any]:
    def act(event: models.Event, by: Any) -> dict[str, Any]:
        seen = actions.check_in(event, by=by, scans=[_scan(scan) for scan in input.scans])
        scans = [
            EventScan(
                client_id=strawberry.ID(str(one.client_id)),
                outcome=one.outcome,
                title=one.guest.title if one.guest else "",
                arrived_at=one.since,
            )
            for one in seen
        ]
        return {"scans": scans, "people": actions.people_inside(event)}

    result = _on_event(input, Verb.CHECK_IN, act)
    return {name: result[name] for name in ("scans", "people")}


@strawberry.type
class GuestMutations:
    event_add_guest = VerbMutation(
        Verb.SYNC_GUESTS,
        actions.add_guest,
        models.Event,
        inputs.EventAddGuestInput,
        "Put a person on the list.",
        {"person": Citizen, "group": models.GuestGroup},
    ).as_field(EventPayload)

    @strawberry.mutation(description="Read the groups anew: who is new is listed, who left leaves.")
    def event_sync_guests(self, input: inputs.EventSyncGuestsInput) -> EventSyncGuestsPayload:
        return run_mutation(EventSyncGuestsPayload, lambda: _on_event(input, Verb.SYNC_GUESTS, _gathered))

    @strawberry.mutation(description="Write to everybody on the list to whom nothing was sent yet.")
    def event_invite(self, input: inputs.EventInviteInput) -> EventInvitePayload:
        def act(event: models.Event, by: Any) -> dict[str, Any]:
            return _invited(event, by, input)

        return run_mutation(EventInvitePayload, lambda: _on_event(input, Verb.INVITE, act))

    @strawberry.mutation(
        description="Take over scans at the door; each counts once, however often it is sent."
    )
    def event_check_in(self, input: inputs.EventCheckInInput) -> EventCheckInPayload:
        return run_mutation(EventCheckInPayload, lambda: _checked_in(input))


EventTaskActions = action_mutations(
    "EventTask", task_action, models.EventTask, EventTaskPayload, row="The task."
)
GuestActions = action_mutations("Guest", guest_action, models.Guest, GuestPayload, row="The guest.")
