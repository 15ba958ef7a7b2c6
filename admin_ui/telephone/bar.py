"""Who calls at this moment: a bar on every page of who is called, which leads to the intake with the caller."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.telephone import calls
from backend.telephone.models import Call
from permissions.core import scope
from permissions.core.filters import Action

MOST = 3


def rings_here() -> bool:
    """Whether the viewer's extension is listened to."""
    user = scope.current_viewer().user
    return bool(settings.TELEPHONE and user and user.extension)


def shown() -> dict[str, object]:
    """What the bar shows; nothing where no exchange is listened to for the viewer."""
    return {"is_on": True, "ringing": ringing()} if rings_here() else {}


def ringing() -> list[dict[str, object]]:
    """The viewer's calls, the newest first: who it is, if one person that they may know has the number."""
    rows = scope.visible(Call.objects.now()).filter(is_closed=False).order_by("-rang_at", "-pk")[:MOST]
    return [{"row": row, "name": _name(row)} for row in rows]


def _name(row: Call) -> str:
    people = known(row)
    if len(people) != 1:
        return ""
    if not row.is_noted:  # each round of the page shows it again
        scope.log_access([people[0].pk], "admin: telephone")
        with scope.authorized(Action.CHANGE, Call, row.key) as call:
            calls.note(call)
    return people[0].full_name


def known(row: Call) -> list[Citizen]:
    """The people of this number whom the viewer may know, two at most."""
    try:
        return list(scope.visible(contacts.find_by_phone(row.number))[:2]) if row.number else []
    except DomainError:
        return []  # an extension of the house


def show(request: HttpRequest) -> HttpResponse:
    """The bar alone, for a page that is open."""
    return render(request, "admin_ui/includes/telephone.html")


def put_away(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a call from the screen."""
    if request.method == "POST":
        with scope.authorized(Action.CHANGE, Call, key) as row:
            calls.put_away(row)
    return show(request) if "HX-Request" in request.headers else HttpResponseRedirect(reverse("admin:index"))
