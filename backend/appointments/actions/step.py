"""What all actions are made of: the conditional move of the row and the line of the story."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.appointments import moves
from backend.appointments.choices import Status
from backend.appointments.models import AppointmentRequest, RequestLine
from backend.appointments.moves import MOVES, Verb
from backend.appointments.story import TELLS
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import User


def write_line(
    request: AppointmentRequest,
    verb: str,
    *,
    by: User | None,
    note: str = "",
    details: dict[str, Any] | None = None,
    from_status: str | None = None,
) -> RequestLine:
    """Add one line to the story. `verb` is a word of `story.Happened`."""
    return RequestLine.objects.create(
        request=request,
        verb=verb,
        actor=by,
        note=note,
        from_status=request.status if from_status is None else from_status,
        to_status=request.status,
        details=details or {},
    )


def move(
    request: AppointmentRequest,
    verb: Verb,
    *,
    by: User | None,
    to: Status | None = None,
    note: str = "",
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Say the verb: change the row if it still is as the caller knows it, and write the line.

    Of many callers at once one wins, the others get WRONG_STATE.
    """
    moves.require(verb, request.status)
    before = Status(request.status)
    after = to or MOVES[verb].to or before
    rows = AppointmentRequest.objects.filter(pk=request.pk, status=before, version=request.version)
    if not rows.update(status=after, version=F("version") + 1, **changes):
        raise changed_meanwhile()
    request.status, request.version = after, request.version + 1
    for field, value in changes.items():
        setattr(request, field, value)
    write_line(request, TELLS[verb], by=by, note=note, details=details, from_status=before)


def changed_meanwhile() -> DomainError:
    return DomainError(
        ErrorCode.WRONG_STATE, _("Somebody else has changed this request in the meantime. Reload the page.")
    )
