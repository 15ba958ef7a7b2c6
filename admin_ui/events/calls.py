"""The calling list: who has not answered, one after the other, each outcome one press or one key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.events.display import name_of
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice
from backend.events import actions
from backend.events.choices import Answer, Call
from backend.events.guests import GuestQuerySet
from backend.events.models import Event, Guest
from backend.events.moves import GuestVerb
from permissions.core import scope
from permissions.events.rules import knows_guests

KEYS = (
    ("1", Answer.COMING, gettext_lazy("Comes")),
    ("2", Answer.NOT_COMING, gettext_lazy("Does not come")),
    ("3", Answer.REPRESENTED, gettext_lazy("Sends a representative")),
    ("4", Call.NO_ANSWER, gettext_lazy("Nobody answered")),
    ("5", Call.CALL_BACK, gettext_lazy("To be called again")),
    ("6", Call.WRONG_NUMBER, gettext_lazy("Wrong number")),
)
"""(key, what is recorded, words)"""
AHEAD = 30


def _uncalled(event: Event) -> Any:
    rows = scope.visible(Guest.objects.all()).filter(event=event)
    return rows.to_call()


def waiting(event: Event) -> GuestQuerySet:
    """Guests to call, with a number: first those never called, then those called longest ago."""
    rows = _uncalled(event).exclude(person__phone="")
    rows = rows.exclude(call=Call.WRONG_NUMBER).select_related("person")
    return rows.order_by(F("called_at").asc(nulls_first=True), "pk")


@require_http_methods(["GET", "POST"])
def calls(request: StaffRequest, key: UUID) -> HttpResponse:
    """The next guest with their number, and who comes after; a POST records what came of the call."""
    event = scope.get(Event, key)
    if not knows_guests(scope.current_viewer(), event):
        raise scope.not_found()
    refused = ""
    if request.method == "POST":
        try:
            return _record(request, event)
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN or error.field == "id":
                raise
            refused = str(error)
    rows = list(waiting(event)[: AHEAD + 1])
    chosen = request.POST.get("guest") or request.GET.get("guest", "")
    current = next((row for row in rows if str(row.key) == chosen), rows[0] if rows else None)
    scope.log_access([row.person_id for row in rows], "admin: calling list")
    context = {
        "title": _("Calling list"),
        "parents": [(event.title, reverse("admin:events_event_change", args=[event.key]))],
        "event": event,
        "guest": current,
        "name": name_of(current) if current else "",
        "rows": [(row, name_of(row)) for row in rows if row is not current],
        "keys": KEYS,
        "refused": refused,
        "typed": request.POST if refused else {},
        "left": waiting(event).count(),
        "without_number": _uncalled(event).filter(person__phone="").count(),
        "companions": range((current.companions_allowed if current else 0) + 1),
    }
    return page(admin.site, request, "admin_ui/event_calls.html", context)


def _record(request: StaffRequest, event: Event) -> HttpResponse:
    by = request.user
    message, note = request.POST.get("said", ""), request.POST.get("note", "")
    with scope.authorized(GuestVerb.CALL, Guest, request.POST.get("guest", "")) as guest:
        if message in Answer.values:
            facts: dict[str, Any] = {"representative": request.POST.get("representative", "")}
            count = request.POST.get("companions", "0")
            facts["companions"] = count if count.isdecimal() and len(count) < 4 else "0"
            actions.call_and_answer(guest, by=by, answer=Answer(message), note=note, **facts)
        else:
            actions.call(guest, by=by, result=choice(Call, message, "result"), note=note)
    words = next((str(text) for _key, value, text in KEYS if value == message), message)
    messages.success(request, f"{name_of(guest)}: {words}")
    return HttpResponseRedirect(reverse("admin:events_guest_calls", args=[event.key]))
