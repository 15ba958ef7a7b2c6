"""What may be entered at an empty hour of the calendar: an appointment, which is given there, or an entry."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from admin_ui.appointments.intake import AppointmentCallForm
from admin_ui.appointments.times import wanted_time
from admin_ui.core import page_access
from admin_ui.programme.forms import NewEntryForm
from admin_ui.programme.reading import chosen, local, may_plan, offered
from admin_ui.retention.privacy_notices import shown
from backend.core.words.dates import moment_meant
from backend.programme.choices import Kind
from backend.programme.models import Principal
from permissions.appointments import access
from permissions.core import scope


def slot(request: HttpRequest) -> HttpResponse:
    """A piece of a page: both short forms with the hour filled in. They are sent to the pages of the full forms, which
    show again what is refused, with all that was typed."""
    principal = chosen(request, offered())
    start = moment_meant(request.GET.get("start", ""))
    if start is None or not may_plan(principal):
        raise scope.not_found()
    end = moment_meant(request.GET.get("end", ""))
    context = {
        "principal": principal,
        "start": start,
        "local_start": local(start),
        "entry": _entry(start, end),
        "appointment": _appointment(principal, start) if page_access.registrars() else None,
    }
    if context["appointment"] is not None:
        context["notice"] = shown(context["appointment"], "tr")  # type: ignore[arg-type]
    return render(request, "admin_ui/includes/programme_slot.html", context)


def _entry(start: dt.datetime, end: dt.datetime | None) -> NewEntryForm:
    return NewEntryForm(
        initial={"kind": Kind.MEETING, "starts_at": start, "ends_at": end}, auto_id="slot_entry_%s"
    )


def _appointment(principal: Principal, start: dt.datetime) -> AppointmentCallForm | None:
    if not access.may_give_times(principal):
        return None
    values = {
        "once": uuid.uuid4(),
        "principal": principal.key,
        "starts_at": wanted_time(principal, start).starts_at,
    }
    form = AppointmentCallForm(initial=values, auto_id="slot_call_%s")
    form.fields["phone"].widget.attrs.pop("autofocus", None)
    return form
