"""The page of one request: who asks and for what beside its story, and the next possible deeds as buttons."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.appointments.actions import ASIDE, DEEDS, NEXT, Deed, offered
from admin_ui.appointments.forms import RequestForm, TimeForm
from admin_ui.appointments.promises import made_at
from admin_ui.appointments.story import story
from admin_ui.appointments.times import buttons
from admin_ui.core.screen import page
from admin_ui.instructions.wording import given_at
from admin_ui.partners import choice as partner_choice
from backend.appointments.choices import Status
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.core.errors import DomainError, ErrorCode
from backend.programme.places import CollisionError
from permissions.appointments import applicants
from permissions.complaints import persons
from permissions.core import scope

EARLIER = 5


def load(key: Any) -> AppointmentRequest:
    """The visible request with all a page shows of the row itself. NOT_FOUND if it is hidden or missing."""
    rows = scope.with_relations(scope.visible(AppointmentRequest)).select_related(
        "principal", "entry", "department", "requested_by", "registered_by", "visit__session"
    )
    found = rows.filter(key=key).first()
    if found is None:
        raise scope.not_found()
    return found


def address(row: AppointmentRequest) -> str:
    return reverse("admin:appointments_appointmentrequest_change", args=[row.key])


def show(request: HttpRequest, key: Any) -> HttpResponse:
    """The page; `?do=VERB` opens the form of a verb in it."""
    row = load(key)
    deed = _deed(request.GET.get("do", ""))
    form = deed.form(row) if deed and deed.verb in scope.abilities(row) else None
    if form:
        partner_choice.begin_with(form, request)
    return _render(request, row, deed if form else None, form)


def _deed(slug: str) -> Deed | None:
    return DEEDS.get(slug.upper())  # type: ignore[call-overload]


def act(request: HttpRequest, key: Any, verb: str) -> HttpResponse:
    """Do one thing to a request. What the domain refuses is told at its field; what was typed stays. A press on a
    free time takes that time and shows what will be sent."""
    deed = _deed(verb)
    if deed is None:
        raise scope.not_found()
    row = load(key)
    if request.method != "POST":
        return HttpResponseRedirect(f"{address(row)}?do={deed.slug}")
    form = deed.form(row, request.POST, request.FILES)
    taken = request.POST.get("at") if isinstance(form, TimeForm) else None
    if taken:
        form.put(starts_at=taken)
    if not form.is_valid():
        return _render(request, row, deed, form)
    previews = bool(taken) or ("preview" in request.POST and deed.tells)
    try:
        if previews:
            letter = _rehearse(request, row, deed, form) or ("–", _("The applicant is sent nothing."))
            return _render(request, row, deed, form, preview=letter)
        _run(request, row, deed, form)
    except DomainError as error:
        return _refused(request, key, deed, form, error)
    if not scope.visible(AppointmentRequest).filter(pk=row.pk).exists():
        messages.success(
            request, _("“%(verb)s” is done; the request has left you.") % {"verb": deed.verb.label}
        )
        return HttpResponseRedirect(reverse("admin:index"))
    told = {"reference": row.reference, "verb": deed.verb.label}
    messages.success(request, _("%(reference)s: “%(verb)s” is done.") % told)
    return HttpResponseRedirect(address(row))


def _version(deed: Deed, form: RequestForm) -> int | None:
    return form.cleaned_data.get("version") if deed.guarded else None


def _run(request: HttpRequest, row: AppointmentRequest, deed: Deed, form: RequestForm) -> None:
    with scope.acting(deed.verb, AppointmentRequest, row.key, version=_version(deed, form)) as locked:
        deed.run(locked, form.values(), request.user)  # type: ignore[arg-type]


def _rehearse(
    request: HttpRequest, row: AppointmentRequest, deed: Deed, form: RequestForm
) -> tuple[str, str] | None:
    return applicants.rehearsed_letter(
        deed.verb,
        row.key,
        lambda locked: deed.run(locked, form.values(), request.user),  # type: ignore[arg-type]
        version=_version(deed, form),
    )


def _refused(
    request: HttpRequest, key: Any, deed: Deed, form: RequestForm, error: DomainError
) -> HttpResponse:
    """Tell it at its field, unless the request itself is out of reach; a collision comes with what is free."""
    if error.code == ErrorCode.FORBIDDEN or (error.code == ErrorCode.NOT_FOUND and error.field == "id"):
        raise error
    form.refuse(error)
    now = load(key)
    form.show(now)
    free = buttons(error.free) if isinstance(error, CollisionError) else None
    return _render(request, now, deed, form, free=free)


def _render(
    request: HttpRequest,
    row: AppointmentRequest,
    deed: Deed | None,
    form: RequestForm | None,
    preview: tuple[str, str] | None = None,
    free: list[dict[str, str]] | None = None,
) -> HttpResponse:
    applicant = _applicant(row)
    able = [verb for verb in scope.abilities(row) if _is_useful(verb, row)]
    if isinstance(form, TimeForm) and free is None:
        free = form.free()
    context = {
        "title": row.reference,
        **partner_choice.shown(row, row.organisation, offers=Verb.CORRECT in able),
        "parents": [(_("Appointment requests"), reverse("admin:appointment_board"))],
        "row": row,
        "applicant": applicant,
        "hides_applicant": row.applicant_id is not None and applicant is None,
        "story": story(row),
        "main": [deed for deed in offered(able) if deed.verb not in ASIDE],
        "more": [deed for deed in offered(able) if deed.verb in ASIDE],
        "next": NEXT.get(Status(row.status)),
        "deed": deed,
        "form": form,
        "preview": preview,
        "free": free,
        "promises": made_at(row),
        "visit": getattr(row, "visit", None),
        "complaint": scope.visible(Complaint).filter(pk=row.complaint_id).first()
        if row.complaint_id
        else None,
        "reminders": applicants.reminders_of(row),
        **_history(row, applicant),
        **given_at(request=row),
    }
    return page(admin.site, request, "admin_ui/appointment.html", context)


def _applicant(row: AppointmentRequest) -> Any:
    """Who it is, if the viewer may know; showing it is noted in the read log."""
    found = applicants.applicant_of(row)
    if found:
        scope.note_reading([found.pk], "admin: appointment request")
    return found


def _history(row: AppointmentRequest, applicant: Any) -> dict[str, Any]:
    """What else there is of the same person: earlier requests and open cases, as far as the viewer sees them."""
    if applicant is None:
        return {"earlier": [], "cases": []}
    family = contacts.family(applicant)
    earlier = applicants.asked_by(family).exclude(pk=row.pk).order_by("-registered_at")[:EARLIER]
    cases = persons.brought_by(Complaint.objects.open(), family).order_by("-registered_at")[:EARLIER]
    return {"earlier": list(earlier), "cases": list(cases)}


def _is_useful(verb: Verb, row: AppointmentRequest) -> bool:
    """Whether a permitted verb has anything to act upon; the action decides all the same."""
    visit = getattr(row, "visit", None)
    on_the_day = {
        Verb.ARRIVE: ("EXPECTED",),
        Verb.CALL_IN: ("EXPECTED", "ARRIVED"),
        Verb.SEE_OUT: ("IN",),
        Verb.MOVE_VISIT: ("EXPECTED",),
        Verb.TAKE_OFF: ("EXPECTED", "NO_SHOW"),
    }
    if verb is Verb.HAND_OVER:
        return len(scope.current_viewer().kept) > 1
    if verb in (Verb.SETTLE, Verb.MISS) and row.entry is not None:
        return row.entry.starts_at <= timezone.now()
    if verb in on_the_day:
        return visit is not None and visit.status in on_the_day[verb]
    return verb is not Verb.TURN or row.complaint_id is None
