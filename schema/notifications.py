"""What the viewer was told of, marking it as seen, and how they want to be told. Nobody sees another's."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.notifications import actions, kinds, models
from backend.notifications.kinds import Channel, Kind
from permissions import scope
from permissions.notifying import MOST_COUNTED, preference, unseen_count
from permissions.scope import Action
from schema.agreement_types import Agreement
from schema.appointment_types import Promise
from schema.complaint_types import Complaint, Scoped
from schema.connection import Connection, Keyset, Page, paged
from schema.event_types import Event
from schema.fields import column
from schema.instruction_types import Instruction
from schema.nodes import Node, key_of, node_type
from schema.organization import After, Before, First, Last
from schema.programme_types import DepartmentNote
from schema.results import Payload, answered
from schema.scalars import described_enum
from schema.subject_request_types import SubjectRequest

MOST_SEEN = 1000
NEWEST = Keyset("told", "created_at", dt.datetime, descending=True)
NotificationKind = described_enum(Kind, "NotificationKind", "What somebody is told of.")
NotificationChannel = described_enum(Channel, "NotificationChannel", "How somebody is told.")
NotificationMode = described_enum(kinds.Mode, "NotificationMode", "When somebody is told by a channel.")


@node_type(models.Notification, "Notification")
class Notification(Node, Scoped):
    """The viewer was told of a row (bildirim). It is there as long as they see that row; at most one row is named."""

    kind: NotificationKind = column("What it is about.")
    text: str = column("Which text it is, such as instructions/ask_time.")
    is_urgent: bool = column("Whether it is sent in quiet hours too.")
    created_at: dt.datetime = column("When it was written.")
    seen_at: dt.datetime | None = column("When the viewer saw it.")
    mailed_at: dt.datetime | None = column("When it was sent by e-mail, by itself or in a digest.")
    texted_at: dt.datetime | None = column("When it was sent by SMS.")
    complaint: Complaint | None = column("The application it is about.")
    instruction: Instruction | None = column("The instruction it is about.")
    note: DepartmentNote | None = column("The briefing note it is about.")
    promise: Promise | None = column("The promise it is about.")
    agreement: Agreement | None = column("The agreement it is about.")
    event: Event | None = column("The event it is about.")
    subject_request: SubjectRequest | None = column("The application under KVKK m.11 it is about.")


@strawberry.type(description="How the viewer is told of one kind.")
class NotificationPreference:
    kind: NotificationKind = strawberry.field(description="What.")
    is_duty: bool = strawberry.field(
        description="Demanded by law or duty: it can be moved between channels, never switched off everywhere."
    )
    page: NotificationMode = strawberry.field(description="In the page: off or at once.")
    email: NotificationMode = strawberry.field(description="By e-mail.")
    sms: NotificationMode = strawberry.field(description="By SMS.")


@strawberry.type(description="How the viewer wants to be told.")
class NotificationPreferences:
    kinds: list[NotificationPreference] = strawberry.field(description="Every kind.")
    quiet_from: dt.time = strawberry.field(description="Local hour from which only what is urgent is sent.")
    quiet_until: dt.time = strawberry.field(description="Until when; the same hour means never quiet.")
    digest_at: dt.time = strawberry.field(description="Local hour of the daily digest.")
    why_no_sms: str | None = strawberry.field(description="Why SMS cannot be chosen; null where it can.")


def _preferences(row: models.Preference) -> NotificationPreferences:
    refusal = actions.why_no_sms(scope.require_viewer().user)  # type: ignore[arg-type]
    return NotificationPreferences(
        kinds=[
            NotificationPreference(
                kind=kind,
                is_duty=kind in kinds.DUTY,
                page=row.mode(kind, Channel.PAGE),
                email=row.mode(kind, Channel.EMAIL),
                sms=row.mode(kind, Channel.SMS),
            )
            for kind in Kind
        ],
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        digest_at=row.digest_at,
        why_no_sms=str(refusal.message) if refusal else None,
    )


@strawberry.input(description="Notifications that the viewer saw.")
class NotificationsSeeInput:
    ids: list[strawberry.ID] | None = strawberry.field(
        description="These (at most 1000); left out: all of the viewer's, the newest 1000.", default=None
    )


@strawberry.input(description="How one kind is told by one channel.")
class NotificationChoiceInput:
    kind: NotificationKind = strawberry.field(description="What.")
    channel: NotificationChannel = strawberry.field(description="By which channel.")
    mode: NotificationMode = strawberry.field(description="When.")


@strawberry.input(description="How one wants to be told; what is left out stays as it is.")
class NotificationPreferenceSetInput:
    choices: list[NotificationChoiceInput] = strawberry.field(
        description="The kinds and channels to change.", default_factory=list
    )
    quiet_from: dt.time | None = strawberry.field(description="Local hour, such as 22:00.", default=None)
    quiet_until: dt.time | None = strawberry.field(description="Local hour, such as 07:00.", default=None)
    digest_at: dt.time | None = strawberry.field(description="Local hour of the digest.", default=None)


@strawberry.type(description="What is left to see.")
class NotificationsPayload(Payload):
    seen: int = strawberry.field(description="How many had not been seen before.", default=0)
    notification_count: int = strawberry.field(
        description="How many are unseen, counted up to 100.", default=0
    )


@strawberry.type(description="The choice.")
class NotificationPreferencePayload(Payload):
    preferences: NotificationPreferences | None = strawberry.field(
        description="How the viewer is told from now on.", default=None
    )


@strawberry.type
class NotificationQueries:
    @strawberry.field(description="What the viewer was told of, the newest first; nobody sees another's.")
    def notifications(
        self,
        info: strawberry.Info,
        unseen: Annotated[
            bool, strawberry.argument(description="Only those that were not seen yet.")
        ] = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Notification]:
        scope.require_viewer()
        own = models.Notification.objects
        rows = scope.visible(own.unseen() if unseen else own.in_page())
        page = Page.of(first, after, last, before)
        return paged(rows, NEWEST, page, info)

    @strawberry.field(
        description=f"How many notifications the viewer has not seen, counted up to {MOST_COUNTED}."
    )
    def notification_count(self) -> int:
        scope.require_viewer()
        return unseen_count()

    @strawberry.field(description="How the viewer wants to be told.")
    def notification_preferences(self) -> NotificationPreferences:
        scope.require_viewer()
        return _preferences(preference())


def _see(input: NotificationsSeeInput) -> dict[str, Any]:
    scope.require_viewer()
    if input.ids is None:
        unseen = scope.visible(models.Notification.objects.unseen()).order_by("-created_at", "-pk")
        keys = list(unseen.values_list("key", flat=True)[:MOST_SEEN])
    else:
        keys = [key_of(models.Notification, id, "ids") for id in input.ids[:MOST_SEEN]]
    with scope.acting_on(Action.CHANGE, models.Notification, keys) as rows:
        seen = actions.see(rows)
    return {"seen": seen, "notification_count": unseen_count()}


def _set(input: NotificationPreferenceSetInput) -> dict[str, Any]:
    choices: dict[str, dict[str, str]] = {}
    for one in input.choices:
        choices.setdefault(str(one.kind), {})[str(one.channel)] = str(one.mode)
    with scope.elevated_for(models.Preference, Action.REGISTER) as viewer:
        row = actions.choose(
            by=viewer.user,  # type: ignore[arg-type]
            choices=choices,
            quiet_from=input.quiet_from,
            quiet_until=input.quiet_until,
            digest_at=input.digest_at,
        )
    return {"preferences": _preferences(row)}


@strawberry.type
class NotificationMutations:
    @strawberry.mutation(
        description="Mark one's own notifications as seen; what is seen is not sent any more."
    )
    def notifications_see(self, input: NotificationsSeeInput) -> NotificationsPayload:
        return answered(NotificationsPayload, lambda: _see(input))

    @strawberry.mutation(description="Choose how one is told of what; not by a program's token.")
    def notification_preference_set(
        self, input: NotificationPreferenceSetInput
    ) -> NotificationPreferencePayload:
        return answered(NotificationPreferencePayload, lambda: _set(input))
