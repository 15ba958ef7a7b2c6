"""Confidential entries: visible to named readers alone, overriding every other relation.

The person who marks an entry confidential becomes a reader, so that it is never lost; readers are removed by another
reader. The database enforces the same: `permissions.policies`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.programme.actions.press import take_from_press
from backend.programme.actions.step import CONFIDENTIAL, ITS_OWN, OPEN, move
from backend.programme.choices import NoteStatus, Status
from backend.programme.models import DepartmentNote, Entry, NamedReader
from backend.programme.moves import Verb, entry_action
from backend.programme.story import EventType


def put_readers(entry: Entry, readers: Iterable[User], *, by: User | None) -> None:
    """Write the readers of an entry that names `by` as one already; `by` first, for each row needs a reader."""
    people = {user.pk: user for user in [by, *readers] if user is not None}
    for user in people.values():
        NamedReader.objects.get_or_create(entry=entry, user=user, defaults={"named_by": by})


@entry_action(
    Verb.MARK_CONFIDENTIAL,
    event=EventType.CONCEALED,
    source=tuple(Status),
    applies=ITS_OWN & OPEN,
    hint=_("Only you and those named here see it; for everybody else the time is taken."),
)
def mark_confidential(
    entry: Entry,
    *,
    by: User,
    readers: Annotated[
        Iterable[User], Field(_("Who else may read it"), api="Who reads it besides the viewer.")
    ] = (),
) -> Entry:
    """Let only named readers see it.

    `by` is among them. It leaves the press view. WRONG_STATE if it is so.
    """
    if entry.is_confidential:
        raise DomainError(ErrorCode.WRONG_STATE, _("This entry is confidential already."))
    if entry.is_requested:
        message = _("An appointment with a request cannot be made confidential; the office knows of it.")
        raise DomainError(ErrorCode.INVALID, message)
    take_from_press(entry)
    # A file that is imported again must not meet what its importer may not see: it is no longer that file's event.
    # One write: a confidential row must name its readers from the start.
    move(entry, Verb.MARK_CONFIDENTIAL, by=by, is_confidential=True, readers=[by.pk], outside_uid="")
    put_readers(entry, readers, by=by)
    notes = DepartmentNote.objects.filter(entry=entry)
    notes.awaited().update(status=NoteStatus.WITHDRAWN)
    notes.update(is_withheld=True)
    return entry


@entry_action(
    Verb.REMOVE_CONFIDENTIALITY,
    event=EventType.DISCLOSED,
    source=tuple(Status),
    applies=CONFIDENTIAL,
    traits=Trait.DESTRUCTIVE,
    hint=_("Everybody who reads this programme sees it, with its whole story."),
)
def remove_confidentiality(entry: Entry, *, by: User | None) -> Entry:
    """End confidentiality.

    It is seen like any other entry, and names no readers.
    """
    _must_be_confidential(entry)
    Entry.objects.filter(pk=entry.pk).update(is_confidential=False, readers=[])
    NamedReader.objects.filter(entry=entry).delete()
    entry.is_confidential, entry.readers = False, []
    move(entry, Verb.REMOVE_CONFIDENTIALITY, by=by)
    return entry


@entry_action(
    Verb.NAME_READER,
    event=EventType.READER_NAMED,
    source=tuple(Status),
    applies=CONFIDENTIAL,
    traits=Trait.CONCURRENT,
)
def name_reader(
    entry: Entry,
    *,
    by: User | None,
    user: Annotated[User, Field(_("Who may read it"), api="The member of staff.")],
) -> Entry:
    """Let one more person read it."""
    _must_be_confidential(entry)
    if user.pk in entry.readers:
        raise DomainError(ErrorCode.DUPLICATE, _("This person reads it already."), "user")
    NamedReader.objects.create(entry=entry, user=user, named_by=by)
    move(entry, Verb.NAME_READER, by=by, details={"who": str(user)})
    return entry


@entry_action(
    Verb.UNNAME_READER,
    event=EventType.READER_UNNAMED,
    source=tuple(Status),
    applies=CONFIDENTIAL,
    traits=Trait.CONCURRENT,
)
def unname_reader(
    entry: Entry,
    *,
    by: User | None,
    user: Annotated[User, Field(_("Who may read it no longer"), api="The member of staff.")],
) -> Entry:
    """Take a reader off.

    Not oneself: an entry without readers could never be found again.
    """
    _must_be_confidential(entry)
    if user.pk not in entry.readers:
        raise DomainError(ErrorCode.NOT_FOUND, _("This person is no reader of it."), "user")
    if by is None or user.pk == by.pk:
        raise DomainError(
            ErrorCode.INVALID, _("You cannot take yourself off; another reader can do that."), "user"
        )
    NamedReader.objects.filter(entry=entry, user=user).delete()
    move(entry, Verb.UNNAME_READER, by=by, details={"who": str(user)})
    return entry


def _must_be_confidential(entry: Entry) -> None:
    if not entry.is_confidential:
        raise DomainError(ErrorCode.WRONG_STATE, _("This entry is not confidential."))
