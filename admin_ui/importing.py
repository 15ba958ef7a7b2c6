"""Bringing in the file of a call centre or of CİMER: first what would happen, then the same file for good."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui import gates
from admin_ui.base import page
from admin_ui.forms import OfficeForm, text_area
from admin_ui.templatetags.office import column_text
from backend.complaints import importing
from backend.complaints.importing.columns import DEFAULT_SOURCE, FIELDS
from backend.core.errors import DomainError
from backend.core.text import tr_fold
from permissions import scope

WAITING = "imports"
KEPT_SECONDS = 3600
SHOWN = 40


class UploadForm(OfficeForm):
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=40,
        initial=DEFAULT_SOURCE,
        help_text=gettext_lazy(
            "Always the same name for the same source: with the number it keeps a case from coming twice."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV or Excel (.xlsx), with a row of headings.")
    )
    columns = forms.CharField(
        label=gettext_lazy("Columns"),
        required=False,
        widget=text_area(3),
        help_text=gettext_lazy(
            "Only where a heading is not recognised: one a line, such as “Sicil = %(number)s”; with nothing after"
            " the equals sign the column is left out."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["columns"]
        field.help_text = field.help_text % {"number": column_text("source_number")}

    def clean_columns(self) -> dict[str, str]:
        """Heading -> field, as it was written line by line."""
        named = (
            {tr_fold(column_text(name)): name for name in FIELDS} | {name: name for name in FIELDS} | {"": ""}
        )
        found = {}
        for line in filter(str.strip, self.cleaned_data["columns"].splitlines()):
            heading, equals, meaning = line.rpartition("=")
            name = named.get(tr_fold(meaning.strip()))
            if not equals or not heading.strip() or name is None:
                known = ", ".join(column_text(name) for name in FIELDS)
                message = _("“%(line)s” is not understood. Write “heading = one of these”: %(known)s.")
                raise forms.ValidationError(message % {"line": line.strip(), "known": known})
            found[heading.strip()] = name
        return found


def folder() -> Path:
    """Where an uploaded file waits for its confirmation: beside the media, for this program alone."""
    found = settings.MEDIA_ROOT / WAITING
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(found)


def upload(request: HttpRequest) -> HttpResponse:
    """Upload: a dry run and its report. Confirm: the import of exactly the file that was reported on."""
    if not gates.office():
        raise scope.not_found()
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"title": _("Import"), "form": form}
    ticket = request.POST.get("ticket")
    if ticket:
        context |= _confirm(request, ticket)
    elif request.method == "POST" and form.is_valid():
        context |= _look(request, form)
    return page(admin.site, request, "admin_ui/import.html", context)


def _look(request: HttpRequest, form: UploadForm) -> dict[str, Any]:
    _sweep()
    with tempfile.NamedTemporaryFile(dir=folder(), delete=False) as kept:
        for chunk in form.cleaned_data["file"].chunks():
            kept.write(chunk)
    source, mapping = form.cleaned_data["source"], form.cleaned_data["columns"]
    try:
        with scope.registering():
            report = importing.import_file(
                Path(kept.name),
                source=source,
                mapping=mapping,
                by=request.user,  # type: ignore[arg-type]
                dry_run=True,
            )
    except DomainError as error:
        Path(kept.name).unlink(missing_ok=True)
        form.refuse(error)
        return {}
    ticket = signing.dumps([Path(kept.name).name, source, mapping, request.user.pk], salt=WAITING)
    return {"report": report, "rows": (report.refused + report.noted)[:SHOWN], "ticket": ticket}


def _confirm(request: HttpRequest, ticket: str) -> dict[str, Any]:
    try:
        name, source, mapping, user = signing.loads(ticket, salt=WAITING, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {"gone": True}
    kept = folder() / name
    if user != request.user.pk or not kept.is_file():
        return {"gone": True}
    try:
        with scope.registering():
            report = importing.import_file(
                kept,
                source=source,
                mapping=mapping,
                by=request.user,  # type: ignore[arg-type]
                skip_invalid="skip" in request.POST,
            )
    except DomainError as error:
        return {"refusal": str(error)}
    finally:
        kept.unlink(missing_ok=True)
    return {"report": report, "rows": (report.refused + report.noted)[:SHOWN], "is_done": report.written}


def _sweep() -> None:
    """Files whose confirmation never came are gone with the next upload."""
    import time

    for path in folder().iterdir():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
