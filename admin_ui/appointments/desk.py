"""Morning desk of a keeper: requests and invitations to decide, outcomes to record, promises due, a halk günü."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from admin_ui.appointments import promises, public_day_rows, public_days
from admin_ui.appointments.admin import Queue, log_access, queue, when
from admin_ui.core.dates import day_text, moment_text
from admin_ui.core.listing import DESK_ROWS, Waiting
from admin_ui.invitations import admin as invitations
from backend.appointments.choices import SessionStatus
from backend.appointments.models import Promise
from backend.core.localtime import today
from permissions.appointments import applicants
from permissions.core import scope


def panels() -> list[Waiting]:
    """Panels for keepers of a programme, of their own programmes; none for other users."""
    if not (kept := scope.current_viewer().kept):
        return _promised()
    asked = queue("new")
    met = queue("outcome", "entry__starts_at", "pk")
    return [
        _of(asked, kept, _("Appointment requests to be decided"), _("No request waits."), "blue"),
        _invited(),
        _of(met, kept, _("Meetings without an outcome"), _("Every outcome is written."), "orange"),
        *_promised(),
    ]


def _invited() -> Waiting:
    """Undecided invitations, each with the day by which the host wants an answer."""
    rows = invitations.waiting()
    first = [
        {
            "url": invitations.address(row),
            "reference": moment_text(timezone.localtime(row.starts_at)),
            "subject": row.title,
            "who": row.host,
            "when": invitations.answer_by(row),
            "when_label": _("answer by") if row.answer_by else "",
        }
        for row in rows[:DESK_ROWS]
    ]
    url = f"{reverse('admin:invitations_invitation_changelist')}?tab=waiting"
    title, done = _("Invitations to be answered"), _("Every invitation is answered.")
    return Waiting(title, done, "blue", url, rows[:1000].count(), first)


def _promised() -> list[Waiting]:
    """Promises that are late or due within a week, as far as the viewer sees them; nothing where there is none and the
    viewer keeps no programme."""
    rows = promises.pressing(scope.visible(Promise.objects.all()))
    count = rows[:1000].count()
    if not count and not scope.current_viewer().kept:
        return []
    shown = list(promises.listed(rows).order_by("due_on", "pk")[:DESK_ROWS]) if count else []
    promises.log_access(shown)
    first = [
        {
            "url": reverse("admin:appointments_promise_change", args=[row.key]),
            "reference": day_text(row.due_on),
            "subject": row.text,
            "who": promises.to_whom(row),
            "when": promises.status_badge(row),
        }
        for row in shown
    ]
    url = reverse("admin:appointments_promise_changelist")
    return [Waiting(_("Promises due"), _("No promise is due."), "orange", url, count, first)]


def _of(one: Queue, kept: frozenset[int], title: str | Lazy, done: str | Lazy, tone: str) -> Waiting:
    mine = Queue(one.tab, one.order, kept)
    rows = mine.first(DESK_ROWS)
    log_access(rows)
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
        public_day_rows.sessions()
        .filter(day=today(), status=SessionStatus.PLANNED)
        .order_by("starts_at")
        .first()
    )
