"""Notifications of the viewer, marking them as seen, and preferences. Each user sees only their own."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from backend.notifications import actions, kinds, models
from backend.notifications.kinds import Channel, Kind
from permissions.core import scope
from permissions.notifications.sending import MOST_COUNTED, preference, unseen_count
from schema.core.connection import (
    Connection,
    Keyset,
    Page,
    connection_field,
    paged,
)
from schema.notifications.types import Notification, NotificationPreference, NotificationPreferences

NEWEST = Keyset("told", "created_at", dt.datetime, descending=True)


def _preferences(row: models.Preference) -> NotificationPreferences:
    refusal = actions.why_no_sms(scope.require_user())
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


@strawberry.type
class NotificationQueries:
    @connection_field(description="The viewer's notifications, the newest first; no user sees another's.")
    def notifications(
        self,
        info: strawberry.Info,
        unseen: Annotated[
            bool, strawberry.argument(description="Only those that were not seen yet.")
        ] = False,
        *,
        page: Page,
    ) -> Connection[Notification]:
        own = models.Notification.objects
        rows = scope.visible(own.unseen() if unseen else own.in_page())
        return paged(rows, NEWEST, page, info)

    @strawberry.field(
        description=f"On how many rows the viewer has notifications they have not seen, counted up to {MOST_COUNTED}."
    )
    def notification_count(self) -> int:
        scope.require_viewer()
        return unseen_count()

    @strawberry.field(description="How the viewer wants to be notified.")
    def notification_preferences(self) -> NotificationPreferences:
        scope.require_viewer()
        return _preferences(preference())
