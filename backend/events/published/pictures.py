"""Pictures in the public calendar: everybody sees them, with words for those who do not see, and with permission."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, Annotated

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import line
from backend.documents.intake import PICTURES
from backend.documents.intake import accept as accept_file
from backend.events import moves
from backend.events.actions.step import move
from backend.events.choices import Status
from backend.events.models import Event, EventPicture, PicturePermission, PublishedEvent
from backend.events.moves import Verb, event_action
from backend.events.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User

MOST_PICTURES = 10
LONGEST = 300
NAME = "picture"
"""Of every file: the name under which it was brought may be a person's."""
IS_PUBLIC = Q(Exists(PublishedEvent.objects.filter(event=OuterRef("pk"))))
HAS_PICTURES = Q(Exists(EventPicture.objects.filter(published__event=OuterRef("pk"))))
OnePicture = Annotated[EventPicture, Field(_("Picture"), api="Which picture.")]
Alternative = Annotated[
    str,
    Field(
        _("Alternative text"),
        api="What it shows, for those who do not see it.",
        help=_("What it shows, for those who do not see it."),
        max_length=LONGEST,
    ),
]
Permission = Annotated[
    str,
    Field(
        _("Permission to publish"),
        api="Who permitted that it is published; the public does not see this.",
        help=_(
            "Who permitted it: whose picture it is, and those who can be recognised in it. It is not published."
        ),
        max_length=LONGEST,
    ),
]


@event_action(
    Verb.ADD_PICTURE,
    event=EventType.PICTURE_ADDED,
    source=Status,
    applies=IS_PUBLIC,
    traits=Trait.CONCURRENT,
    hint=_("Everybody sees it at once: on the web site, in the calendar and in the API."),
)
def add_picture(
    event: Event,
    *,
    by: User | None,
    file: Annotated[IO[bytes], Field(_("Picture"))],
    name: str = "",
    alternative_text: Alternative,
    permission: Permission,
) -> EventPicture:
    """Add a picture to the public calendar.

    Where it was taken, and other hidden data, is removed. WRONG_STATE for what is not in the public calendar;
    TOO_LARGE, UNSUPPORTED, REQUIRED, INVALID for more than ten.
    """
    moves.require(Verb.ADD_PICTURE, event.status)
    words = _words(alternative_text, permission)
    published = PublishedEvent.objects.select_for_update(of=("self",)).filter(event=event).first()
    if published is None:
        message = _("This event is not in the public calendar. Put it there first.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    if published.pictures.count() >= MOST_PICTURES:
        message = _("An event has at most %(most)s pictures. Take one out first.")
        raise DomainError(ErrorCode.INVALID, message % {"most": MOST_PICTURES}, "file")
    accepted = accept_file(file, name)
    if accepted.content_type not in PICTURES:
        raise DomainError(ErrorCode.UNSUPPORTED, _("This is no photograph. JPEG, PNG and WebP are."), "file")
    picture = EventPicture.keep(
        replace(accepted, name=NAME), by=None, published=published, alternative_text=words["alternative_text"]
    )
    PicturePermission.objects.create(event=event, picture=picture, text=words["permission"])
    _changed(event)
    move(event, Verb.ADD_PICTURE, by=by)
    return picture


@event_action(Verb.DESCRIBE_PICTURE, event=EventType.PICTURE_DESCRIBED, source=Status, applies=HAS_PICTURES)
def describe_picture(
    event: Event,
    *,
    by: User | None,
    picture: OnePicture,
    alternative_text: Alternative,
    permission: Permission,
) -> Event:
    """Change what a picture says to those who do not see it, and whose permission it has."""
    moves.require(Verb.DESCRIBE_PICTURE, event.status)
    row = _own(event, picture)
    words = _words(alternative_text, permission)
    row.alternative_text = words["alternative_text"]
    row.save(update_fields=["alternative_text"])
    PicturePermission.objects.filter(picture=row).update(text=words["permission"])
    _changed(event)
    move(event, Verb.DESCRIBE_PICTURE, by=by)
    return event


@event_action(Verb.DROP_PICTURE, event=EventType.PICTURE_DROPPED, source=Status, applies=HAS_PICTURES)
def drop_picture(event: Event, *, by: User | None, picture: OnePicture) -> Event:
    """Take a picture out of the public calendar; its file is removed."""
    moves.require(Verb.DROP_PICTURE, event.status)
    _own(event, picture).discard()
    _changed(event)
    move(event, Verb.DROP_PICTURE, by=by)
    return event


def drop_all(event: Event) -> None:
    """Remove the pictures, with their files, of what leaves the public calendar."""
    for row in EventPicture.objects.filter(published__event=event):
        row.discard()


def _changed(event: Event) -> None:
    """Readers of the calendar see that it changed."""
    PublishedEvent.objects.filter(event=event).update(changed_at=timezone.now(), sequence=F("sequence") + 1)


def _own(event: Event, picture: EventPicture) -> EventPicture:
    """The picture of this event, locked."""
    rows = EventPicture.objects.select_for_update(of=("self",)).filter(published__event=event)
    row = rows.filter(pk=picture.pk).first()
    if row is None:
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such record at this event."), "picture")
    return row


def _words(alternative_text: str, permission: str) -> dict[str, str]:
    return {
        "alternative_text": line(
            required(
                alternative_text,
                "alternative_text",
                _("Write what it shows, for those who do not see it."),
                LONGEST,
            )
        ),
        "permission": line(
            required(permission, "permission", _("Write who permitted that it is published."), LONGEST)
        ),
    }
