"""What the intake form finds while one types: who has the number, whose the matter may be, who must be called now.

Each look-up answers with a piece of the page, so that the form shows the same with and without JavaScript.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.contacts import cards
from admin_ui.core import page_access
from admin_ui.triage.showing import proposed
from backend.complaints import catalogue
from backend.complaints.choices import Channel, Priority
from backend.complaints.danger import danger_in
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.complaints.suggestion import Suggestion, suggest
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.validation import is_key
from backend.core.words.text import clean
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody
from backend.places.bounds import in_country
from backend.places.finding import address_of, is_outside, place_at, which_landmark
from permissions.appointments import applicants
from permissions.complaints import persons
from permissions.contacts import picking
from permissions.core import scope
from permissions.letters import access as letters
from permissions.routing import access as routing
from permissions.similarity import finding
from permissions.triage import suggestions

OPEN_SHOWN = 5
ADDRESSES_SHOWN, READ_FROM = 3, 0.3
"""Places that a text may mean: so many are offered, and only where it is that sure."""
NAMED_SHOWN = 6
NAMED_FROM = 3
"""Letters of a name from which on known people are offered."""


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
    if not page_access.registrars():
        raise scope.not_found()


def may_route() -> bool:
    return page_access.holds(Complaint, Verb.ROUTE)


def callers(values: Any) -> dict[str, object]:
    """The persons with this number, and as `other` a chosen person whose number it is not.

    A single match is proposed as the caller; several matches are not.
    """
    phone, chosen = values.get("phone", "").strip(), values.get("citizen")
    try:
        matches = list(_visible(_by_number(phone))[:10])
        known = _visible(Citizen.objects.all()).filter(key=chosen).first() if is_key(chosen) else None
        other = None if known is None or known in matches or _is_number_of(phone, known) else known
    except DomainError as error:
        return {"people": [], "message": str(error)}
    people = list(dict.fromkeys([*matches, *([known] if known and not other else [])]))
    named = _named(values) if not people and not other else []
    people = people or named
    scope.log_access([citizen.pk for citizen in [*people, *([other] if other else [])]], "admin: call")
    number_is = values.get("number_is", "") if values.get("number_seen") == phone else ""
    if other and not number_is:
        chosen = None
    elif chosen is None and len(people) == 1 and not named:
        chosen = str(people[0].key)
    return {
        "people": [_person(citizen, chosen) for citizen in people],
        "other": _person(other, chosen) if other else None,
        "chosen": chosen,
        "phone": phone,
        "number_is": number_is,
        "by_name": bool(named),
        "twice": _twice(people),
        "message": "" if people or other or not phone else _("This number is new: ask for the name."),
    }


def _by_number(text: str) -> QuerySet[Citizen]:
    """Who has this telephone number or this T.C. kimlik no."""
    return (
        contacts.find_by_national_id(text) if contacts.is_national_id(text) else contacts.find_by_phone(text)
    )


def _is_number_of(text: str, known: Citizen) -> bool:
    return not contacts.is_national_id(text) and contacts.is_number_of(text, known)


def _named(values: Any) -> list[Citizen]:
    """Known people of the name that is being typed, in Turkish spelling, or at an organisation of this name, where
    nobody has the number."""
    name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()[:160]
    if max((len(word) for word in name.split()), default=0) < NAMED_FROM:
        return []
    return picking.people_meant(name, NAMED_SHOWN)


def _twice(people: list[Citizen]) -> list[tuple[Citizen, Citizen]]:
    """Pairs of records with one name and one number: probably one person. For who may merge them."""
    if not page_access.holds(Citizen, scope.Action.MERGE):
        return []
    first: dict[tuple[str, str], Citizen] = {}
    pairs = []
    for citizen in people:
        same = (citizen.name_fold, str(citizen.phone or ""))
        if same[1] and same in first:
            pairs.append((citizen, first[same]))
        first.setdefault(same, citizen)
    return pairs


def _visible[Rows: QuerySet[Any]](rows: Rows) -> Rows:
    return scope.visible(rows).select_related("neighbourhood")


def _person(citizen: Citizen, chosen: str | None) -> dict[str, object]:
    family = contacts.family(citizen)
    cases = persons.brought_by(Complaint.objects.open(), family)
    return {
        "citizen": citizen,
        "key": str(citizen.key),
        "party": cards.context_of(citizen) if str(citizen.key) == chosen else {},
        "open": cases.order_by("-registered_at")[:OPEN_SHOWN],
        "visits": list(applicants.asked_by(family).order_by("-registered_at")[:OPEN_SHOWN]),
        "letters": list(letters.written_to(family).order_by("-drafted_at")[:OPEN_SHOWN]),
    }


def proposal(values: Any) -> dict[str, object]:
    """What is proposed for the matter as typed; what was chosen already stays marked."""
    text = f"{values.get('subject', '')} {values.get('body', '')}".strip()[:5000]
    category = values.get("category") or None
    if not text and not category and not values.get("place") and not values.get("latitude"):
        return {}
    result = suggest(text, catalogue.current(), category=category, place=values.get("place", "")[:300])
    categories = _by_code(Category, result.categories)
    departments = _by_code(Department, result.candidates)
    rule = _by_rule(text, values)
    if rule.department is not None:
        departments = [rule.department, *(row for row in departments if row != rule.department)]
    bodies = {row.code: row for row in _by_code(OutsideBody, _bodies(result))}
    code = categories[0].code if len(categories) == 1 and not result.is_ambiguous else ""
    learned = proposed(suggestions.on_text(text, values.get("place", ""))) if text and not category else {}
    if learned and rule.department is not None:  # a rule of the house goes before what was learned
        learned["router_unit"] = rule.department.code if may_route() else ""
    if learned and learned["router_category"] not in ("", code):
        code = ""  # words and past cases say different things: a person chooses
    is_said = bool(learned) and [row.code for row in categories] == [learned["router_category"]]
    return {
        "router": learned,
        "similar": finding.similar(_matter(values, category or code)),
        **_where(values, text),
        "may_link": page_access.holds(Complaint, Verb.LINK),
        "link_to": values.get("link_to", ""),
        "link_as": values.get("link_as", ""),
        "apart": values.getlist("apart") if hasattr(values, "getlist") else [],
        "emergencies": [
            (bodies[emergency.body], emergency.say)
            for emergency in result.emergencies
            if emergency.body in bodies
        ],
        "danger": danger_in(text),
        "categories": [] if is_said else categories[:6],  # the same does not stand there twice
        "certain": code,
        "departments": departments,
        "rule": rule,
        "rule_priority": Priority(rule.priority).label if rule.priority else "",
        "to": values.get("to", ""),
        "together": values.getlist("together") if hasattr(values, "getlist") else [],
        "sentences": _sentences(result, departments, bodies, rule),
    }


def _matter(values: Any, category: str) -> finding.Matter:
    """What is typed so far, as far as it can be compared."""
    where = values.get("neighbourhood", "")
    latitude, longitude = _point(values) or (None, None)
    return finding.Matter(
        category=Category.objects.filter(code=category).first() if category else None,
        subject=clean(values.get("subject", ""))[:200],
        body=clean(values.get("body", ""))[:5000],
        place=clean(values.get("place", ""))[:300],
        neighbourhood=Neighbourhood.objects.filter(code=where).first() if where else None,
        latitude=latitude,
        longitude=longitude,
    )


def _where(values: Any, text: str) -> dict[str, object]:
    """The places that the text names, or what lies at the point that was set, where the fields do not say it yet."""
    place, code, point = values.get("place", "")[:300], values.get("neighbourhood", ""), _point(values)
    outside = point is not None and is_outside(*point)
    if point is not None and not place:
        here = place_at(*point)
        shown = [here] if here and here.street else []
        return {"addresses": shown, "is_of_point": True, "lies_outside": outside}
    known = Neighbourhood.objects.filter(code=code).first() if code else None
    read = [one for one in address_of(place or text, known) if one.street or one.landmark]
    if known and not any(one.street for one in read) and (several := which_landmark(place or text, known)):
        return {"addresses": several, "is_any_of_them": True, "lies_outside": outside}
    found = [one for one in read if one.confidence >= READ_FROM]
    if found and known == found[0].neighbourhood and clean(place) == found[0].line:
        found = []
    return {"addresses": found[:ADDRESSES_SHOWN], "is_of_point": False, "lies_outside": outside}


def _point(values: Any) -> tuple[float, float] | None:
    """The point that was set on the map, if there is one of this country."""
    try:
        latitude, longitude = float(values.get("latitude") or ""), float(values.get("longitude") or "")
    except ValueError:
        return None
    return (latitude, longitude) if in_country(latitude, longitude) else None


def _by_rule(text: str, values: Any) -> routing.Proposal:
    """What the house's rules propose for the matter as typed."""
    categories = Category.objects.filter(is_active=True, code=values.get("category") or "")
    neighbourhoods = Neighbourhood.objects.filter(code=values.get("neighbourhood") or "")
    return routing.proposal_on(
        text,
        place=values.get("place", ""),
        channel=values.get("channel", "") or Channel.PHONE,
        category=categories.first(),
        neighbourhood=neighbourhoods.first(),
    )


def _bodies(found: Suggestion) -> list[str]:
    return [*([found.body] if found.body else []), *(emergency.body for emergency in found.emergencies)]


def _by_code(model: Any, codes: Any) -> list[Any]:
    """The rows with these codes, in the order of the codes."""
    rows = {row.code: row for row in model.objects.filter(code__in=list(codes))}
    return [rows[code] for code in codes if code in rows]


def _sentences(
    found: Suggestion, departments: list[Department], bodies: dict[str, OutsideBody], rule: routing.Proposal
) -> list[str]:
    lines, body = [], bodies.get(found.body or "")
    if body is not None and not found.emergencies:
        number = f" ({body.short_code})" if body.short_code else ""
        sentence = (
            _(
                "This is the business of %(body)s%(number)s: forward it and tell the citizen (3071 m.5; a request for"
                " information: 4982 m.7/3, in writing)."
            )
            if body.is_public
            else _("Business of the company %(body)s%(number)s: tell the citizen and follow it up.")
        )
        lines.append(sentence % {"body": body.short_name, "number": number})
    names = ", ".join(row.short_name for row in departments)
    if rule.department is not None:
        lines.append(
            _("Responsible by the routing rule “%(rule)s”: %(name)s.")
            % {"rule": rule.department_rule, "name": rule.department.short_name}
        )
    elif found.is_ambiguous and departments:
        lines.append(
            _("Several departments may be responsible: %(names)s. Please choose.") % {"names": names}
        )
    elif departments:
        lines.append(_("Responsible: %(name)s.") % {"name": departments[0].short_name})
    if found.needs_road_class:
        lines.append(_("Which road is it? Main arteries are the metropolitan municipality's."))
    if not lines and not found.categories and not found.emergencies:
        lines.append(_("Nothing in the text tells whose it is; choose a category."))
    return lines
