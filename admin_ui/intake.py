"""Taking a call: the number first, who it is, what is open, then the matter. Works by keyboard, with and
without JS.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui import gates
from admin_ui.base import page
from admin_ui.intake_form import CallForm, citizen_fields, complaint_fields
from backend.complaints import actions, catalogue
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.complaints.suggestion import suggest
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.organization.models import Category, Department, OutsideBody
from permissions import persons, scope

TAKEN = "calls_taken"
"""Where the session remembers what became of the last forms that were sent: {token of the form: what to
show}.
"""
REMEMBERED = 5
OPEN_SHOWN = 5


def call(request: HttpRequest) -> HttpResponse:
    """The form. `step=look` shows who calls and what is proposed without JavaScript; otherwise POST
    records.
    """
    if not gates.registrars():
        raise scope.not_found()
    if request.method != "POST":
        form = CallForm(initial={"once": uuid.uuid4(), "channel": "PHONE", "kind": "COMPLAINT"})
        return _page(request, form)
    form = CallForm(request.POST)
    if request.POST.get("step") == "look":
        form = CallForm(initial=request.POST.dict())
        return _page(
            request, form, people=_people(request.POST.get("phone", "")), proposal=_proposal(request)
        )
    if form.is_valid():
        try:
            return HttpResponseRedirect(_record(request, form))
        except DomainError as error:
            form.refuse(error)
    return _page(request, form, people=_people(request.POST.get("phone", "")), proposal=_proposal(request))


def _page(request: HttpRequest, form: CallForm, **found: Any) -> HttpResponse:
    context = {"title": _("New call"), "form": form, "can_route": gates.holds(Complaint, Verb.ROUTE), **found}
    return page(admin.site, request, "admin_ui/intake.html", context)


# -- recording, once -------------------------------------------------------------------------------
def _record(request: HttpRequest, form: CallForm) -> str:
    """Register the case and return where to go. The same form sent twice leads to the same case."""
    token = str(form.cleaned_data["once"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [token])
    request.session.__dict__.pop("_session_cache", None)  # what another request saved meanwhile
    taken: dict[str, dict[str, str]] = dict(request.session.get(TAKEN, {}))
    if token not in taken:
        complaint = _register(request, form)
        shown = {
            "key": str(complaint.key),
            "reference": complaint.reference,
            "code": complaint.tracking_code,
            "subject": complaint.subject,
        }
        taken = dict([*taken.items(), (token, shown)][-REMEMBERED:])
        request.session[TAKEN] = taken
        request.session.save()
        _route(request, complaint, form)
    return reverse("admin:intake_done", args=[taken[token]["key"]])


def _register(request: HttpRequest, form: CallForm) -> Complaint:
    values, by = form.cleaned_data, request.user
    known = scope.get(Citizen, values["citizen"], field="phone") if values["citizen"] else None
    with scope.registering():
        applicant: Citizen | None = known
        if known is None and values["first_name"]:
            applicant = contacts.record(by=by, **citizen_fields(values))  # type: ignore[arg-type]
        return actions.register(applicant=applicant, by=by, **complaint_fields(values))  # type: ignore[arg-type]


def _route(request: HttpRequest, complaint: Complaint, form: CallForm) -> None:
    """At once to the department, if one was chosen; a refusal leaves the recorded case where it is."""
    department = form.cleaned_data["to"]
    if department is None:
        return
    try:
        with scope.acting(Verb.ROUTE, Complaint, complaint.key) as row:
            actions.route(row, to=department, by=request.user)  # type: ignore[arg-type]
    except DomainError as error:
        messages.warning(request, _("The application was recorded but not routed: %(why)s") % {"why": error})


def done(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Number and tracking code, large, to be read to the caller. Only whoever recorded it comes here."""
    taken = request.session.get(TAKEN, {}).values()
    shown = next((item for item in taken if item["key"] == str(key)), None)
    if shown is None:
        raise scope.not_found()
    seen = scope.visible(Complaint.objects.select_related("responsible_department")).filter(key=key).first()
    context = {"title": _("The application is recorded"), "shown": shown, "case": seen}
    return page(admin.site, request, "admin_ui/intake_done.html", context)


# -- while one types -------------------------------------------------------------------------------
@require_POST
def who(request: HttpRequest) -> JsonResponse:
    """Who has this number and what of theirs is open. By POST: a number does not belong into an address."""
    if not gates.registrars():
        raise scope.not_found()
    return JsonResponse(_people(request.POST.get("phone", "")))


@require_POST
def propose(request: HttpRequest) -> JsonResponse:
    """What the text may be about and whose it may be. Nothing is chosen here."""
    if not gates.registrars():
        raise scope.not_found()
    return JsonResponse(_proposal(request))


def _people(phone: str) -> dict[str, Any]:
    try:
        found = list(scope.visible(contacts.find_by_phone(phone)).select_related("neighbourhood")[:10])
    except DomainError as error:
        return {"people": [], "message": str(error)}
    scope.note_reading([citizen.pk for citizen in found], "admin: call")
    message = "" if found or not phone.strip() else _("This number is new: ask for the name.")
    return {"people": [_person(citizen) for citizen in found], "message": message}


def _person(citizen: Citizen) -> dict[str, Any]:
    rows = persons.brought_by(Complaint.objects.open(), contacts.family(citizen))
    return {
        "key": str(citizen.key),
        "name": citizen.full_name,
        "phone": str(citizen.phone),
        "email": citizen.email,
        "neighbourhood": citizen.neighbourhood.code if citizen.neighbourhood else "",
        "address": citizen.address,
        "note": citizen.note,
        "open": [
            {
                "reference": row.reference,
                "subject": row.subject,
                "status": str(row.get_status_display()),
                "url": reverse("admin:complaints_complaint_change", args=[row.key]),
            }
            for row in rows.order_by("-registered_at")[:OPEN_SHOWN]
        ],
    }


def _proposal(request: HttpRequest) -> dict[str, Any]:
    text = f"{request.POST.get('subject', '')} {request.POST.get('body', '')}".strip()[:5000]
    category = request.POST.get("category") or None
    if not text and not category:
        return {"categories": [], "message": ""}
    found = suggest(text, catalogue.current(), category=category, place=request.POST.get("place", "")[:300])
    categories = {row.code: row.name for row in Category.objects.filter(code__in=found.categories)}
    departments = {row.code: row.short_name for row in Department.objects.filter(code__in=found.candidates)}
    body = OutsideBody.objects.filter(code=found.body).first() if found.body else None
    names = [departments[code] for code in found.candidates if code in departments]
    return {
        "categories": [
            {"code": code, "name": categories[code]} for code in found.categories if code in categories
        ][:6],
        "is_ambiguous": found.is_ambiguous,
        "responsible": found.responsible or "",
        "departments": [
            {"code": code, "name": departments[code]} for code in found.candidates if code in departments
        ],
        "message": " ".join(_sentences(found, names, body)),
    }


def _sentences(found: Any, names: list[str], body: OutsideBody | None) -> list[str]:
    told = []
    if body is not None:
        number = f" ({body.short_code})" if body.short_code else ""
        sentence = (
            _("This is the business of %(body)s%(number)s: forward it and tell the citizen (3071 m.5).")
            if body.is_public
            else _("Business of the company %(body)s%(number)s: tell the citizen and follow it up.")
        )
        told.append(sentence % {"body": body.short_name, "number": number})
    if found.is_ambiguous and names:
        told.append(
            _("Several departments may be responsible: %(names)s. Please choose.")
            % {"names": ", ".join(names)}
        )
    elif names:
        told.append(_("Responsible: %(name)s.") % {"name": names[0]})
    if found.needs_road_class:
        told.append(_("Which road is it? Main arteries are the metropolitan municipality's."))
    if not told and not found.categories:
        told.append(_("Nothing in the text tells whose it is; choose a category."))
    return told
