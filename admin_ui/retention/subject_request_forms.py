"""Forms of the register of applications under KVKK m.11."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from admin_ui.contacts.picker import CitizenField
from admin_ui.core.fields import DayField
from admin_ui.core.forms import ActionForm, OfficeForm, optional, text_area
from backend.contacts.models import Citizen
from backend.retention.models import SubjectRequest
from backend.retention.subject_requests.choices import (
    Channel,
    Identity,
    Outcome,
    Right,
    Sending,
)
from permissions.contacts.picking import Found
from permissions.core import scope
from permissions.partners import access as partners

WAYS: dict[str, str] = {
    Channel.IN_PERSON: Sending.BY_HAND,
    Channel.POST: Sending.POST,
    Channel.KEP: Sending.KEP,
    Channel.EMAIL: Sending.EMAIL,
    Channel.SYSTEM: Sending.SYSTEM,
}
"""Delivery methods of an answer, by the way it is sent."""


class FactsFields(forms.Form):
    requester = forms.CharField(label=gettext_lazy("Who asks"), max_length=160)
    contact = forms.CharField(
        label=gettext_lazy("Address for the answer"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Home or work address, e-mail or telephone (Tebliğ art. 5)."),
    )
    received_on = DayField(
        past=True,
        label=gettext_lazy("Received on"),
        help_text=gettext_lazy("The thirty days are counted from here."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("How it came"), choices=Channel.choices)
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("What is asked (KVKK art. 11)"),
        choices=Right.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(label=gettext_lazy("In the person's words"), widget=text_area(5))


class NewForm(FactsFields, OfficeForm):
    once = forms.UUIDField(widget=forms.HiddenInput)
    identity = forms.ChoiceField(
        label=gettext_lazy("How the identity was checked"),
        choices=lambda: optional(Identity.choices, gettext_lazy("not checked yet")),
        required=False,
    )

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class CorrectForm(FactsFields, ActionForm):
    def starting(self, row: SubjectRequest) -> dict[str, object]:
        return {name: getattr(row, name) for name in FactsFields.base_fields}


class IdentifyForm(ActionForm):
    identity = forms.ChoiceField(
        label=gettext_lazy("How the identity was checked"), choices=Identity.choices, widget=forms.RadioSelect
    )


def _facts_of(row: Citizen) -> str:
    return " · ".join(filter(None, [str(row.phone), row.email, row.national_id_masked]))


class LinkForm(ActionForm):
    """One of the records of the name that was written, or another that the picker finds: chosen by hand."""

    citizen = CitizenField(label=gettext_lazy("Which record is it?"), required=True, by_hand=True)

    def starting(self, row: SubjectRequest) -> dict[str, object]:
        return {"citizen": row.requester}

    def prepare(self, row: SubjectRequest) -> None:
        if self.is_bound:
            return
        first, _space, last = row.requester.rpartition(" ")
        rows = partners.alike(first, last)
        scope.log_access([one.pk for one in rows], "admin: application under KVKK")
        self.fields["citizen"].widget.offered = [Found(one, one.full_name, _facts_of(one)) for one in rows]

    def values(self) -> dict[str, object]:
        return {"citizen": self.cleaned_data["citizen"]}


class AnswerForm(ActionForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )

    def starting(self, row: SubjectRequest) -> dict[str, object]:
        return {"answer_channel": row.channel}


class SendForm(ActionForm):
    way = forms.ChoiceField(
        label=gettext_lazy("How it was sent"), choices=Sending.choices, widget=forms.RadioSelect
    )

    def starting(self, row: SubjectRequest) -> dict[str, object]:
        way = row.sent_way or WAYS.get(row.answer_channel, "")
        return {"way": way, "number": row.sent_number, "sent_on": row.sent_on}
