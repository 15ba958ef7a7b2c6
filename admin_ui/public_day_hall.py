"""The hall of a halk günü on a tablet: who is there, who is inside, who has gone and with what. Several people may
work in it at once: what somebody else did a moment ago is said, and the page follows by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.base import page
from admin_ui.public_days import session_of, visitors
from backend.appointments import actions
from backend.appointments.choices import Outcome, SessionStatus, VisitStatus
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from permissions import applicants, scope

STEPS: dict[Verb, tuple[VisitStatus, ...]] = {
    Verb.ARRIVE: (VisitStatus.EXPECTED,),
    Verb.CALL_IN: (VisitStatus.EXPECTED, VisitStatus.ARRIVED),
    Verb.SEE_OUT: (VisitStatus.IN,),
    Verb.MISS: (VisitStatus.EXPECTED,),
}
"""What is said in the hall, and to whom."""

_TONES = {
    VisitStatus.EXPECTED: "grey",
    VisitStatus.ARRIVED: "orange",
    VisitStatus.IN: "blue",
    VisitStatus.OUT: "green",
    VisitStatus.NO_SHOW: "red",
}


def hall(request: HttpRequest, key: Any) -> HttpResponse:
    session = session_of(key)
    rows = visitors(session)
    is_on = session.status == SessionStatus.PLANNED and session.day <= today()
    counts = [
        (status.label, sum(row.visit.status == status for row in rows), _TONES[status])
        for status in VisitStatus
    ]
    context = {
        "title": f"{_('Hall')} {session.day:%d.%m.%Y}",
        "parents": [
            (_("Public days"), reverse("admin:appointments_publicdaysession_changelist")),
            (
                f"{session.day:%d.%m.%Y}",
                reverse("admin:appointments_publicdaysession_change", args=[session.key]),
            ),
        ],
        "session": session,
        "counts": counts,
        "people": [_person(row, is_on) for row in rows],
        "is_on": is_on,
        "outcomes": Outcome.choices,
    }
    return page(admin.site, request, "admin_ui/public_day_hall.html", context)


def _person(row: AppointmentRequest, is_on: bool) -> dict[str, Any]:
    able = scope.abilities(row) if is_on else []
    steps = {verb for verb, states in STEPS.items() if verb in able and row.visit.status in states}
    return {
        "row": row,
        "visit": row.visit,
        "who": applicants.who_asks(row),
        "tone": _TONES[VisitStatus(row.visit.status)],
        "arrives": Verb.ARRIVE in steps,
        "goes_in": Verb.CALL_IN in steps,
        "goes_out": Verb.SEE_OUT in steps,
        "misses": Verb.MISS in steps,
    }


def say(request: HttpRequest, key: Any) -> HttpResponse:
    """One press: to one visitor of this session, and back to the hall."""
    session = session_of(key)
    verb = next((one for one in STEPS if one.value.lower() == request.POST.get("verb")), None)
    wanted = request.POST.get("request", "")
    if verb is None or wanted not in {str(row.key) for row in visitors(session)}:
        raise scope.not_found()
    try:
        with scope.acting(verb, AppointmentRequest, wanted) as row:
            _do(verb, row, request)
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN:
            raise
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("admin:appointments_publicdaysession_hall", args=[session.key]))


def _do(verb: Verb, row: AppointmentRequest, request: HttpRequest) -> None:
    by: Any = request.user
    if verb is Verb.SEE_OUT:
        actions.see_out(
            row, by=by, outcome=request.POST.get("outcome", ""), note=request.POST.get("note", "")
        )
    elif verb is Verb.ARRIVE:
        actions.arrive(row, by=by)
    elif verb is Verb.CALL_IN:
        actions.call_in(row, by=by)
    else:
        actions.miss(row, by=by)
