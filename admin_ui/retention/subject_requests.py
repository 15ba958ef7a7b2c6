"""The register of applications under KVKK m.11: the list with what is due first, the page of one, a new one, and the
answer on paper."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge
from admin_ui.core.listing import Choice, Column, Listing, Tab
from admin_ui.core.once import once
from admin_ui.core.screen import page, pdf_answer
from admin_ui.core.stories import of_lines
from admin_ui.retention.subject_request_forms import (
    AnswerForm,
    CorrectForm,
    IdentifyForm,
    LinkForm,
    NewForm,
    SendForm,
)
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.organization.models import User
from backend.retention.models import ErasureJob, SubjectRequest, SubjectRequestLine
from backend.retention.subject_requests import actions, paper
from backend.retention.subject_requests.choices import (
    Ground,
    Identity,
    Outcome,
    RequestStatus,
    Right,
    Sending,
)
from backend.retention.subject_requests.moves import Verb, subject_request_action
from backend.retention.subject_requests.story import EventType
from backend.retention.warnings import NEAR
from permissions.complaints import persons
from permissions.core import scope
from permissions.core.filters import Action

TONES = {RequestStatus.OPEN: "blue", RequestStatus.ANSWERED: "green", RequestStatus.WITHDRAWN: "grey"}
NEWEST_FIRST = ("answered", "all")
"""Tabs of what has ended too: there the newest is looked for, not what is due."""


def may_see() -> bool:
    return page_access.sees_some(SubjectRequest)


def due(row: SubjectRequest) -> str:
    """The last day, and how near it is."""
    day = day_text(row.due_on)
    if row.status != RequestStatus.OPEN:
        return day
    if row.is_late:
        return badge(_("%(day)s · late") % {"day": day}, "red")
    left = (row.target_on - today()).days
    return badge(day, "orange") if left <= NEAR else day


def sent(row: SubjectRequest) -> str:
    """When the answer was sent, and whether in time; a warning while it is not recorded."""
    if row.status != RequestStatus.ANSWERED:
        return ""
    if row.sent_on is None:
        return badge(_("not recorded as sent"), "orange")
    if row.days_late:
        return badge(
            ngettext("%(day)s · %(n)s day late", "%(day)s · %(n)s days late", row.days_late)
            % {"day": day_text(row.sent_on), "n": row.days_late},
            "red",
        )
    return day_text(row.sent_on)


def _status(row: SubjectRequest) -> str:
    if row.outcome and row.sent_on is None and row.status == RequestStatus.ANSWERED:
        return format_html("{} {}", _outcome(row), sent(row))
    return _outcome(row)


def _outcome(row: SubjectRequest) -> str:
    if row.outcome:
        return badge(row.get_outcome_display(), "green" if row.outcome == Outcome.GRANTED else "orange")
    return badge(row.get_status_display(), TONES[RequestStatus(row.status)])


def _said(row: SubjectRequest) -> str:
    result = row.get_outcome_display() if row.outcome else row.get_status_display()
    if row.status == RequestStatus.ANSWERED and row.sent_on is None:
        return f"{result} · {_('not recorded as sent')}"
    return str(result)


def _who(row: SubjectRequest) -> str:
    return format_html('<span class="ok-subject">{}</span>', row.requester)


@admin.register(SubjectRequest)
class SubjectRequestAdmin(ActionAdmin[SubjectRequest]):
    searches = True
    finds_in = ("reference", "requester", "status")
    gate = staticmethod(may_see)
    detail_template = "admin_ui/subject_request.html"
    columns = (
        Column(gettext_lazy("Number"), lambda row: row.reference, ("received_on",), "ok-nowrap"),
        Column(gettext_lazy("Who asks"), _who, css="ok-wide"),
        Column(gettext_lazy("What is asked"), lambda row: "; ".join(row.asked)),
        Column(gettext_lazy("Received on"), lambda row: row.received_on, css="ok-nowrap"),
        Column(gettext_lazy("Last day"), lambda row: row.due_on, ("target_on",), "ok-nowrap", html=due),
        Column(gettext_lazy("Status"), _said, html=_status),
    )
    tabs = (
        Tab("open", gettext_lazy("To be answered"), lambda rows: rows.open()),
        Tab("late", gettext_lazy("Late"), lambda rows: rows.late()),
        Tab("unsent", gettext_lazy("To be sent"), lambda rows: rows.unsent()),
        Tab("answered", gettext_lazy("Answered"), lambda rows: rows.filter(status=RequestStatus.ANSWERED)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "right",
            gettext_lazy("What is asked"),
            lambda: Right.choices,
            lambda rows, value: rows.filter(rights__contains=[value]),
        ),
        Choice.of("outcome", gettext_lazy("Outcome"), Outcome),
    )
    order = ("target_on", "pk")
    intro = gettext_lazy(
        "Applications of persons about their own data (KVKK art. 11): answered within thirty days, free of charge;"
        " no law lengthens it (art. 13). What is late stands first."
    )
    empty = gettext_lazy(
        "Nobody has applied about their data yet. Record such an application on the day it comes: the thirty days"
        " begin then."
    )
    page_relations = ("citizen", "complaint", "answered_by", "recorded_by")
    steps = steps_of(
        subject_request_action,
        {
            Verb.IDENTIFY: IdentifyForm,
            Verb.LINK: LinkForm,
            Verb.ANSWER: AnswerForm,
            Verb.SEND: SendForm,
            Verb.CORRECT: CorrectForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubjectRequest]:
        return scope.visible(SubjectRequest).defer("text", "answer")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        if listing.tab and listing.tab.name in NEWEST_FIRST:
            listing.order = ("-received_on", "-pk")
        listing.on_page = lambda rows: scope.log_access(
            [row.citizen_id for row in rows if row.citizen_id], "admin: applications under KVKK"
        )
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(SubjectRequest, Action.REGISTER):
            return []
        return [{"title": _("Record an application"), "url": self.url("new"), "icon": "person_add"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
            self.route("of/citizen/<uuid:citizen>/", new, "of_citizen"),
            self.route("of/case/<uuid:case>/", new, "of_case"),
            self.route("<uuid:key>/answer.pdf", self.as_pdf, "pdf"),
        ]

    def details(self, request: HttpRequest, row: SubjectRequest) -> dict[str, object]:
        person = row.citizen
        if person:
            scope.log_access([person.pk], "admin: application under KVKK")
        lines = scope.visible(SubjectRequestLine).filter(request=row).select_related("actor")
        return {
            "title": row.reference,
            "status": _status(row),
            "due": due(row),
            "sent": sent(row),
            "person": person,
            "can": {name for name in ("ANONYMISE", "REPORT") if person and scope.can(name, person)},
            "story": of_lines(lines.order_by("at", "pk"), EventType, _facts),
            "erasure_jobs": list(scope.visible(ErasureJob).filter(request=row).order_by("-asked_at")),
            "is_answered": row.status == RequestStatus.ANSWERED,
        }

    def as_pdf(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """The answer as PDF, to be signed and sent; its file name is neutral. NOT_FOUND before it is answered."""
        row = self.load(key)
        if row.status != RequestStatus.ANSWERED:
            raise scope.not_found()
        if row.citizen_id:
            scope.log_access([row.citizen_id], "admin: application under KVKK")
        return pdf_answer(paper.answer_pdf(row), f"KVKK cevabı {row.reference}")


def _facts(line: SubjectRequestLine) -> list[str]:
    values = line.details
    items = [
        str(choices(values[name]).label)
        for name, choices in (
            ("identity", Identity),
            ("outcome", Outcome),
            ("ground", Ground),
            ("way", Sending),
        )
        if values.get(name)
    ]
    if day := values.get("sent_on"):
        items = [day_text(dt.date.fromisoformat(day)), *items, *filter(None, [values.get("number", "")])]
    if day := values.get("before", {}).get("received_on"):
        items.append(f"{_('Received on')}: {day_text(dt.date.fromisoformat(day))}")
    return items


def new(request: HttpRequest, citizen: Any = None, case: Any = None) -> HttpResponse:
    """Record an application: of anybody, of a person on record, or one that came as a case."""
    page_access.require(SubjectRequest, Action.REGISTER)
    complaint = scope.get(Complaint, case) if case else None
    person = scope.get(Citizen, citizen) if citizen else None
    if complaint:
        person = persons.applicant_of(complaint)
    start: dict[str, object] = {"once": uuid.uuid4(), "received_on": today()}
    if person:
        scope.log_access([person.pk], "admin: application under KVKK")
        start |= {"requester": person.full_name, "contact": person.address or person.email}
    if complaint:
        start |= {"received_on": complaint.registered_on, "text": complaint.body or complaint.subject}
    form = NewForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made = once(request, form, lambda: _register(request, form, person, complaint))
            messages.success(request, _("%(reference)s is recorded.") % {"reference": made["reference"]})
            return HttpResponseRedirect(reverse("admin:retention_subjectrequest_change", args=[made["key"]]))
    context = {
        "title": _("Record an application"),
        "parents": [(_("KVKK applications"), reverse("admin:retention_subjectrequest_changelist"))],
        "form": form,
        "submit": _("Record"),
        "intro": _("It came as application %(reference)s.") % {"reference": complaint.reference}
        if complaint
        else "",
    }
    return page(admin.site, request, "admin_ui/form.html", context)


def _register(
    request: HttpRequest, form: NewForm, person: Citizen | None, complaint: Complaint | None
) -> dict[str, str]:
    with scope.elevated_for(SubjectRequest, Action.REGISTER):
        row = actions.register(
            by=cast(User, request.user), citizen=person, complaint=complaint, **form.facts()
        )
    return {"key": str(row.key), "reference": row.reference}
