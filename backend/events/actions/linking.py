"""What belongs to an event: organisations with their part in it, and letters of its file. The story says in which role
and never which one: it has other readers."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, short
from backend.events import moves
from backend.events.actions.step import move, row_of
from backend.events.choices import OPEN, PartnerRole, Status
from backend.events.models import Event, EventPartner
from backend.events.moves import Verb, event_action
from backend.events.story import EventType
from backend.journal.action_table import Field
from backend.letters.actions.step import write_line as write_letter_line
from backend.letters.models import Letter
from backend.letters.story import EventType as LetterEventType
from backend.organization.models import User
from backend.partners.actions import standing
from backend.partners.models import Organisation

MOST = 100


@event_action(Verb.ADD_PARTNER, event=EventType.PARTNER_ADDED, source=OPEN)
def add_partner(
    event: Event,
    *,
    by: User | None,
    organisation: Annotated[
        Organisation,
        Field(
            _("Which organisation?"),
            api="Which organisation.",
            help=_("Its full or short name, as it is recorded."),
        ),
    ],
    role: Annotated[PartnerRole, Field(_("What is it to the event?"), api="What it is to the event.")],
    note: Annotated[str, Field(_("Note"), api="What is to be minded.", max_length=200)] = "",
) -> EventPartner:
    """Name an organisation that has a part in it.

    A merged record is taken for the one that stands. DUPLICATE where it is that already, OVER_LIMIT beyond a
    hundred.
    """
    moves.require(Verb.ADD_PARTNER, event.status)
    result, stands = choice(PartnerRole, role, "role"), standing(organisation)
    here = EventPartner.objects.filter(event=event)
    if here.filter(organisation=stands, role=result).exists():
        message = _("This organisation is named in this role already. Choose another role or organisation.")
        raise DomainError(ErrorCode.DUPLICATE, message, "organisation")
    if here.count() >= MOST:
        most = _("At most %(count)s organisations are possible.") % {"count": MOST}
        raise DomainError(ErrorCode.OVER_LIMIT, most, "organisation")
    row = EventPartner.objects.create(event=event, organisation=stands, role=result, note=short(note, "note"))
    move(event, Verb.ADD_PARTNER, by=by, details={"role": result.value})
    return row


@event_action(
    Verb.DROP_PARTNER,
    event=EventType.PARTNER_DROPPED,
    source=OPEN,
    applies=Q(Exists(EventPartner.objects.filter(event=OuterRef("pk")))),
)
def drop_partner(
    event: Event,
    *,
    by: User | None,
    partner: Annotated[EventPartner, Field(_("Organisation"), api="The organisation's part in the event.")],
) -> Event:
    """Take an organisation off.

    Under all its merged records, which are shown as one. NOT_FOUND for that of another event.
    """
    moves.require(Verb.DROP_PARTNER, event.status)
    row = row_of(event, EventPartner.objects.all(), partner, "partner")
    same = Organisation.objects.filter(pk=row.organisation_id).family()
    EventPartner.objects.filter(event=event, role=row.role, organisation__in=same).delete()
    move(event, Verb.DROP_PARTNER, by=by, details={"role": row.role})
    return event


@event_action(Verb.LINK_LETTER, event=EventType.LETTER_LINKED, source=Status)
def link_letter(
    event: Event,
    *,
    by: User | None,
    letter: Annotated[
        Letter,
        Field(
            _("Number of the letter"),
            api="The letter.",
            help=_("Its number in the register, or that of its sender."),
        ),
    ],
) -> Event:
    """A letter that is there already, such as a permit that arrived, belongs to it.

    Its own story says so. WRONG_STATE where it belongs to another one, DUPLICATE where it is this.
    """
    moves.require(Verb.LINK_LETTER, event.status)
    if not _moved(letter, None, event):
        if Letter.objects.filter(pk=letter.pk, event=event).exists():
            raise DomainError(ErrorCode.DUPLICATE, _("This letter is in the file already."), "letter")
        message = _(
            "This letter belongs to another event. Ask the private office to take it out of that file first."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message, "letter")
    write_letter_line(letter, LetterEventType.JOINED_EVENT, by=by)
    move(event, Verb.LINK_LETTER, by=by)
    return event


@event_action(
    Verb.UNLINK_LETTER,
    event=EventType.LETTER_UNLINKED,
    source=Status,
    applies=Q(Exists(Letter.objects.filter(event=OuterRef("pk")))),
)
def unlink_letter(
    event: Event, *, by: User | None, letter: Annotated[Letter, Field(_("Letter"), api="The letter.")]
) -> Event:
    """The letter does not belong to it.

    Its own story says so. NOT_FOUND for a letter that did not.
    """
    moves.require(Verb.UNLINK_LETTER, event.status)
    if not _moved(letter, event, None):
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such record at this event."), "letter")
    write_letter_line(letter, LetterEventType.LEFT_EVENT, by=by)
    move(event, Verb.UNLINK_LETTER, by=by)
    return event


def _moved(letter: Letter, before: Event | None, to: Event | None) -> bool:
    """Whether it was there until now. The story of the letter does not say which event: it has other readers."""
    rows = Letter.objects.filter(pk=letter.pk, event=before)
    if not rows.update(event=to, version=F("version") + 1):
        return False
    letter.refresh_from_db(fields=["event", "status", "version"])
    return True
