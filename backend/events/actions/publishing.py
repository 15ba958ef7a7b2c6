"""Public calendar of events: a separate text, synchronised with the event's time."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.validation import required, short
from backend.core.words.text import clean
from backend.events import moves
from backend.events.actions.parameters import MOST_COMPANIONS
from backend.events.actions.step import move
from backend.events.choices import Status
from backend.events.models import Event, EventPart, PublishedEvent
from backend.events.moves import Verb, event_action
from backend.events.published.pictures import IS_PUBLIC, drop_all
from backend.events.story import EventType
from backend.journal.action_table import Field
from backend.organization.models import User


def _times(event: Event) -> dict[str, object]:
    """When and where the part is that stands on the invitation."""
    part = EventPart.objects.filter(event=event, is_main=True).first()
    starts_at, ends_at = (part.starts_at, part.ends_at) if part else (event.starts_at, event.ends_at)
    return {"starts_at": starts_at, "ends_at": ends_at, "place": (part.place if part else "") or event.place}


@event_action(Verb.PUBLISH, event=EventType.PUBLISHED, source=(Status.ANNOUNCED, Status.HELD))
def publish(
    event: Event,
    *,
    by: User | None,
    title: Annotated[
        str,
        Field(
            _("Title in the public calendar"),
            api="Its title there; default that of the event.",
            max_length=200,
        ),
    ] = "",
    text: Annotated[
        str, Field(_("What everybody may know"), api="What is to be known; default the description.", rows=4)
    ] = "",
    takes_sign_ups: Annotated[
        bool | None,
        Field(
            _("Citizens may sign up"),
            api="Whether citizens may sign up; default as before.",
            help=_(
                "They are guests of the event: places are counted with those of the invited, and who finds none waits."
            ),
        ),
    ] = None,
    most_people: Annotated[
        int | None,
        Field(
            _("People in one sign-up at most"),
            api="How many people one sign-up may bring, themselves included; default 4.",
            min_value=1,
            max_value=MOST_COMPANIONS + 1,
        ),
    ] = None,
) -> Event:
    """Put it into the public calendar.

    Or change its words there.
    """
    moves.require(Verb.PUBLISH, event.status)
    words: dict[str, Any] = {
        "title": required(title or event.title, "title", _("Write what it is."), 200),
        "text": short(text, "text", 5000) if text else clean(event.description)[:5000],
    }
    taken = {"takes_sign_ups": takes_sign_ups, "most_people": most_people}
    words |= {name: value for name, value in taken.items() if value is not None}
    PublishedEvent.objects.update_or_create(
        event=event, defaults=words | _times(event) | {"changed_at": timezone.now(), "is_cancelled": False}
    )
    PublishedEvent.objects.filter(event=event).update(sequence=F("sequence") + 1)
    move(event, Verb.PUBLISH, by=by)
    return event


@event_action(
    Verb.UNPUBLISH,
    event=EventType.UNPUBLISHED,
    source=Status,
    applies=IS_PUBLIC,
)
def unpublish(event: Event, *, by: User | None) -> Event:
    """Take it out of the public calendar; its pictures are removed."""
    moves.require(Verb.UNPUBLISH, event.status)
    drop_all(event)
    PublishedEvent.objects.filter(event=event).delete()
    move(event, Verb.UNPUBLISH, by=by)
    return event


def sync_published(event: Event) -> None:
    """A published event follows the time and place of its event."""
    times = _times(event)
    if PublishedEvent.objects.filter(event=event).exclude(**times).exists():
        PublishedEvent.objects.filter(event=event).update(
            **times, changed_at=timezone.now(), sequence=F("sequence") + 1
        )


def withdraw_published(event: Event) -> None:
    """Mark the published event as cancelled for subscribers of the calendar."""
    PublishedEvent.objects.filter(event=event).update(
        is_cancelled=True, changed_at=timezone.now(), sequence=F("sequence") + 1
    )
