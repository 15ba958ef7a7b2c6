"""Text of a notification: kind and number of its row, without names or content.

For a row that is confidential at reading time not even the number: authorised readers follow the link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from backend.core.localtime import moment_text
from backend.notifications.models import ABOUT, Notification


@dataclass(frozen=True)
class Subject:
    """Kind of row: its page below `/admin/`, how a row is identified, and whether it must stay unnamed."""

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
        lambda row: moment_text(row.due_at),
        _is_of_a_secret_entry,
    ),
    "promise": Subject("appointments/promise", lambda row: f"{row.due_on:%d.%m.%Y}", _is_of_a_secret_entry),
    "agreement": Subject("agreements/agreement"),
    "event": Subject("events/event"),
    "subject_request": Subject("retention/subjectrequest"),
    "letter": Subject(
        "letters/letter",
        lambda row: row.reference or _("draft"),
        is_secret=lambda row: row.confidentiality != "NONE",
    ),
    "request": Subject("appointments/appointmentrequest"),
    "organisation": Subject("partners/organisation", lambda row: str(row.name)),
}
RELATED = (*ABOUT, "note__entry", "promise__entry")
"""What is read along with notifications that are to be put into words."""


def _subject(row: Notification) -> tuple[Subject, Any] | None:
    for name, subject in SUBJECTS.items():
        if (about := getattr(row, name)) is not None:
            return subject, about
    return None


def matter(row: Notification) -> tuple[str, int]:
    """What a notification is about, the same for all of one row; one that is about none is a matter of its own."""
    for name in ABOUT:
        if (about := getattr(row, f"{name}_id")) is not None:
            return name, about
    return "", row.pk


def list_of_secret(name: str, about: Any) -> str | None:
    """Address below `/admin/` of the list of a secret row in this column (`ABOUT`); None if the row may be named."""
    subject = SUBJECTS[name]
    return f"{subject.page}/" if subject.is_secret(about) else None


def is_secret(row: Notification) -> bool:
    """Whether only the existence is mentioned."""
    result = _subject(row)
    return result is not None and result[0].is_secret(result[1])


def title(row: Notification) -> str:
    """The whole title, in the reader's language."""
    result = _subject(row)
    if result is None:
        return str(row.type.words)
    subject, about = result
    return (
        _("A record waits for you")
        if subject.is_secret(about)
        else f"{row.type.words}: {subject.number(about)}"
    )


def number(row: Notification) -> str:
    """The number of what it is about, as a mail may name it; "" where it is about no row."""
    result = _subject(row)
    return str(result[0].number(result[1])) if result is not None else ""


LIST = "notifications/"


def page_of(name: str, about: Any) -> str:
    """The page of a row in this column (`ABOUT`), behind `/admin/`."""
    return f"{SUBJECTS[name].page}/{about.key}/change/"


def path(row: Notification) -> str:
    """The page of its row, behind `/admin/`; without a row where its text leads."""
    result = _subject(row)
    return row.type.page or LIST if result is None else f"{result[0].page}/{result[1].key}/change/"
