"""Waiting room of a halk günü, for a tablet: who is present, who is inside, who has left and with which outcome.
Several people may use it at once: the page reports concurrent changes and refreshes itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from admin_ui.appointments.forms import PROMISED, PromisedForm
from admin_ui.appointments.public_day_rows import session_of, visitors
from admin_ui.core.dates import day_text
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from backend.appointments import actions
from backend.appointments.choices import Outcome, SessionStatus, VisitStatus
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.appointments.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from permissions.appointments import applicants, outcomes
from permissions.appointments.rules import knows_applicant
from permissions.core import scope

STEPS = (Verb.ARRIVE, Verb.CALL_IN, Verb.COMPLETE_VISIT, Verb.MARK_NO_SHOW)
"""The announcement in the hall."""

_TONES = {
    VisitStatus.EXPECTED: "grey",
    VisitStatus.ARRIVED: "orange",
    VisitStatus.IN: "blue",
    VisitStatus.OUT: "green",
    VisitStatus.NO_SHOW: "red",
}


class SeeOutForm(PromisedForm):
    """What came of a conversation; which outcome says the pressed button."""

    note = forms.CharField(label=_lazy("What came of it"), max_length=2000, required=False)
    field_order = ("note",)

    def __init__(self, row: AppointmentRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{row.key}_%s", **kwargs)

    def values(self) -> dict[str, Any]:
        return self.with_promises(self.cleaned_data)

    def promise_fields(self) -> list[object]:
        return [self[name] for name in PROMISED.values()]

    def has_promise(self) -> bool:
        """Whether something of a promise was typed, so that its fields stand open."""
        return any(self.data.get(name) for name in PROMISED.values())


def waiting_room(request: HttpRequest, key: UUID) -> HttpResponse:
    return _show(request, session_of(key))


def _show(
    request: HttpRequest, session: PublicDaySession, typed: dict[str, SeeOutForm] | None = None
) -> HttpResponse:
    """The hall; `typed`: what was refused, by the key of the request."""
    rows = visitors(session)
    is_on = session.status == SessionStatus.PLANNED and session.day <= today()
    counts = [
        (status.label, sum(row.visit.status == status for row in rows), _TONES[status])
        for status in VisitStatus
    ]
    context = {
        "title": f"{_('Hall')} {day_text(session.day)}",
        "parents": [
            (_("Public days"), reverse("admin:appointments_publicdaysession_changelist")),
            (
                day_text(session.day),
                reverse("admin:appointments_publicdaysession_change", args=[session.key]),
            ),
        ],
        "session": session,
        "counts": counts,
        "people": [_person(row, is_on, (typed or {}).get(str(row.key))) for row in rows],
        "is_on": is_on,
        "outcomes": Outcome.choices,
    }
    return page(admin.site, request, "admin_ui/waiting_room.html", context)


def _person(row: AppointmentRequest, is_on: bool, typed: SeeOutForm | None) -> dict[str, object]:
    able = scope.allowed_actions(row) if is_on else []
    return {
        "row": row,
        "visit": row.visit,
        "who": applicants.who_asks(row),
        "companions": row.companion_names if knows_applicant(scope.current_viewer(), row) else "",
        "tone": _TONES[VisitStatus(row.visit.status)],
        "arrives": Verb.ARRIVE in able,
        "goes_in": Verb.CALL_IN in able,
        "form": (typed or SeeOutForm(row)) if Verb.COMPLETE_VISIT in able else None,
        "promises": Verb.PROMISE in able,
        "misses": Verb.MARK_NO_SHOW in able,
    }


def say(request: StaffRequest, key: UUID) -> HttpResponse:
    """One press: to one visitor of this session, and back to the hall. What was typed and refused stays."""
    session = session_of(key)
    verb = next((one for one in STEPS if one.value.lower() == request.POST.get("verb")), None)
    wanted = request.POST.get("request", "")
    row = next((visitor for visitor in visitors(session) if str(visitor.key) == wanted), None)
    if verb is None or row is None:
        raise scope.not_found()
    form = SeeOutForm(row, request.POST) if verb is Verb.COMPLETE_VISIT else None
    if form is not None and not form.is_valid():
        return _show(request, session, {wanted: form})
    try:
        with scope.authorized(verb, AppointmentRequest, wanted) as locked:
            _do(verb, locked, request, form)
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN:
            raise
        if form is not None and error.code != ErrorCode.WRONG_STATE:
            form.refuse(error)
            return _show(request, session, {wanted: form})
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("admin:appointments_publicdaysession_hall", args=[session.key]))


def _do(verb: Verb, row: AppointmentRequest, request: StaffRequest, form: SeeOutForm | None) -> None:
    by = request.user
    if form is not None:
        outcomes.complete_visit(row, by=by, outcome=request.POST.get("outcome", ""), **form.values())
    elif verb is Verb.ARRIVE:
        actions.arrive(row, by=by)
    elif verb is Verb.CALL_IN:
        actions.call_in(row, by=by)
    else:
        actions.mark_no_show(row, by=by)
