"""What may be done to notifications: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.notifications import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from permissions.notifications.sending import unseen_count
from schema.core.nodes import key_of
from schema.core.results import Payload, run_mutation
from schema.notifications.queries import _preferences
from schema.notifications.types import (
    NotificationChannel,
    NotificationKind,
    NotificationMode,
    NotificationPreferences,
)

MOST_SEEN = 1000


@strawberry.input(description="Notifications that the viewer saw.")
class NotificationsSeeInput:
    ids: list[strawberry.ID] | None = strawberry.field(
        description="These (at most 1000); left out: all of the viewer's, the newest 1000.", default=None
    )


@strawberry.input(description="How one kind is notified by one channel.")
class NotificationChoiceInput:
    kind: NotificationKind = strawberry.field(description="What.")
    channel: NotificationChannel = strawberry.field(description="By which channel.")
    mode: NotificationMode = strawberry.field(description="When.")


@strawberry.input(description="How one wants to be notified; what is left out stays as it is.")
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
        description="How the viewer is notified from now on.", default=None
    )


def _see(input: NotificationsSeeInput) -> dict[str, Any]:
    scope.require_viewer()
    if input.ids is None:
        unseen = scope.visible(models.Notification.objects.unseen()).order_by("-created_at", "-pk")
        keys = list(unseen.values_list("key", flat=True)[:MOST_SEEN])
    else:
        keys = [key_of(models.Notification, id, "ids") for id in input.ids[:MOST_SEEN]]
    with scope.authorized_many(Action.CHANGE, models.Notification, keys) as rows:
        seen = actions.see(rows)
    return {"seen": seen, "notification_count": unseen_count()}


def _set(input: NotificationPreferenceSetInput) -> dict[str, Any]:
    choices: dict[str, dict[str, str]] = {}
    for choice in input.choices:
        choices.setdefault(str(choice.kind), {})[str(choice.channel)] = str(choice.mode)
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
        return run_mutation(NotificationsPayload, lambda: _see(input))

    @strawberry.mutation(description="Choose how one is notified of what; not by a program's token.")
    def notification_preference_set(
        self, input: NotificationPreferenceSetInput
    ) -> NotificationPreferencePayload:
        return run_mutation(NotificationPreferencePayload, lambda: _set(input))
