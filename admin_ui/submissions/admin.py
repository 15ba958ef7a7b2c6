"""Submissions of people without an account that are not confirmed yet: the list, and the page with the decision."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, phone
from admin_ui.core.listing import Column, Tab
from backend.complaints.models import Complaint
from backend.documents.intake import PICTURES
from backend.submissions import actions  # noqa: F401 - declares the verbs
from backend.submissions.choices import Status
from backend.submissions.models import Submission, SubmissionFile
from backend.submissions.moves import submission_action
from permissions.core import scope

TONES = {
    Status.WAITING: "orange",
    Status.CONFIRMED: "green",
    Status.ACCEPTED: "green",
    Status.REJECTED: "grey",
}


def may_see() -> bool:
    return page_access.sees_some(Submission)


def _subject(row: Submission) -> str:
    mark = badge(row.get_status_display(), TONES[Status(row.status)])
    text = row.subject or (row.complaint.reference if row.complaint else "–")
    return format_html('<span class="ok-subject">{}</span> {}', text, mark)


def _sender(row: Submission) -> str:
    return _("without a name") if row.is_anonymous else row.full_name or "–"


def _contact(row: Submission) -> str:
    return row.email or phone(row.phone) or "–"


@admin.register(Submission)
class SubmissionAdmin(ActionAdmin[Submission]):
    searches = True
    is_kept = True
    finds_in = ("subject", "kind", "first_name", "last_name", "phone", "email")
    gate = staticmethod(may_see)
    detail_template = "admin_ui/submission.html"
    columns = (
        Column(gettext_lazy("Received at"), lambda r: r.received_at, ("received_at",), "ok-nowrap"),
        Column(gettext_lazy("Subject"), lambda r: r.subject, css="ok-wide", html=_subject),
        Column(gettext_lazy("Kind"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Sender"), _sender),
        Column(gettext_lazy("Reached at"), _contact),
    )
    tabs = (
        Tab("waiting", gettext_lazy("Awaiting verification"), lambda rows: rows.waiting()),
        Tab(
            "registered",
            gettext_lazy("Registered"),
            lambda rows: rows.filter(status__in=[Status.CONFIRMED, Status.ACCEPTED]),
        ),
        Tab("rejected", gettext_lazy("Rejected"), lambda rows: rows.filter(status=Status.REJECTED)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    order = ("received_at", "pk")
    intro = gettext_lazy(
        "What was sent in without an account, until its sender writes the code that we sent. It counts from the day"
        " on which it was received: accept what is an application, also without its code, and reject what is none."
    )
    empty = gettext_lazy(
        "Nothing waits. What is sent in without an account stands here until its sender confirms it, or the office"
        " accepts it."
    )
    page_relations = ("category", "neighbourhood", "sticker", "decided_by", "complaint")
    steps = steps_of(submission_action, {})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return scope.visible(Submission).select_related("complaint").defer("body")

    def details(self, request: HttpRequest, row: Submission) -> dict[str, object]:
        case = scope.visible(Complaint).filter(pk=row.complaint_id).first() if row.complaint_id else None
        return {
            "title": _("Received on %(moment)s") % {"moment": moment_text(row.received_at)},
            "status": badge(row.get_status_display(), TONES[Status(row.status)]),
            "case": case,
            "files": [
                {
                    "key": one.key,
                    "name": one.name,
                    "size": one.size,
                    "is_picture": one.content_type in PICTURES,
                }
                for one in scope.visible(SubmissionFile).filter(submission=row).order_by("uploaded_at", "pk")
            ],
        }
