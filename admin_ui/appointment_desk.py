"""What waits on the morning desk of whoever keeps a programme: requests to decide, outcomes to write, a halk günü."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_ui import public_days
from admin_ui.appointments import Heap, heap, note_reading, when
from backend.appointments.choices import SessionStatus
from backend.core.localtime import today
from permissions import applicants, scope

ROWS = 5


@dataclass
class Waiting:
    """One heap of the desk with its first rows."""

    title: str | Promise
    done: str | Promise
    tone: str
    url: str
    count: int
    first: list[dict[str, Any]]


def panels() -> list[Waiting]:
    """For whoever keeps a programme, of those that they keep; nothing for all others."""
    if not (kept := scope.current_viewer().kept):
        return []
    asked = heap("new")
    met = heap("outcome", "entry__starts_at", "pk")
    return [
        _of(asked, kept, _("Appointment requests to be decided"), _("No request waits."), "blue"),
        _of(met, kept, _("Meetings without an outcome"), _("Every outcome is written."), "orange"),
    ]


def _of(one: Heap, kept: frozenset[int], title: Any, done: Any, tone: str) -> Waiting:
    mine = Heap(one.tab, one.order, kept)
    rows = mine.first(ROWS)
    note_reading(rows)
    first = [
        {
            "url": reverse("admin:appointments_appointmentrequest_change", args=[row.key]),
            "reference": row.reference,
            "subject": row.subject,
            "who": applicants.who_asks(row),
            "when": when(row),
        }
        for row in rows
    ]
    return Waiting(title, done, tone, mine.url, mine.count(), first)


def public_day_today() -> Any:
    """The halk günü of today that the viewer holds, if there is one: its hall is one press away."""
    if not public_days.may_see():
        return None
    return (
        public_days.sessions().filter(day=today(), status=SessionStatus.PLANNED).order_by("starts_at").first()
    )
