"""Statutory warnings of the data protection law, to the head of the private office: answers due (KVKK m.13), and
the periodic destruction (Silme Yönetmeliği m.11). Texts contain numbers and days, no names."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from procrastinate.contrib.django import app

from backend.core.localtime import today
from backend.core.session import system, without_timeout
from backend.notifications import staff
from backend.retention import due
from backend.retention.actions import last_done_on, next_due_on
from backend.retention.models import DestructionRun, RetentionRule, SubjectRequest
from backend.retention.subject_requests.actions import dates, write_line
from backend.retention.subject_requests.choices import RequestStatus, Warned
from backend.retention.subject_requests.story import EventType

NEAR = 7
"""Calendar days before the target."""
AHEAD = dt.timedelta(days=30)
MONDAY = 0


@app.periodic(cron="45 5 * * *")
@app.task(name="retention.warn", queue="clock", queueing_lock="retention.warn")
def warn_daily(timestamp: int) -> None:
    warn()


def warn() -> int:
    """Update the dates from their inputs, then send the day's warnings; returns how many."""
    keep_dates()
    return warn_of_requests() + warn_of_destruction()


def keep_dates() -> int:
    """Administrative leave that was announced later moves the targets of what is open; how many moved."""
    moved = 0
    with system():
        for row in SubjectRequest.objects.open().select_for_update(of=("self",), skip_locked=True):
            if (now := dates(row.received_on))["target_on"] != row.target_on:
                moved += SubjectRequest.objects.filter(pk=row.pk).update(**now)
    return moved


def warn_of_requests() -> int:
    """Tell of applications whose last day is near, of those it has passed for, and of answers that are not recorded as
    sent when it is near or passed, each once. How many."""
    with system():
        office = staff.heads(staff.private_office())
        near = SubjectRequest.objects.soon(NEAR)
        unsent = SubjectRequest.objects.unsent().filter(
            target_on__range=(today() - AHEAD, today() + dt.timedelta(days=NEAR))
        )
        rows = (near | unsent).order_by("target_on", "pk")
        lines = []
        for row in rows.select_for_update(of=("self",), skip_locked=True) if office else ():
            what = _warning(row)
            if row.warned & what:
                continue
            SubjectRequest.objects.filter(pk=row.pk).update(warned=F("warned").bitor(what))
            write_line(row, EventType.WARNED, by=None, details={"due_on": str(row.due_on)})
            lines.append(
                {
                    "reference": row.reference,
                    "on": row.due_on,
                    "is_late": what is Warned.LATE,
                    "is_unsent": what is Warned.UNSENT,
                    "about": row,
                }
            )
        if lines:
            staff.post(office, "retention/request_due", {"rows": lines})
        return len(lines)


def _warning(row: SubjectRequest) -> Warned:
    if row.status == RequestStatus.ANSWERED:
        return Warned.UNSENT
    return Warned.LATE if row.is_late else Warned.NEAR


def warn_of_destruction() -> int:
    """Warn on Mondays, from a month before the last day until a run is carried out, if something is due and no
    run is under way. Returns 1 if it warned. Stateless: the day of the week is enough."""
    day = next_due_on()
    if today().weekday() != MONDAY or (day is not None and today() < day - AHEAD):
        return 0
    with system():
        without_timeout()
        if DestructionRun.objects.under_way().exists():
            return 0
        rules = RetentionRule.objects.filter(is_active=True)
        if not any(due.due(rule).exists() for rule in rules):
            return 0
        values = {"due_on": day, "last_on": last_done_on()}
        return int(staff.post(staff.heads(staff.private_office()), "retention/destruction_due", values))
