"""The municipality as data: departments, categories, mahalle, outside bodies. Edited in files, reloaded
here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.display import badge, date_text, or_dash, yes_no
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.screen import ScopedAdmin
from admin_ui.organization import department_ends
from backend.core.localtime import today
from backend.core.words.text import clean, tr_fold
from backend.organization.models import (
    Category,
    CategoryCandidate,
    Department,
    Neighbourhood,
    OutsideBody,
)

FROM_FILES = gettext_lazy(
    "Kept in the reference files; their maintainer reloads them under “Reference data”."
)


def _by_name(rows: Any, text: str) -> list[int]:
    """Reference tables are small: fold in Python, and ask by keys."""
    wanted = tr_fold(clean(text))
    return [pk for pk, name in rows.values_list("pk", "name") if wanted in tr_fold(name)]


class ReferenceAdmin(ScopedAdmin):
    searches = True
    search_hint = gettext_lazy("Name")
    order = ("name_sort", "pk")
    intro = FROM_FILES

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(pk__in=_by_name(rows, text))


def _validity(row: Department) -> dt.date | str:
    if row.valid_to is None:
        return row.valid_from
    return f"{date_text(row.valid_from)} – {date_text(row.valid_to)}"


def _head(row: Department) -> str:
    head = row.head_on(today())
    if head is None:
        return "–"
    return f"{head} {_('(acting)')}" if head.pk != row.head_id else str(head)


@admin.register(Department)
class DepartmentAdmin(ReferenceAdmin):
    empty = gettext_lazy(
        "No department is loaded yet. Departments stand here with their heads; load them from their"
        " files on the page “Reference data”."
    )
    columns = (
        Column(gettext_lazy("Name"), lambda d: d.name, ("name_sort",), "ok-wide"),
        Column(gettext_lazy("Head"), _head),
        Column(gettext_lazy("Deputy mayor"), lambda d: or_dash(d.deputy_mayor)),
        Column(gettext_lazy("Exists"), _validity, ("valid_from",), "ok-nowrap"),
        Column(gettext_lazy("Successor"), lambda d: or_dash(d.successor and d.successor.name)),
    )
    tabs = (
        Tab("open", gettext_lazy("Open"), lambda rows: rows.open()),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    detail_template = "admin_ui/department.html"

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("head", "acting_head", "deputy_mayor", "successor")
        return listing

    def details(self, request: HttpRequest, row: Department) -> dict[str, object]:
        mine = CategoryCandidate.objects.filter(department=row).select_related("category")
        return {
            "title": row.name,
            "head": _head(row),
            "sections": list(row.sections.order_by("name_sort")),
            "categories": [candidate.category for candidate in mine.order_by("category__name_sort")],
            "predecessors": list(row.predecessors.order_by("valid_from")),
            "validity": _validity(row),
            "buttons": department_ends.buttons(row),
        }

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("<uuid:key>/detsis/", department_ends.detsis, "detsis"),
            self.route("<uuid:key>/rename/", department_ends.rename, "rename"),
            self.route("<uuid:key>/close/", department_ends.close, "close"),
        ]


def _candidates(row: Category) -> str:
    return ", ".join(candidate.department.short_name for candidate in row.candidate_rows.all()) or "–"


@admin.register(Category)
class CategoryAdmin(ReferenceAdmin):
    empty = gettext_lazy(
        "No category is loaded yet. What applications are about stands here with the candidate"
        " departments; load it on the page “Reference data”."
    )
    columns = (
        Column(gettext_lazy("Name"), lambda c: c.name, ("name_sort",), "ok-wide"),
        Column(gettext_lazy("Subject group"), lambda c: or_dash(c.parent and c.parent.name)),
        Column(gettext_lazy("Candidate departments"), _candidates),
        Column(
            gettext_lazy("Ambiguous"),
            lambda c: badge(_("a person decides"), "orange") if c.is_ambiguous else "",
            css="ok-nowrap",
        ),
        Column(gettext_lazy("Outside body"), lambda c: or_dash(c.body and c.body.short_name)),
        Column(gettext_lazy("Target in days"), lambda c: or_dash(c.target_days), css="ok-number"),
        Column(gettext_lazy("Others may join"), lambda c: yes_no(c.others_may_join)),
        Column(gettext_lazy("Same place within metres"), lambda c: c.radius, css="ok-number"),
        Column(gettext_lazy("In use"), lambda c: yes_no(c.is_active)),
    )

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        candidates = Prefetch("candidate_rows", CategoryCandidate.objects.select_related("department"))
        listing.rows = listing.rows.select_related("parent", "body").prefetch_related(candidates)
        return listing


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(ReferenceAdmin):
    empty = gettext_lazy(
        "No mahalle is loaded yet. The mahalle of the district stand here; load them on the page"
        " “Reference data”."
    )
    columns = (
        Column(gettext_lazy("Name"), lambda n: n.name, ("name_sort",), "ok-wide"),
        Column(gettext_lazy("Latitude"), lambda n: or_dash(n.latitude), css="ok-number"),
        Column(gettext_lazy("Longitude"), lambda n: or_dash(n.longitude), css="ok-number"),
    )


@admin.register(OutsideBody)
class OutsideBodyAdmin(ReferenceAdmin):
    empty = gettext_lazy(
        "No outside body is loaded yet. Whom an application is forwarded to stands here; load it on the"
        " page “Reference data”."
    )
    columns = (
        Column(gettext_lazy("Short name"), lambda b: b.short_name, ("name_sort",), "ok-nowrap"),
        Column(gettext_lazy("Name"), lambda b: b.name, css="ok-wide"),
        Column(gettext_lazy("Public body"), lambda b: yes_no(b.is_public)),
        Column(gettext_lazy("Serves here"), lambda b: yes_no(b.serves_here)),
        Column(gettext_lazy("Short code"), lambda b: or_dash(b.short_code), css="ok-nowrap"),
        Column(gettext_lazy("Phone"), lambda b: or_dash(str(b.phone)), css="ok-nowrap"),
        Column(gettext_lazy("Liaison department"), lambda b: or_dash(b.liaison and b.liaison.short_name)),
        Column(gettext_lazy("Matters"), lambda b: ", ".join(m.name for m in b.matters.all()) or "–"),
    )

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("liaison").prefetch_related("matters")
        return listing
