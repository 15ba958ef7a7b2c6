"""Who may be on the list of an event twice, by one name or one number on two records; and whom several groups name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from admin_ui.core.screen import page
from admin_ui.events.display import name_of
from backend.events import actions
from backend.events.models import Event, Guest
from permissions.core import scope
from permissions.events.rules import knows_guests

SHOWN = 200


@require_safe
def duplicates(request: HttpRequest, key: UUID) -> HttpResponse:
    """Possible duplicates side by side, so that one of them can be removed; also people in several groups, once."""
    event = scope.get(Event, key)
    if not knows_guests(scope.current_viewer(), event):
        raise scope.not_found()
    alike = actions.perhaps_the_same(event)[:SHOWN]
    several: list[Any] = list(actions.in_several_groups(event).prefetch_related("origins__group")[:SHOWN])
    shown = [guest for guests in [*alike, several] for guest in guests]
    scope.log_access([guest.person_id for guest in shown], "admin: perhaps twice on a list of guests")
    context = {
        "title": _("Perhaps twice on the list"),
        "parents": [(event.title, reverse("admin:events_event_change", args=[event.key]))],
        "alike": [[_row(guest) for guest in guests] for guests in alike],
        "several": [
            (_row(guest), [str(origin.group) for origin in guest.origins.all()]) for guest in several
        ],
    }
    return page(admin.site, request, "admin_ui/event_duplicates.html", context)


def _row(guest: Guest) -> dict[str, object]:
    return {
        "url": reverse("admin:events_guest_change", args=[guest.key]),
        "name": name_of(guest),
        "guest": guest,
    }
