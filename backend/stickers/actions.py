"""Keeping the register of places with a QR code, and printing its sheets."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import refuse, required
from backend.core.words.text import line
from backend.journal.actions import record
from backend.organization.models import Category, Department, Neighbourhood, User
from backend.places.bounds import checked_point
from backend.stickers.models import Sticker

PRINTED = ("label", "neighbourhood_id", "street", "number", "description")
"""What stands on the sticker: once that changes, there is a new one to print."""


@transaction.atomic
def save_sticker(
    sticker: Sticker | None = None,
    *,
    by: User | None,
    label: str,
    neighbourhood: Neighbourhood | None = None,
    street: str = "",
    number: str = "",
    description: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    category: Category | None = None,
    department: Department | None = None,
    is_active: bool = True,
) -> Sticker:
    """Add a place with a QR code, correct one, or withdraw it. Its code never changes. REQUIRED, INVALID."""
    row = sticker or Sticker()
    before = [getattr(row, name) for name in PRINTED]
    row.label = required(label, "label", _("Write what it is, as the sticker shall say it."), 120)
    row.neighbourhood = neighbourhood
    row.street = _line(street, "street", 120)
    row.number = _line(number, "number", 20)
    row.description = _line(description, "description", 200)
    if not row.place and neighbourhood is None:
        message = _("Write where it stands: the neighbourhood, the street, or a description of the place.")
        raise DomainError(ErrorCode.REQUIRED, message, "description")
    checked_point(latitude, longitude)
    row.latitude, row.longitude = latitude, longitude
    _checked_links(row, category, department)
    row.category, row.department = category, department
    row.is_active = is_active
    if [getattr(row, name) for name in PRINTED] != before:
        row.printed_at = None
    row.save()
    record(verb="sticker_saved", about=row, by=by, label=row.label)
    return row


def _line(text: str, field: str, longest: int) -> str:
    result = line(text)
    if len(result) > longest:
        message = _("At most %(longest)s letters.")
        refuse(ErrorCode.INVALID, message % {"longest": longest}, field)
    return result


def _checked_links(row: Sticker, category: Category | None, department: Department | None) -> None:
    """What was chosen before may stay although it is no longer in use."""
    if category is not None and not category.is_active and category.pk != row.category_id:
        refuse(ErrorCode.INVALID, _("This category is no longer in use."), "category")
    if department is not None and not department.is_open() and department.pk != row.department_id:
        refuse(ErrorCode.INVALID, _("This department no longer exists."), "department")


@transaction.atomic
def note_printed(stickers: Sequence[Sticker], *, by: User | None) -> None:
    """Remember that these are on a sheet."""
    keys = [one.pk for one in stickers]
    Sticker.objects.filter(pk__in=keys).update(printed_at=timezone.now())
    for one in stickers[:1]:
        record(verb="stickers_printed", about=one, by=by, label=str(len(keys)))
