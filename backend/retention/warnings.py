"""What the law on personal data asks for by itself, told to whoever leads the private office: answers that are due
(KVKK m.13), and the periodic destruction (Silme Yönetmeliği m.11). A text names numbers and days and nobody."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from procrastinate.contrib.django import app

from backend.core.localtime import today
from backend.core.session import system, unhurried
from backend.notifications import house
from backend.retention import due
from backend.retention.actions import last_done_on, next_due_on
from backend.retention.models import DestructionRun, RetentionRule, SubjectRequest
from backend.retention.subject_requests.actions import dates, write_line
from backend.retention.subject_requests.choices import RequestStatus, Warned
from backend.retention.subject_requests.story import Happened

NEAR = 7
"""Calendar days before the target."""
AHEAD = dt.timedelta(days=30)
MONDAY = 0


@app.periodic(cron="45 5 * * *")
@app.task(name="retention.warn", queue="clock", queueing_lock="retention.warn")
def warn_daily(timestamp: int) -> None:
    warn()


def warn() -> int:
    """Dates follow their inputs, then the day's warnings; how many were told."""
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
        office = house.heads(house.private_office())
        near = SubjectRequest.objects.soon(NEAR)
        unsent = SubjectRequest.objects.unsent().filter(
            target_on__range=(today() - AHEAD, today() + dt.timedelta(days=NEAR))
        )
        rows = (near | unsent).order_by("target_on", "pk")
        told = []
        for row in rows.select_for_update(of=("self",), skip_locked=True) if office else ():
            what = _warning(row)
            if row.warned & what:
                continue
            SubjectRequest.objects.filter(pk=row.pk).update(warned=F("warned").bitor(what))
            write_line(row, Happened.WARNED, by=None, details={"due_on": str(row.due_on)})
            told.append(
                {
                    "reference": row.reference,
                    "on": row.due_on,
                    "is_late": what is Warned.LATE,
                    "is_unsent": what is Warned.UNSENT,
                    "about": row,
                }
            )
        if told:
            house.post(office, "retention/request_due", {"rows": told})
        return len(told)


def _warning(row: SubjectRequest) -> Warned:
    if row.status == RequestStatus.ANSWERED:
        return Warned.UNSENT
    return Warned.LATE if row.is_late else Warned.NEAR


def warn_of_destruction() -> int:
    """On Mondays from a month before the last day until a run is carried out, where something is due and no run is
    under way. 1 if it was told. It remembers nothing: the day of the week is enough."""
    day = next_due_on()
    if today().weekday() != MONDAY or (day is not None and today() < day - AHEAD):
        return 0
    with system():
        unhurried()
        if DestructionRun.objects.under_way().exists():
            return 0
        rules = RetentionRule.objects.filter(is_active=True)
        if not any(due.due(rule).exists() for rule in rules):
            return 0
        said = {"due_on": day, "last_on": last_done_on()}
        return int(house.post(house.heads(house.private_office()), "retention/destruction_due", said))
