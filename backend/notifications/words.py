"""How a notification reads: its kind and the number of its row, nobody's name and nothing of what it is about.

Of a row that is confidential when it is read not even the number: whoever may, follows the link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backend.notifications.models import ABOUT, Notification


@dataclass(frozen=True)
class Subject:
    """A kind of row: its page behind `/admin/`, how it is told from others, and whether nothing may be said of it."""

    page: str
    number: Callable[[Any], str] = lambda row: str(row.reference)
    is_secret: Callable[[Any], bool] = lambda row: False


def _is_of_a_secret_entry(row: Any) -> bool:
    """By the entry that was read along: who sees a note or a promise may see no entry, which is then open."""
    entry = row._state.fields_cache.get("entry")
    return entry is not None and bool(entry.is_confidential)


SUBJECTS: dict[str, Subject] = {
    "complaint": Subject("complaints/complaint"),
    "instruction": Subject("instructions/instruction", is_secret=lambda row: bool(row.is_confidential)),
    "note": Subject(
        "programme/departmentnote",
        lambda row: f"{timezone.localtime(row.due_at):%d.%m.%Y %H:%M}",
        _is_of_a_secret_entry,
    ),
    "promise": Subject("appointments/promise", lambda row: f"{row.due_on:%d.%m.%Y}", _is_of_a_secret_entry),
    "agreement": Subject("agreements/agreement"),
    "event": Subject("events/event"),
    "subject_request": Subject("retention/subjectrequest"),
}
RELATED = (*ABOUT, "note__entry", "promise__entry")
"""What is read along with notifications that are to be put into words."""


def _subject(row: Notification) -> tuple[Subject, Any] | None:
    for name, subject in SUBJECTS.items():
        if (about := getattr(row, name)) is not None:
            return subject, about
    return None


def list_of_secret(name: str, about: Any) -> str | None:
    """Where a row in this column (`ABOUT`) is found behind `/admin/` if nothing may be said of it; None if it may."""
    subject = SUBJECTS[name]
    return f"{subject.page}/" if subject.is_secret(about) else None


def is_secret(row: Notification) -> bool:
    """Whether nothing is said but that there is something."""
    found = _subject(row)
    return found is not None and found[0].is_secret(found[1])


def title(row: Notification) -> str:
    """The whole title, in the language of whoever reads."""
    found = _subject(row)
    if found is None:
        return str(row.telling.words)
    subject, about = found
    return (
        _("A record waits for you")
        if subject.is_secret(about)
        else f"{row.telling.words}: {subject.number(about)}"
    )


LIST = "notifications/"


def path(row: Notification) -> str:
    """The page of its row, behind `/admin/`; without a row where its text leads."""
    found = _subject(row)
    return row.telling.page or LIST if found is None else f"{found[0].page}/{found[1].key}/change/"
