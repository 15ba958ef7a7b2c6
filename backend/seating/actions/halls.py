"""Halls: their rows are written whole. Plans that were begun keep their own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required, short
from backend.journal.actions import record
from backend.organization.models import User
from backend.seating.models import Hall, HallRow
from backend.seating.rows import RowSpec, checked


@transaction.atomic
def save_hall(
    hall: Hall | None = None,
    *,
    by: User | None,
    name: str,
    rows: Iterable[RowSpec],
    place: str = "",
    note: str = "",
    is_active: bool = True,
) -> Hall:
    """Keep a hall, new or changed, with all its rows. DUPLICATE for a name that another has."""
    facts = checked(rows)
    row = hall or Hall()
    row.name = required(name, "name", _("Give it a name."), 120)
    row.place, row.note = short(place, "place"), short(note, "note", 300)
    row.is_active = is_active
    if Hall.objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("There is a hall with this name."), "name")
    row.version = row.version + 1 if row.pk else 1
    row.save()
    row.rows.all().delete()
    HallRow.objects.bulk_create(HallRow(hall=row, **fact) for fact in facts)
    record(verb="hall_saved", about=row, by=by)
    return row
