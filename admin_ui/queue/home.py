"""The home of everybody: what waits for them over all services in one order, and what their day holds from now on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.admin import ModelAdmin
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from admin_ui.appointments import desk as appointment_desk
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin
from admin_ui.core.screen import page
from admin_ui.greetings import desk as greeting_desk
from admin_ui.instructions import dictating
from admin_ui.programme.day import desk_panel
from admin_ui.programme.reading import Line
from admin_ui.queue import principal
from admin_ui.queue.filters import chips
from backend.core.localtime import today
from permissions.core import scope
from permissions.queue import reading
from permissions.queue.reading import COUNTED, Filter, Item
from permissions.queue.sources import BY_NAME
from permissions.queue.words import reason

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

SHOWN = 25
PURPOSE = "admin: what waits"


@dataclass(frozen=True)
class NextStep:
    """The one button of a row: `at_once` if it asks for nothing, else it opens its form."""

    label: str | Promise
    url: str
    at_once: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Row:
    """A row of the queue as a page draws it."""

    item: Item
    url: str
    tone: str
    reason: str
    step: NextStep | None


def home(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Draw the queue, narrowed by `show` (a source) or `part` (urgent, late, today); `page` goes on behind it."""
    show, part = _asked(request)
    first = _page(request)
    queue = reading.next_up(SHOWN + 1, purpose=PURPOSE, source=show, part=part, offset=(first - 1) * SHOWN)
    rows = [_row(site, item) for item in queue.items[:SHOWN]]
    viewer, now = scope.current_viewer(), timezone.now()
    programme = desk_panel()
    lines: list[Line] = [line for line in programme.lines if line.span.end > now] if programme else []
    keeps_own = bool(viewer.principal_of)
    context = {
        "title": site.index_title,
        "today": today(),
        "rows": rows,
        "chips": chips(queue.counts, show, part),
        "total": queue.total.all,
        "is_more": queue.total.is_more or any(count.is_more for count in queue.counts.values()),
        "counted": COUNTED,
        "is_narrowed": bool(show or part),
        "following": _address(show, part, first + 1) if len(queue.items) > SHOWN else "",
        "previous": _address(show, part, first - 1) if first > 1 else "",
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
        "is_manager": page_access.managers() and not page_access.office(),
        "has_work": bool(viewer.departments or viewer.programmes),
    }
    return page(site, request, "admin_ui/queue.html", context)


def _asked(request: HttpRequest) -> tuple[str, Filter | None]:
    """What the address narrows to; an unknown word narrows to nothing."""
    show = request.GET.get("show", "")
    part = request.GET.get("part", "")
    return (show if show in BY_NAME else ""), (Filter(part) if part in set(Filter) else None)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), 40) if text.isdecimal() and len(text) < 4 else 1


def _address(show: str, part: Filter | None, number: int) -> str:
    asked = {"show": show, "part": part or "", "page": str(number) if number > 1 else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _mark(line: Line, lines: list[Line], now: dt.datetime) -> str:
    if line.span.start <= now:
        return _("Now")
    following = next(one for one in lines if one.span.start > now)
    return _("Next") if line is following else ""


# -- one row -----------------------------------------------------------------------------------------------------
def _row(site: AdminSite, item: Item) -> Row:
    admin = site._registry[item.source.model]
    url = _url(item)
    tone = "red" if item.is_pressing or item.days_left < 0 else "orange" if item.days_left <= 1 else "grey"
    step = _next_step(admin, item, url, item.verb) if item.verb is not None else None
    return Row(item, url, tone, reason(item), step)


def _url(item: Item) -> str:
    meta = item.source.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[item.key])


def _next_step(admin: ModelAdmin, item: Item, url: str, verb: TextChoices) -> NextStep:
    step = admin.step(str(verb.value)) if isinstance(admin, ActionAdmin) else None
    if step is None or not isinstance(admin, ActionAdmin):
        return NextStep(verb.label, url)
    if step.needs_form or item.source.is_read_first or not admin.acts_at_once:
        return NextStep(verb.label, f"{url}?do={step.slug}&from=queue#do")
    return NextStep(
        verb.label, admin.url("act", item.key, step.slug), True, getattr(item.row, "version", None)
    )
