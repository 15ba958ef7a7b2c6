"""Actions on the organisation: renaming, closing units, acting heads, administrative leave, public holidays.

Grants are in `permissions.core.grants`; these write the rows and the journal.
"""

from __future__ import annotations

import datetime as dt
import re

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import DayKind, confirmed_name, is_estimated
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.validation import choice, required
from backend.core.words.text import clean, line, tr_fold
from backend.journal.actions import record
from backend.organization.calendar import working_calendar
from backend.organization.models import (
    AdministrativeLeave,
    CategoryCandidate,
    Department,
    HolidayCorrection,
    OutsideBody,
    SavedFilter,
    Section,
    User,
)

DAY = dt.timedelta(days=1)
HOLIDAY_TABLE = "holidays"
HOLIDAY_YEARS = (2000, 2100)
_SOURCE_MISSING = _("Write the source: number and date of the Resmî Gazete, or the decision.")
SAVED_FILTERS = 20
"""Limit of saved filters per user."""


def _journal(verb: str, department: Department, by: User | None, note: str = "") -> None:
    record(verb=verb, about=department, by=by, note=note)


@transaction.atomic
def rename(
    department: Department, *, by: User | None, name: str, on: dt.date, short_name: str = "", code: str = ""
) -> Department:
    """From the local day `on` (not in the future) the department bears a new name; returns the new row.

    The old row closes on the day before, keeps its name for what was written under it, and names the new one
    as its successor. Categories, sections and liaisons move.
    """
    name = clean(name)
    if not name:
        raise DomainError(ErrorCode.REQUIRED, _("Write the new name."), "name")
    if on > today():
        raise DomainError(
            ErrorCode.INVALID, _("The first day of the new name cannot lie in the future."), "on"
        )
    _check_end(department, on - DAY, "on")
    code = code or f"{slugify(tr_fold(name))[:49]}-{on:%Y%m%d}"
    if Department.objects.filter(code=code).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("There is already a department with this code."), "code")
    Department.objects.filter(pk=department.pk).update(valid_to=on - DAY)
    fresh = Department.objects.create(
        code=code,
        name=name[:160],
        short_name=(clean(short_name) or name)[:80],
        kind=department.kind,
        is_private_office=department.is_private_office,
        email=department.email,
        detsis=department.detsis,
        valid_from=on,
        head=department.head,
        acting_head=department.acting_head,
        acting_from=department.acting_from,
        acting_until=department.acting_until,
        deputy_mayor=department.deputy_mayor,
    )
    _succeed(department, fresh, on - DAY)
    _journal("department_renamed", department, by, f"→ {fresh.name} ({on:%d.%m.%Y})")
    return fresh


@transaction.atomic
def close_into(
    department: Department, *, by: User | None, successor: Department, last_day: dt.date
) -> Department:
    """Close a department on a local day (not in the future); its rights and cases go to `successor`."""
    _check_end(department, last_day, "last_day")
    chain: Department | None = successor
    while chain is not None:
        if chain.pk == department.pk:
            raise DomainError(ErrorCode.INVALID, _("A department cannot succeed itself."), "successor")
        chain = chain.successor
    if not successor.is_open(last_day + DAY):
        raise DomainError(ErrorCode.INVALID, _("The successor must exist on the day after."), "successor")
    if department.is_private_office and not successor.is_private_office:
        raise DomainError(
            ErrorCode.INVALID, _("The private office cannot close into another department."), "successor"
        )
    _succeed(department, successor, last_day)
    _journal("department_closed", department, by, f"→ {successor.name} ({last_day:%d.%m.%Y})")
    return department


def _check_end(department: Department, last_day: dt.date, field: str) -> None:
    if department.valid_to is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This department is already closed."))
    if last_day < department.valid_from:
        raise DomainError(ErrorCode.INVALID, _("A department cannot end before it began."), field)
    if last_day >= today():
        raise DomainError(ErrorCode.INVALID, _("The last day must lie in the past."), field)


def _succeed(department: Department, successor: Department, last_day: dt.date) -> None:
    department.valid_to, department.successor = last_day, successor
    department.save(update_fields=["valid_to", "successor"])
    Section.objects.filter(department=department).update(department=successor)
    OutsideBody.objects.filter(liaison=department).update(liaison=successor)
    has_it = CategoryCandidate.objects.filter(department=successor).values("category")
    theirs = CategoryCandidate.objects.filter(department=department)
    theirs.filter(category__in=has_it).delete()
    theirs.update(department=successor)


@transaction.atomic
def record_detsis(department: Department, *, by: User | None, detsis: str) -> Department:
    """Record the unit's number in DETSİS, which its letters bear; empty takes it away. INVALID, DUPLICATE."""
    number = clean(detsis)
    if number and not re.fullmatch("[0-9]{8}", number):
        raise DomainError(ErrorCode.INVALID, _("The DETSİS number has eight digits."), "detsis")
    others = Department.objects.filter(valid_to=None).exclude(pk=department.pk)
    if number and (other := others.filter(detsis=number).first()):
        message = _("This is the DETSİS number of “%(name)s”.") % {"name": other.name}
        raise DomainError(ErrorCode.DUPLICATE, message, "detsis")
    before, department.detsis = department.detsis, number
    department.save(update_fields=["detsis"])
    _journal("department_detsis_recorded", department, by, f"{before or '–'} → {number or '–'}")
    return department


@transaction.atomic
def appoint_head(department: Department, *, by: User | None, head: User | None) -> Department:
    """Who heads the department from now on; None while the post is empty."""
    department.head = head
    department.save(update_fields=["head"])
    _journal("head_appointed", department, by, str(head or "—"))
    return department


@transaction.atomic
def appoint_acting_head(
    department: Department,
    *,
    by: User | None,
    acting: User | None,
    from_: dt.date | None = None,
    until: dt.date | None = None,
) -> Department:
    """Vekâlet: `acting` leads the department from a local day until another, both included; None ends it."""
    if acting is not None:
        from_ = from_ or today()
        if until is None:
            raise DomainError(ErrorCode.REQUIRED, _("Say until when."), "valid_until")
        if until < from_:
            raise DomainError(ErrorCode.INVALID, _("The end lies before the beginning."), "valid_until")
        if acting.pk == department.head_id:
            raise DomainError(ErrorCode.INVALID, _("The head cannot act for themselves."), "user")
    department.acting_head = acting
    department.acting_from, department.acting_until = (from_, until) if acting else (None, None)
    department.save(update_fields=["acting_head", "acting_from", "acting_until"])
    note = (
        f"{acting}: {department.acting_from:%d.%m.%Y}–{department.acting_until:%d.%m.%Y}" if acting else "—"
    )
    _journal("acting_head_appointed", department, by, note)
    return department


@transaction.atomic
def add_leave(*, day: dt.date, reason: str, by: User | None, half_day: bool = False) -> AdministrativeLeave:
    """Announce a day of idari izin. Cases are brought up to date by `complaints.actions.announce_leave`."""
    reason = clean(reason)
    if not reason:
        raise DomainError(ErrorCode.REQUIRED, _("Write the reason or the source."), "reason")
    try:
        with transaction.atomic():
            row = AdministrativeLeave.objects.create(day=day, half_day=half_day, reason=reason[:200])
    except IntegrityError:
        raise DomainError(
            ErrorCode.DUPLICATE, _("This day is already administrative leave."), "day"
        ) from None
    record(verb="leave_added", about=row, by=by)
    return row


@transaction.atomic
def remove_leave(leave: AdministrativeLeave, *, by: User | None) -> None:
    """Take a day of leave back."""
    record(verb="leave_removed", about=leave, by=by)
    leave.delete()


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
    """Say what a day is in place of what was calculated. Cases follow by `complaints.actions.correct_holiday`.

    REQUIRED: the source, and the name of a holiday; INVALID: a year that no calendar reaches, 29 February every year, a
    last day of what is not yearly or before its first; DUPLICATE where the calendar says so already.
    """
    chosen = choice(DayKind, kind, "kind")
    source = required(source, "source", _SOURCE_MISSING, 200)
    is_holiday = chosen in (DayKind.HOLIDAY, DayKind.HALF_DAY)
    name = required(name, "name", _("Write the name of the holiday."), 120) if is_holiday else ""
    if not HOLIDAY_YEARS[0] <= day.year <= HOLIDAY_YEARS[1]:
        message = _("Write a day between %(from)s and %(until)s.")
        values = {"from": HOLIDAY_YEARS[0], "until": HOLIDAY_YEARS[1]}
        raise DomainError(ErrorCode.INVALID, message % values, "day")
    if yearly and (day.month, day.day) == (2, 29):
        raise DomainError(ErrorCode.INVALID, _("29 February does not come every year."), "yearly")
    if valid_to and not yearly:
        message = _("Only what comes every year has a last day.")
        raise DomainError(ErrorCode.INVALID, message, "valid_to")
    if valid_to and valid_to < day:
        raise DomainError(ErrorCode.INVALID, _("The last day must not be before the first."), "valid_to")
    version = NumberSequence.take(HOLIDAY_TABLE, 0)  # others wait here: of two the second sees the first
    last = _last_correction(day)
    correction = (chosen, name, yearly, valid_to)
    if last is None and chosen is DayKind.AS_CALCULATED:
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no correction of this day."), "day")
    if last and correction == (last.kind, last.name, last.yearly, last.valid_to):
        raise DomainError(ErrorCode.DUPLICATE, _("The calendar says so of this day already."), "day")
    row = HolidayCorrection.objects.create(
        version=version,
        day=day,
        kind=chosen,
        name=name,
        source=source,
        yearly=yearly,
        valid_to=valid_to,
        recorded_by=by,
    )
    record(verb="holiday_corrected", about=row, by=by, note=f"{chosen.label}: {source}")
    return row


def _last_correction(day: dt.date) -> HolidayCorrection | None:
    """The line that holds on a day."""
    every_year = Q(yearly=True, day__lte=day, day__month=day.month, day__day=day.day)
    in_force = every_year & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return HolidayCorrection.objects.filter(Q(day=day) | in_force).order_by("-version").first()


@transaction.atomic
def confirm_holidays(*, by: User | None, year: int, source: str) -> list[HolidayCorrection]:
    """Confirm the days that the library only estimates for a year: they fall as estimated. WRONG_STATE if there is
    none, REQUIRED the announcement. A day that fell otherwise is corrected by itself."""
    required(source, "source", _SOURCE_MISSING)
    if not HOLIDAY_YEARS[0] <= year <= HOLIDAY_YEARS[1]:
        message = _("Write a year between %(first)s and %(last)s.")
        values = {"first": HOLIDAY_YEARS[0], "last": HOLIDAY_YEARS[1]}
        raise DomainError(ErrorCode.INVALID, message % values, "year")
    holidays = working_calendar().holidays(year)
    wanted = [
        (day, kind, " / ".join(map(confirmed_name, names)))
        for table, kind in ((holidays.full, DayKind.HOLIDAY), (holidays.half, DayKind.HALF_DAY))
        for day, names in table.items()
        if any(map(is_estimated, names))
    ]
    if not wanted:
        message = _("No holiday of %(year)s is estimated: there is nothing to confirm.")
        raise DomainError(ErrorCode.WRONG_STATE, message % {"year": year}, "year")
    return [
        correct_holiday(by=by, day=day, kind=kind, name=name, source=source)
        for day, kind, name in sorted(wanted)
    ]


@transaction.atomic
def save_filter(*, by: User, list_name: str, title: str, parameters: str) -> SavedFilter:
    """Keep tab and filters of a list under a title; what bore this title there before is replaced.

    OVER_LIMIT beyond `SAVED_FILTERS`. `parameters` must hold nothing that was typed: see `SavedFilter`.
    """
    title = line(title)
    if not title:
        raise DomainError(ErrorCode.REQUIRED, _("Give the filter a title."), "title")
    if len(title) > 60:
        raise DomainError(ErrorCode.TOO_LARGE, _("The title may have 60 characters at most."), "title")
    if not parameters:
        raise DomainError(ErrorCode.REQUIRED, _("Choose a tab or a filter first."), "parameters")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows cannot both save the last one
    mine = SavedFilter.objects.filter(user=by)
    if not mine.filter(list_name=list_name, title=title).exists() and mine.count() >= SAVED_FILTERS:
        raise DomainError(
            ErrorCode.OVER_LIMIT,
            _("You have %(count)s saved filters already. Remove one first.") % {"count": SAVED_FILTERS},
        )
    saved, _created = SavedFilter.objects.update_or_create(
        user=by, list_name=list_name, title=title, defaults={"parameters": parameters}
    )
    return saved


def remove_filter(saved: SavedFilter) -> None:
    """Forget a saved filter."""
    saved.delete()
