"""The files that go with a reply: chosen in its draft, seen in the forms that approve and send it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.fields import FilesField
from admin_ui.core.forms import ActionForm
from backend.complaints.actions.notices import pending_reply
from backend.complaints.models import Attachment, Complaint
from backend.complaints.replies.enclosures import LIMITS, enclosed, internal
from permissions.core import scope


class _CaseFiles(forms.ModelMultipleChoiceField):
    """Files of a case; `internal` has those that only the house knew."""

    internal: frozenset[int] = frozenset()

    def label_from_instance(self, obj: Any) -> str:
        mark = f" · {_('internal so far')}" if obj.pk in self.internal else ""
        return f"{obj.name} ({max(1, obj.size // 1024)} KB){mark}"


class EnclosuresForm(ActionForm):
    """A draft with its files."""

    enclosures = _CaseFiles(
        label=gettext_lazy("Files of the case that go with it"),
        queryset=Attachment.objects.none(),
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    accept_internal = forms.BooleanField(
        label=gettext_lazy("Send the applicant files that only the house knew"),
        help_text=gettext_lazy("Look before that no one else is named or shown in them (KVKK)."),
        required=False,
    )
    new_files = FilesField(label=gettext_lazy("New files"), help_text=LIMITS)

    def prepare(self, row: Complaint) -> None:
        super().prepare(row)
        there = (
            scope.visible(Attachment).filter(complaint=row, is_of_post=False).order_by("uploaded_at", "pk")
        )
        field: Any = self.fields["enclosures"]
        field.queryset = there
        field.internal = frozenset(internal(row).values_list("pk", flat=True))
        if not there:
            del self.fields["enclosures"]
        if not field.internal:
            del self.fields["accept_internal"]

    def starting(self, row: Complaint) -> dict[str, object]:
        along = [file.key for file in enclosed(pending_reply(row))]
        return {**super().starting(row), "enclosures": along}


class EnclosedForm(ActionForm):
    """What goes with the reply stands above the form that approves or sends it."""

    above = "admin_ui/includes/reply_files.html"

    @cached_property
    def reply_files(self) -> list[tuple[str, str, int]]:
        files = enclosed(pending_reply(self.row))
        return [(file.name, reverse("file", args=[file.key]), file.size) for file in files]
