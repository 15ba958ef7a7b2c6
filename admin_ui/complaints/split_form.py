"""The form by which a matter of an application becomes a case of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_ui.complaints.forms import CategoryField
from admin_ui.core.fields import DepartmentField
from admin_ui.core.forms import DeedForm, text_area
from backend.complaints.models import Complaint


class SplitForm(DeedForm):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        widget=text_area(6),
        required=False,
        help_text=_("Leave what concerns this matter and take out the rest."),
    )
    category = CategoryField(required=False, empty_label=_("none"))
    department = DepartmentField(label=_("Department"), required=False)

    def starting(self, complaint: Complaint) -> dict[str, Any]:
        return {"body": complaint.body}
