"""What was promised in meetings: open, due and late, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import ActionForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.core.panels import panel
from backend.appointments.choices import PromiseStatus
from backend.appointments.models import AppointmentRequest, Promise, PromiseQuerySet
from backend.appointments.promise_moves import PromiseVerb, promise_action
from backend.core.localtime import today
from backend.core.models import containing
from backend.engagements.models import Engagement
from backend.organization.models import Department
from backend.partners.models import Organisation
from backend.programme.models import Entry, Participant, Principal
from permissions.appointments import applicants
from permissions.core import scope

DAY = dt.timedelta(days=1)
SOON = 7  # days
TONES = {PromiseStatus.KEPT: "green", PromiseStatus.BROKEN: "red", PromiseStatus.WITHDRAWN: "grey"}


def status_badge(row: Promise) -> str:
    if row.is_late:
        return badge(_("late"), "red")
    return badge(row.get_status_display(), TONES.get(PromiseStatus(row.status), "blue"))


def responsible(row: Promise) -> str:
    """Who sees to it, in words."""
    names = [row.department.short_name] if row.department else []
    return " · ".join([*names, *([str(row.person)] if row.person else [])]) or str(_("Private office"))


def to_whom(row: Promise) -> str:
    """To whom the promise was made, as far as the viewer may know: the applicant, or the meeting."""
    request: AppointmentRequest | None = row.seen_request  # type: ignore[attr-defined]
    entry: Entry | None = row.seen_entry  # type: ignore[attr-defined]
    if entry is not None:
        return _met(entry) or entry.title
    return applicants.who_asks(request) if request is not None else ""


def _met(entry: Entry) -> str:
    """With whom the meeting was: the organisation of the visit, else the guests who are named."""
    visit = entry.seen_engagement  # type: ignore[attr-defined]
    if visit is not None and visit.seen_organisation is not None:
        return str(visit.seen_organisation)
    guests = [one.organisation or one.name for one in entry.participants.all() if one.user_id is None]
    return ", ".join(dict.fromkeys(guests))


@dataclass(frozen=True)
class Where:
    """The request or the meeting at which it was made, where the viewer sees that."""

    label: str | Lazy
    text: str
    url: str
    principal: Principal


def where(row: Promise) -> Where | None:
    request, entry = row.seen_request, row.seen_entry  # type: ignore[attr-defined]
    if request is not None:
        url = reverse("admin:appointments_appointmentrequest_change", args=[request.key])
        return Where(_("Appointment request"), request.reference, url, request.principal)
    if entry is not None:
        url = reverse("admin:programme_entry_change", args=[entry.key])
        return Where(_("Programme entry"), moment_text(entry.starts_at), url, entry.principal)
    return None


def listed[Rows: QuerySet[Promise]](rows: Rows) -> Rows:
    """Rows with the relations shown. Request or meeting may be hidden from viewers of the promise."""
    seen = scope.visible(AppointmentRequest.objects.select_related("applicant", "requested_by", "principal"))
    partners = Prefetch("organisation", scope.visible(Organisation), to_attr="seen_organisation")
    visits = scope.visible(Engagement.objects.all()).prefetch_related(partners)
    meetings = scope.visible(Entry.objects.select_related("principal")).prefetch_related(
        Prefetch("engagement", visits, to_attr="seen_engagement"),
        Prefetch("participants", scope.visible(Participant)),
    )
    return rows.select_related("department", "person").prefetch_related(
        Prefetch("request", queryset=seen, to_attr="seen_request"),
        Prefetch("entry", queryset=meetings, to_attr="seen_entry"),
    )


def log_access(rows: list[Promise]) -> None:
    """Write the citizens shown to the read log."""
    requests = [row.seen_request for row in rows if row.seen_request and to_whom(row)]  # type: ignore[attr-defined]
    shown = [
        request.applicant_id for request in requests if request.applicant_id and not request.organisation
    ]
    scope.log_access(shown, "admin: promises")


def _place(row: Promise) -> str:
    place = where(row)
    return format_html('<span class="ok-reference">{}</span>', place.text) if place else or_dash("")


class CorrectForm(ActionForm):
    def prepare(self, row: Promise) -> None:
        for name in ("text", "due_on"):
            self.fields[name].required = True

    def starting(self, row: Promise) -> dict[str, object]:
        return {
            "text": row.text,
            "due_on": row.due_on,
            "department": row.department.code if row.department else None,
            "person": row.person.username if row.person else None,
        }


@admin.register(Promise)
class PromiseAdmin(ActionAdmin[Promise]):
    gate = page_access.members
    detail_template = "admin_ui/promise.html"
    columns = (
        Column(_("Until when"), lambda r: r.due_on, ("due_on",), "ok-nowrap"),
        Column(
            _("Promise"), lambda r: format_html('<span class="ok-subject">{}</span>', r.text), css="ok-wide"
        ),
        Column(_("To whom"), lambda r: or_dash(to_whom(r))),
        Column(_("Responsible"), responsible),
        Column(_("Where it was made"), _place, css="ok-nowrap"),
        Column(_("Status"), status_badge, css="ok-nowrap"),
    )
    tabs = (
        Tab("open", _("Open"), lambda rows: rows.open()),
        Tab("due", _("Within a week"), lambda rows: rows.due_within(SOON)),
        Tab("late", _("Late"), lambda rows: rows.late()),
        Tab("ended", _("Ended"), lambda rows: rows.exclude(status=PromiseStatus.OPEN)),
        Tab("all", _("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "department",
            _("Responsible department"),
            lambda: Department.objects.open().in_order().values_list("code", "short_name"),
            lambda rows, code: rows.filter(department__code=code),
        ),
        Dates("due", _("Until when"), "due_on"),
    )
    order = ("due_on", "pk")
    searches = True
    search_hint = _("What was promised, to whom, number of the request")
    empty = _(
        "No promise was recorded yet. What the mayor promises in a meeting stands here until it is"
        " kept: record it at the appointment request, or at the meeting in the programme."
    )
    intro = _(
        "A promise is recorded at the appointment request, with its outcome, or at the meeting in the programme."
    )
    steps = steps_of(promise_action, {PromiseVerb.CORRECT: CorrectForm})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promise]:
        return listed(scope.visible(Promise))

    def search(self, rows: Any, text: str) -> Any:
        """Find a promise by its words, and by the request or the meeting at which it was made, where that is seen."""
        requests = applicants.find(scope.visible(AppointmentRequest), text).values("pk")
        entries = scope.visible(Entry.objects.search(text)).values("pk")
        where_made = Q(request__in=requests) | Q(entry__in=entries)
        return rows.filter(containing(rows, ("text", "note", "department__short_name"), text) | where_made)

    def listing(self, request: HttpRequest) -> Listing:
        made = super().listing(request)
        made.on_page = log_access
        return made

    def load(self, key: UUID) -> Promise:
        match = listed(scope.with_relations(scope.visible(Promise))).filter(key=key).first()
        if match is None:
            raise scope.not_found()
        return match

    def details(self, request: HttpRequest, row: Promise) -> dict[str, object]:
        log_access([row])
        return {
            "status": status_badge(row),
            "to_whom": to_whom(row),
            "responsible": responsible(row),
            "where": where(row),
        }


@panel("admin_ui/includes/promises.html", "main", Entry)
def promises_of(row: Entry) -> dict[str, object]:
    return {"promises": made_at(row)}


def made_at(row: AppointmentRequest | Entry) -> list[dict[str, object]]:
    """The promises made at a request or in a meeting, as its page shows them."""
    place = {"entry" if isinstance(row, Entry) else "request": row}
    rows = scope.visible(Promise).filter(**place).select_related("department", "person")
    return [
        {
            "row": one,
            "badge": status_badge(one),
            "responsible": responsible(one),
            "url": reverse("admin:appointments_promise_change", args=[one.key]),
        }
        for one in rows.order_by("due_on", "id")
    ]


def pressing(rows: PromiseQuerySet) -> PromiseQuerySet:
    """Late, or due within a week."""
    return rows.open().filter(due_on__lte=today() + SOON * DAY)
