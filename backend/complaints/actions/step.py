"""What all actions are made of: the conditional move of the row, the lock, and the line of the story."""

from __future__ import annotations

import enum
from typing import Any, TypeVar

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.choices import ENDS, Status
from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.moves import MOVES, Verb
from backend.complaints.story import TELLS
from backend.core.errors import DomainError, ErrorCode
from backend.core.text import clean
from backend.organization.models import Department, User

C = TypeVar("C", bound=enum.Enum)


def journal_line(
    complaint: Complaint,
    verb: str,
    *,
    by: User | None,
    note: str = "",
    department: Department | None = None,
    details: dict[str, Any] | None = None,
    from_status: str | None = None,
) -> ComplaintLine:
    """Add one line to the story. `verb` is a word of `story.Happened`."""
    return ComplaintLine.objects.create(
        complaint=complaint,
        verb=verb,
        actor=by,
        note=note,
        from_status=complaint.status if from_status is None else from_status,
        to_status=complaint.status,
        department=department,
        details=details or {},
    )


def move(
    complaint: Complaint,
    verb: Verb,
    *,
    by: User | None,
    to: Status | None = None,
    note: str = "",
    department: Department | None = None,
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Say the verb: change the row if it still is as the caller knows it, and write the line.

    Of many callers at once one wins, the others get WRONG_STATE. After a refusal read the object again.
    """
    moves.require(verb, complaint.status)
    before = Status(complaint.status)
    after = to or MOVES[verb].to or before
    changes = {**_consequences(before, after), **changes}
    rows = Complaint.objects.filter(pk=complaint.pk, status=before, version=complaint.version)
    if not rows.update(status=after, version=F("version") + 1, **changes):
        raise changed_meanwhile()
    complaint.status, complaint.version = after, complaint.version + 1
    for field, value in changes.items():
        setattr(complaint, field, value)
    journal_line(
        complaint, TELLS[verb], by=by, note=note, department=department, details=details, from_status=before
    )


def _consequences(before: Status, after: Status) -> dict[str, Any]:
    """What follows from the states alone: an end has a moment, a case that works on waits for nothing."""
    found: dict[str, Any] = {}
    if after in ENDS and before not in ENDS:
        found["closed_at"] = timezone.now()
    if after not in ENDS and before in ENDS:
        found["closed_at"] = None
    if before is Status.WAITING and after is not Status.WAITING:
        found["waiting_for"] = ""
    return found


def hold(complaint: Complaint, verb: Verb) -> None:
    """Lock the row for a verb that only adds to the case, after a look whether it may still be said.

    Two people may add notes at once, so nothing is compared but the state of this moment.
    """
    row = Complaint.objects.select_for_update(of=("self",)).filter(pk=complaint.pk)
    found = row.values_list("status", "version").first()
    if found is None:
        raise changed_meanwhile()
    complaint.status, complaint.version = found
    moves.require(verb, complaint.status)


def claim(complaint: Complaint, verb: Verb) -> None:
    """Lock the row for a verb that writes its children first, if it is as the caller knows it."""
    moves.require(verb, complaint.status)
    row = Complaint.objects.select_for_update(of=("self",)).filter(
        pk=complaint.pk, status=complaint.status, version=complaint.version
    )
    if not row.values_list("pk").first():
        raise changed_meanwhile()


def changed_meanwhile() -> DomainError:
    return DomainError(
        ErrorCode.WRONG_STATE, _("Somebody else has changed this case in the meantime. Reload the page.")
    )


def required(text: str, field: str, message: Any) -> str:
    """The cleaned text, or REQUIRED with the given sentence."""
    text = clean(text or "")
    if not text:
        raise DomainError(ErrorCode.REQUIRED, message, field)
    return text


def choice(enumeration: type[C], value: object, field: str) -> C:
    """The member of a closed list, or INVALID."""
    try:
        return enumeration(value)
    except ValueError:
        raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), field) from None


def must_be_open(department: Department, field: str) -> None:
    """INVALID, naming the successor, for a department that no longer exists."""
    if department.is_open():
        return
    current = department.current()
    if current is None:
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), field)
    raise DomainError(
        ErrorCode.INVALID,
        _("This department is closed; its successor is %(name)s.") % {"name": current.name},
        field,
    )
