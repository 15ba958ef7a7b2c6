"""A suggestion about an event, or for one to come: an application whose kind is known, without topic and place."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from website.apply.forms import ABOUT_EVENT
from website.draft import Draft
from website.events import about
from website.pages import page

NAME = "apply"


@page
@require_safe
def begin(request: HttpRequest) -> HttpResponseBase:
    """Begin it, `etkinlik` being the key of the event. What was written before is offered first, and not given up,
    nor is the number of what was sent."""
    former = Draft.of(request, NAME)
    if "anlat" in former.answers:
        return redirect(NAME)
    event = _named(request, request.GET.get("etkinlik", ""))
    Draft(NAME, {"ne": {"kind": ["SUGGESTION"]}}, found={ABOUT_EVENT: event}, done=former.done).save(request)
    return redirect(f"{NAME}_anlat")


def _named(request: HttpRequest, key: str) -> str:
    """The title of the event, "" for none."""
    try:
        found = about(request, str(uuid.UUID(key)))
    except ValueError:
        return ""
    return str(found["title"]) if found else ""
