"""What a principal has in the hand first: now and next, what waits for their word, who promised them what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from admin_ui.core.display import days_left
from admin_ui.core.links.maps import map_url
from admin_ui.programme.reading import DAY, Line, begin
from backend.appointments.models import Promise
from backend.core.localtime import local_date, today
from backend.instructions.models import Instruction
from backend.programme.models import Entry
from backend.programme.slots import Span
from permissions.core import scope
from permissions.queue.reading import Count

SHOWN = 6
AHEAD = 14 * DAY
"""How far the next day with an entry is looked for."""


@dataclass(frozen=True)
class Moment:
    """One entry of the day, as it is drawn: its briefing is one tap away."""

    line: Line
    mark: str
    map_url: str


@dataclass(frozen=True)
class Owed:
    """What a person or a unit owes: an instruction that is carried out, or a promise made in a meeting."""

    who: str
    what: str
    url: str
    due_on: dt.date
    state: str | Lazy

    @property
    def left(self) -> tuple[str, str]:
        return days_left(self.due_on)


@dataclass(frozen=True)
class Tile:
    """A large button with its number."""

    title: str
    icon: str
    url: str
    number: str


def panel(request: HttpRequest, lines: list[Line], counts: dict[str, Count]) -> dict[str, object]:
    """Return what stands first on a principal's home; `lines`: what is left of today."""
    now = timezone.now()
    moments = [_moment(request, line, lines, now) for line in lines[:SHOWN]]
    following = [] if lines else _next_day(request)
    return {
        "moments": moments,
        "following_day": following,
        "following_on": local_date(following[0].line.span.start) if following else None,
        "tiles": _tiles(counts),
        "owed": _owed(),
    }


def _moment(request: HttpRequest, line: Line, lines: list[Line], now: dt.datetime) -> Moment:
    following = next((one for one in lines if one.span.start > now), None)
    mark = _("Now") if line.span.start <= now else _("Next") if line is following else ""
    place = line.entry.place if line.entry else ""
    return Moment(line, mark, map_url(request, place))


def _next_day(request: HttpRequest) -> list[Moment]:
    """The entries of the next day on which anything stands, where nothing is left of today."""
    viewer, first = scope.current_viewer(), begin(today() + DAY)
    mine = Q(principal__in=viewer.principal_of) | Q(staff__overlap=[viewer.user_id])
    rows = scope.visible(Entry.objects.all()).filter(mine).blocking().between(first, first + AHEAD)
    entries = list(rows.order_by("starts_at", "id")[:SHOWN])
    on = local_date(entries[0].starts_at) if entries else None
    return [
        Moment(Line(Span(row.starts_at, row.ends_at), row), "", map_url(request, row.place))
        for row in entries
        if local_date(row.starts_at) == on
    ]


def _tiles(counts: dict[str, Count]) -> list[Tile]:
    """The folder, the decisions and the calendar, each with its number."""
    letters = sum(counts.get(name, Count()).all for name in ("sign", "olur"))
    rows = [Tile(_("Signature folder"), "draw", reverse("admin:letter_folder"), str(letters))]
    for name, title, icon in (
        ("decide", _("Instructions to be decided"), "gavel"),
        ("requests", _("Requests for an appointment"), "event_available"),
        ("invitations", _("Invitations"), "mail"),
        ("urgent", _("Urgent applications"), "emergency_home"),
    ):
        if number := counts.get(name, Count()).all:
            rows.append(Tile(title, icon, f"{reverse('admin:index')}?show={name}#queue", str(number)))
    return [*rows, Tile(_("Calendar"), "calendar_month", reverse("admin:programme_calendar"), "")]


def _owed() -> list[Owed]:
    """Open instructions of the viewer and open promises, the earliest day first."""
    mine = scope.current_viewer().principal_of
    issued = scope.visible(Instruction.objects.carried()).filter(principal__in=mine)
    made = scope.visible(Promise.objects.open()).filter(
        Q(entry__principal__in=mine) | Q(request__principal__in=mine)
    )
    rows = [
        Owed(
            str(row.person or row.department.short_name),
            row.subject,
            reverse("admin:instructions_instruction_change", args=[row.key]),
            row.due_on,
            row.get_status_display(),
        )
        for row in issued.select_related("department", "person").order_by("due_on", "pk")[:SHOWN]
    ]
    rows += [
        Owed(
            str(row.person or (row.department.short_name if row.department else _("Private office"))),
            row.text,
            reverse("admin:appointments_promise_change", args=[row.key]),
            row.due_on,
            _("promise"),
        )
        for row in made.select_related("department", "person").order_by("due_on", "pk")[:SHOWN]
    ]
    return sorted(rows, key=lambda row: row.due_on)[:SHOWN]
