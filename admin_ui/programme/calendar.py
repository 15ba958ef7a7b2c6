"""Calendar of a programme: rendered by the server as an agenda, and by the browser as day, week and month.

The browser loads `events`; what is dragged there is moved by `dragging`.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_asked
from admin_ui.core.screen import page
from admin_ui.programme.dragging import Owner, owners
from admin_ui.programme.reading import (
    DAY,
    Stretch,
    begin,
    chosen,
    local,
    may_plan,
    offered,
    page_of,
    stretch,
)
from backend.appointments.choices import DeliveryMethod
from backend.core.localtime import today
from backend.programme.choices import Reach, Status
from backend.programme.models import Entry
from backend.programme.slots import Span

LONGEST = 62
"""Maximum range in days: a month with the ends of its weeks, and room."""
VIEWS = {"day": "timeGridDay", "week": "timeGridWeek", "month": "dayGridMonth", "agenda": "listWeek"}


def calendar(request: HttpRequest) -> HttpResponse:
    """The page: `?of=` whose, `?view=` how much, `?on=` a day of it."""
    principals = offered()
    principal, on = chosen(request, principals), day_asked(request)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    first, last = _reach(view or "agenda", on)
    before, after = _neighbours(view or "agenda", on)
    context = {
        "title": _("Programme"),
        "is_fullwidth": "1",
        "principals": principals,
        "principal": principal,
        "on": on,
        "printed": today() if first <= today() <= last else on,
        "others": [row for row in principals if row != principal],
        "beside": request.GET.getlist("with"),
        "view": view,
        "views": VIEWS,
        "today": today(),
        "first": first,
        "last": last,
        "before": before,
        "after": after,
        "stretch": stretch(principal, first, last),
        "may_plan": may_plan(principal),
        "words": _words(),
        "reaches": Reach.choices,
        "means": DeliveryMethod.choices,
    }
    return page(admin.site, request, "admin_ui/programme_calendar.html", context)


def address(principal: Any, on: dt.date | None = None, view: str = "") -> str:
    """The calendar of a principal, at a day."""
    values = {"of": str(principal.key), "on": on.isoformat() if on else "", "view": view}
    return f"{reverse('admin:programme_calendar')}?{urlencode({k: v for k, v in values.items() if v})}"


def _reach(view: str, on: dt.date) -> tuple[dt.date, dt.date]:
    if view == "day":
        return on, on
    if view == "month":
        return on.replace(day=1), on.replace(day=months.monthrange(on.year, on.month)[1])
    if view == "agenda":  # from the day on: what is over is not what one looks for
        return on, on + 6 * DAY
    monday = on - DAY * on.weekday()
    return monday, monday + 6 * DAY


def _neighbours(view: str, on: dt.date) -> tuple[dt.date, dt.date]:
    first, last = _reach(view, on)
    before = first - 7 * DAY if view == "agenda" else _reach(view, first - DAY)[0]
    return before, last + DAY


def _words() -> dict[str, str]:
    """What the browser's calendar says."""
    return {
        "calendar": _("Calendar"),
        "today": _("Today"),
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "agenda": _("Agenda"),
        "previous": _("Previous"),
        "next": _("Next"),
        "all_day": _("all day"),
        "none": _("Nothing stands in the programme here."),
        "close": _("Close"),
        "more": _("more"),
        "failed": _("The programme could not be loaded. Try again in a moment."),
        "unsaved": _("The change was not saved: the server did not take it. Reload the page and try again."),
    }


# -- what the browser draws ---------------------------------------------------------------------------------
def events(request: HttpRequest) -> HttpResponse:
    """The days from `start` until before `end` of a programme, as pieces for the calendar."""
    try:
        first = dt.date.fromisoformat(request.GET.get("start", "")[:10])
        last = dt.date.fromisoformat(request.GET.get("end", "")[:10]) - DAY
    except (ValueError, OverflowError):
        return HttpResponseBadRequest()
    if not 0 <= (last - first).days < LONGEST or not 1990 < first.year < 2200:
        return HttpResponseBadRequest()
    return JsonResponse({"events": _pieces(stretch(chosen(request), first, last))})


def _pieces(found: Stretch) -> list[dict[str, object]]:
    movable = owners(found.entries)
    pieces = [piece for row in found.entries for piece in _of_entry(row, movable.get(row.pk))]
    pieces += [
        _piece(f"busy-{number}", span, "ok-busy", title=_("Busy")) for number, span in enumerate(found.taken)
    ]
    pieces += [
        _piece(f"off-{number}", span, "ok-off", display="background") for number, span in enumerate(found.off)
    ]
    pieces += [
        _piece(f"note-{day}", Span(begin(day), begin(day + DAY)), "ok-day-note", title=text, allDay=True)
        for day, text in found.notes.items()
    ]
    return pieces


def _of_entry(row: Entry, owner: Owner | None) -> list[dict[str, object]]:
    css = [f"ok-kind-{row.kind.lower().replace('_', '-')}", f"ok-is-{row.status.lower()}"]
    facts = {
        "url": page_of(row),
        "version": owner.version if owner else row.version,
        "place": row.place,
        "mark": _mark(row),
    }
    whole = Span(row.starts_at, row.ends_at)
    items = [
        _piece(str(row.key), whole, *css, title=row.title, editable=owner is not None, extendedProps=facts)
    ]
    around = (Span(row.blocks_from, row.starts_at), Span(row.ends_at, row.blocks_until))
    items += [
        _piece(f"{row.key}-{number}", span, "ok-buffer", display="background")
        for number, span in enumerate(around)
        if span.start < span.end
    ]
    return items


def _mark(row: Entry) -> str:
    words = []
    if row.is_confidential:
        words.append(_("confidential"))
    if row.status == Status.HELD:
        words.append(_("on hold"))
    return ", ".join(words)


def _piece(key: str, span: Span, *css: str, **more: object) -> dict[str, object]:
    values = {"title": "", "editable": False, **more}
    # The calendar asks both of these before `editable`, and holds them for true where they are missing.
    values["startEditable"] = values["durationEditable"] = values["editable"]
    return {"id": key, "start": local(span.start), "end": local(span.end), "classNames": list(css), **values}
