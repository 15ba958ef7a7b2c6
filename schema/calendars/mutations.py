"""What may be done to calendar feeds and reminders: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry
from django.conf import settings
from django.urls import reverse

from backend.calendars import actions, models
from backend.programme.models import Principal as PrincipalRow
from backend.programme.reminders import Moment
from permissions.core import scope
from permissions.core.scope import Action
from schema.calendars.types import CalendarFeed, CalendarFeedView, ReminderMoment
from schema.core.nodes import key_of, must_load, refetched_row
from schema.core.results import Payload, run_mutation


@strawberry.input(description="A feed of one's own to make.")
class CalendarFeedMakeInput:
    name: str = strawberry.field(description="What it is for.")
    view: CalendarFeedView = strawberry.field(description="How much it says.")
    principal: strawberry.ID | None = strawberry.field(
        description="Whose programme; left out: all that its owner sees on the day. Busy times need one.",
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
    calendar_feed: CalendarFeed | None = refetched_row(models.Feed, "The feed as it stands.")


@strawberry.type(description="The new feed with its address, which is never shown again.")
class CalendarFeedMakePayload(CalendarFeedPayload):
    url: str | None = strawberry.field(description="The secret address to subscribe to.", default=None)


@strawberry.type(description="The choice.")
class RemindersPayload(Payload):
    moments: list[ReminderMoment] = strawberry.field(
        description="When the viewer is reminded from now on.", default_factory=list
    )


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
        return run_mutation(CalendarFeedMakePayload, lambda: _make(input))

    @strawberry.mutation(description="Revoke a feed of one's own: its address stops working at once.")
    def calendar_feed_revoke(self, input: CalendarFeedRevokeInput) -> CalendarFeedPayload:
        def act() -> dict[str, Any]:
            key = key_of(models.Feed, input.id)
            with scope.authorized(Action.REVOKE, models.Feed, key) as feed:
                actions.revoke_feed(feed, by=scope.require_user())
            return {"key": key}

        return run_mutation(CalendarFeedPayload, act)

    @strawberry.mutation(
        description="Choose when one is reminded of the programmes one keeps, and of one's own."
    )
    def reminders_choose(self, input: RemindersChooseInput) -> RemindersPayload:
        return run_mutation(RemindersPayload, lambda: _choose(input))
