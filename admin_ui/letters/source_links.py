"""Links to the source of a letter or an instruction, for viewers of that source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy

from admin_ui.programme.admin import when as entry_when
from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.events.models import Event
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.programme.models import Entry
from permissions.core import scope


@dataclass(frozen=True)
class Source:
    """Something that instructions and letters come of: how its link is called and what it says."""

    model: type[Any]
    title: str | LazyText
    page: str
    text: Callable[[Any], str]


def _numbered(row: Any) -> str:
    return " · ".join(filter(None, [row.reference, row.title if hasattr(row, "title") else row.subject]))


SOURCES = {
    "entry": Source(
        Entry, gettext_lazy("Meeting"), "programme_entry", lambda row: f"{row.title} · {entry_when(row)}"
    ),
    "request": Source(
        AppointmentRequest,
        gettext_lazy("Appointment request"),
        "appointments_appointmentrequest",
        _numbered,
    ),
    "promise": Source(Promise, gettext_lazy("Promise"), "appointments_promise", lambda row: str(row.text)),
    "invitation": Source(Invitation, gettext_lazy("Invitation"), "invitations_invitation", _numbered),
    "complaint": Source(Complaint, gettext_lazy("Application"), "complaints_complaint", _numbered),
    "letter": Source(Letter, gettext_lazy("Letter"), "letters_letter", _numbered),
    "instruction": Source(Instruction, gettext_lazy("Instruction"), "instructions_instruction", _numbered),
    "event": Source(Event, gettext_lazy("Event"), "events_event", _numbered),
}
"""By the name of the link."""


def source_links(row: Instruction | Letter) -> list[dict[str, Any]]:
    """Links to the occasion and the subject, as far as the viewer sees them."""
    items = []
    for name, source in SOURCES.items():
        seen = _seen(source.model, getattr(row, f"{name}_id", None))
        if seen is not None:
            url = reverse(f"admin:{source.page}_change", args=[seen.key])
            items.append({"title": source.title, "text": source.text(seen), "url": url})
    return items


def _seen(model: Any, pk: int | None) -> Any:
    return scope.visible(model).filter(pk=pk).first() if pk else None
