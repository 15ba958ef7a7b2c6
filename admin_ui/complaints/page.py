"""Page of one case: facts and clock, story, and the available actions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from admin_ui.complaints.actions import STEPS
from admin_ui.complaints.clock import clock
from admin_ui.complaints.story import story
from admin_ui.core import page_access
from admin_ui.core.actions import RowAction
from admin_ui.core.dates import moment_text
from admin_ui.core.forms import ActionForm, ConfirmedForm
from admin_ui.core.screen import page
from admin_ui.instructions.wording import given_at
from backend.appointments.models import AppointmentRequest
from backend.complaints.actions.answering import sent_back
from backend.complaints.actions.notices import pending_reply
from backend.complaints.choices import RoutingRole, Status
from backend.complaints.letters import DryRun
from backend.complaints.models import Complaint, Extension, FeeNotice, Forwarding, Routing
from backend.complaints.moves import Verb
from backend.complaints.reporting.information_report import lacks_ground
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.retention.models import SubjectRequest
from permissions.complaints import persons
from permissions.core import scope
from permissions.core.filters import Action
from permissions.models import ComplaintGrant

NEXT = {
    Status.NEW: Verb.ROUTE,
    Status.TRIAGED: Verb.ROUTE,
    Status.RETURNED: Verb.ROUTE,
    Status.ASSIGNED: Verb.ACCEPT,
    Status.ACCEPTED: Verb.START,
    Status.IN_PROGRESS: Verb.DRAFT,
    Status.WAITING: Verb.RESUME,
    Status.ANSWERED: Verb.APPROVE,
    Status.APPROVED: Verb.SEND,
    Status.REPLIED: Verb.CLOSE,
    Status.FORWARDED: Verb.NOTIFY_FORWARDING,
}
"""The deed that usually comes next: it is drawn stronger and stands first."""
OTHERS = 5


def load(key: UUID) -> Complaint:
    """The visible case with all a page shows of the row itself. NOT_FOUND if it is hidden or missing."""
    rows = scope.with_relations(scope.visible(Complaint)).select_related(
        "category__body", "neighbourhood", "responsible_department", "registered_by"
    )
    found = rows.filter(key=key).first()
    if found is None:
        raise scope.not_found()
    return found


def address(complaint: Complaint) -> str:
    return reverse("admin:complaints_complaint_change", args=[complaint.key])


def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page; `?do=VERB` opens the form of a verb in it."""
    complaint = load(key)
    deed = STEPS.get(request.GET.get("do", "").upper())  # type: ignore[call-overload]
    form = deed.form(complaint) if deed and deed.verb in scope.allowed_actions(complaint) else None
    return _render(request, complaint, deed if form else None, form)


def act(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    """Perform one action on a case; a refusal is shown at its field and the input is kept."""
    deed = STEPS.get(verb.upper())  # type: ignore[call-overload]
    if deed is None:
        raise scope.not_found()
    complaint = load(key)
    if request.method != "POST":
        return HttpResponseRedirect(f"{address(complaint)}?do={deed.slug}")
    form = deed.form(complaint, request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, complaint, deed, form)
    if "preview" in request.POST and deed.has_preview:
        preview = _preview(request, complaint, deed, form)
        return _render(request, complaint, deed, form, preview=preview)
    other = form.unconfirmed() if isinstance(form, ConfirmedForm) else None
    if other is not None:
        return _render(request, complaint, deed, form, other=other)
    try:
        _run(request, complaint, deed, form)
    except DomainError as error:
        _refuse(form, error)
        now = load(key)
        form.show(now)
        return _render(request, now, deed, form)
    if not scope.visible(Complaint).filter(pk=complaint.pk).exists():
        messages.success(request, _("“%(verb)s” is done; the case has left you.") % {"verb": deed.verb.label})
        return HttpResponseRedirect(reverse("admin:index"))
    values = {"reference": complaint.reference, "verb": deed.verb.label}
    messages.success(request, _("%(reference)s: “%(verb)s” is done.") % values)
    return HttpResponseRedirect(address(complaint))


def _run(
    request: HttpRequest,
    complaint: Complaint,
    deed: RowAction,
    form: ActionForm,
    *,
    dry_run: DryRun | None = None,
) -> None:
    version = form.cleaned_data.get("version") if deed.checks_version else None
    with scope.authorized(deed.verb, Complaint, complaint.key, version=version) as row:
        row.dry_run = dry_run
        deed.action(row, by=request.user, **form.values())


def _refuse(form: ActionForm, error: DomainError) -> None:
    """Tell it at its field, unless the case itself is out of reach."""
    if error.code == ErrorCode.FORBIDDEN or (error.code == ErrorCode.NOT_FOUND and error.field == "id"):
        raise error
    form.refuse(error)


def _preview(
    request: HttpRequest, complaint: Complaint, deed: RowAction, form: ActionForm
) -> tuple[str, str] | None:
    """(subject, text) exactly as it will be sent; None, and an error, if it would be refused. Nothing is done:
    it is a dry run of the deed.
    """
    try:
        with persons.collect_messages(complaint) as run:
            _run(request, complaint, deed, form, dry_run=run)
    except DomainError as error:
        _refuse(form, error)
        return None
    if run.letters:
        return run.letters[-1].subject, run.letters[-1].body
    return ("–", _("The citizen is sent nothing."))


def _render(
    request: HttpRequest,
    complaint: Complaint,
    deed: RowAction | None,
    form: ActionForm | None,
    preview: tuple[str, str] | None = None,
    other: Complaint | None = None,
) -> HttpResponse:
    applicant = _applicant(complaint)
    routings = list(
        scope.visible(Routing).filter(complaint=complaint, ended_at__isnull=True).select_related("department")
    )
    facts = _children(complaint)
    reply = pending_reply(complaint)
    able = scope.allowed_actions(complaint)
    upcoming = _next(complaint, able)
    offered = sorted((STEPS[verb] for verb in able), key=lambda step: step.verb is not upcoming)
    if deed and deed.verb is Verb.SEND and form and preview is None and reply:
        preview = persons.message_preview(complaint, "RESULT", reply.body, means=reply.means or "EMAIL")
    context = {
        "title": complaint.reference,
        "parents": [(_("Applications"), reverse("admin:complaints_complaint_changelist"))],
        "case": complaint,
        "clock": clock(complaint),
        "story": story(complaint),
        "applicant": applicant,
        "sees_all": scope.current_viewer().sees_all,
        "may_apply": page_access.holds(SubjectRequest, Action.REGISTER),
        "hides_applicant": complaint.applicant_id is not None and applicant is None,
        "others": _others(complaint, applicant),
        "collaborators": [r.department for r in routings if r.role == RoutingRole.COLLABORATING],
        "lacks_ground": lacks_ground(complaint),
        "lacks_elements": complaint.is_open and applicant is not None and complaint.lacks_elements,
        "main": [step for step in offered if step.is_main],
        "more": [step for step in offered if not step.is_main],
        "next": upcoming,
        "deed": deed,
        "form": form,
        "preview": preview,
        "reply": reply,
        "sent_back": sent_back(complaint, reply),
        "compared": _compared(complaint, other) if other else None,
        **facts,
        **given_at(complaint=complaint),
    }
    return page(admin.site, request, "admin_ui/complaint.html", context)


def _applicant(complaint: Complaint) -> Citizen | None:
    """Who it is, if the viewer may know; showing it is noted in the read log."""
    found = persons.applicant_of(complaint)
    if found:
        scope.log_access([found.pk], "admin: case")
        complaint.applicant = found
    return found


def _compared(complaint: Complaint, other: Complaint) -> dict[str, object]:
    """Both cases side by side, as far as the viewer may know each."""
    sides = [load(case.key) for case in (complaint, other)]
    people = [_applicant(case) for case in sides]
    rows = [
        (_("Applicant"), [person.full_name if person else "–" for person in people]),
        (_("Phone"), [str(person.phone) if person and person.phone else "–" for person in people]),
        (_("Subject"), [case.subject for case in sides]),
        (_("Text"), [case.body or "–" for case in sides]),
        (_("Neighbourhood"), [case.neighbourhood.name if case.neighbourhood else "–" for case in sides]),
        (_("Place"), [case.place or "–" for case in sides]),
        (_("Registered"), [moment_text(localtime(case.registered_at)) for case in sides]),
        (_("Department"), [str(case.responsible_department or "–") for case in sides]),
        (_("Status"), [case.get_status_display() for case in sides]),
    ]
    return {"heads": [(case.reference, address(case)) for case in sides], "rows": rows}


def _others(complaint: Complaint, applicant: Citizen | None) -> list[Complaint]:
    """Other open cases of the same citizen, as far as the viewer sees them and whose they are."""
    if applicant is None:
        return []
    rows = persons.brought_by(Complaint.objects.open(), [applicant]).exclude(pk=complaint.pk)
    return list(rows.order_by("-registered_at")[:OTHERS])


def _children(complaint: Complaint) -> dict[str, object]:
    def rows(model: Any) -> Any:
        return scope.visible(model).filter(complaint=complaint)

    return {
        "extension": rows(Extension).first(),
        "fees": list(rows(FeeNotice).order_by("pk")),
        "forwardings": list(rows(Forwarding.objects.select_related("body", "notice")).order_by("pk")),
        "came_of": list(rows(AppointmentRequest)),
        "whole": complaint.split_from_id
        and scope.visible(Complaint).filter(pk=complaint.split_from_id).first(),
        "parts": list(scope.visible(Complaint).filter(split_from=complaint).order_by("pk")),
        "shares": list(
            scope.visible(ComplaintGrant.dated.select_related("user")).filter(content_object=complaint)
        ),
    }


def _next(complaint: Complaint, able: list[Verb]) -> Verb | None:
    wanted = NEXT.get(Status(complaint.status))
    if wanted is Verb.NOTIFY_FORWARDING and wanted not in able:
        wanted = Verb.CLOSE
    if wanted is Verb.DRAFT and Verb.SUBMIT in able:
        wanted = Verb.SUBMIT
    return wanted if wanted in able else None
