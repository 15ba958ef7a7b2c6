"""Guests from a file: what would happen, then the same file for good. Between the two the page keeps it, signed."""

from __future__ import annotations

import base64
import io
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.forms import OfficeForm
from admin_ui.core.screen import page
from admin_ui.events.forms import RowField
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import dry_run
from backend.events.guest_file import Read, bring
from backend.events.models import Event, GuestGroup
from backend.events.moves import Verb
from permissions.core import scope

SALT = "events.guest_file"
KEPT_SECONDS = 3600
MOST_BYTES = 1_000_000


class FileForm(OfficeForm):
    group = RowField(GuestGroup, label=gettext_lazy("Into which group?"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("File (Excel or CSV)"),
        help_text=gettext_lazy("Columns: Ad, Soyad, Telefon, E-posta, Unvan, Kurum. One megabyte at most."),
    )


def upload(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form, a preview of the import, and with a second submit the import itself."""
    event = scope.get(Event, key, action=Verb.SYNC_GUESTS)
    form = FileForm(request.POST or None, request.FILES or None)
    group_field: Any = form.fields["group"]
    group_field.of(event)
    context: dict[str, object] = {"form": form, "event": event}
    try:
        if "ticket" in request.POST:
            context |= _confirm(request, event)
        elif request.method == "POST" and form.is_valid():
            context |= _look(request, event, form)
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN:
            raise
        context["refusal"] = str(error)
    context |= {
        "title": _("Guests from a file"),
        "parents": [
            (event.title, reverse("admin:events_event_change", args=[event.key])),
            (_("Guests"), f"{reverse('admin:events_guest_changelist')}?event={event.key}"),
        ],
    }
    return page(admin.site, request, "admin_ui/event_guest_file.html", context)


def _look(request: HttpRequest, event: Event, form: FileForm) -> dict[str, object]:
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        raise DomainError(ErrorCode.TOO_LARGE, _("The file is too large."), "file")
    content, group = file.read(), form.cleaned_data["group"]
    with scope.authorized(Verb.SYNC_GUESTS, Event, event.key) as locked, dry_run():
        report = bring(locked, by=scope.current_viewer().user, file=io.BytesIO(content), group=group)
    held = [base64.b64encode(content).decode(), str(group.key), str(event.key), request.user.pk]
    ticket = "" if report.problems else signing.dumps(held, salt=SALT, compress=True)
    return {"report": report, "ticket": ticket}


def _confirm(request: HttpRequest, event: Event) -> dict[str, object]:
    try:
        held = signing.loads(request.POST["ticket"], salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {"gone": True}
    content, group_key, key, user = held
    if key != str(event.key) or user != request.user.pk:
        return {"gone": True}
    file = io.BytesIO(base64.b64decode(content))
    group = scope.get(GuestGroup, group_key, field="group")
    report: Read
    with scope.authorized(Verb.SYNC_GUESTS, Event, event.key) as locked:
        report = bring(locked, by=scope.current_viewer().user, file=file, group=group)
    return {"report": report, "written": not report.problems}
