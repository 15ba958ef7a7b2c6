"""A place on a halk günü: which day, at what time, what about, with how many; then a code proves who comes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from website import api
from website.appointments import ABOUT, BEHALF, CONTACT, FIELDS, PEOPLE, kind_of
from website.draft import Draft
from website.forms import PageForm
from website.journey import Journey, Refused, Sent, Step
from website.moments import day_words, with_moments
from website.pages import page, shown
from website.people import contact_of
from website.proving import Proved


def offered(request: HttpRequest) -> list[dict[str, Any]]:
    """The days of which places are offered, as they are at this moment: full ones too."""
    return list(api.ask(request, "day_places")["publicDayPlaces"])


class DayForm(PageForm):
    """Full days stand there too, so that nobody looks for them elsewhere; they cannot be chosen."""

    day = forms.ChoiceField(
        label=gettext_lazy("On which day would you like to come?"),
        widget=forms.RadioSelect,
        choices=[],
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid_choice": gettext_lazy("No place is free on this day any more. Choose another day."),
        },
    )

    def prepare(self) -> None:
        days = offered(self.asking.request)
        self.named = {one["id"]: _named(one) for one in days}
        self.full = [_named(one) for one in days if not one["times"]]
        self.fields["day"].choices = [  # type: ignore[attr-defined]
            (one["id"], _with_places(one)) for one in days if one["times"]
        ]
        self.is_empty = not any(one["times"] for one in days)

    def _text(self, name: str) -> str:
        """The day alone: how many places are free is no part of the answer."""
        return self.named.get(self.cleaned_data.get(name, ""), "")


class TimeForm(PageForm):
    at = forms.ChoiceField(
        label=gettext_lazy("At what time?"),
        widget=forms.RadioSelect,
        choices=[],
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid_choice": gettext_lazy("This time is taken. Choose another one."),
        },
    )

    def prepare(self) -> None:
        day = self.asking.draft.first("gun", "day")
        found = next((one for one in offered(self.asking.request) if one["id"] == day), None)
        self.about = _named(found) if found else ""
        times = [one["startsAt"] for one in found["times"]] if found else []
        self.fields["at"].choices = [(one, _clock(one)) for one in times]  # type: ignore[attr-defined]


def _clock(moment: str) -> str:
    return date_format(localtime(parse_datetime(moment)), "TIME_FORMAT")


def _named(one: dict[str, Any]) -> str:
    day = day_words(localtime(parse_datetime(one["startsAt"])))
    hours = f"{_clock(one['startsAt'])}–{_clock(one['endsAt'])}"
    return " · ".join(text for text in (f"{day}, {hours}", one["principal"]["name"], one["place"]) if text)


def _with_places(one: dict[str, Any]) -> str:
    free = ngettext("%(free)s place is free", "%(free)s places are free", one["free"]) % {"free": one["free"]}
    return f"{_named(one)} · {free}"


def _submit(request: HttpRequest, input: dict[str, Any], key: str) -> dict[str, Any]:
    payload: dict[str, Any] = api.ask(request, "day_book", key, input=input)["portalPublicDayBook"]
    return payload


def _done(payload: dict[str, Any]) -> dict[str, Any]:
    return {"place": payload["appointment"]}


def _send(request: HttpRequest, draft: Draft, values: dict[str, Any]) -> Sent | Refused:
    about, behalf, contact = values["konu"], values["adina"], values["iletisim"]
    input = {
        "publicDay": values["gun"]["day"],
        "startsAt": values["saat"]["at"],
        "kind": kind_of(about, behalf),
        "subject": about["subject"],
        "body": about["body"],
        "organisation": behalf["organisation"],
        "partySize": values["kisi"]["party_size"],
        "companionNames": values["kisi"].get("companion_names", ""),
        "contact": contact_of(contact),
        "privacyNotice": contact["privacy_notice"],
    }
    return PROVED.begin(request, draft, {name: value for name, value in input.items() if value != ""})


JOURNEY = Journey(
    name="public_day",
    base="randevu/halk-gunu/",
    title=gettext_lazy("A place on the public day"),
    steps=[
        Step(
            "gun",
            gettext_lazy("On which day would you like to come?"),
            DayForm,
            template="website/public_day_step.html",
        ),
        Step("saat", gettext_lazy("At what time?"), TimeForm, template="website/public_day_time.html"),
        ABOUT,
        BEHALF,
        PEOPLE,
        CONTACT,
    ],
    send=_send,
    fields={
        "publicDay": ("gun", "day"),
        "startsAt": ("saat", "at"),
        **FIELDS,
    },
)
PROVED = Proved(journey=lambda: JOURNEY, submit=_submit, done=_done, done_url="public_day_done")


@page
@require_safe
def done(request: HttpRequest) -> HttpResponseBase:
    """When and where they are expected."""
    found = Draft.of(request, JOURNEY.name).done
    if "place" not in found:
        return redirect(JOURNEY.name)
    return shown(request, "website/public_day_done.html", {"found": with_moments(found["place"])})
