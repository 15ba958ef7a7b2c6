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

from admin_ui.core.display import badge
from admin_ui.core.listing import drawn
from admin_ui.core.panels import PAGES, panel
from admin_ui.core.screen import page
from backend.appointments.choices import PromiseStatus
from backend.contacts.models import Citizen
from backend.core.localtime import local_date, today
from backend.core.words.text import first_capital
from backend.partners.models import Organisation
from backend.timeline.choices import Kind
from backend.timeline.models import Moment
from permissions.contacts import cards
from permissions.core import scope

PAGE = 50
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


EDGES = {
    Kind.COMPLAINT: "complaint",
    Kind.FORWARDING: "complaint",
    Kind.REQUEST: "request",
    Kind.APPOINTMENT: "request",
    Kind.VISIT: "request",
    Kind.PROMISE: "promise",
    Kind.LETTER: "letter",
    Kind.INSTRUCTION: "instruction",
    Kind.AGREEMENT: "agreement",
    Kind.ENGAGEMENT: "engagement",
    Kind.EVENT: "event",
    Kind.INVITATION: "invitation",
}
"""By which edge of a moment its matter is known, where it has a state of its own."""
OVER = {"CLOSED", "CANCELLED", "WITHDRAWN", "DECLINED", "LAPSED", "ENDED", "DUPLICATE", "REJECTED"}


@panel("admin_ui/includes/timeline_card.html", "main", Citizen, Organisation)
def timeline_of(row: Citizen | Organisation) -> dict[str, object]:
    """The newest moments, as far as the viewer sees them, in one statement."""
    return {
        "timeline": _shown(cards.newest_moments(row), cards.NEWEST),
        "timeline_url": _address(row, "timeline"),
    }


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
        "timeline": _page_of(row, after),
    }
    return page(admin.site, request, "admin_ui/timeline.html", context)


def _address(row: Citizen | Organisation, name: str) -> str:
    args = [] if name == "changelist" else [row.key]
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=args)


def _page_of(row: Citizen | Organisation, after: str) -> dict[str, object]:
    rows = cards.moments_of(row)
    if (place := _place(after)) is not None:
        at, number = place
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number))
    return _shown(list(cards.seen(rows)[: PAGE + 1]), PAGE)


def _shown(matches: list[Moment], count: int) -> dict[str, object]:
    shown = matches[:count]
    roles = [moment.role_id for moment in shown if moment.kind == Kind.ROLE]
    scope.log_access([role for role in roles if role], "admin: timeline", kind="partners.role")
    last = shown[-1] if len(matches) > count else None
    return {
        "moments": _matters(shown),
        "older": f"{last.at.isoformat()}_{last.pk}" if last else "",
    }


def _matters(shown: list[Moment]) -> list[dict[str, Any]]:
    """One row a matter, with where it stands: what else happened with it on this page stands in it."""
    states = _states(shown)
    rows: dict[str, dict[str, Any]] = {}
    for moment in shown:
        url = _url(moment)
        if url in rows and moment.kind != Kind.ROLE:
            parts = [str(moment.get_kind_display()), detail(moment), str(drawn(when(moment)))]
            rows[url]["earlier"].append(", ".join(part for part in parts if part))
            continue
        rows[url if moment.kind != Kind.ROLE else f"role {moment.pk}"] = {
            "moment": moment,
            "url": url,
            "when": drawn(when(moment)),
            "detail": detail(moment),
            "state": states.get(_matter(moment), ""),
            "earlier": [],
        }
    return list(rows.values())


def _matter(moment: Moment) -> tuple[str, int | None]:
    edge = EDGES.get(Kind(moment.kind), "")
    return edge, getattr(moment, f"{edge}_id", None) if edge else None


def _states(shown: list[Moment]) -> dict[tuple[str, int | None], str]:
    """Where each matter stands, as far as its own row is seen: one statement for each kind that is shown."""
    result: dict[tuple[str, int | None], str] = {}
    wanted = {_matter(moment) for moment in shown}
    for edge in sorted({edge for edge, key in wanted if key is not None}):
        model: Any = Moment._meta.get_field(edge).related_model
        keys = [key for name, key in wanted if name == edge]
        for row in scope.visible(model._default_manager.filter(pk__in=keys)):
            is_late = edge == "promise" and row.status == PromiseStatus.OPEN and row.due_on < today()
            text = _("late") if is_late else row.get_status_display()
            tone = "red" if is_late else "grey" if row.status in OVER else "blue"
            result[edge, row.pk] = badge(text, tone)
    return result


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
