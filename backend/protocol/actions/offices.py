"""Offices and who holds them. The journal names offices and days, never a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.contacts.actions import standing
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.core.words.text import tr_fold
from backend.journal.actions import record
from backend.organization.models import User
from backend.protocol.choices import Capacity, Sphere
from backend.protocol.models import Holding, Office

DAY = dt.timedelta(days=1)


@transaction.atomic
def save_office(
    office: Office | None = None,
    *,
    by: User | None,
    title: str,
    short_title: str = "",
    institution: str = "",
    sphere: str = Sphere.OTHER,
    address_form: str = "",
    is_collective: bool = False,
    is_active: bool = True,
    code: str = "",
) -> Office:
    """Keep an office, new or changed. DUPLICATE for a title that the institution has already."""
    row = office or Office()
    row.title = required(title, "title", _("Write the full title."), 200)
    row.short_title = short(short_title, "short_title", 120) or row.title[:120]
    row.institution = short(institution, "institution")
    row.sphere = choice(Sphere, sphere, "sphere")
    row.address_form = short(address_form, "address_form", 120)
    fold = tr_fold(f"{row.title} {row.institution}")
    if Office.objects.filter(fold=fold).exclude(pk=row.pk).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("There is already an office with this title."), "title")
    if row.pk and row.is_collective != is_collective and row.holdings.exists():
        message = _("Somebody held this office already: whether one or several hold it at a time stands.")
        raise DomainError(ErrorCode.INVALID, message, "is_collective")
    row.is_collective, row.is_active = is_collective, is_active
    if not row.pk:
        row.code = free_code(code or row.title)
    row.version = row.version + 1 if row.pk else 1
    row.save()
    record(verb="office_saved", about=row, by=by)
    return row


def free_code(text: str) -> str:
    """A code of these words that no office has yet."""
    wanted = slugify(tr_fold(text))[:72] or "makam"
    taken = set(Office.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    return code


@transaction.atomic
def appoint(
    office: Office,
    *,
    by: User | None,
    person: Citizen,
    capacity: str = Capacity.SUBSTANTIVE,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    basis: str = "",
) -> Holding:
    """Appoint a holder of the office from a day on (default today), or an acting one.

    An open-ended earlier holder is succeeded: their last day is the day before. CONFLICT for other overlaps, INVALID
    where the end lies before the beginning.
    """
    start = valid_from or today()
    if valid_until and valid_until < start:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "valid_until")
    row = Holding(
        office=office,
        person=standing({person.pk}).get(),
        capacity=choice(Capacity, capacity, "capacity"),
        valid_from=start,
        valid_until=valid_until,
        basis=short(basis, "basis"),
        is_alone=not office.is_collective,
        appointed_by=by,
    )
    _lock(office)
    if row.is_alone:
        _succeed(row)
    elif _overlapping(row).filter(person=row.person).exists():
        raise DomainError(
            ErrorCode.DUPLICATE, _("This person holds the office on these days already."), "person"
        )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise _taken(row) from None
    record(verb="office_filled", about=office, by=by, note=f"{row.get_capacity_display()} {row}")
    return row


def _lock(office: Office) -> None:
    """Of two who appoint at once one waits: an exclusion constraint would leave them in a deadlock."""
    Office.objects.select_for_update().get(pk=office.pk)


def _overlapping(row: Holding) -> Any:
    rows = Holding.objects.filter(office=row.office, capacity=row.capacity).exclude(pk=row.pk)
    rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=row.valid_from))
    return rows if row.valid_until is None else rows.filter(valid_from__lte=row.valid_until)


def _succeed(row: Holding) -> None:
    """End who held it without an end; CONFLICT for any other overlap."""
    for former in _overlapping(row):
        if former.valid_until is not None or former.valid_from >= row.valid_from:
            raise _taken(row)
        former.valid_until = row.valid_from - DAY
        former.save(update_fields=["valid_until"])


def _taken(row: Holding) -> DomainError:
    days = ", ".join(str(one) for one in _overlapping(row).order_by("valid_from")[:3])
    message = _(
        "On these days another person holds the office (%(days)s). End that first, or choose other days."
    )
    return DomainError(ErrorCode.CONFLICT, message % {"days": days}, "valid_from")


@transaction.atomic
def end_holding(holding: Holding, *, by: User | None, last_day: dt.date | None = None) -> None:
    """They hold it until this day (default today). What had not begun is removed: it was never so."""
    last = last_day or today()
    if holding.valid_until is not None and holding.valid_until < last:
        raise DomainError(
            ErrorCode.INVALID, _("It has ended earlier; an end is only brought forward."), "last_day"
        )
    note = f"{holding.get_capacity_display()} {holding}"
    if last < holding.valid_from:
        holding.delete()
    else:
        holding.valid_until = last
        holding.save(update_fields=["valid_until"])
    record(verb="office_left", about=holding.office, by=by, note=f"{note} → {last:%d.%m.%Y}")
