"""What the intake form finds while one types: who has the number, whose the matter may be, who must be called now.

Each look-up answers with a piece of the page, so that the form shows the same with and without JavaScript.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.core import page_access as gates
from backend.complaints import catalogue
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.complaints.suggestion import Suggestion, suggest
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.organization.models import Category, Department, OutsideBody
from permissions.appointments import applicants
from permissions.complaints import persons
from permissions.core import scope
from permissions.letters import access as letters

OPEN_SHOWN = 5


@require_POST
def who(request: HttpRequest) -> HttpResponse:
    """Who has this number and what of theirs is open. By POST: a number does not belong into an address."""
    _guard()
    return render(request, "admin_ui/includes/callers.html", {"callers": callers(request.POST)})


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Who must be called now, what the text may be about, whose it may be. Nothing is chosen here."""
    _guard()
    context = {"proposal": proposal(request.POST), "can_route": may_route()}
    return render(request, "admin_ui/includes/proposal.html", context)


def _guard() -> None:
    if not gates.registrars():
        raise scope.not_found()


def may_route() -> bool:
    return gates.holds(Complaint, Verb.ROUTE)


def callers(given: Any) -> dict[str, object]:
    """The persons with the number, and as `other` whoever was chosen although it is not theirs.

    One person alone is proposed as the caller; among several nobody is.
    """
    phone, chosen = given.get("phone", "").strip(), given.get("citizen")
    try:
        found = list(_visible(contacts.find_by_phone(phone))[:10])
        known = _visible(Citizen.objects.all()).filter(key=chosen).first() if _is_key(chosen) else None
        other = None if known is None or known in found or contacts.is_number_of(phone, known) else known
    except DomainError as error:
        return {"people": [], "message": str(error)}
    people = list(dict.fromkeys([*found, *([known] if known and not other else [])]))
    scope.note_reading([citizen.pk for citizen in [*people, *([other] if other else [])]], "admin: call")
    number_is = given.get("number_is", "") if given.get("number_seen") == phone else ""
    if other and not number_is:
        chosen = None
    elif chosen is None and len(people) == 1:
        chosen = str(people[0].key)
    return {
        "people": [_person(citizen) for citizen in people],
        "other": _person(other) if other else None,
        "chosen": chosen,
        "phone": phone,
        "number_is": number_is,
        "message": "" if people or other or not phone else _("This number is new: ask for the name."),
    }


def _visible[Rows: QuerySet[Any]](rows: Rows) -> Rows:
    return scope.visible(rows).select_related("neighbourhood")


def _is_key(text: str | Promise) -> bool:
    try:
        return bool(text) and bool(uuid.UUID(str(text)))
    except ValueError:
        return False


def _person(citizen: Citizen) -> dict[str, object]:
    family = contacts.family(citizen)
    cases = persons.brought_by(Complaint.objects.open(), family)
    return {
        "citizen": citizen,
        "key": str(citizen.key),
        "open": cases.order_by("-registered_at")[:OPEN_SHOWN],
        "visits": list(applicants.asked_by(family).order_by("-registered_at")[:OPEN_SHOWN]),
        "letters": list(letters.written_to(family).order_by("-drafted_at")[:OPEN_SHOWN]),
    }


def proposal(given: Any) -> dict[str, object]:
    """What is proposed for the matter as typed; what was chosen already stays marked."""
    text = f"{given.get('subject', '')} {given.get('body', '')}".strip()[:5000]
    category = given.get("category") or None
    if not text and not category:
        return {}
    found = suggest(text, catalogue.current(), category=category, place=given.get("place", "")[:300])
    categories = _by_code(Category, found.categories)
    departments = _by_code(Department, found.candidates)
    bodies = {row.code: row for row in _by_code(OutsideBody, _bodies(found))}
    certain = categories[0].code if len(categories) == 1 and not found.is_ambiguous else ""
    return {
        "emergencies": [(bodies[one.body], one.say) for one in found.emergencies if one.body in bodies],
        "categories": categories[:6],
        "certain": certain,
        "departments": departments,
        "to": given.get("to", ""),
        "together": given.getlist("together") if hasattr(given, "getlist") else [],
        "sentences": _sentences(found, departments, bodies),
    }


def _bodies(found: Suggestion) -> list[str]:
    return [*([found.body] if found.body else []), *(one.body for one in found.emergencies)]


def _by_code(model: Any, codes: Any) -> list[Any]:
    """The rows with these codes, in the order of the codes."""
    rows = {row.code: row for row in model.objects.filter(code__in=list(codes))}
    return [rows[code] for code in codes if code in rows]


def _sentences(found: Suggestion, departments: list[Department], bodies: dict[str, OutsideBody]) -> list[str]:
    told, body = [], bodies.get(found.body or "")
    if body is not None and not found.emergencies:
        number = f" ({body.short_code})" if body.short_code else ""
        sentence = (
            _("This is the business of %(body)s%(number)s: forward it and tell the citizen (3071 m.5).")
            if body.is_public
            else _("Business of the company %(body)s%(number)s: tell the citizen and follow it up.")
        )
        told.append(sentence % {"body": body.short_name, "number": number})
    names = ", ".join(row.short_name for row in departments)
    if found.is_ambiguous and departments:
        told.append(_("Several departments may be responsible: %(names)s. Please choose.") % {"names": names})
    elif departments:
        told.append(_("Responsible: %(name)s.") % {"name": departments[0].short_name})
    if found.needs_road_class:
        told.append(_("Which road is it? Main arteries are the metropolitan municipality's."))
    if not told and not found.categories and not found.emergencies:
        told.append(_("Nothing in the text tells whose it is; choose a category."))
    return told
