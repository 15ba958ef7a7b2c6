"""Calendar feeds and reminders, as they are read."""

from __future__ import annotations

import datetime as dt

from backend.calendars import models
from backend.programme.reminders import Moment
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.programme.types import Principal

CalendarFeedView = described_enum(models.View, "CalendarFeedView", "How much a calendar feed says.")


ReminderMoment = described_enum(Moment, "ReminderMoment", "When a reminder is sent.")


@node_type(models.Feed, "CalendarFeed")
class CalendarFeed(Node, Scoped):
    """A secret address from which a calendar program reads (takvim bağlantısı). Only a digest of the secret is kept."""

    name: str = column("What it is for.")
    view: CalendarFeedView = column("How much it says.")
    principal: Principal | None = column("Whose programme; null for all that its owner sees on the day.")
    created_at: dt.datetime = column("When it was made.")
    revoked_at: dt.datetime | None = column("When it was revoked.")
    last_used_at: dt.datetime | None = column("When it was last read, to the minute.")
