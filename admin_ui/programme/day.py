"""Today: the mayor's day on a phone, and the same in short on the morning desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_asked
from admin_ui.core.screen import page
from admin_ui.programme.reading import DAY, Line, begin, chosen, note_of, offered, stretch
from backend.core.localtime import today
from backend.organization.calendar import working_calendar
from backend.programme.models import Entry, Participant, Principal
from backend.programme.slots import Span
from permissions.core import scope
from permissions.plans import querysets as plans

LOOKED_AHEAD = 14


def day(request: HttpRequest) -> HttpResponse:
    """One day: what is now, what is next, where and with whom, and nothing else."""
    principal, on = chosen(request, offered()), day_asked(request)
    result, now = stretch(principal, on, on), timezone.now()
    lines = result.day(on).lines
    names = _names([line.entry for line in lines if line.entry])
    following = next((line for line in lines if line.span.start > now), None)
    context = {
        "title": _("My day"),
        "principal": principal,
        "on": on,
        "before": on - DAY,
        "after": on + DAY,
        "is_today": on == today(),
        "note": result.notes.get(on, ""),
        "next_on": None if lines else _next_day(principal, on),
        "lines": [
            {
                "line": line,
                "who": names.get(line.entry.pk, "") if line.entry else "",
                "is_now": line.span.start <= now < line.span.end,
                "is_next": line is following and on == today(),
                "is_over": line.span.end <= now,
            }
            for line in lines
        ],
    }
    return page(admin.site, request, "admin_ui/programme_day.html", context)


def _next_day(principal: Principal, on: dt.date) -> dt.date | None:
    """The next day of the fortnight on which anything stands."""
    ahead = stretch(principal, on + DAY, on + LOOKED_AHEAD * DAY)
    days = (on + number * DAY for number in range(1, LOOKED_AHEAD + 1))
    return next((one for one in days if ahead.day(one).lines), None)


def _names(rows: list[Entry]) -> dict[int, str]:
    """Who takes part in each, in one query."""
    values: dict[int, list[str]] = {}
    for one in scope.visible(Participant).filter(entry__in=rows).select_related("user").order_by("id"):
        values.setdefault(one.entry_id, []).append(str(one))
    return {key: ", ".join(people) for key, people in values.items()}


def _of_the_day(first: dt.datetime, end: dt.datetime) -> QuerySet[Entry]:
    viewer = scope.current_viewer()
    mine = Q(principal__in=viewer.programmes) | Q(staff__overlap=[viewer.user_id])
    rows = scope.visible(Entry.objects.all()).filter(mine).blocking().between(first, end)
    return rows.select_related("principal").order_by("starts_at", "id")


@dataclass(frozen=True)
class Today:
    """The short programme of today; `several`: of more than one principal."""

    lines: list[Line]
    several: bool
    note: str


def desk_panel() -> Today | None:
    """Short programme of today: kept, readable and own programmes, and own participation; None without any."""
    viewer, on = scope.current_viewer(), today()
    if viewer.user is None:
        return None
    rows = plans.rows("the day on the desk", _of_the_day, begin(on), begin(on + DAY))
    lines = [Line(Span(row.starts_at, row.ends_at), row) for row in rows]
    if not lines and not viewer.programmes:
        return None
    of = {line.entry.principal_id for line in lines if line.entry}
    return Today(lines, len(of) > 1, note_of(on, working_calendar()))
