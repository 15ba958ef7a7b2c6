"""A request for an appointment by telephone: the number first, who it is, the wish, and if a time is free that time
at once. Works by keyboard, with and without JS.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.appointments.times import buttons, free_times, next_morning
from admin_ui.complaints.intake import caller, is_the_caller
from admin_ui.complaints.intake_form import CallerForm
from admin_ui.complaints.intake_lookups import callers
from admin_ui.contacts.picker import NamedOrganisationField, picked
from admin_ui.core import page_access
from admin_ui.core.actions import explained_by
from admin_ui.core.dates import weekday_text
from admin_ui.core.fields import (
    DayField,
    MomentField,
    PersonField,
    PrincipalField,
    choice,
    model_choice,
    principals,
)
from admin_ui.core.forms import FOR_NEXT, text_area
from admin_ui.core.once import once, what_became
from admin_ui.core.screen import page
from admin_ui.retention.privacy_notices import ShownNoticeField, shown
from backend.appointments import actions
from backend.appointments.choices import Channel, DeliveryMethod, Kind, Status
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb, appointment_action
from backend.contacts.models import Citizen, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.dates import day_meant, moment_meant
from backend.organization.models import User
from backend.partners.models import Organisation
from backend.programme.places import CollisionError
from permissions.appointments import access
from permissions.complaints import access as complaint_access
from permissions.core import scope

BY_VOICE = {Channel.PHONE: DeliveryMethod.PHONE, Channel.IN_PERSON: DeliveryMethod.IN_PERSON}


@explained_by(appointment_action[Verb.CORRECT], appointment_action[Verb.APPROVE])
class AppointmentCallForm(CallerForm):
    """The request together with the caller. `starts_at`: a time granted immediately."""

    privacy_notice = ShownNoticeField(Purpose.APPOINTMENT)
    principal = PrincipalField(label=gettext_lazy("With whom?"))
    subject = forms.CharField(label=gettext_lazy("What is it about?"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, initial=Kind.REQUEST)
    party_size = forms.IntegerField(
        label=gettext_lazy("How many people?"), min_value=1, max_value=500, initial=1
    )
    companion_names = forms.CharField(
        label=gettext_lazy("Names of companions"), max_length=300, required=False
    )
    partner = NamedOrganisationField(label=gettext_lazy("Institution"), has_card=True)
    wish = forms.CharField(
        label=gettext_lazy("Wish for a time"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("In the caller's words, for example: in the mornings."),
    )
    starts_at = MomentField(
        label=gettext_lazy("Give this time at once"),
        required=False,
        help_text=gettext_lazy("For example: Thursday 10:30. Left empty, the request waits for a decision."),
    )
    accept_unusual = forms.BooleanField(label=gettext_lazy("Give this time all the same"), required=False)
    body = forms.CharField(
        label=gettext_lazy("What does the caller say?"), widget=text_area(3, **FOR_NEXT), required=False
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    wished_from = DayField(label=gettext_lazy("Not before"), required=False)
    wished_until = DayField(label=gettext_lazy("Not after"), required=False)
    requested_by = PersonField(
        label=gettext_lazy("Member of staff who asks"), required=False, empty_label=gettext_lazy("I myself")
    )
    plate = forms.CharField(label=gettext_lazy("Car plate"), max_length=20, required=False)

    WISH = ("principal", "subject", "kind", "party_size", "partner", "wish")
    FACTS = ("companion_names", "body", "channel", "wished_from", "wished_until", "plate")
    MORE = ("channel", "requested_by", "companion_names", "body", "wished_from", "wished_until", "plate")

    is_unusual = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requested_by"].widget.attrs["data-when"] = f"channel={Channel.INTERNAL.value}"
        if not page_access.office():  # staff of other departments ask for themselves
            model_choice(self, "requested_by").queryset = User.objects.none()

    @property
    def is_from_the_house(self) -> bool:
        return bool(self.cleaned_data.get("channel") == Channel.INTERNAL)

    def wish_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WISH]

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    def more_is_wrong(self) -> bool:
        return any(name in self.errors for name in self.MORE)

    def clean(self) -> dict[str, object]:
        result = super().clean() or {}
        if self.is_from_the_house:
            return result
        if not result.get("citizen") and not result.get("first_name") and not self.errors:
            self.add_error("first_name", _("Say who asks for the appointment."))
        return result

    def facts(self) -> dict[str, Any]:
        names = (*self.WISH[1:], *self.FACTS)
        named = self.cleaned_data["partner"]
        facts = {name: self.cleaned_data[name] for name in names}
        return facts | {"organisation": named.text, "partner": named.row}


def call(request: HttpRequest) -> HttpResponse:
    """The form. `step=look` shows who calls and what is free without JavaScript, `at` chooses a free time;
    otherwise POST records."""
    if not page_access.registrars():
        raise scope.not_found()
    if request.method != "POST":
        return _page(request, AppointmentCallForm(initial=_start(request)))
    if request.POST.get("step") == "look" or request.POST.get("at"):
        data = request.POST.dict()
        data["starts_at"] = data.get("at") or data.get("starts_at", "")
        partner = picked(request.POST, "partner")
        return _page(request, AppointmentCallForm(initial=data | {"partner": partner}))
    form, free = AppointmentCallForm(request.POST), None
    if form.is_valid() and is_the_caller(form):
        try:
            return HttpResponseRedirect(_record(request, form))
        except CollisionError as error:
            form.refuse(error)
            free = buttons(error.free)
        except DomainError as error:
            form.is_unusual = error.code == ErrorCode.UNUSUAL
            form.refuse(error)
    return _page(request, form, free)


def _page(
    request: HttpRequest, form: AppointmentCallForm, free: list[dict[str, str]] | None = None
) -> HttpResponse:
    data = request.POST if request.method == "POST" else form.initial
    form.focus()
    choice(form, "principal").choices = [(principal.key, principal.name) for principal in principals()]
    context = {
        "title": _("New appointment request"),
        "form": form,
        "notice": shown(form, "tr"),
        "can_give": access.may_give_times(),
        "can_correct": page_access.holds(Citizen, scope.Action.CORRECT),
        "callers": callers(data),
        "free": _free(data) if free is None else free,
        "shows_unusual": form.is_unusual or "accept_unusual" in request.POST,
    }
    return page(admin.site, request, "admin_ui/appointment_call.html", context)


def _start(request: HttpRequest) -> dict[str, object]:
    """An empty form; `?citizen=KEY` starts it with a person whom one has looked up, `?of=` with a principal and `?at=`
    with a time."""
    start: dict[str, object] = {"once": uuid.uuid4()}
    if result := principals():
        named = [one for one in result if str(one.key) == request.GET.get("of")]
        start["principal"] = str((named or result)[0].key)
    if at := moment_meant(request.GET.get("at", "")):
        start["starts_at"] = weekday_text(at)
    if key := request.GET.get("citizen"):
        known = scope.get(Citizen, key)
        start |= {"citizen": str(known.key), "phone": known.phone.as_national if known.phone else ""}
    if key := request.GET.get("organisation"):
        start["partner"] = scope.get(Organisation, key)
    return start


# -- which times are free ------------------------------------------------------------------------------------
@require_POST
def free(request: HttpRequest) -> HttpResponse:
    """The three free times nearest to what was typed, as a piece of the page."""
    if not page_access.registrars():
        raise scope.not_found()
    return render(request, "admin_ui/includes/appointment_free.html", {"free": _free(request.POST)})


def _free(values: Any) -> list[dict[str, str]]:
    """Only for who may give a time of this programme; free and busy is no secret, but an offer is a promise."""
    key = str(values.get("principal") or "")
    principal = next((one for one in principals() if str(one.key) == key), None)
    if principal is None or not access.may_give_times(principal):
        return []
    at = moment_meant(str(values.get("starts_at") or ""))
    if at is None:
        at = next_morning(day_meant(str(values.get("wished_from") or "")))
    return free_times(principal, at)


# -- recording, once -----------------------------------------------------------------------------------------
def _record(request: HttpRequest, form: AppointmentCallForm) -> str:
    """Record the request and return the next address. If the time is not available nothing is saved: the form is
    shown again, with free times."""

    def record() -> dict[str, str]:
        with transaction.atomic():
            taken = _receive(request, form)
            if form.cleaned_data["starts_at"]:
                taken = access.give_time(
                    taken,
                    by=cast(User, request.user),
                    starts_at=form.cleaned_data["starts_at"],
                    accept_unusual=form.cleaned_data["accept_unusual"],
                    voice=BY_VOICE.get(Channel(form.cleaned_data["channel"]), ""),
                )
        entry = taken.entry
        return {
            "key": str(taken.key),
            "reference": taken.reference,
            "subject": taken.subject,
            "principal": taken.principal.name,
            "at": weekday_text(entry.starts_at) if entry else "",
        }

    return reverse("admin:appointment_done", args=[once(request, form, record)["key"]])


def _receive(request: HttpRequest, form: AppointmentCallForm) -> AppointmentRequest:
    values, by = form.cleaned_data, cast(User, request.user)
    inside = form.is_from_the_house
    with complaint_access.authorized_to_register():
        return actions.receive(
            values["principal"],
            by=by,
            applicant=None if inside else caller(values, by),
            requested_by=(values["requested_by"] or by) if inside else None,
            receipt=values["starts_at"] is None,
            privacy_notice=values["privacy_notice"],
            **form.facts(),
        )


def done(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Number and time in large type, to be read to the caller. For the recorder alone."""
    if not (shown := what_became(request, key)):
        raise scope.not_found()
    seen = scope.visible(AppointmentRequest).filter(key=key).first()
    context = {
        "title": _("The request is recorded"),
        "shown": shown,
        "request_row": seen,
        "is_given": seen is not None and seen.status == Status.APPROVED,
    }
    return page(admin.site, request, "admin_ui/appointment_done.html", context)
