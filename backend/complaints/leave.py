"""What moves the dates of many cases: administrative leave (idari izin), announced late; a corrected holiday; a
category's target, a setting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from backend.complaints.law import clock, deadlines
from backend.complaints.models import UNPAID, Complaint, FeeNotice
from backend.complaints.reporting.keeping import calendar_changed
from backend.core.calendar import WorkingCalendar
from backend.organization import actions as organization
from backend.organization.calendar import working_calendar
from backend.organization.models import AdministrativeLeave, HolidayCorrection, User

CHUNK = 500


@transaction.atomic
def announce_leave(
    *, day: dt.date, reason: str, by: User | None, half_day: bool = False
) -> tuple[AdministrativeLeave, int]:
    """Add a day of leave; returns the row and how many open cases changed. DUPLICATE, INVALID, REQUIRED."""
    row = organization.add_leave(day=day, reason=reason, half_day=half_day, by=by)
    return row, leave_changed(day, by=by)


@transaction.atomic
def cancel_leave(leave: AdministrativeLeave, *, by: User | None) -> int:
    """Take a day of leave back; returns how many open cases changed."""
    day = leave.day
    organization.remove_leave(leave, by=by)
    return leave_changed(day, by=by)


def leave_changed(*days: dt.date, by: User | None) -> int:
    """Compute the dates of all open cases whose time includes one of the days; a line for each that changed.

    Statutory dates move only by the setting LEAVE_MOVES_STATUTORY_DATES, targets always. Works in chunks.
    """
    if not days:
        return 0
    for day in days:
        calendar_changed(day, day)
    calendar = working_calendar()
    if settings.LEAVE_MOVES_STATUTORY_DATES:
        _move_fees(calendar)
    return len(_recompute(_touched(days), "leave_changed", by, calendar))


@transaction.atomic
def correct_holiday(
    *,
    by: User | None,
    day: dt.date,
    kind: str,
    source: str,
    name: str = "",
    yearly: bool = False,
    valid_to: dt.date | None = None,
) -> HolidayCorrection:
    """Correct a day of the table of public holidays, and compute the dates of the open cases anew that it moves.

    The row keeps which these are; each has a line with its old and new dates.
    """
    row = organization.correct_holiday(
        by=by, day=day, kind=kind, source=source, name=name, yearly=yearly, valid_to=valid_to
    )
    return _with_cases(row, by)


@transaction.atomic
def confirm_holidays(*, by: User | None, year: int, source: str) -> HolidayCorrection:
    """Confirm the estimated days of a year, as `organization.confirm_holidays`; returns the newest line."""
    *_earlier, last = organization.confirm_holidays(by=by, year=year, source=source)
    return _with_cases(last, by)


def _with_cases(row: HolidayCorrection, by: User | None) -> HolidayCorrection:
    calendar_changed(dt.date(row.day.year, 1, 1))
    calendar = working_calendar()
    _move_fees(calendar)
    row.recomputed = _inputs_changed("holiday_corrected", by, calendar)
    row.save(update_fields=["recomputed"])
    return row


def inputs_changed(*, by: User | None) -> int:
    """Compute the dates of all open cases that other inputs changed: targets of categories and of the settings,
    the calendar. A line tells each that moved; returns how many.
    """
    return len(_inputs_changed("inputs_changed", by, working_calendar()))


def _inputs_changed(why: str, by: User | None, calendar: WorkingCalendar) -> list[int]:
    rows = Complaint.objects.open().select_related("category").iterator(CHUNK)
    moved = [row.pk for row in rows if clock.changes(row, calendar)[0]]  # each case in its own transaction
    return _recompute(Q(pk__in=moved), why, by, calendar)


def _recompute(which: Q, why: str, by: User | None, calendar: WorkingCalendar) -> list[int]:
    """The cases that moved."""
    changed, last = list[int](), 0
    while True:
        with transaction.atomic():
            rows = list(
                Complaint.objects.open()
                .filter(which, pk__gt=last)
                .select_related("category")
                .select_for_update(of=("self",))
                .order_by("pk")[:CHUNK]
            )
            changed += [row.pk for row in rows if clock.recompute(row, why, by, calendar)]
        if len(rows) < CHUNK:
            return changed
        last = rows[-1].pk


def _touched(days: Iterable[dt.date]) -> Q:
    """Cases that were running on one of the days, by any of their three dates."""
    result = Q()
    for day in days:
        running = Q(target_on__gte=day) | Q(raw_due_on__gte=day) | Q(legal_due_on__gte=day)
        result |= Q(registered_on__lt=day) & running
    return result


def _move_fees(calendar: WorkingCalendar) -> None:
    """The last day to pay is counted in working days too, and never before the one in the notice; the case's own dates
    follow it."""
    for row in FeeNotice.objects.filter(UNPAID).select_related("complaint", "complaint__category"):
        due_on = deadlines.fee_due_on(clock.clock_of(row.complaint), clock.fee_notice(row), calendar)
        FeeNotice.objects.filter(pk=row.pk).exclude(due_on=due_on).update(due_on=due_on)
