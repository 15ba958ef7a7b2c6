"""Taking a call: the number first, who it is, what is open, then the matter. Works by keyboard, with and
without JS.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from admin_ui.complaints.intake_form import CallerForm, CallForm, NumberIs, citizen_fields, complaint_fields
from admin_ui.complaints.intake_lookups import callers, may_route, proposal
from admin_ui.core import page_access
from admin_ui.core.once import once, what_became
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.map.frame import map_data
from admin_ui.retention.privacy_notices import shown
from admin_ui.telephone import bar
from backend.complaints import actions
from backend.complaints.models import Complaint, SocialPost
from backend.complaints.moves import Verb, complaint_action
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import is_key, web_address
from backend.organization.models import User
from backend.telephone.models import Call
from permissions.complaints import access as complaint_access
from permissions.complaints import persons
from permissions.core import scope
from permissions.partners import access as partners
from permissions.similarity import finding
from permissions.submissions import recorded


def call(request: StaffRequest) -> HttpResponse:
    """The form. `step=look` shows who calls and what is proposed without JavaScript; otherwise POST
    records.
    """
    if not page_access.registrars():
        raise scope.not_found()
    if request.method != "POST":
        return _page(request, CallForm(initial=_start(request)))
    form = CallForm(request.POST, request.FILES)
    if request.POST.get("step") == "look":
        return _page(request, CallForm(initial=request.POST.dict()))
    if form.is_valid() and is_the_caller(form):
        try:
            return HttpResponseRedirect(_record(request, form))
        except DomainError as error:
            form.refuse(error)
            _link_known(form, error)
    return _page(request, form)


def _link_known(form: CallForm, error: DomainError) -> None:
    """Add the way to the case that has this CİMER number, for who may see it."""
    if (error.code, error.field) != (ErrorCode.DUPLICATE, "source_number"):
        return
    rows = Complaint.objects.with_cimer_number(str(form.data.get("source_number", "")))
    if (known := scope.visible(rows).order_by("pk").first()) is not None:
        url = reverse("admin:complaints_complaint_change", args=[known.key])
        text = _("Open %(reference)s") % {"reference": known.reference}
        form.add_error("source_number", format_html('<a class="ok-link" href="{}">{}</a>', url, text))


def _page(request: HttpRequest, form: CallForm) -> HttpResponse:
    data = request.POST if request.method == "POST" else form.initial
    form.focus()
    context = {
        "title": _("New call"),
        "form": form,
        "notice": shown(form, "tr"),
        "map_data": map_data(),
        "can_route": may_route(),
        "can_correct": page_access.holds(Citizen, scope.Action.CORRECT),
        "callers": callers(data),
        "proposal": proposal(data),
    }
    return page(admin.site, request, "admin_ui/intake.html", context)


def _start(request: HttpRequest) -> dict[str, object]:
    """An empty form; `?citizen=KEY` starts it with a person whom one has looked up, `?call=KEY` with a caller."""
    start: dict[str, object] = {"once": uuid.uuid4(), "channel": "PHONE", "kind": "COMPLAINT"}
    if key := request.GET.get("citizen"):
        known = scope.get(Citizen, key)
        start |= {"citizen": str(known.key), "phone": known.phone.as_national if known.phone else ""}
    elif key := request.GET.get("call"):
        call = scope.get(Call, key)
        people = bar.known(call)
        start |= {"phone": call.number} | ({"citizen": str(people[0].key)} if len(people) == 1 else {})
    return start


# -- who it is -------------------------------------------------------------------------------------
def is_the_caller(form: CallerForm) -> bool:
    """Whether the case may be recorded for the chosen person: the number is theirs, or the user confirmed them
    despite another number."""
    values = form.cleaned_data
    if not values["citizen"]:
        return _is_new(form)
    known = scope.visible(Citizen).filter(key=values["citizen"]).first()
    if known is None:
        form.refuse(scope.not_found("phone"))
    elif not values["number_is"] and not contacts.is_number_of(values["phone"], known):
        form.add_error("phone", _("This is not the number of the chosen person. Please say again who calls."))
    return not form.errors


def _is_new(form: CallerForm) -> bool:
    """Whether a new person may be recorded: nobody of this name is known, or it was said that it is somebody else."""
    values = form.cleaned_data
    known = values["first_name"] and "citizen" not in form.data
    if known and partners.alike(values["first_name"], values["last_name"]):
        form.asks_who = True
        form.add_error(
            "first_name", _("There are records of this name or number. Say whether it is one of them.")
        )
    return not form.errors


def caller(values: dict[str, Any], by: User) -> Citizen | None:
    """The chosen person, with the new number if it is one; else a new person, if there is a name."""
    if not values["citizen"]:
        return persons.applicant(by=by, **citizen_fields(values)) if values["first_name"] else None
    if values["number_is"] == NumberIs.NEW:
        with scope.authorized(scope.Action.CORRECT, Citizen, values["citizen"], field="phone") as row:
            return contacts.correct(row, by=by, phone=values["phone"])
    return scope.get(Citizen, values["citizen"], field="phone")


# -- recording, once -------------------------------------------------------------------------------


def _record(request: StaffRequest, form: CallForm) -> str:
    """Register the case and return where to go. The same form sent twice leads to the same case."""

    def record() -> dict[str, str]:
        complaint = _register(request, form)
        _decide_urgency(complaint)
        if not _belong(request, complaint, form):
            _route(request, complaint, form)
        return {
            "key": str(complaint.key),
            "reference": complaint.reference,
            "code": complaint.tracking_code,
            "subject": complaint.subject,
            "target": complaint.target_on.isoformat(),
        }

    return reverse("admin:intake_done", args=[once(request, form, record)["key"]])


def _register(request: StaffRequest, form: CallForm) -> Complaint:
    values, by = form.cleaned_data, request.user
    _refuse_known_post(values["post_link"])
    with complaint_access.authorized_to_register() as viewer:
        complaint_access.refuse_known_cimer_number(
            values["source_number"], channel=values["channel"], regime=values["regime"]
        )
        complaint = actions.register(
            applicant=caller(values, by),
            by=by,
            source_account=viewer.source_number_scope,
            recorder_has_code=True,
            **complaint_fields(values),
        )
        if values["post_link"]:
            link, author, file = (values[name] for name in form.POST)
            actions.record_post_of(complaint, by=by, link=link, author=author, file=file)
        return complaint


def _refuse_known_post(link: str) -> None:
    """DUPLICATE, naming the case that has this post, where the viewer sees it."""
    rows = scope.visible(SocialPost.objects.select_related("complaint"))
    known = rows.filter(link=web_address(link, "post_link")).order_by("pk").first() if link else None
    if known is not None:
        message = _("This post is recorded with %(reference)s already.")
        raise DomainError(
            ErrorCode.DUPLICATE, message % {"reference": known.complaint.reference}, "post_link"
        )


def _decide_urgency(complaint: Complaint) -> None:
    """What the form showed as urgent is that, where the user may decide; otherwise the proposal awaits the office."""
    if complaint.danger and page_access.holds(Complaint, Verb.MARK_URGENT):
        with scope.authorized(Verb.MARK_URGENT, Complaint, complaint.key) as row:
            complaint.target_on = actions.mark_urgent(row, by=scope.current_viewer().user).target_on


def _route(request: StaffRequest, complaint: Complaint, form: CallForm) -> None:
    """At once to the department, if one was chosen, with those that shall work along; a refusal leaves the
    recorded case where it is.
    """
    department, by = form.cleaned_data["to"], request.user
    if department is None:
        return
    try:
        with scope.authorized(Verb.ROUTE, Complaint, complaint.key) as row:
            actions.route(row, to=department, by=by)
        for other in form.cleaned_data["together"]:
            if other != department:
                with scope.authorized(Verb.ADD_COLLABORATOR, Complaint, complaint.key) as row:
                    actions.add_collaborator(row, department=other, by=by)
    except DomainError as error:
        messages.warning(request, _("The application was recorded but not routed: %(why)s") % {"why": error})


def _belong(request: StaffRequest, complaint: Complaint, form: CallForm) -> bool:
    """To the open case that was chosen, linked or as its duplicate, and apart from those that are another matter; a
    refusal leaves the recorded case by itself. Whether it has ended as a duplicate."""
    has_ended = False
    verb = Verb(form.cleaned_data["link_as"] or Verb.LINK)
    deeds = [(verb, str(form.cleaned_data["link_to"] or ""))]
    deeds += [(Verb.SET_APART, key) for key in request.POST.getlist("apart")[: finding.MOST]]
    for deed, key in deeds:
        if not is_key(key):
            continue
        try:
            other = scope.get(Complaint, key, field="link_to")
            with scope.authorized(deed, Complaint, complaint.key) as row:
                complaint_action[deed].function(row, of=other, by=request.user)
            has_ended |= deed is Verb.MARK_DUPLICATE
        except DomainError as error:
            sentence = _("The application was recorded but not linked: %(why)s")
            messages.warning(request, sentence % {"why": error})
    return has_ended


def done(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Number and tracking code in large type, to be read to the caller. For the recorder alone: as they typed it a
    moment ago, later as it stands."""
    shown = what_became(request, key) or _recorded(recorded.one(key))
    seen = scope.visible(Complaint.objects.select_related("responsible_department")).filter(key=key).first()
    context = {
        "title": _("The application is recorded"),
        "shown": shown,
        "target_on": dt.date.fromisoformat(shown["target"]) if shown.get("target") else None,
        "case": seen,
        "can_print": scope.current_viewer().is_office,
    }
    return page(admin.site, request, "admin_ui/intake_done.html", context)


def _recorded(row: Complaint) -> dict[str, str]:
    due = recorded.answer_due_on(row)
    return {
        "reference": row.reference,
        "code": row.tracking_code,
        "subject": "",
        "target": due.isoformat() if due else "",
        "standing": str(recorded.status_of(row).label),
    }


def mine(request: HttpRequest) -> HttpResponse:
    """What one recorded oneself, with its number and code, wherever the case lies by now."""
    number = request.GET.get("q", "").strip()
    rows, has_more = recorded.page(number, request.GET.get("before", ""))
    context = {
        "title": _("What I recorded"),
        "number": number,
        "rows": [{"row": row, "standing": recorded.status_of(row).label} for row in rows],
        "before": rows[-1].key if has_more else None,
    }
    return page(admin.site, request, "admin_ui/recorded.html", context)
