"""Sessions of the halk günü and who is on them, as far as the viewer may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count

from admin_ui.appointments.admin import log_access
from backend.appointments.models import AppointmentRequest, PublicDaySession
from permissions.core import scope


def sessions() -> Any:
    """The sessions whose visitors the viewer sees, with how many there are."""
    viewer = scope.current_viewer()
    rows = scope.visible(PublicDaySession).select_related("principal")
    if not viewer.sees_all:
        rows = rows.filter(principal__in=viewer.kept)
    return rows.annotate(taken=Count("visits"))


def session_of(key: UUID) -> PublicDaySession:
    """The session with this key. NOT_FOUND if its visitors are hidden from the viewer, or if there is none."""
    row: PublicDaySession | None = sessions().filter(key=key).first()
    if row is None:
        raise scope.not_found()
    return row


def visitors(session: PublicDaySession) -> list[AppointmentRequest]:
    """Who is on a session, in their order, with what the viewer is to each."""
    rows = scope.with_relations(scope.visible(AppointmentRequest)).filter(visit__session=session)
    rows = rows.select_related("visit", "applicant", "requested_by", "principal")
    matches = list(rows.order_by("visit__at", "visit__position"))
    log_access(matches)
    return matches
