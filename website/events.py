"""The public calendar: its list, the page of an event, a file for one's own calendar, and signing up."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from typing import Any

from csp.decorators import csp_replace
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from website import api
from website.draft import Draft
from website.forms import PageForm
from website.journey import Journey, Refused, Sent, Step
from website.moments import with_moments
from website.pages import POLICY, page, shown
from website.people import ContactForm, HowManyField, contact_of, refused_at
from website.proving import Proved

AHEAD = 400
"""So many days of the calendar are shown."""
MOST_PAGES = 4
EMBEDDED = 10
KIND = "PublishedEvent"


def _events(request: HttpRequest) -> list[dict[str, Any]]:
    """What is to come, each with the `key` of its page."""
    today = localtime().date()
    found: list[dict[str, Any]] = []
    after = None
    for _each in range(MOST_PAGES):
        answer = api.public(
            request,
            "events",
            **{
                "from": today.isoformat(),
                "until": (today + dt.timedelta(days=AHEAD)).isoformat(),
                "after": after,
            },
        )["publishedEvents"]
        found += with_moments(answer["nodes"])
        after = answer["pageInfo"]["endCursor"]
        if not answer["pageInfo"]["hasNextPage"]:
            break
    return [one | {"key": _key(one["id"])} for one in found]


def _key(identifier: str) -> str:
    """What stands in the address of an event's page."""
    return base64.b64decode(identifier).decode().partition(":")[2]


def identifier_of(key: uuid.UUID | str) -> str:
    """The id of an event by the key of its page."""
    return base64.b64encode(f"{KIND}:{key}".encode()).decode()


def _event(request: HttpRequest, key: uuid.UUID) -> dict[str, Any]:
    found = about(request, str(key))
    if found is None:
        raise Http404
    return found


def about(request: HttpRequest, key: str) -> dict[str, Any] | None:
    """One event of the public calendar, also one that is over; None for what is not in it."""
    found = api.public(request, "event", id=identifier_of(key))["publishedEvent"]
    return with_moments(found) | {"key": key} if found else None


@page
@require_safe
def calendar(request: HttpRequest) -> HttpResponseBase:
    """What is to come."""
    return shown(request, "website/events.html", {"events": _events(request)})


@page
@require_safe
def event(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """One event: when, where, its places, and what can be done with it."""
    found = _event(request, key)
    places = None
    if found["takesSignUps"]:
        places = api.public(request, "event_places", event=found["id"])["publicEventPlaces"]
    embed = request.build_absolute_uri(reverse("website_events_embedded"))
    context = {
        "event": found,
        "places": places,
        "url": request.build_absolute_uri(request.path),
        "image": request.build_absolute_uri(found["shareUrl"]),
        "embed": embed,
        "is_over": found["endsAt"] < localtime(),
    }
    return shown(request, "website/event.html", context)


@page
@require_safe
def as_file(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """The event for one's own calendar."""
    from icalendar import Calendar, Event

    found = _event(request, key)
    entry = Event()
    entry.add("uid", f"{key}@{request.get_host()}")
    entry.add("summary", found["title"])
    entry.add("dtstart", found["startsAt"].astimezone(dt.UTC))
    entry.add("dtend", found["endsAt"].astimezone(dt.UTC))
    entry.add("dtstamp", found["changedAt"].astimezone(dt.UTC))
    entry.add("location", found["place"])
    entry.add("description", found["text"])
    entry.add("url", request.build_absolute_uri(reverse("website_event", args=[key])))
    entry.add("status", "CANCELLED" if found["isCancelled"] else "CONFIRMED")
    file = Calendar()
    file.add("prodid", "-//Özel Kalem//TR")
    file.add("version", "2.0")
    file.add_component(entry)
    response = HttpResponse(file.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="etkinlik.ics"'
    return response


@xframe_options_exempt
@csp_replace({**POLICY, "frame-ancestors": ["*"]})
@page
@require_safe
def embedded(request: HttpRequest) -> HttpResponseBase:
    """The next events, for a frame on another site: no form, nothing of the visitor."""
    return shown(request, "website/events_embedded.html", {"events": _events(request)[:EMBEDDED]})


# -- signing up ---------------------------------------------------------------------------------------------------
class PlacesForm(PageForm):
    people = HowManyField()
    event = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "", "invalid": ""})

    def prepare(self) -> None:
        """Which event it is stands above the question."""
        key = (self.data if self.is_bound else self.initial).get("event", "")
        self.about = about(self.asking.request, str(key)) if key else None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("event"):
            raise forms.ValidationError(_("Choose an event in the calendar."))
        return values

    def summary(self) -> list[tuple[str, str]]:
        titles = [(_("Event"), str(self.about["title"]))] if self.about else []
        return [*titles, (str(self.fields["people"].label), str(self.cleaned_data["people"]))]


class EventContactForm(ContactForm):
    purpose = "EVENT"


@page
@require_safe
def begin(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """Begin the sign-up for one event; what was written for another one is not carried over."""
    draft = Draft.of(request, JOURNEY.name)
    if draft.first("kisi", "event") != str(key):
        draft.forget(request)
    return redirect(f"{reverse('sign_up_kisi')}?event={key}")


def _submit(request: HttpRequest, input: dict[str, Any], key: str) -> dict[str, Any]:
    payload: dict[str, Any] = api.ask(request, "event_sign_up", key, input=input)["portalEventSignUp"]
    return payload


def _done(payload: dict[str, Any]) -> dict[str, Any]:
    return {"sign_up": payload["signUp"]}


def _send(request: HttpRequest, draft: Draft, values: dict[str, Any]) -> Sent | Refused:
    who = values["kim"]
    input = {
        "event": identifier_of(values["kisi"]["event"]),
        "people": values["kisi"]["people"],
        "contact": contact_of(who),
        "privacyNotice": who["privacy_notice"],
    }
    return PROVED.begin(request, draft, input)


JOURNEY = Journey(
    name="sign_up",
    base="etkinlikler/kayit/",
    title=gettext_lazy("Signing up for an event"),
    steps=[
        Step(
            "kisi",
            gettext_lazy("How many people come, yourself included?"),
            PlacesForm,
            template="website/places_step.html",
        ),
        Step(
            "kim",
            gettext_lazy("In whose name?"),
            EventContactForm,
            template="website/contact_step.html",
        ),
    ],
    send=_send,
    fields={
        "people": ("kisi", "people"),
        "event": ("kisi", ""),
        **refused_at("kim"),
    },
)
PROVED = Proved(journey=lambda: JOURNEY, submit=_submit, done=_done, done_url="sign_up_done")


@page
@require_safe
def done(request: HttpRequest) -> HttpResponseBase:
    """The place, or the number on the waiting list."""
    found = Draft.of(request, JOURNEY.name).done
    if "sign_up" not in found:
        return redirect("website_events")
    return shown(request, "website/sign_up_done.html", {"found": with_moments(found["sign_up"])})
