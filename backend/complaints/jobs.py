"""What happens to complaints by itself: dates kept true, deadline warnings, lapsed fees, lost notices."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from typing import Any

from django.db.models import F, Q, QuerySet
from procrastinate.contrib.django import app

from backend.complaints.actions import release_who_left, staff
from backend.complaints.actions.deadlines import lapse
from backend.complaints.actions.step import journal_line
from backend.complaints.choices import BEFORE_REPLY, Escalation, NoticeStatus, Status
from backend.complaints.leave import inputs_changed
from backend.complaints.models import (
    STOPPED,
    UNPAID,
    Complaint,
    ComplaintLine,
    ComplaintQuerySet,
    FeeNotice,
    Notice,
)
from backend.complaints.story import EventType
from backend.configuration.office import configured
from backend.core.calendar import WorkingCalendar
from backend.core.localtime import today
from backend.core.session import system
from backend.notifications.staff import Recipient
from backend.organization.calendar import working_calendar
from backend.organization.models import Department
from backend.outbox.delivery import lately
from backend.outbox.models import Message

CHUNK = 500
UNDELIVERED_DAYS = 14
logger = logging.getLogger(__name__)


@app.periodic(cron="45 4 * * *")
@app.task(name="complaints.keep_clocks", queue="clock", queueing_lock="complaints.keep_clocks")
def keep_clocks_daily(timestamp: int) -> None:
    keep_clocks()


def keep_clocks() -> int:
    """Before the day's warnings: no open case keeps a date whose inputs are others by now. Returns how many moved."""
    with system():
        return inputs_changed(by=None)


@app.periodic(cron="5 * * * *")
@app.task(name="complaints.release", queue="clock", queueing_lock="complaints.release")
def release_hourly(timestamp: int) -> None:
    """Whose days in a unit are over, or whose account was closed, is responsible for none of its cases."""
    with system():
        release_who_left()


@app.periodic(cron="15 5 * * *")
@app.task(name="complaints.escalate", queue="clock", queueing_lock="complaints.escalate")
def escalate_daily(timestamp: int) -> None:
    escalate()


def escalate(among: ComplaintQuerySet | None = None) -> int:
    """Warn of open cases without a reply (`among` some, or all); returns how many warnings were written.

    Each level warns once. Target near (TARGET_WARNING_DAYS working days) -> head of the department; target passed ->
    also the deputy mayor; legal date near (LEGAL_WARNING_DAYS) -> the private office, which also gets unassigned
    cases. One mail per level and recipient.
    """
    total, last, more = 0, 0, True
    while more:
        with system():
            rows = _due_rows(last, Complaint.objects.all() if among is None else among)
            total += _warn(rows)
        more = len(rows) == CHUNK
        last = rows[-1].pk if rows else last
    return total


def _limits(calendar: WorkingCalendar) -> tuple[dt.date, dt.date, dt.date]:
    """(today, last target date that is near, last legal date that is near)"""
    day = today()
    near = calendar.add_working_days(day, configured.TARGET_WARNING_DAYS, with_leave=True)
    legal = calendar.add_working_days(day, configured.LEGAL_WARNING_DAYS, with_leave=True)
    return day, near, legal


def _due_rows(after: int, among: ComplaintQuerySet) -> list[Complaint]:
    day, near, legal = _limits(working_calendar())
    result = F("escalation")
    open_rows = (
        among.open()
        .exclude(status=Status.REPLIED)
        .filter(~STOPPED)
        .alias(
            near_told=result.bitand(Escalation.TARGET_NEAR),
            passed_told=result.bitand(Escalation.TARGET_PASSED),
            legal_told=result.bitand(Escalation.LEGAL_NEAR),
        )
    )
    wanted = (
        Q(target_on__lte=near, target_on__gte=day, near_told=0)
        | Q(target_on__lt=day, passed_told=0)
        | Q(legal_due_on__lte=legal, legal_told=0)
    )
    rows = open_rows.filter(wanted, pk__gt=after).select_related(
        "responsible_department__head",
        "responsible_department__acting_head",
        "responsible_department__deputy_mayor",
    )
    return list(rows.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:CHUNK])


def warnings_due(row: Complaint, calendar: WorkingCalendar) -> list[Escalation]:
    """The warnings that the dates of an open case ask for today and that were not sent."""
    if row.is_stopped:
        return []
    return _levels(row, _limits(calendar))


def _levels(row: Complaint, limits: tuple[dt.date, dt.date, dt.date]) -> list[Escalation]:
    day, near, legal = limits
    items = []
    if row.target_on and row.target_on < day:
        items.append(Escalation.TARGET_PASSED)
    elif row.target_on and row.target_on <= near:
        items.append(Escalation.TARGET_NEAR)
    if row.legal_due_on and row.legal_due_on <= legal:
        items.append(Escalation.LEGAL_NEAR)
    return [level for level in items if not row.escalation & level]


def _recipients(level: Escalation, department: Department | None) -> list[Recipient]:
    office = staff.private_office()
    current = department.current() if department else None
    if current is None or level is Escalation.LEGAL_NEAR:
        return staff.heads(office)
    people = [current.head_on()]
    if level is Escalation.TARGET_PASSED:
        people.append(current.deputy_mayor)
    return staff.recipients(current, *people) or staff.heads(office)


def _warn(rows: list[Complaint]) -> int:
    limits = _limits(working_calendar())
    mails: dict[tuple[Escalation, Recipient], list[dict[str, Any]]] = defaultdict(list)
    known: dict[tuple[Escalation, int | None], list[Recipient]] = {}
    lines, changed = [], []
    for row in rows:
        department = row.responsible_department
        for level in _levels(row, limits):
            key = (level, department.pk if department else None)
            if key not in known:
                known[key] = _recipients(level, department)
            if not known[key]:
                logger.warning("deadline warning without recipient", extra={"level": level.name})
                continue
            on = row.legal_due_on if level is Escalation.LEGAL_NEAR else row.target_on
            short = department.short_name if department else ""
            values = {"reference": row.reference, "on": on, "department": short, "about": row}
            for one in known[key]:
                mails[level, one].append(values)
            row.escalation |= level
            changed.append(row)
            lines.append(_line(row, level))
    Complaint.objects.bulk_update(list({row.pk: row for row in changed}.values()), ["escalation"])
    ComplaintLine.objects.bulk_create(lines)
    for (level, one), named in mails.items():
        staff.post([one], "escalation", {"level": level.name, "rows": named})
    return len(lines)


def _line(row: Complaint, level: Escalation) -> ComplaintLine:
    return ComplaintLine(
        complaint=row,
        verb=EventType.ESCALATED,
        from_status=row.status,
        to_status=row.status,
        department=row.responsible_department,
        details={"level": level.name},
    )


@app.periodic(cron="10 21 * * *")
@app.task(name="complaints.lapse_fees", queue="clock", queueing_lock="complaints.lapse_fees")
def lapse_fees_daily(timestamp: int) -> None:
    lapse_fees()


def lapse_fees() -> int:
    """Unpaid fees whose last day and its grace are over: the request is deemed withdrawn (4982 m.11). Returns how many.

    FEE_GRACE_DAYS working days are waited, in which the bank tells of payments in time.
    """
    with system():
        keys = list(_overdue_fees().order_by("pk").values_list("pk", "complaint_id"))
    return sum(_lapse(*key) for key in keys)


def _overdue_fees() -> QuerySet[FeeNotice]:
    calendar, day = working_calendar(), today() - dt.timedelta(days=1)
    while calendar.add_working_days(day, configured.FEE_GRACE_DAYS, with_leave=True) >= today():
        day -= dt.timedelta(days=1)
    return FeeNotice.objects.filter(UNPAID, due_on__lte=day, complaint__status__in=BEFORE_REPLY)


def _lapse(fee: int, complaint: int) -> bool:
    with system():
        row = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint)
        unpaid = _overdue_fees().filter(pk=fee).first()
        if unpaid is None:
            return False
        unpaid.lapsed_on = today()
        unpaid.save(update_fields=["lapsed_on"])
        lapse(row, fee=unpaid)
        return True


@app.periodic(cron="*/15 * * * *")
@app.task(name="complaints.report_undelivered", queue="clock", queueing_lock="complaints.report_undelivered")
def report_undelivered_often(timestamp: int) -> None:
    report_undelivered()


def report_undelivered() -> int:
    """Notify the office, and the unit that has the case, once, of notices whose message finally failed or was returned:
    they call instead. Returns how many."""
    with system():
        failed = Notice.objects.filter(
            lately(UNDELIVERED_DAYS), status=NoticeStatus.SENT, message__status=Message.Status.FAILED
        )
        rows = failed.select_related("complaint__responsible_department", "message").select_for_update(
            of=("self",), skip_locked=True
        )
        reported = 0
        for notice in rows:
            values = {"notice": notice.kind, "message": str(notice.message_id)}
            if ComplaintLine.objects.filter(
                complaint=notice.complaint, verb=EventType.NOT_DELIVERED, details__message=values["message"]
            ).exists():
                continue
            journal_line(notice.complaint, EventType.NOT_DELIVERED, by=None, details=values)
            staff.notify_office("undelivered", notice.complaint)
            if notice.complaint.responsible_department is not None:
                staff.notify_department(
                    notice.complaint.responsible_department, "undelivered", notice.complaint
                )
            reported += 1
        return reported
