"""Forms of the register of applications under KVKK m.11."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.contacts.admin import search
from admin_ui.core.fields import DayField, offer
from admin_ui.core.forms import ActionForm, OfficeForm, optional, text_area
from backend.contacts.models import Citizen
from backend.core.words.text import clean
from backend.retention.models import SubjectRequest
from backend.retention.subject_requests.choices import (
    Channel,
    Identity,
    Outcome,
    Right,
    Sending,
)
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
MOST_FOUND = 20


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
        choices=lambda: optional(Identity.choices, _("not checked yet")),
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
    return " · ".join(filter(None, [row.full_name, str(row.phone), row.email, row.national_id_masked]))


class LinkForm(ActionForm):
    """One of the records of the name that was written, or one that is looked for as everywhere (`citizens.search`)."""

    look = forms.CharField(
        label=gettext_lazy("Look for another record"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "Name, telephone or T.C. kimlik no: a maiden name, another spelling, a number that the letter bears."
            " What is found is offered to choose from."
        ),
    )
    citizen = forms.ModelChoiceField(
        label=gettext_lazy("Which record is it?"),
        queryset=Citizen.objects.none(),
        to_field_name="key",
        widget=forms.RadioSelect,
        empty_label=None,
        required=False,
    )
    found = 0

    def prepare(self, request: SubjectRequest) -> None:
        first, _space, last = request.requester.rpartition(" ")
        offered = [row.pk for row in partners.alike(first, last)]
        if look := clean(str(self.data.get("look", ""))):
            rows = search(scope.visible(Citizen.objects.standing()), look).order_by("name_fold", "pk")
            looked_for = list(rows.values_list("pk", flat=True)[: MOST_FOUND + 1])
            self.found = len(looked_for)
            offered += looked_for[:MOST_FOUND]
        scope.log_access(offered, "admin: application under KVKK")
        rows = scope.visible(Citizen).filter(pk__in=offered).order_by("name_fold", "pk")
        offer(self, "citizen", rows, _facts_of)
        if not offered:
            self.fields["citizen"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("citizen") is not None or "citizen" in self.errors:
            return cleaned
        is_asked = bool(clean(cleaned.get("look", "")))
        if is_asked and not self.found:
            message = _("Nobody whom you may see has this name or number. Look by another one.")
        elif is_asked and self.found > MOST_FOUND:
            message = _("There are more than %(n)s. Write more of the name, or a number.") % {"n": MOST_FOUND}
        elif self.fields["citizen"].widget.is_hidden:
            message = _("Nobody of this name is on record. Look by another name or a number.")
        else:
            self.add_error("citizen", _("Choose one of the records, or look for another one."))
            return cleaned
        self.add_error("look", message)
        return cleaned

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
