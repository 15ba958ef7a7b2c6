"""Visible part of a programme: principal, period and entries, read through the scope.

A hidden entry is a busy time without text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.dates import date_text
from backend.core.calendar import WorkingCalendar
from backend.core.localtime import ISTANBUL, clock_text
from backend.organization.calendar import working_calendar
from backend.programme.models import Entry, Principal
from backend.programme.places import busy
from backend.programme.slots import Slots, Span
from permissions.core import scope

DAY = dt.timedelta(days=1)


def reads_a_programme() -> bool:
    """Whether the viewer keeps, reads or owns a programme, or belongs to those whom the office serves."""
    viewer = scope.current_viewer()
    return viewer.sees_all or bool(viewer.programmes)


def offered() -> list[Principal]:
    """Whose calendar the viewer may open: the programmes they see, and those in which they take part."""
    viewer = scope.current_viewer()
    rows = Principal.objects.filter(is_active=True).in_order()
    if not viewer.sees_all:
        takes_part = Exists(scope.visible(Entry).filter(principal=OuterRef("pk")))
        rows = rows.filter(Q(pk__in=viewer.programmes) | takes_part)
    return list(rows)


def chosen(request: HttpRequest, principals: list[Principal] | None = None) -> Principal:
    """The principal that `?of=` names; without it the viewer's own or the first. NOT_FOUND if none is theirs."""
    rows = offered() if principals is None else principals
    if key := request.GET.get("of"):
        rows = [row for row in rows if str(row.key) == key]
    viewer = scope.current_viewer()
    rows.sort(key=lambda row: row.pk not in viewer.principal_of)
    if not rows:
        raise scope.not_found()
    return rows[0]


def begin(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ISTANBUL)


def may_plan(principal: Principal) -> bool:
    return scope.current_viewer().may("WRITE") and principal.pk in scope.current_viewer().kept


def page_of(entry: Entry) -> str:
    """Where an entry opens: for whose programme it is the briefing, from which one goes on to change it; for others
    the entry."""
    own = entry.principal_id in scope.current_viewer().principal_of
    return reverse("admin:programme_briefing" if own else "admin:programme_entry_change", args=[entry.key])


@dataclass
class Stretch:
    """Some days of a programme. `taken`: busy times of which the viewer sees nothing else. `off`: not worked."""

    principal: Principal
    first: dt.date
    last: dt.date
    entries: list[Entry]
    taken: list[Span]
    off: list[Span] = field(default_factory=list)
    notes: dict[dt.date, str] = field(default_factory=dict)

    def days(self) -> list[Day]:
        """Day by day, each with what begins on it or goes on."""
        return [self.day(self.first + DAY * number) for number in range((self.last - self.first).days + 1)]

    def day(self, day: dt.date) -> Day:
        span = Span(begin(day), begin(day + DAY))
        lines = [Line(Span(row.starts_at, row.ends_at), row) for row in self.entries]
        lines += [Line(one) for one in self.taken]
        matches = sorted((line for line in lines if line.span.overlaps(span)), key=lambda line: line.span)
        return Day(day, self.notes.get(day, ""), matches)


@dataclass
class Line:
    """One time of a day: an entry, or a time that is taken by something the viewer does not see."""

    span: Span
    entry: Entry | None = None

    @property
    def url(self) -> str:
        return page_of(self.entry) if self.entry else ""

    @property
    def clock(self) -> str:
        start, end = (moment.astimezone(ISTANBUL) for moment in self.span)
        if start.date() == end.date():
            return f"{clock_text(start)}–{clock_text(end)}"
        return "–".join(date_text(moment, "d.m. H:i") for moment in (start, end))


@dataclass
class Day:
    date: dt.date
    note: str
    lines: list[Line]


def stretch(principal: Principal, first: dt.date, last: dt.date) -> Stretch:
    """The days from `first` to `last` in a fixed number of queries, each entry with what may be done to it."""
    from_, until = begin(first), begin(last + DAY)
    rows = scope.with_relations(scope.visible(Entry.objects.all())).filter(principal=principal)
    entries = list(rows.blocking().between(from_, until).order_by("starts_at", "id"))
    # Also those that only reach in with a buffer: what is left of the busy time is then what is hidden.
    near = scope.visible(Entry.objects.taking(from_, until)).filter(principal=principal)
    hidden = busy(principal.pk, from_, until, list(near.values_list("pk", flat=True)))
    result = Stretch(principal, first, last, entries, hidden)
    _put_working_time(result, working_calendar())
    return result


def _put_working_time(found: Stretch, calendar: WorkingCalendar) -> None:
    hours = [(row.weekday, row.starts, row.ends) for row in found.principal.working_hours.all()]
    from_, until = begin(found.first), begin(found.last + DAY)
    slots = Slots(hours, calendar, [], set(), from_, until - dt.timedelta(seconds=1), DAY)
    at = from_
    for window in slots.windows():
        if at < window.start:
            found.off.append(Span(at, window.start))
        at = window.end
    if at < until and hours:
        found.off.append(Span(at, until))
    for number in range((found.last - found.first).days + 1):
        day = found.first + DAY * number
        if note := note_of(day, calendar):
            found.notes[day] = note


def note_of(day: dt.date, calendar: WorkingCalendar) -> str:
    """What is special about a day: its holidays, and administrative leave."""
    words = list(calendar.holiday_names(day))
    if calendar.is_full_leave(day):
        words.append(_("administrative leave"))
    elif ends := calendar.half_day_from(day):
        words = words or [_("administrative leave")]
        words.append(_("work ends at %(time)s") % {"time": clock_text(ends)})
    return " · ".join(words)


def slot_text(span: Span) -> str:
    """A free time as one reads it out: “26 Kasım Perşembe 10.00–10.30”."""
    start, end = (moment.astimezone(ISTANBUL) for moment in span)
    return f"{date_text(start, 'j F l')} {clock_text(start)}–{clock_text(end)}"


def local(moment: dt.datetime) -> str:
    """A moment as the wall clock of the office shows it, for fields and for the calendar."""
    return f"{moment.astimezone(ISTANBUL):%Y-%m-%dT%H:%M}"
