"""Asking to be received: whom, what about, on whose behalf, with how many, when; then a code proves who asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from website import api
from website.draft import Draft
from website.forms import ConditionalField, PageForm
from website.journey import Journey, Refused, Sent, Step
from website.moments import day_words
from website.pages import page, shown
from website.people import ContactForm, HowManyField, contact_of, refused_at
from website.proving import Proved

DAYS, AHEAD = 10, 21
"""So many working days are offered, among the next so many."""
KINDS = [
    ("REQUEST", gettext_lazy("A job or a request")),
    ("COMPLAINT", gettext_lazy("A complaint")),
    ("COURTESY", gettext_lazy("A courtesy visit")),
    ("PROJECT", gettext_lazy("I would like to present a project")),
    ("INVITATION", gettext_lazy("An invitation")),
    ("INVESTOR", gettext_lazy("An investment")),
    ("PRESS", gettext_lazy("Press")),
]
PARTS = [
    ("any", gettext_lazy("It does not matter")),
    ("morning", gettext_lazy("In the morning")),
    ("afternoon", gettext_lazy("In the afternoon")),
]


class WhomForm(PageForm):
    principal = forms.ChoiceField(
        label=gettext_lazy("By whom would you like to be received?"),
        widget=forms.RadioSelect,
        choices=[],
        error_messages={"required": gettext_lazy("Choose by whom you would like to be received.")},
    )

    def prepare(self) -> None:
        rows = api.public(self.asking.request, "principals")["publicPrincipals"]
        self.fields["principal"].choices = [(row["id"], row["name"]) for row in rows]  # type: ignore[attr-defined]
        days = api.public(self.asking.request, "day_places")["publicDayPlaces"]
        self.days = [one for one in days if one["times"]]
        self.free = sum(one["free"] for one in self.days)


class AboutForm(PageForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What for?"),
        widget=forms.RadioSelect,
        choices=KINDS,
        error_messages={"required": gettext_lazy("Choose what the appointment is for.")},
    )
    subject = forms.CharField(
        label=gettext_lazy("What is it about, in a line?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write in a line what it is about.")},
    )
    body = forms.CharField(
        label=gettext_lazy("What would you like us to know before?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
    )


class ForWhomForm(PageForm):
    behalf = forms.ChoiceField(
        label=gettext_lazy("On whose behalf do you come?"),
        widget=forms.RadioSelect,
        choices=[
            ("self", gettext_lazy("On my own")),
            ("organisation", gettext_lazy("On behalf of an institution, association or company")),
        ],
        error_messages={"required": gettext_lazy("Choose on whose behalf you come.")},
    )
    organisation = ConditionalField(
        label=gettext_lazy("Name of the institution, association or company"),
        when=gettext_lazy("if you come on its behalf"),
        max_length=160,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("behalf") == "organisation" and not values.get("organisation"):
            self.add_error("organisation", _("Write on whose behalf you come."))
        if values.get("behalf") == "self":
            values["organisation"] = ""
        return values


class PeopleForm(PageForm):
    party_size = HowManyField()
    companion_names = forms.CharField(
        label=gettext_lazy("Who comes with you?"),
        help_text=gettext_lazy("Names, if you wish: then the entrance knows them. Leave it empty otherwise."),
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": gettext_lazy("Write at most 300 letters.")},
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("party_size") == 1:
            values["companion_names"] = ""
        return values


class WhenForm(PageForm):
    """Days that suit. What the office publishes of its busy hours stands beside each of them."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Which days suit you?"),
        help_text=gettext_lazy("Choose as many as you like, or none: then we propose a day."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[],
    )
    part = forms.ChoiceField(
        label=gettext_lazy("What time of the day?"), widget=forms.RadioSelect, choices=PARTS, initial="any"
    )
    wish = forms.CharField(
        label=gettext_lazy("Anything else about the time?"), required=False, max_length=120
    )

    def prepare(self) -> None:
        busy = _busy(self.asking.request, self.asking.draft)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (day.isoformat(), _day(day, busy)) for day in _days()
        ]

    def summary(self) -> list[tuple[str, str]]:
        chosen = [day_words(dt.date.fromisoformat(day)) for day in self.cleaned_data["days"]]
        lines = super().summary()[1:]
        return [(str(self.fields["days"].label), ", ".join(chosen) or _("No particular day")), *lines]


class AppointmentContactForm(ContactForm):
    purpose = "APPOINTMENT"


def _days() -> list[dt.date]:
    """The next working days of the week, from tomorrow on."""
    days = (localtime().date() + dt.timedelta(days=number) for number in range(1, AHEAD))
    return [day for day in days if day.weekday() < 5][:DAYS]


def _busy(request: HttpRequest, draft: Draft) -> dict[dt.date, list[str]] | None:
    """The busy hours of each day, in words; None where the office does not publish them."""
    principal, days = draft.first("kim", "principal"), _days()
    if not principal:
        return None
    spans = api.public(
        request, "busy", principal=principal, **{"from": days[0].isoformat(), "until": days[-1].isoformat()}
    )["publicFreeBusy"]
    if spans is None:
        return None
    found: dict[dt.date, list[str]] = {day: [] for day in days}
    for span in spans:
        begins, ends = (localtime(parse_datetime(span[name])) for name in ("startsAt", "endsAt"))
        if begins.date() in found:
            found[begins.date()].append(
                f"{date_format(begins, 'TIME_FORMAT')}–{date_format(ends, 'TIME_FORMAT')}"
            )
    return found


def _day(day: dt.date, busy: dict[dt.date, list[str]] | None) -> str:
    if busy is None:
        return day_words(day)
    taken = busy.get(day, [])
    if not taken:
        return _("%(day)s: free all day") % {"day": day_words(day)}
    return _("%(day)s: taken %(hours)s") % {"day": day_words(day), "hours": ", ".join(taken)}


def _input(values: dict[str, Any]) -> dict[str, Any]:
    """The answers as the API takes them."""
    about, when, behalf = values["konu"], values["zaman"], values["adina"]
    contact = values["iletisim"]
    days = sorted(when["days"])
    with override(settings.LANGUAGE_CODE):  # the office reads it
        part = "" if when["part"] == "any" else str(dict(PARTS)[when["part"]])
        named = ", ".join(day_words(dt.date.fromisoformat(day)) for day in days)
    named_fields = {
        "principal": values["kim"]["principal"],
        "kind": kind_of(about, behalf),
        "subject": about["subject"],
        "body": about["body"],
        "organisation": behalf["organisation"],
        "partySize": values["kisi"]["party_size"],
        "companionNames": values["kisi"].get("companion_names"),
        "wishedFrom": days[0] if days else None,
        "wishedUntil": days[-1] if days else None,
        "wish": "; ".join(text for text in (named, part, when["wish"]) if text)[:200],
        "contact": contact_of(contact),
        "privacyNotice": contact["privacy_notice"],
    }
    return {name: value for name, value in named_fields.items() if value not in (None, "")}


def _submit(request: HttpRequest, input: dict[str, Any], key: str) -> dict[str, Any]:
    payload: dict[str, Any] = api.ask(request, "appointment_submit", key, input=input)[
        "portalAppointmentSubmit"
    ]
    return payload


def _done(payload: dict[str, Any]) -> dict[str, Any]:
    appointment = payload["appointment"]
    return {"reference": appointment["reference"], "principal": appointment["principal"]}


def _send(request: HttpRequest, draft: Draft, values: dict[str, Any]) -> Sent | Refused:
    return PROVED.begin(request, draft, _input(values))


def kind_of(about: dict[str, Any], behalf: dict[str, Any]) -> str:
    """What kind of appointment it is: who comes for an organisation is its guest, whatever they bring."""
    return "ORGANISATION" if behalf["organisation"] else str(about["kind"])


ABOUT = Step("konu", gettext_lazy("What would you like to talk about?"), AboutForm)
BEHALF = Step("adina", gettext_lazy("On whose behalf do you come?"), ForWhomForm)
PEOPLE = Step("kisi", gettext_lazy("Who comes?"), PeopleForm)
CONTACT = Step(
    "iletisim",
    gettext_lazy("How do we reach you?"),
    AppointmentContactForm,
    template="website/contact_step.html",
)
FIELDS = {
    "kind": ("konu", "kind"),
    "subject": ("konu", "subject"),
    "body": ("konu", "body"),
    "organisation": ("adina", "organisation"),
    "partySize": ("kisi", "party_size"),
    "companionNames": ("kisi", "companion_names"),
    **refused_at("iletisim"),
}
"""Where these questions, which a place on a halk günü asks too, were asked."""
JOURNEY = Journey(
    name="appointment",
    base="randevu/",
    title=gettext_lazy("Asking for an appointment"),
    steps=[
        Step(
            "kim",
            gettext_lazy("Whom would you like to see?"),
            WhomForm,
            template="website/whom_step.html",
        ),
        ABOUT,
        BEHALF,
        PEOPLE,
        Step("zaman", gettext_lazy("When does it suit you?"), WhenForm),
        CONTACT,
    ],
    send=_send,
    fields={
        "principal": ("kim", "principal"),
        "wishedFrom": ("zaman", "days"),
        "wishedUntil": ("zaman", "days"),
        "wish": ("zaman", "wish"),
        **FIELDS,
    },
)
PROVED = Proved(journey=lambda: JOURNEY, submit=_submit, done=_done, done_url="appointment_done")


@page
@require_safe
def done(request: HttpRequest) -> HttpResponseBase:
    """What was taken, and what happens next."""
    found = Draft.of(request, JOURNEY.name).done
    if "reference" not in found:
        return redirect(JOURNEY.name)
    return shown(request, "website/appointment_done.html", {"found": found})
