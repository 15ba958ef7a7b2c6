"""The home of everybody: what waits for them over all services in one order, and what their day holds from now on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.admin import ModelAdmin
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from admin_ui.appointments import desk as appointment_desk
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin
from admin_ui.core.parts import frames
from admin_ui.core.parts.trail import FROM, Trail, number, token
from admin_ui.core.screen import page
from admin_ui.greetings import desk as greeting_desk
from admin_ui.guidance import tour
from admin_ui.instructions import dictating
from admin_ui.programme.day import desk_panel
from admin_ui.programme.reading import Line
from admin_ui.queue import pane, principal
from admin_ui.queue.filters import Narrowing, chips
from backend.core.localtime import today
from permissions.core import scope
from permissions.queue import reading
from permissions.queue.reading import COUNTED, Item, Queue
from permissions.queue.words import reason

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

SHOWN = 25
PURPOSE = "admin: what waits"


@dataclass(frozen=True)
class NextStep:
    """The one button of a row: `at_once` if it asks for nothing, else it opens its form, there or at its side."""

    label: str | Promise
    url: str
    split_url: str = ""
    at_once: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Row:
    """A row of the queue as a page draws it. `split_url`: the address that opens it at the side of the queue."""

    item: Item
    url: str
    split_url: str
    tone: str
    reason: str
    step: NextStep | None
    is_open: bool


@dataclass
class QueuePage:
    """A page of the queue, and what is open at its side."""

    asked: Narrowing
    queue: Queue
    first: int
    place: int | None = None
    row: str = ""

    @property
    def items(self) -> list[Item]:
        return self.queue.items[:SHOWN]

    @property
    def is_over(self) -> bool:
        """Whether what was asked for stands behind the last row."""
        return self.place is not None and not self.row

    def trail(self, place: int | None) -> Trail:
        return Trail(self.asked.query, place)


def home(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Draw the queue, narrowed by `show` (a source), `part` (urgent, late, today) or `whose`; `page` goes on behind it,
    `at` opens a row at its side. For a script that changed the queue or the row, draw only those."""
    shown = _shown(request)
    if "alone" in request.GET:
        return HttpResponseRedirect(_alone(shown))
    is_part = frames.target(request) == frames.PANE
    open_row = None if "X-Follow" in request.headers else _pane(site, request, shown)
    context = {"title": site.index_title, **_list(site, shown), "pane": open_row, "is_over": shown.is_over}
    if is_part:
        answer = page(site, request, "admin_ui/queue_part.html", context)
        if shown.row:
            moved = shown.row != request.GET.get("at")
            address = shown.trail(shown.place).queue(
                at=shown.row, **({} if shown.place is None else {"place": shown.place})
            )
            answer["HX-Push-Url" if moved or "done" not in request.GET else "HX-Replace-Url"] = address
        else:
            answer["HX-Push-Url"] = shown.trail(None).queue() if shown.is_over else "false"
        return answer
    return page(site, request, "admin_ui/queue.html", {**context, **_day(request, shown.queue)})


def _shown(request: HttpRequest) -> QueuePage:
    """Read the page of the queue that holds what is to be opened."""
    narrow, opened = Narrowing.of(request.GET), pane.Opening.of(request.GET)
    leaf = _page(request) if opened.place is None else opened.place // SHOWN + 1
    shown = QueuePage(narrow, _read(narrow, leaf), (leaf - 1) * SHOWN)
    if not opened.row:
        return shown
    shown.place = opened.among(shown.queue.items, shown.first)
    if shown.place is None:
        shown.row = opened.row
        return shown
    if (behind := shown.place // SHOWN + 1) > leaf:
        shown.queue, shown.first = _read(narrow, behind), (behind - 1) * SHOWN
    at = shown.place - shown.first
    shown.row = token(shown.items[at].row) if 0 <= at < len(shown.items) else ""
    return shown


def _read(asked: Narrowing, leaf: int) -> Queue:
    return reading.next_up(
        SHOWN + 1,
        purpose=PURPOSE,
        source=asked.show,
        part=asked.part,
        whose=asked.whose,
        offset=(leaf - 1) * SHOWN,
    )


def _alone(shown: QueuePage) -> str:
    """The address of the row's own page, or of the queue where there is no further row."""
    item = next((one for one in shown.items if token(one.row) == shown.row), None)
    trail = shown.trail(shown.place)
    if item is None:
        return f"{trail.queue()}#queue"
    return f"{_url(item)}?{urlencode({FROM: trail.value})}"


def _pane(site: AdminSite, request: HttpRequest, shown: QueuePage) -> SafeString | None:
    return pane.content(site, request, shown.row, shown.trail(shown.place)) if shown.row else None


def _list(site: AdminSite, shown: QueuePage) -> dict[str, object]:
    """What the list shows: its rows, the counters, and the pages before and behind it."""
    queue, leaf = shown.queue, shown.first // SHOWN + 1
    trail = shown.trail(None)
    viewer = scope.current_viewer()
    return {
        "rows": [_row(site, item, shown, place) for place, item in enumerate(shown.items, shown.first)],
        "list_trail": trail,
        "chips": chips(queue.counts, shown.asked),
        "total": queue.total.all,
        "is_more": queue.total.is_more or any(count.is_more for count in queue.counts.values()),
        "counted": COUNTED,
        "is_narrowed": bool(shown.asked.query),
        "next_page": trail.queue(page=leaf + 1) if len(queue.items) > SHOWN else "",
        "previous_page": trail.queue(**({"page": leaf - 1} if leaf > 2 else {})) if leaf > 1 else "",
        "is_manager": page_access.managers() and not page_access.office(),
        "has_work": bool(viewer.departments or viewer.programmes),
    }


def _day(request: HttpRequest, queue: Queue) -> dict[str, object]:
    """What the day holds besides, and what can be begun."""
    viewer, now = scope.current_viewer(), timezone.now()
    programme = desk_panel()
    lines: list[Line] = [line for line in programme.lines if line.span.end > now] if programme else []
    keeps_own = bool(viewer.principal_of)
    return {
        "today": today(),
        "tour": tour.on_the_home(),
        "programme": programme,
        "lines": [(line, _mark(line, lines, now)) for line in lines[:5]],
        "hand": principal.panel(request, lines, queue.counts) if keeps_own else None,
        "is_principal": keeps_own,
        "dictation": dictating.begin(),
        "dictated": dictating.waiting(),
        "can_record": page_access.registrars() and not keeps_own,
        "can_ask": page_access.registrars() and bool(viewer.kept) and not keeps_own,
        "public_day": appointment_desk.public_day_today(),
        "suggestions": greeting_desk.panel() if page_access.office() and not keeps_own else None,
    }


def _page(request: HttpRequest) -> int:
    return min(max(number(request.GET.get("page", "")) or 1, 1), 40)


def _mark(line: Line, lines: list[Line], now: dt.datetime) -> str:
    if line.span.start <= now:
        return _("Now")
    following = next(one for one in lines if one.span.start > now)
    return _("Next") if line is following else ""


# -- one row -----------------------------------------------------------------------------------------------------
def _row(site: AdminSite, item: Item, shown: QueuePage, place: int) -> Row:
    admin = site._registry[item.source.model]
    trail = shown.trail(place)
    tone = "red" if item.is_pressing or item.days_left < 0 else "orange" if item.days_left <= 1 else "grey"
    step = _next_step(admin, item, trail, item.verb) if item.verb is not None else None
    url = f"{_url(item)}?{urlencode({FROM: trail.value})}"
    is_open = token(item.row) == shown.row
    return Row(item, url, trail.open(item.row), tone, reason(item), step, is_open)


def _url(item: Item) -> str:
    meta = item.source.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[item.key])


def _next_step(admin: ModelAdmin, item: Item, trail: Trail, verb: TextChoices) -> NextStep:
    step = admin.step(str(verb.value)) if isinstance(admin, ActionAdmin) else None
    if step is None or not isinstance(admin, ActionAdmin):
        return NextStep(verb.label, _url(item))
    if step.needs_form or item.source.is_read_first:
        query = urlencode({"do": step.slug, FROM: trail.value})
        return NextStep(verb.label, f"{_url(item)}?{query}#do", trail.open(item.row, do=step.slug))
    version = getattr(item.row, "version", None)
    return NextStep(verb.label, admin.url("act", item.key, step.slug), "", True, version)
