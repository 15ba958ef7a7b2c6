"""What the press unit may know: its own words for an entry, and the time. Never of a confidential one."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required, short
from backend.core.words.text import clean
from backend.journal.action_table import Field
from backend.organization.models import User
from backend.programme import moves
from backend.programme.actions.step import OPEN, move
from backend.programme.choices import LIVE, Status
from backend.programme.models import Entry, PressItem
from backend.programme.moves import Verb, entry_action
from backend.programme.story import EventType


@entry_action(
    Verb.SHOW_PRESS,
    event=EventType.PRESS_SHOWN,
    source=(*LIVE, Status.DONE),
    applies=OPEN,
    hint=_("The press unit sees these words and the time, and nothing else."),
)
def show_press(
    entry: Entry,
    *,
    by: User | None,
    title: Annotated[
        str, Field(_("Heading for the press unit"), api="What it is; default its own title.", max_length=200)
    ] = "",
    place: Annotated[
        str | None, Field(_("Place"), api="Where; default its own place.", max_length=200)
    ] = None,
    note: Annotated[str, Field(_("Note for the press unit"), api="A note for the press unit.", rows=2)] = "",
) -> Entry:
    """Show it to the press unit.

    Under these words; by default its own title and place. A repetition replaces them.
    """
    moves.require(Verb.SHOW_PRESS, entry.status)
    if entry.is_confidential:
        message = _("A confidential entry cannot be shown to the press unit.")
        raise DomainError(ErrorCode.INVALID, message)
    words = {
        "title": required(title or entry.title, "title", _("Write what it is."), 200),
        "place": short(entry.place if place is None else place, "place"),
        "note": clean(note),
        "principal_id": entry.principal_id,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
    }
    shown = {**words, "changed_at": timezone.now(), "version": F("version") + 1}
    if not PressItem.objects.filter(entry=entry).update(**shown):
        PressItem.objects.create(entry=entry, **words)
    move(entry, Verb.SHOW_PRESS, by=by, details={"title": words["title"]})
    return entry


@entry_action(
    Verb.HIDE_PRESS,
    event=EventType.PRESS_HIDDEN,
    source=tuple(Status),
    applies=Q(Exists(PressItem.objects.filter(entry=OuterRef("pk")))),
)
def hide_press(entry: Entry, *, by: User | None) -> Entry:
    """Take it from the press view.

    WRONG_STATE if it is not there.
    """
    if not take_from_press(entry):
        raise DomainError(ErrorCode.WRONG_STATE, _("The press unit does not see this entry."))
    move(entry, Verb.HIDE_PRESS, by=by)
    return entry


def take_from_press(*entries: Entry) -> int:
    """Remove the press view of entries that end, or become confidential; how many had one."""
    return PressItem.objects.filter(entry__in=entries).delete()[0]


def keep_press_in_step(entry: Entry) -> None:
    """The press view of a moved entry shows the new time."""
    PressItem.objects.filter(entry=entry).update(
        starts_at=entry.starts_at, ends_at=entry.ends_at, changed_at=timezone.now(), version=F("version") + 1
    )
