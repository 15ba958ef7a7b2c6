"""The card of a person or an organisation: what one knows before the call is taken, and on top of their page."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from admin_ui.core.dates import day_text
from admin_ui.core.display import badge
from admin_ui.core.panels import panel
from backend.appointments.models import Promise
from backend.contacts.models import Citizen
from backend.partners.models import Organisation
from permissions.contacts import cards, picking
from permissions.contacts.picking import Party

PLACES = {
    "APPOINTMENT": "appointments_appointmentrequest",
    "VISIT": "appointments_appointmentrequest",
    "ENGAGEMENT": "engagements_engagement",
}


def context_of(row: Party) -> dict[str, object]:
    """What the template of a card draws."""
    card = cards.card_of(row)
    last = card.last
    return {
        "card": card,
        "promises": [_promise(one) for one in card.promises],
        "last_url": reverse(f"admin:{PLACES[last.kind]}_change", args=[last.key]) if last else "",
    }


def _promise(row: Promise) -> dict[str, object]:
    late = badge(_("late"), "red") if row.is_late else ""
    names = [row.department.short_name] if row.department else []
    names += [str(row.person)] if row.person else []
    return {
        "text": row.text,
        "due": day_text(row.due_on),
        "late": late,
        "responsible": " · ".join(names) or _("Private office"),
        "url": reverse("admin:appointments_promise_change", args=[row.key]),
    }


def models_of(kinds: Iterable[str]) -> list[type[Party]]:
    return [Citizen if kind == "person" else Organisation for kind in kinds]


def of_key(key: str, kinds: Iterable[str]) -> dict[str, object]:
    """The card of the row with this key; empty where the viewer sees none."""
    row = picking.seen(models_of(kinds), key)
    return context_of(row) if row is not None else {}


@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """The card of what was picked, as a piece of the page."""
    card = of_key(request.POST.get("key", ""), request.POST.get("kinds", "").split())
    return render(request, "admin_ui/includes/party_card.html", {"party": card})


@panel("admin_ui/includes/party_card.html", "top", Citizen, Organisation)
def on_top(row: Party) -> dict[str, object]:
    """The card on top of the page of the row."""
    return {"party": context_of(row), "is_on_page": True}
