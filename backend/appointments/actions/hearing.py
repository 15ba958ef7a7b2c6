"""What applicants write by e-mail, and what did not reach them: a line of the story, and a notification."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backend.appointments.actions.step import write_line
from backend.appointments.models import AppointmentRequest, RequestLine, RequestNotice
from backend.appointments.story import EventType
from backend.core.session import system
from backend.notifications import staff
from backend.organization.models import User
from backend.outbox.delivery import lately
from backend.outbox.models import Message
from backend.programme.keepers import keepers

ONE_GO = dt.timedelta(minutes=10)
"""Of several mails within this time the first is notified."""
UNDELIVERED_DAYS = 14


@transaction.atomic
def wrote(
    request: AppointmentRequest, *, mail: str, asks: bool = True, by: User | None = None, **details: str
) -> None:
    """Note that the applicant wrote by e-mail, in any state. The mail, of which `mail` is the key, stands by itself.

    With `asks=False` (it only says thanks) it is not notified of. `by`: who joined it. `details`: more of the line.
    """
    lately = RequestLine.objects.filter(
        request=request,
        verb=EventType.APPLICANT_WROTE,
        details__asks=True,
        at__gt=timezone.now() - ONE_GO,
    )
    is_first = not lately.exists()
    write_line(request, EventType.APPLICANT_WROTE, by=by, details={"mail": mail, "asks": asks, **details})
    if asks and is_first:
        _notify(request, "appointments/wrote")


def wrote_elsewhere(request: AppointmentRequest, *, mail: str, by: User | None) -> None:
    """Note that a mail does not belong here after all."""
    write_line(request, EventType.MAIL_TAKEN_OUT, by=by, details={"was_mail": mail})


def report_undelivered() -> int:
    """Notify who keeps the programme, once, of messages to applicants that finally failed or were returned: they call
    instead. Returns how many."""
    with system():
        failed = RequestNotice.objects.filter(lately(UNDELIVERED_DAYS), message__status=Message.Status.FAILED)
        reported = 0
        for notice in failed.select_related("request").select_for_update(of=("self",), skip_locked=True):
            values = {"notice": notice.kind, "message": str(notice.message_id)}
            lines = RequestLine.objects.filter(request=notice.request, verb=EventType.NOT_DELIVERED)
            if lines.filter(details__message=values["message"]).exists():
                continue
            write_line(notice.request, EventType.NOT_DELIVERED, by=None, details=values)
            _notify(notice.request, "appointments/undelivered")
            reported += 1
        return reported


def _notify(request: AppointmentRequest, text: str) -> None:
    to = staff.recipients(None, *keepers(request.principal_id)) or staff.heads(staff.private_office())
    staff.hand_over(to, text, request, None)
