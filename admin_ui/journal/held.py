"""Until when a message that was sent waits, on the page of what it is about."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from admin_ui.core.panels import panel
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.complaints.models import SENT_MESSAGE, SENT_REPLY, Complaint, Notice
from backend.events.models import Event, Guest
from backend.letters.choices import Status as LetterStatus
from backend.letters.models import Addressee, Letter
from backend.mailboxes.models import EDGES, WrittenMessage
from backend.outbox.holding import HELD, leaves_text
from backend.partners.models import Organisation
from permissions.core import scope

PANEL = "admin_ui/includes/held.html"


@panel(PANEL, "side", Complaint)
def to_citizen(row: Complaint) -> dict[str, object]:
    return _of(scope.visible(Notice).filter(SENT_REPLY | SENT_MESSAGE, complaint=row))


@panel(PANEL, "side", Letter)
def letter(row: Letter) -> dict[str, object]:
    if row.status not in (LetterStatus.REGISTERED, LetterStatus.SENT):
        return {}
    return _of(scope.visible(Addressee).filter(letter=row))


@panel(PANEL, "side", Event)
def invitations(row: Event) -> dict[str, object]:
    return _of(scope.visible(Guest).filter(event=row))


@panel(PANEL, "side", Letter, Organisation)
def written(row: Letter | Organisation) -> dict[str, object]:
    return _of(scope.visible(WrittenMessage).filter(**{EDGES[type(row)]: row}))


@panel(PANEL, "side", AppointmentRequest)
def to_applicant(row: AppointmentRequest) -> dict[str, object]:
    return _of(scope.visible(RequestNotice).filter(request=row))


def _of(rows: QuerySet[Any]) -> dict[str, object]:
    moments = rows.filter(HELD).order_by("held_until").values_list("held_until", flat=True)
    moment = moments.first()
    return {"held": leaves_text(moment)} if moment else {}
