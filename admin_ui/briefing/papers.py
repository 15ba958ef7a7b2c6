"""The programme as PDF: one page, pocket format, with notes; and the press version.

It contains time, heading and place, and neither status nor type, since others may read it. Held entries are left out,
and confidential ones are printed only for their readers on request.
"""

from __future__ import annotations

import datetime as dt

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.briefing.wording import Section, sections
from admin_ui.core.dates import day_asked
from admin_ui.core.screen import page
from admin_ui.programme.reading import DAY, Line, begin, chosen, note_of, offered, reads_a_programme
from backend.organization.calendar import working_calendar
from backend.programme.choices import Status
from backend.programme.models import Entry, EntryQuerySet, Participant, PressItem, Principal
from backend.programme.slots import Span
from permissions.briefing import access as briefing
from permissions.core import scope

LAYOUTS = {
    "page": gettext_lazy("One page"),
    "pocket": gettext_lazy("Pocket"),
    "notes": gettext_lazy("With briefing"),
}
PRESS_DAYS = 14


def paper(request: HttpRequest) -> HttpResponse:
    """The day `?on=` of `?of=` in one of the three layouts, made for printing."""
    principals = offered()
    principal, on = chosen(request, principals), day_asked(request)
    layout = request.GET.get("layout", "page")
    layout = layout if layout in LAYOUTS else "page"
    rows = list(_of_day(principal, on))
    confidential = [row for row in rows if row.is_confidential]
    with_confidential = bool(confidential) and "confidential" in request.GET
    stands = [
        row for row in rows if row.status != Status.HELD and (with_confidential or not row.is_confidential)
    ]
    context = {
        "title": _("The day in print"),
        "principals": principals,
        "principal": principal,
        "on": on,
        "before": on - DAY,
        "after": on + DAY,
        "layouts": LAYOUTS,
        "layout": layout,
        "note": note_of(on, working_calendar()),
        "lines": [Line(Span(row.starts_at, row.ends_at), row) for row in stands],
        "people": _people(stands) if layout == "notes" else {},
        "sheets": _sheets(stands) if layout == "notes" else {},
        "held": sum(row.status == Status.HELD for row in rows if not row.is_confidential),
        "confidential": len(confidential),
        "with_confidential": with_confidential,
    }
    return page(admin.site, request, "admin_ui/programme_paper.html", context)


def _of_day(principal: Principal, on: dt.date) -> EntryQuerySet:
    rows = scope.visible(Entry.objects.all()).filter(principal=principal)
    return rows.blocking().between(begin(on), begin(on + DAY)).order_by("starts_at", "id")


def _sheets(rows: list[Entry]) -> dict[int, list[Section]]:
    """The briefing of each entry that is for the reader, without empty headings, in as many queries as for one."""
    result = briefing.sheets(rows)
    return {pk: [section for section in sections(sheet) if not section.empty] for pk, sheet in result.items()}


def _people(rows: list[Entry]) -> dict[int, list[Participant]]:
    """Who takes part in each, in one query."""
    values: dict[int, list[Participant]] = {}
    seen = scope.visible(Participant).filter(entry__in=rows).select_related("user").order_by("id")
    for one in seen:
        values.setdefault(one.entry_id, []).append(one)
    return values


def may_read_press() -> bool:
    return reads_a_programme() or bool(scope.current_viewer().press_of)


def press(request: HttpRequest) -> HttpResponse:
    """What the press unit may know of the next two weeks: its own words, place and time."""
    if not may_read_press():
        raise scope.not_found()
    first = day_asked(request)
    until = begin(first + PRESS_DAYS * DAY)
    rows = scope.visible(PressItem).filter(starts_at__lt=until, ends_at__gt=begin(first))
    items = list(rows.select_related("principal").order_by("starts_at", "id"))
    context = {
        "title": _("Press view"),
        "first": first,
        "last": first + (PRESS_DAYS - 1) * DAY,
        "before": first - PRESS_DAYS * DAY,
        "after": first + PRESS_DAYS * DAY,
        "items": [(item, Line(Span(item.starts_at, item.ends_at)).clock) for item in items],
    }
    return page(admin.site, request, "admin_ui/programme_press.html", context)
