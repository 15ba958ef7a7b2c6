"""CİMER's desk: the approved replies that are still to be entered there, taken along as a file, and the file that comes
back: first what would happen, then the same file for good."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core.display import waiting_text
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, drawn
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.page_tables import PageTable
from admin_ui.core.screen import page
from admin_ui.core.signed_upload import content_of, held, hold
from backend.complaints.actions.notices import text_to_enter
from backend.complaints.importing import Outcome, RowResult
from backend.complaints.models import Complaint, Notice
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from permissions.complaints import cimer
from permissions.core import scope

SALT = "admin_ui.complaints.cimer"
SHOWN = 300


class ReturnForm(OfficeForm):
    file = forms.FileField(
        label=gettext_lazy("The file that came back"),
        help_text=gettext_lazy(
            "CSV or Excel: the list that was handed over, with “Entered in CİMER on” and “CİMER's confirmation” filled"
            " in. Rows without either are left as they are."
        ),
    )


# -- what is to be entered -----------------------------------------------------------------------------------
def reply_of(row: Complaint) -> Notice | None:
    """The approved reply of a row of `cimer.to_enter`."""
    return next(iter(row.pending_replies), None)  # type: ignore[attr-defined]


def approved_on(row: Complaint) -> dt.date | None:
    reply = reply_of(row)
    return local_date(reply.approved_at) if reply and reply.approved_at else None


def _text(row: Complaint) -> str:
    reply = reply_of(row)
    return text_to_enter(row, reply) if reply else ""


def _department(row: Complaint) -> str:
    return row.responsible_department.name if row.responsible_department else "–"


TO_ENTER = PageTable(
    "complaints_cimer",
    gettext_lazy("To be entered in CİMER"),
    (
        Column(gettext_lazy("CİMER's number"), lambda row: row.source_number),
        Column(gettext_lazy("Reference"), lambda row: row.reference),
        Column(gettext_lazy("Department"), _department),
        Column(gettext_lazy("Approved on"), approved_on),
        Column(gettext_lazy("CİMER's date"), lambda row: row.cimer_due_on),
        Column(gettext_lazy("Reply to be entered"), _text),
        Column(gettext_lazy("Entered in CİMER on"), lambda row: None),
        Column(gettext_lazy("CİMER's confirmation"), lambda row: None),
    ),
    lambda row, asked: cimer.to_enter(),
    lambda row: reverse("admin:cimer"),
    gate=lambda row: cimer.may_work(),
)
"""The hand-over; with its last two columns filled in it is the return."""


# -- the page ------------------------------------------------------------------------------------------------
def desk(request: StaffRequest) -> HttpResponse:
    """The list and the form; with a file what would happen; with the ticket of that page, for good."""
    if not cimer.may_work():
        raise scope.not_found()
    if request.method == "POST" and (ticket := request.POST.get("ticket")):
        return _for_good(request, ticket)
    form = ReturnForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    file = form.cleaned_data["file"]
    try:
        data = content_of(file)
        report = cimer.read_return(io.BytesIO(data), for_good=False)
        ticket = hold(SALT, request.user, data) if report.recorded else ""
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN:
            raise
        form.refuse(error)
        return _page(request, form)
    return _page(request, ReturnForm(), report=report, ticket=ticket)


def _for_good(request: StaffRequest, ticket: str) -> HttpResponse:
    kept = held(SALT, request.user, ticket)
    if kept is None:
        messages.error(request, _("That preview is too old. Choose the file again."))
        return HttpResponseRedirect(reverse("admin:cimer"))
    report = cimer.read_return(io.BytesIO(kept[0]), for_good=True)
    text = ngettext("%(n)d entry was recorded.", "%(n)d entries were recorded.", report.recorded)
    messages.success(request, text % {"n": report.recorded})
    if report.refused:
        return _page(request, ReturnForm(), report=report, is_done=True)
    return HttpResponseRedirect(reverse("admin:cimer"))


def _page(request: HttpRequest, form: ReturnForm, **more: Any) -> HttpResponse:
    rows = list(cimer.to_enter()[: SHOWN + 1])
    report = more.get("report")
    context = {
        "title": _("CİMER desk"),
        "parents": [(_("Applications"), reverse("admin:complaints_complaint_changelist"))],
        "form": form,
        "rows": [
            {
                "case": row,
                "department": _department(row),
                "approved_on": drawn(approved_on(row)),
                "waiting": waiting_text(approved) if (approved := approved_on(row)) else "–",
                "text": _text(row),
                "url": reverse("admin:complaints_complaint_change", args=[row.key]),
            }
            for row in rows[:SHOWN]
        ],
        "is_capped": len(rows) > SHOWN,
        "told": [_told(row, more.get("is_done", False)) for row in report.rows[:SHOWN]] if report else [],
        "more": max(0, len(report.rows) - SHOWN) if report else 0,
        **more,
    }
    return page(admin.site, request, "admin_ui/cimer.html", context)


def _told(row: RowResult, is_done: bool) -> dict[str, object]:
    words = {
        Outcome.ADDED: (_("recorded") if is_done else _("will be recorded"), "green"),
        Outcome.ALREADY_THERE: (_("recorded already"), "grey"),
        Outcome.REFUSED: (_("cannot be recorded"), "red"),
    }
    text, tone = words[row.outcome]
    return {"row": row.row, "reference": row.reference, "text": text, "tone": tone, "messages": row.messages}
