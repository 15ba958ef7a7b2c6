"""Sessions of the halk günü and who is on them, as far as the viewer may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery

from admin_ui.appointments.admin import log_access
from backend.appointments.choices import NoticeKind, VisitStatus
from backend.appointments.models import AppointmentRequest, PublicDaySession, RequestLine, RequestNotice
from backend.appointments.story import EventType
from permissions.core import scope

PLACED = (EventType.PUT_ON_PUBLIC_DAY, EventType.VISIT_MOVED)
SAYS_WHEN = (NoticeKind.PUBLIC_DAY, NoticeKind.REMINDER)


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


def visitors(session: PublicDaySession) -> list[Any]:
    """Who is on a session, in their order, with what the viewer is to each."""
    rows: Any = scope.with_relations(scope.visible(AppointmentRequest)).filter(visit__session=session)
    rows = rows.select_related("visit", "applicant", "requested_by", "principal")
    placed = RequestLine.objects.filter(request=OuterRef("pk"), verb__in=PLACED).order_by("-at")
    notified = RequestNotice.objects.filter(request=OuterRef("pk"), kind__in=SAYS_WHEN).order_by(
        "-notified_at"
    )
    rows = rows.annotate(
        placed_at=Subquery(placed.values("at")[:1]), notified_at=Subquery(notified.values("notified_at")[:1])
    )
    matches = list(rows.order_by("visit__at", "visit__position"))
    log_access(matches)
    return matches


def waits_for_call(row: Any) -> bool:
    """Whether one of `visitors` is to be called: no message has named this time, and they have not confirmed it."""
    if row.visit.status != VisitStatus.EXPECTED or row.coming_confirmed_at is not None:
        return False
    return row.notified_at is None or bool(row.placed_at and row.notified_at < row.placed_at)
