"""The signs of danger, by whose words an application is proposed as urgent: a list, and one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge, yes_no
from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.listing import Column, Tab
from admin_ui.core.screen import RegisterAdmin
from backend.organization import danger
from backend.organization.models import DangerSign


class SignForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Danger"), max_length=80)
    keywords = forms.CharField(
        label=gettext_lazy("Words that give it away"),
        widget=text_area(6),
        help_text=gettext_lazy(
            "One word or phrase a line, such as “açık rögar”. Endings and letters without marks are found by"
            " themselves."
        ),
    )
    exceptions = forms.CharField(
        label=gettext_lazy("Words that are no danger"),
        widget=text_area(3),
        required=False,
        help_text=gettext_lazy("One phrase a line, such as “yangın merdiveni”."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def clean_keywords(self) -> list[str]:
        return str(self.cleaned_data["keywords"]).splitlines()

    def clean_exceptions(self) -> list[str]:
        return str(self.cleaned_data["exceptions"]).splitlines()


@admin.register(DangerSign)
class DangerSignAdmin(RegisterAdmin):
    gate = page_access.members
    form_of, keep = SignForm, staticmethod(danger.save_sign)
    new_title, new_icon = gettext_lazy("Add a sign of danger"), "emergency_home"
    columns = (
        Column(gettext_lazy("Danger"), lambda row: row.name, ("name",), "ok-wide"),
        Column(gettext_lazy("Words"), lambda row: ", ".join(row.keywords)),
        Column(
            gettext_lazy("Source"),
            lambda row: row.source,
            html=lambda row: row.source if row.is_verified else badge(gettext_lazy("not verified"), "orange"),
        ),
        Column(gettext_lazy("In use"), lambda row: yes_no(row.is_active), css="ok-nowrap"),
    )
    tabs = (Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),)
    order = ("name", "pk")
    searches = True
    finds_in = ("name", "source")
    intro = gettext_lazy(
        "An application that says one of these words is proposed as urgent: it stands first, and the private office is"
        " notified. A person decides; the legal period stays as it is."
    )
    empty = gettext_lazy(
        "No sign of danger is recorded, so nothing is proposed as urgent. Add the dangers that people report."
    )

    def start(self, row: DangerSign | None) -> dict[str, Any]:
        if row is None:
            return {"is_active": True}
        lines = {name: "\n".join(getattr(row, name)) for name in ("keywords", "exceptions")}
        return {"name": row.name, "source": row.source, "is_active": row.is_active, **lines}
