"""The timeline of a person or an organisation: the newest on their page, all of it on a page of its own, by keyset."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.listing import drawn
from admin_ui.core.panels import PAGES, panel
from admin_ui.core.screen import page
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.localtime import local_date
from backend.core.words.text import first_capital
from backend.partners import actions as partners
from backend.partners.models import Organisation
from backend.timeline.choices import Kind
from backend.timeline.models import Moment, MomentQuerySet
from permissions.core import scope

NEWEST, PAGE = 12, 50
BY_DAY = (Kind.ROLE, Kind.FORWARDING, Kind.AGREEMENT)
PLACES = {
    Kind.COMPLAINT: "complaints_complaint",
    Kind.FORWARDING: "complaints_complaint",
    Kind.REQUEST: "appointments_appointmentrequest",
    Kind.APPOINTMENT: "appointments_appointmentrequest",
    Kind.VISIT: "appointments_appointmentrequest",
    Kind.PROMISE: "appointments_promise",
    Kind.LETTER: "letters_letter",
    Kind.INSTRUCTION: "instructions_instruction",
    Kind.AGREEMENT: "agreements_agreement",
    Kind.ENGAGEMENT: "engagements_engagement",
    Kind.EVENT: "events_event",
    Kind.GUEST: "events_event",
    Kind.INVITED: "events_event",
    Kind.ANSWERED: "events_event",
    Kind.CAME: "events_event",
    Kind.GREETING: "greetings_batch",
    Kind.INVITATION: "invitations_invitation",
}


@panel("admin_ui/includes/timeline_card.html", "main", Citizen, Organisation)
def timeline_of(row: Citizen | Organisation) -> dict[str, object]:
    """The newest moments, as far as the viewer sees them, in one statement."""
    return {"timeline": _shown(_moments(row), NEWEST, ""), "timeline_url": _address(row, "timeline")}


def show_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything of all services about a person, page by page."""
    row = scope.get(Citizen, key)
    scope.log_access([row.pk], "admin: timeline")
    return _page(request, row, row.full_name)


def show_organisation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything of all services with an organisation, page by page."""
    row = scope.get(Organisation, key)
    return _page(request, row, row.title)


PAGES[Citizen].append(("<uuid:key>/timeline/", show_person, "timeline"))
PAGES[Organisation].append(("<uuid:key>/timeline/", show_organisation, "timeline"))


def _page(request: HttpRequest, row: Citizen | Organisation, title: str) -> HttpResponse:
    after = request.GET.get("after", "")[:80]
    context = {
        "title": title,
        "parents": [
            (first_capital(row._meta.verbose_name_plural), _address(row, "changelist")),
            (title, _address(row, "change")),
        ],
        "url": _address(row, "timeline"),
        "table": "citizen_timeline" if isinstance(row, Citizen) else "organisation_timeline",
        "row": row,
        "is_later": bool(after),
        "timeline": _shown(_moments(row), PAGE, after),
    }
    return page(admin.site, request, "admin_ui/timeline.html", context)


def _address(row: Citizen | Organisation, name: str) -> str:
    args = [] if name == "changelist" else [row.key]
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=args)


def _moments(row: Citizen | Organisation) -> MomentQuerySet:
    if isinstance(row, Citizen):
        return moments_of_person(contacts.family(row))
    return moments_with_organisation(partners.family(row))


def moments_of_person(family: set[int]) -> MomentQuerySet:
    return Moment.objects.about(Citizen.objects.filter(pk__in=family))


def moments_with_organisation(family: set[int]) -> MomentQuerySet:
    return Moment.objects.with_organisation(Organisation.objects.filter(pk__in=family))


def seen(rows: MomentQuerySet) -> MomentQuerySet:
    """Of these moments those that the viewer sees, the newest first, with what a line shows."""
    return scope.visible(rows).select_related("organisation", "person", "guest").order_by("-at", "-id")


def _shown(rows: Any, count: int, after: str) -> dict[str, object]:
    if (place := _place(after)) is not None:
        at, number = place
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number))
    matches = list(seen(rows)[: count + 1])
    shown = matches[:count]
    roles = [moment.role_id for moment in shown if moment.kind == Kind.ROLE]
    scope.log_access([role for role in roles if role], "admin: timeline", kind="partners.role")
    last = shown[-1] if len(matches) > count else None
    return {
        "moments": [
            {"moment": moment, "url": _url(moment), "when": drawn(when(moment)), "detail": detail(moment)}
            for moment in shown
        ],
        "older": f"{last.at.isoformat()}_{last.pk}" if last else "",
    }


def _place(after: str) -> tuple[dt.datetime, int] | None:
    """A place in the list, or the beginning for what is none."""
    moment, _line, number = after.rpartition("_")
    try:
        at = dt.datetime.fromisoformat(moment)
        return (at, int(number)) if at.tzinfo and 0 < int(number) < 2**63 else None
    except ValueError:
        return None


def when(moment: Moment) -> dt.date:
    """Return a day where no time is known, else the moment."""
    return local_date(moment.at) if moment.kind in BY_DAY else moment.at


def detail(moment: Moment) -> str:
    """What they answered, and where they sit."""
    if moment.kind == Kind.ANSWERED and moment.guest is not None:
        return moment.guest.get_answer_display()
    return _("seat %(seat)s") % {"seat": moment.seat} if moment.seat else ""


def _url(moment: Moment) -> str:
    if moment.kind == Kind.ROLE:
        where: Any = moment.organisation
        return reverse("admin:partners_organisation_change", args=[where.key]) if where else ""
    return reverse(f"admin:{PLACES[Kind(moment.kind)]}_change", args=[moment.key])
