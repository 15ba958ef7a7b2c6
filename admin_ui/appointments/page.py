"""Page of one request: applicant and subject, story, and the available actions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.appointments.actions import NEXT, STEPS, step_called
from admin_ui.appointments.forms import TimeForm
from admin_ui.appointments.promises import made_at
from admin_ui.appointments.story import story
from admin_ui.appointments.times import buttons
from admin_ui.core.actions import RowAction
from admin_ui.core.forms import ActionForm
from admin_ui.core.screen import page
from admin_ui.instructions.wording import given_at
from admin_ui.partners import choice as partner_choice
from backend.appointments.choices import Status
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb, appointment_action
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.core.errors import DomainError, ErrorCode
from backend.programme.places import CollisionError
from permissions.appointments import applicants
from permissions.complaints import persons
from permissions.core import scope

EARLIER = 5


def load(key: UUID) -> AppointmentRequest:
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


def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page; `?do=VERB` opens the form of a verb in it."""
    row = load(key)
    step = step_called(request.GET.get("do", ""))
    form = step.form(row) if step and step.verb in scope.allowed_actions(row) else None
    if form:
        partner_choice.begin_with(form, request)
    return _render(request, row, step if form else None, form)


def act(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    """Perform one action on a request; a refusal is shown at its field and the input is kept. A click on a free
    time takes it and shows the message first."""
    step = step_called(verb)
    if step is None:
        raise scope.not_found()
    row = load(key)
    if request.method != "POST":
        return HttpResponseRedirect(f"{address(row)}?do={step.slug}")
    form = step.form(row, request.POST, request.FILES)
    taken = request.POST.get("at") if isinstance(form, TimeForm) else None
    if isinstance(form, TimeForm) and taken:
        form.put(starts_at=taken)
    if not form.is_valid():
        return _render(request, row, step, form)
    previews = bool(taken) or ("preview" in request.POST and _notifies(step))
    try:
        if previews:
            letter = _rehearse(request, row, step, form) or ("–", _("The applicant is sent nothing."))
            return _render(request, row, step, form, preview=letter)
        with scope.authorized(step.verb, AppointmentRequest, row.key, version=_version(step, form)) as locked:
            step.action(locked, by=request.user, **form.values())
    except DomainError as error:
        return _refused(request, key, step, form, error)
    if not scope.visible(AppointmentRequest).filter(pk=row.pk).exists():
        messages.success(
            request, _("“%(verb)s” is done; the request has left you.") % {"verb": step.verb.label}
        )
        return HttpResponseRedirect(reverse("admin:index"))
    values = {"reference": row.reference, "verb": step.verb.label}
    messages.success(request, _("%(reference)s: “%(verb)s” is done.") % values)
    return HttpResponseRedirect(address(row))


def _notifies(step: RowAction) -> bool:
    return appointment_action[step.verb].notifies


def _version(step: RowAction, form: ActionForm) -> int | None:
    return form.cleaned_data.get("version") if step.checks_version else None


def _rehearse(
    request: HttpRequest, row: AppointmentRequest, step: RowAction, form: ActionForm
) -> tuple[str, str] | None:
    return applicants.rehearsed_letter(
        step.verb,
        row.key,
        lambda locked: step.action(locked, by=request.user, **form.values()),
        version=_version(step, form),
    )


def _refused(
    request: HttpRequest, key: Any, step: RowAction, form: ActionForm, error: DomainError
) -> HttpResponse:
    """Tell it at its field, unless the request itself is out of reach; a collision comes with what is free."""
    if error.code == ErrorCode.FORBIDDEN or (error.code == ErrorCode.NOT_FOUND and error.field == "id"):
        raise error
    form.refuse(error)
    now = load(key)
    form.show(now)
    free = buttons(error.free) if isinstance(error, CollisionError) else None
    return _render(request, now, step, form, free=free)


def _render(
    request: HttpRequest,
    row: AppointmentRequest,
    step: RowAction | None,
    form: ActionForm | None,
    preview: tuple[str, str] | None = None,
    free: list[dict[str, str]] | None = None,
) -> HttpResponse:
    applicant = _applicant(row)
    able = scope.allowed_actions(row)
    offered = [one for one in STEPS if one.verb in able and _is_there(one.verb)]
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
        "main": [one for one in offered if one.is_main],
        "more": [one for one in offered if not one.is_main],
        "next": NEXT.get(Status(row.status)),
        "step": step,
        "notifies": step is not None and _notifies(step),
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
        scope.log_access([found.pk], "admin: appointment request")
    return found


def _history(row: AppointmentRequest, applicant: Any) -> dict[str, object]:
    """What else there is of the same person: earlier requests and open cases, as far as the viewer sees them."""
    if applicant is None:
        return {"earlier": [], "cases": []}
    family = contacts.family(applicant)
    earlier = applicants.asked_by(family).exclude(pk=row.pk).order_by("-registered_at")[:EARLIER]
    cases = persons.brought_by(Complaint.objects.open(), family).order_by("-registered_at")[:EARLIER]
    return {"earlier": list(earlier), "cases": list(cases)}


def _is_there(verb: Verb) -> bool:
    """Whether the viewer has what the verb needs: to hand over, another programme of their own."""
    return verb is not Verb.HAND_OVER or len(scope.current_viewer().kept) > 1
