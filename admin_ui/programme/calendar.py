"""Calendar of a programme: rendered by the server as an agenda, and by the browser as day, week and month.

The browser loads `events`; dragging calls the same action as the move form.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.programme.reading import (
    DAY,
    Stretch,
    begin,
    chosen,
    day_of,
    is_draggable,
    local,
    may_plan,
    offered,
    slot_text,
    stretch,
)
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.programme import actions
from backend.programme.choices import Reach, Status
from backend.programme.models import Entry
from backend.programme.moves import Verb
from backend.programme.places import CollisionError
from backend.programme.slots import Span
from permissions.core import scope

LONGEST = 62
"""Maximum range in days: a month with the ends of its weeks, and room."""
VIEWS = {"day": "timeGridDay", "week": "timeGridWeek", "month": "dayGridMonth", "agenda": "listWeek"}


def calendar(request: HttpRequest) -> HttpResponse:
    """The page: `?of=` whose, `?view=` how much, `?on=` a day of it."""
    principals = offered()
    principal, on = chosen(request, principals), day_of(request)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    first, last = _reach(view or "week", on)
    before, after = _neighbours(view or "week", on)
    context = {
        "title": _("Programme"),
        "is_fullwidth": "1",
        "principals": principals,
        "principal": principal,
        "on": on,
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
    monday = on - DAY * on.weekday()
    return monday, monday + 6 * DAY


def _neighbours(view: str, on: dt.date) -> tuple[dt.date, dt.date]:
    first, last = _reach(view, on)
    return _reach(view, first - DAY)[0], last + DAY


def _words() -> dict[str, str]:
    """What the browser's calendar says."""
    return {
        "calendar": _("Calendar"),
        "today": _("Today"),
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "agenda": _("Agenda"),
        "previous": _("Earlier"),
        "next": _("Later"),
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
    pieces = [piece for row in found.entries for piece in _of_entry(row)]
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


def _of_entry(row: Entry) -> list[dict[str, object]]:
    css = [f"ok-kind-{row.kind.lower().replace('_', '-')}", f"ok-is-{row.status.lower()}"]
    facts = {
        "url": reverse("admin:programme_entry_change", args=[row.key]),
        "version": row.version,
        "place": row.place,
        "isSeries": row.series is not None,
        "mark": _mark(row),
    }
    whole = Span(row.starts_at, row.ends_at)
    items = [
        _piece(str(row.key), whole, *css, title=row.title, editable=is_draggable(row), extendedProps=facts)
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
    return {"id": key, "start": local(span.start), "end": local(span.end), "classNames": list(css), **values}


# -- what is dragged there ----------------------------------------------------------------------------------
class DragForm(forms.Form):
    starts_at = forms.DateTimeField()
    ends_at = forms.DateTimeField()
    version = forms.IntegerField()
    reach = forms.ChoiceField(choices=Reach.choices, required=False)
    accept_unusual = forms.BooleanField(required=False)


def drag(request: StaffRequest, key: UUID) -> HttpResponse:
    """Move an entry from the calendar. A refusal names the collision and free times, or the warnings; the
    calendar then restores the entry."""
    if request.method != "POST":
        raise scope.not_found()
    form = DragForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    values = form.cleaned_data
    version, reach = values.pop("version"), values.pop("reach") or Reach.THIS
    try:
        with scope.authorized(Verb.MOVE, Entry, key, version=version) as row:
            actions.move_to(row, by=request.user, reach=reach, **values)
    except DomainError as error:
        if error.code in {ErrorCode.NOT_FOUND, ErrorCode.FORBIDDEN}:
            raise
        return JsonResponse(_refusal(error), status=409)
    return JsonResponse({"done": True})


def _refusal(error: DomainError) -> dict[str, object]:
    free = error.free if isinstance(error, CollisionError) else []
    return {
        "sentence": str(error),
        "isUnusual": error.code == ErrorCode.UNUSUAL,
        "free": [{"start": local(one.start), "end": local(one.end), "text": slot_text(one)} for one in free],
    }
