"""One's own calendar feeds and reminders: make, list, revoke, choose. The address is shown once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from django.conf import settings
from django.urls import reverse

from backend.calendars import actions, models
from backend.calendars.reminding import USUAL
from backend.programme.models import Principal as PrincipalRow
from backend.programme.reminders import Moment
from permissions import scope
from permissions.scope import Action
from schema.complaint_types import Scoped
from schema.connection import Connection, Keyset, Page, paged
from schema.fields import column
from schema.nodes import Node, key_of, must_load, node_type, row_again
from schema.organization import After, Before, First, Last
from schema.programme_types import Principal
from schema.results import Payload, answered
from schema.scalars import described_enum

CalendarFeedView = described_enum(models.View, "CalendarFeedView", "How much a calendar feed says.")
ReminderMoment = described_enum(Moment, "ReminderMoment", "When somebody is reminded.")
NEWEST = Keyset("feed", "created_at", dt.datetime, descending=True)


@node_type(models.Feed, "CalendarFeed")
class CalendarFeed(Node, Scoped):
    """A secret address from which a calendar program reads (takvim bağlantısı). Only a digest of the secret is kept."""

    name: str = column("What it is for.")
    view: CalendarFeedView = column("How much it says.")
    principal: Principal | None = column("Whose programme; null for all that its owner sees on the day.")
    created_at: dt.datetime = column("When it was made.")
    revoked_at: dt.datetime | None = column("When it was revoked.")
    last_used_at: dt.datetime | None = column("When it was last read, to the minute.")


@strawberry.input(description="A feed of one's own to make.")
class CalendarFeedMakeInput:
    name: str = strawberry.field(description="What it is for.")
    view: CalendarFeedView = strawberry.field(description="How much it says.")
    principal: strawberry.ID | None = strawberry.field(
        description="Whose programme; left out: all that its owner sees on the day. Busy times are somebody's.",
        default=None,
    )


@strawberry.input(description="A feed to revoke.")
class CalendarFeedRevokeInput:
    id: strawberry.ID = strawberry.field(description="The feed.")


@strawberry.input(description="When one is reminded of the programmes that one keeps, and of one's own.")
class RemindersChooseInput:
    moments: list[ReminderMoment] = strawberry.field(description="All of them; none at all is a choice too.")


@strawberry.type(description="The feed.")
class CalendarFeedPayload(Payload):
    calendar_feed: CalendarFeed | None = row_again(models.Feed, "The feed as it stands.")


@strawberry.type(description="The new feed with its address, which is never shown again.")
class CalendarFeedMakePayload(CalendarFeedPayload):
    url: str | None = strawberry.field(description="The secret address to subscribe to.", default=None)


@strawberry.type(description="The choice.")
class RemindersPayload(Payload):
    moments: list[ReminderMoment] = strawberry.field(
        description="When the viewer is reminded from now on.", default_factory=list
    )


@strawberry.type
class CalendarQueries:
    @strawberry.field(description="One's own calendar feeds, the newest first; nobody sees another's.")
    def calendar_feeds(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CalendarFeed]:
        scope.require_viewer()
        rows = scope.visible(models.Feed)
        page = Page.of(first, after, last, before)
        return paged(rows, NEWEST, page, info)

    @strawberry.field(
        description="When the viewer is reminded of the programmes they keep, and of their own."
    )
    def reminder_moments(self) -> list[ReminderMoment]:
        scope.require_viewer()
        own = scope.visible(models.ReminderChoice).first()
        return [Moment(moment) for moment in (own.moments if own else USUAL)]


def _make(input: CalendarFeedMakeInput) -> dict[str, Any]:
    principal = must_load(PrincipalRow, input.principal, "principal") if input.principal else None
    with scope.elevated_for(models.Feed, Action.REGISTER) as viewer:
        feed, secret = actions.make_feed(
            by=viewer.user,  # type: ignore[arg-type]
            name=input.name,
            view=str(input.view),
            principal=principal,
        )
    return {
        "key": feed.key,
        "url": settings.PUBLIC_URL.rstrip("/") + reverse("calendar_feed", args=[secret]),
    }


def _choose(input: RemindersChooseInput) -> dict[str, Any]:
    with scope.elevated_for(models.ReminderChoice, Action.REGISTER) as viewer:
        chosen = actions.choose_reminders(
            by=viewer.user,  # type: ignore[arg-type]
            moments=[str(moment) for moment in input.moments],
        )
    return {"moments": [Moment(moment) for moment in chosen.moments]}


@strawberry.type
class CalendarMutations:
    @strawberry.mutation(description="Make a calendar feed for oneself; not by a program's token.")
    def calendar_feed_make(self, input: CalendarFeedMakeInput) -> CalendarFeedMakePayload:
        return answered(CalendarFeedMakePayload, lambda: _make(input))

    @strawberry.mutation(description="Revoke a feed of one's own: its address stops working at once.")
    def calendar_feed_revoke(self, input: CalendarFeedRevokeInput) -> CalendarFeedPayload:
        def act() -> dict[str, Any]:
            key = key_of(models.Feed, input.id)
            with scope.acting(Action.REVOKE, models.Feed, key) as feed:
                actions.revoke_feed(feed, by=scope.require_viewer().user)  # type: ignore[arg-type]
            return {"key": key}

        return answered(CalendarFeedPayload, act)

    @strawberry.mutation(
        description="Choose when one is reminded of the programmes one keeps, and of one's own."
    )
    def reminders_choose(self, input: RemindersChooseInput) -> RemindersPayload:
        return answered(RemindersPayload, lambda: _choose(input))
