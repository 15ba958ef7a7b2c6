"""What a scanned QR code of a place opens: the form of an application with that place filled in."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from website import api
from website.draft import SECONDS
from website.pages import page, shown

KEPT = "website.place"
"""Where the session keeps the scanned place until an application was sent from there: see `scanned`."""


@page
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say what and where it is, and offer the form; a withdrawn or unknown code leads to the ordinary form."""
    found = api.ask(request, "place", code=code[:40])["publicPlace"]
    if found is None:
        request.session.pop(KEPT, None)
        return shown(request, "website/place_unknown.html", {"form_url": form_url()}, status=404)
    request.session[KEPT] = {**found, "at": time.time()}
    return shown(request, "website/place.html", {"place": found, "form_url": form_url()})


def scanned(request: HttpRequest) -> dict[str, Any] | None:
    """Return the place that was scanned in this browser within the hour, as `publicPlace` says it; else None."""
    found: dict[str, Any] | None = request.session.get(KEPT)
    return found if found and time.time() - found["at"] < SECONDS else None


def forget(request: HttpRequest) -> None:
    """Forget the scanned place: an application was sent from there, or is not about it."""
    request.session.pop(KEPT, None)


def form_url() -> str:
    """Return where an application begins."""
    return reverse("apply")
