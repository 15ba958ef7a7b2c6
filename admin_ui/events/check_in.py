"""Checking guests in on a phone: by the QR of the card or by name, also while the line is cut.

The page keeps the list of one event and the scans that were not sent yet in the browser, until the day after the event;
each scan bears an id made there, so that what is sent again counts once. Without a script, by a form.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from admin_ui.events.display import name_of
from backend.core.errors import DomainError
from backend.events import actions
from backend.events.actions import Outcome, Scan, Seen
from backend.events.guests import GuestQuerySet
from backend.events.models import Event, Guest
from backend.events.moves import GuestVerb, Verb
from backend.seating.choices import SeatKind
from backend.seating.models import PlanSeat
from permissions.core import scope

SHOWN = 60
KEPT = dt.timedelta(hours=24)
EARLY = dt.timedelta(hours=36)
"""So long before the beginning nobody comes in unless one means it."""
WORDS = {
    Outcome.WELCOME: _("Welcome"),
    Outcome.AGAIN: _("Came in already"),
    Outcome.REPEATED: _("Came in already"),
    Outcome.NOT_LISTED: _("Not on the list"),
    Outcome.UNKNOWN: _("This card is not known"),
}


SAID = {
    "welcome": _("welcome"),
    "again": _("came in already at"),
    "unknown": _("This card is not known here."),
    "waiting": _("no line: %s wait here"),
    "online": _("connected"),
    "represented": _("for them"),
    "people": _("%s people"),
    "vip": _("protocol"),
    "come": _("Check in"),
    "forgotten": _("The list was forgotten."),
    "camera": _("The camera cannot be used."),
    "seat": _("Seat"),
    "undone": _("taken back"),
}
"""What the script says."""


def _event(key: UUID) -> Event:
    """The event, if the viewer may check guests in. NOT_FOUND, FORBIDDEN."""
    return scope.get(Event, key, action=Verb.CHECK_IN)


def _guests(event: Event) -> GuestQuerySet:
    rows = scope.visible(Guest.objects.all()).filter(event=event)
    return rows.listed().select_related("person").order_by("pk")


@never_cache
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page; a POST is the form without a script."""
    event = _event(key)
    early = event.starts_at - timezone.now()
    if early > EARLY and "early" not in request.GET and request.method == "GET":
        return render(request, "admin_ui/event_early.html", {"event": event, "days": early.days})
    items: list[Seen] = []
    if request.method == "POST" and (taken_back := _uuid(request.POST.get("undo", ""))):
        _undo(event, taken_back)
        return HttpResponseRedirect(request.get_full_path())
    if request.method == "POST":
        scan = Scan(
            uuid.uuid4(), code=request.POST.get("code", ""), guest=_uuid(request.POST.get("guest", ""))
        )
        items = _check_in(event, [scan])
    text = request.GET.get("q", "")
    rows = _guests(event)
    matches = list((rows.search(text) if text and not items else rows)[:SHOWN])
    seats = _seats(event)
    scope.log_access([guest.person_id for guest in matches], "admin: check-in")
    context = {
        "event": event,
        "rows": [_row(guest, seats.get(guest.pk, "")) for guest in matches],
        "query": "" if items else text,
        "is_early": early > EARLY,
        "people": actions.people_inside(event),
        "expected": sum(1 + guest.companions for guest in rows.attending()),
        "said": [
            (
                WORDS[one.outcome],
                one.guest,
                one.outcome,
                one.since,
                _seat(one, seats),
                one.outcome == Outcome.WELCOME,
            )
            for one in items
        ],
        "words": {name: str(text) for name, text in SAID.items()},
        "addresses": {
            "list": reverse("admin:events_event_door_list", args=[event.key]),
            "send": reverse("admin:events_event_door_send", args=[event.key]),
            "undo": reverse("admin:events_event_door_undo", args=[event.key]),
            "worker": reverse("admin:events_event_door_worker"),
        },
    }
    return render(request, "admin_ui/event_check_in.html", context)


def _seats(event: Event) -> dict[int, str]:
    """Guest -> row and seat, as far as the viewer sees the plan."""
    rows = scope.visible(PlanSeat).filter(plan__event=event, kind=SeatKind.GUEST).select_related("row")
    return {one.guest_id: f"{one.row.label}-{one.number}" for one in rows if one.guest_id}


def _seat(one: Seen, seats: dict[int, str]) -> str:
    return seats.get(one.guest.pk, "") if one.guest else ""


def _undo(event: Event, key: UUID) -> None:
    """Take the arrival of a guest back who was pressed by mistake."""
    guest = scope.visible(Guest.objects.filter(event=event)).filter(key=key).first()
    if guest is None:
        raise scope.not_found()
    with scope.authorized(GuestVerb.UNDO_ARRIVAL, Guest, guest.key) as locked:
        actions.undo_arrival(locked, by=scope.current_viewer().user, reason=str(_("Taken back at the door")))


@never_cache
@require_POST
def undo(request: HttpRequest, key: UUID) -> JsonResponse:
    """Take an arrival back, for the phone at the door."""
    event = _event(key)
    guest = _uuid(request.POST.get("guest", ""))
    try:
        if guest is None:
            raise scope.not_found()
        _undo(event, guest)
    except DomainError as error:
        return JsonResponse({"errors": [str(error)]}, status=409)
    return JsonResponse(_counts(event))


def _row(guest: Guest, seat: str = "") -> dict[str, object]:
    """A guest as the door shows and the phone keeps them: the least that is needed to know and to seat them."""
    return {
        "key": str(guest.key),
        "name": name_of(guest),
        "title": " · ".join(part for part in (guest.title, guest.organisation) if part),
        "vip": guest.is_vip,
        "people": 1 + guest.companions,
        "seat": seat,
        "link": guest.link,
        "represented": guest.representative,
        "at": localtime(guest.arrived_at).isoformat() if guest.arrived_at else "",
    }


@never_cache
@require_GET
def guests(request: HttpRequest, key: UUID) -> JsonResponse:
    """The list for the phone, and until when it may keep it."""
    event = _event(key)
    rows = list(_guests(event))
    scope.log_access([guest.person_id for guest in rows], "admin: check-in list")
    until = event.ends_at + KEPT
    seats = _seats(event)
    shown = {
        "guests": [_row(guest, seats.get(guest.pk, "")) for guest in rows],
        "until": until.isoformat(),
        **_counts(event),
    }
    return JsonResponse(shown)


def _counts(event: Event) -> dict[str, object]:
    return {"people": actions.people_inside(event), "title": event.title}


@never_cache
@require_POST
def send(request: HttpRequest, key: UUID) -> JsonResponse:
    """Take over scans; each counts once, however often and late it is sent."""
    event = _event(key)
    try:
        sent = json.loads(request.body)["scans"]
        scans = [_read(one) for one in sent]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"errors": [str(_("These scans cannot be read."))]}, status=400)
    try:
        seen, seats = _check_in(event, scans), _seats(event)
    except DomainError as error:
        return JsonResponse({"errors": [str(error)]}, status=409)
    lines = [
        {
            "id": str(one.client_id),
            "outcome": one.outcome.value,
            "words": str(WORDS[one.outcome]),
            "guest": _row(one.guest, _seat(one, seats)) if one.guest else None,
            "since": localtime(one.since).isoformat() if one.since else "",
        }
        for one in seen
    ]
    return JsonResponse({"scans": lines, **_counts(event)})


def _check_in(event: Event, scans: list[Scan]) -> list[Seen]:
    with scope.authorized(Verb.CHECK_IN, Event, event.key) as locked:
        return actions.check_in(locked, by=scope.current_viewer().user, scans=scans)


def _read(one: dict[str, object]) -> Scan:
    """ValueError for what is no scan."""
    at = parse_datetime(str(one.get("at", "")))
    people = one.get("people")
    return Scan(
        uuid.UUID(str(one["id"])),
        code=str(one.get("code", ""))[:400],
        guest=_uuid(str(one.get("guest") or "")),
        at=at if at and at.tzinfo else None,
        people=people if isinstance(people, int) else None,
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at an address from which it may serve the door while the line is cut."""
    path = finders.find("admin_ui/door-worker.js")
    if not isinstance(path, str):
        raise scope.not_found()
    with open(path, encoding="utf-8") as file:
        script = file.read()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/admin/events/event/"
    response["Cache-Control"] = "no-cache"
    return response
