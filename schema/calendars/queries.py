"""One's own calendar feeds and reminders: make, list, revoke, choose. The address is shown once."""

from __future__ import annotations

import datetime as dt

import strawberry

from backend.calendars import models
from backend.calendars.reminding import USUAL
from backend.programme.reminders import Moment
from permissions.core import scope
from schema.calendars.types import CalendarFeed, ReminderMoment
from schema.core.connection import Connection, Keyset, Page, connection_field, paged

NEWEST = Keyset("feed", "created_at", dt.datetime, descending=True)


@strawberry.type
class CalendarQueries:
    @connection_field(description="One's own calendar feeds, the newest first; no user sees another's.")
    def calendar_feeds(self, info: strawberry.Info, page: Page) -> Connection[CalendarFeed]:
        rows = scope.visible(models.Feed)
        return paged(rows, NEWEST, page, info)

    @strawberry.field(
        description="When the viewer is reminded of the programmes they keep, and of their own."
    )
    def reminder_moments(self) -> list[ReminderMoment]:
        scope.require_viewer()
        own = scope.visible(models.ReminderChoice).first()
        return [Moment(moment) for moment in (own.moments if own else USUAL)]
