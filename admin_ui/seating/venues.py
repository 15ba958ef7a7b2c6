"""Halls: the list, and the page on which one and all its rows are written."""

from __future__ import annotations

import re
from typing import cast

from django import forms
from django.contrib import admin
from django.db.models import Count, Sum
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import or_dash, yes_no
from admin_ui.core.fields import whole_number
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing
from admin_ui.core.screen import RegisterAdmin
from backend.core.errors import DomainError, ErrorCode
from backend.seating import actions
from backend.seating.choices import LineKind
from backend.seating.models import Hall
from backend.seating.rows import RowSpec, specs_of

BLANK = 3
LETTERS = "ABCDEFGHIJKLMNOPRSTUVYZ"


class HallForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    place = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def clean(self) -> dict[str, object]:
        """Add the rows, whose fields the template draws."""
        with self.refusals():
            self.cleaned_data["rows"] = rows_of(cast(QueryDict, self.data))
        return self.cleaned_data


def _numbers(text: str) -> list[int]:
    """“10, 11” or “10 11”. INVALID at `rows` for anything else."""
    parts = re.split(r"[\s,;.]+", text.strip())
    if any(not part.isascii() or not part.isdigit() or len(part) > 3 for part in parts if part):
        message = _("Write seat numbers with commas between them: 10, 11.")
        raise DomainError(ErrorCode.INVALID, message, "rows")
    return [int(part) for part in parts if part]


def typed_rows(data: QueryDict) -> list[dict[str, str]]:
    """The rows of the form as they were typed; empty ones are left out."""
    names = ("label", "kind", "seats", "gaps", "aisles", "front")
    columns = [data.getlist(name) for name in names]
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=False)]
    return [row for row in rows if row["label"].strip() or row["seats"].strip()]


def rows_of(data: QueryDict) -> list[RowSpec]:
    """The rows that a form says: those typed, and where none is typed so many of so many seats."""
    typed = typed_rows(data)
    count, seats = (data.get(name, "").strip() for name in ("row_count", "seat_count"))
    if not typed and (count or seats):
        return _alike(count, seats)
    items = []
    for row in typed:
        seats = row["seats"].strip()
        number = int(seats) if seats.isascii() and seats.isdigit() and len(seats) < 4 else 0
        items.append(
            RowSpec(
                row["label"],
                number,
                row["kind"],
                _numbers(row["gaps"]),
                _numbers(row["aisles"]),
                row["front"] == "yes",
            )
        )
    return items


def _alike(count: str, seats: str) -> list[RowSpec]:
    """So many rows of so many seats, named by letters; the first is the front row."""
    rows, most = whole_number(count) or 0, whole_number(seats) or 0
    if not (0 < rows <= 100 and 0 <= most < 1000 and seats):
        raise DomainError(ErrorCode.INVALID, _("Say how many rows of how many seats."), "rows")
    labels = [LETTERS[n] if n < len(LETTERS) else str(n + 1) for n in range(rows)]
    return [RowSpec(label, most, is_front=n == 0) for n, label in enumerate(labels)]


def row_fields(specs: list[RowSpec], typed: list[dict[str, str]] | None = None) -> list[dict[str, str]]:
    """What stands in the fields of the rows, with a few empty ones below."""
    shown = typed or [
        {
            "label": spec.label,
            "kind": spec.kind,
            "seats": str(spec.seats),
            "gaps": ", ".join(map(str, spec.gaps)),
            "aisles": ", ".join(map(str, spec.aisles)),
            "front": "yes" if spec.is_front else "no",
        }
        for spec in specs
    ]
    empty = {"label": "", "kind": LineKind.ROW.value, "seats": "", "gaps": "", "aisles": "", "front": "no"}
    return [*shown, *(dict(empty) for _each in range(BLANK))]


@admin.register(Hall)
class HallAdmin(RegisterAdmin):
    form_of, keep, form_template = HallForm, staticmethod(actions.save_hall), "admin_ui/hall.html"
    kept, new_title, new_icon = gettext_lazy("The hall is kept."), gettext_lazy("New hall"), "add"
    searches = True
    finds_in = ("name", "place")
    gate = staticmethod(page_access.members)
    order = ("name_sort", "pk")
    intro = gettext_lazy(
        "Where people are seated, with rows and tables. A plan takes its own copy of a hall's rows."
    )
    empty = gettext_lazy("No hall is recorded yet. Record one with its rows; seating plans begin with it.")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.annotate(lines=Count("rows"), all_seats=Sum("rows__seats"))
        listing.columns = (
            Column(gettext_lazy("Name"), lambda row: row.name, ("name_sort",), "ok-wide"),
            Column(gettext_lazy("Address"), lambda row: or_dash(row.place)),
            Column(gettext_lazy("Rows"), lambda row: row.lines, css="ok-number"),
            Column(gettext_lazy("Seats"), lambda row: row.all_seats or 0, css="ok-number"),
            Column(gettext_lazy("In use"), lambda row: yes_no(row.is_active)),
        )
        return listing

    def below_fields(self, request: HttpRequest, row: Hall | None) -> dict[str, object]:
        typed = typed_rows(request.POST) if request.method == "POST" else None
        rows = row_fields(specs_of(row.rows.all()) if row else [], typed)
        alike = {"rows": request.POST.get("row_count", ""), "seats": request.POST.get("seat_count", "")}
        return {"rows": rows, "kinds": LineKind.choices, "is_new": row is None, "alike": alike}
