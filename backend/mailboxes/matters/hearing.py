"""What follows when a mail becomes part of a matter, or is taken out of it: a line of its story, and a notification."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from backend.appointments.actions import hearing
from backend.appointments.models import AppointmentRequest
from backend.complaints.actions import citizens
from backend.complaints.models import Complaint
from backend.letters.actions.step import write_line as letter_line
from backend.letters.models import Letter
from backend.letters.story import EventType as LetterEvent
from backend.mailboxes.models import Matter, WrittenMessage
from backend.notifications import staff
from backend.organization.models import User
from backend.partners.actions import family
from backend.partners.actions.step import write_line as organisation_line
from backend.partners.models import Organisation

ONE_GO = dt.timedelta(minutes=10)
"""Of several mails within this time the first is notified."""


def wrote(matter: Matter, *, mail: str, asks: bool, by: User | None, **details: str) -> None:
    """Note that the other side wrote, in any state; `mail` is the key of what it wrote.

    With `asks=False` (it only says thanks) it is not notified of. `by`: who joined it. `details`: more of the line in a
    request's story.
    """
    if isinstance(matter, Complaint):
        citizens.wrote(matter, mail=mail, asks=asks, by=by)
    elif isinstance(matter, AppointmentRequest):
        hearing.wrote(matter, mail=mail, asks=asks, by=by, **details)
    else:
        _wrote(matter, {"mail": mail, "asks": asks}, by)


def wrote_elsewhere(matter: Matter, *, mail: str, by: User | None) -> None:
    """Note that a mail does not belong here after all."""
    details: dict[str, object] = {"was_mail": mail}
    if isinstance(matter, Complaint):
        citizens.wrote_elsewhere(matter, mail=mail, by=by)
    elif isinstance(matter, AppointmentRequest):
        hearing.wrote_elsewhere(matter, mail=mail, by=by)
    else:
        write_line(matter, LetterEvent.MAIL_TAKEN_OUT, by, details)


def write_line(
    matter: Letter | Organisation, event: LetterEvent, by: User | None, details: dict[str, object]
) -> None:
    """Write a line of a message into the story of a letter or of a partner: both call its events the same."""
    write = letter_line if isinstance(matter, Letter) else organisation_line
    write(matter, event.value, by=by, details=details)


def _wrote(matter: Letter | Organisation, details: dict[str, object], by: User | None) -> None:
    before = timezone.now() - ONE_GO
    is_first = not matter.lines.filter(verb=LetterEvent.WROTE, details__asks=True, at__gt=before).exists()
    write_line(matter, LetterEvent.WROTE, by, details)
    if details["asks"] and is_first:
        notify(matter, "wrote", by)


def notify(matter: Letter | Organisation, text: str, by: User | None) -> None:
    """Notify who has a letter, or who wrote last to a partner and still works in the private office, else its head:
    `text` is what happened."""
    if isinstance(matter, Letter):
        staff.hand_over(staff.unit(matter.department), f"letters/{text}", matter, by)
        return
    office = staff.private_office()
    written = WrittenMessage.objects.filter(organisation__in=family(matter), is_note=False)
    last = written.order_by("-at", "-pk").select_related("author").first()
    still_there = last is not None and office is not None and last.author in staff.members(office.pk)
    to = staff.recipients(None, last.author) if last and still_there else staff.heads(office)
    staff.hand_over(to, f"partners/{text}", matter, by)
