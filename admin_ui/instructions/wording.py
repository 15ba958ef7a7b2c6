"""An instruction in a row: its state, how pressing it is, its day; and those of a meeting or a case on its page."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge
from admin_ui.core.panels import panel
from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.events.models import Event
from backend.instructions.choices import Priority, Status
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.choices import Register
from backend.letters.models import Letter
from backend.programme.models import Entry
from permissions.core import scope

TONES = {
    Status.GIVEN: "orange",
    Status.ACKNOWLEDGED: "blue",
    Status.TIME_ASKED: "orange",
    Status.REFUSED: "red",
    Status.DONE: "green",
    Status.ACCEPTED: "grey",
    Status.WITHDRAWN: "grey",
}


def status_badge(row: Instruction) -> str:
    return badge(row.get_status_display(), TONES[Status(row.status)])


def priority_badge(row: Instruction) -> str:
    """Only where it says something."""
    tones = {Priority.HIGH: "orange", Priority.URGENT: "red"}
    tone = tones.get(Priority(row.priority))
    return badge(row.get_priority_display(), tone) if tone else ""


def due(row: Instruction) -> str:
    """Its day, and how near it is while the department has to do it."""
    day = day_text(row.due_on)
    if row.is_late:
        days = -row.days_left
        late = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
        return badge(f"{day} · {late}", "red")
    if row.ended_at is None and row.days_left == 0:
        return badge(f"{day} · {_('today')}", "orange")
    return day


def countdown(row: Instruction) -> str:
    """How long there is still, in words; empty where nothing runs."""
    if row.ended_at is not None:
        return ""
    days = row.days_left
    if days < 0:
        return ngettext("The date passed %(days)s day ago.", "The date passed %(days)s days ago.", -days) % {
            "days": -days
        }
    if days == 0:
        return _("It is due today.")
    return ngettext("%(days)s day left.", "%(days)s days left.", days) % {"days": days}


SOURCES: dict[type[Model], str] = {
    AppointmentRequest: "request",
    Complaint: "complaint",
    Entry: "entry",
    Event: "event",
    Invitation: "invitation",
    Letter: "letter",
    Promise: "promise",
}
"""What an instruction can come of, by the name of the relation."""


@panel("admin_ui/includes/instructions_of.html", "side", *SOURCES)
def instructions_of(row: Any) -> dict[str, object]:
    """The visible instructions that came of a row, and a link to make one."""
    name = SOURCES[type(row)]
    of = [row.pk, row.linked_to_id] if isinstance(row, Complaint) else [row.pk]
    """What is instructed of the case that leads a matter counts for all that are linked to it."""
    rows = scope.visible(Instruction).filter(**{f"{name}__in": of}).select_related("department")
    is_ours = (
        isinstance(row, Letter) and row.register != Register.INCOMING
    )  # of what we write seldom one comes
    return {
        "instructions": [
            {
                "row": one,
                "status": status_badge(one),
                "due": due(one),
                "url": reverse("admin:instructions_instruction_change", args=[one.key]),
            }
            for one in rows.order_by("due_on", "id")[:50]
        ],
        "instruct_url": f"{reverse('admin:instructions_instruction_new')}?{name}={row.key}"
        if page_access.may_record_instructions() and not is_ours
        else "",
    }
