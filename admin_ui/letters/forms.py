"""The forms of the verbs of a letter. Field names are the parameters of the actions: a refusal finds its field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admin_ui.core.actions import MODEL_FIELDS
from admin_ui.core.fields import DayField, PersonField, model_choice
from admin_ui.core.forms import ActionForm, OfficeForm, optional, text_area
from backend.core.localtime import today
from backend.core.words.text import clean
from backend.letters.actions.delivering import INSIDE
from backend.letters.choices import AnswerKind, Confidentiality, DeliveryMethod, Register
from backend.letters.models import Addressee, Letter
from backend.organization.models import Department, OutsideBody
from permissions.core import scope
from permissions.letters import access


class AddresseeField(forms.TypedChoiceField):
    """One of the addressees of a letter whose turn it is, named by its key."""

    def __init__(self, *, empty_label: Any = "", **kwargs: Any) -> None:
        self.empty_label = empty_label
        super().__init__(empty_value=None, **kwargs)

    def offer(self, rows: Iterable[Addressee], *, or_none: bool = False) -> None:
        """Offer these, and first the empty choice."""
        values = {str(row.key): row for row in rows}
        self.required, self.coerce = not or_none, values.__getitem__
        choices = [(key, str(row)) for key, row in values.items()]
        self.choices = optional(choices, self.empty_label) if or_none else choices


MODEL_FIELDS[Addressee] = AddresseeField


class RecordNumberForm(ActionForm):
    def starting(self, letter: Letter) -> dict[str, object]:
        return {"on": today()}


class ReplyForm(ActionForm):
    def values(self) -> dict[str, Any]:
        return {"department": access.answering(self.row)}


class DispatchForm(ActionForm):
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Empty: the one on record.")
    )

    def prepare(self, letter: Letter) -> None:
        waiting = list(letter.addressees.filter(sent_at__isnull=True))
        inside = [one for one in waiting if one.kind in INSIDE]
        field: Any = self.fields["addressee"]
        field.offer(waiting, or_none=len(inside) > 1)
        if len(inside) == len(waiting):
            self.fields["means"].initial = DeliveryMethod.SYSTEM


class ConfirmForm(ActionForm):
    def starting(self, letter: Letter) -> dict[str, object]:
        return {"delivered_on": today()}

    def prepare(self, letter: Letter) -> None:
        field: Any = self.fields["addressee"]
        field.offer(letter.addressees.filter(sent_at__isnull=False, delivered_on__isnull=True))


class ReceiveForm(OfficeForm):
    """A letter that came in."""

    body_of_sender = forms.ModelChoiceField(
        label=_("Which body wrote it?"),
        queryset=OutsideBody.objects.order_by("protocol_rank", "name_sort"),
        to_field_name="code",
        required=False,
        empty_label=_("none of these"),
    )
    sender = forms.CharField(
        label=_("or who"),
        max_length=200,
        required=False,
        help_text=_("A person, an association, another body."),
    )
    sender_number = forms.CharField(label=_("Its number (sayı)"), max_length=60, required=False)
    sent_on = DayField(past=True, label=_("Its date"), required=False)
    received_on = DayField(past=True, label=_("Received on"), initial=today)
    our_number = forms.CharField(
        label=_("Which letter of ours does it answer?"),
        max_length=60,
        required=False,
        help_text=_("Its number (sayı) or register number; empty: none."),
    )
    subject = forms.CharField(label=_("Subject (konu)"), max_length=200)
    text = forms.CharField(label=_("Text or summary"), widget=text_area(4), required=False)
    asks_for = forms.ChoiceField(label=_("What does it ask for?"), choices=AnswerKind.choices)
    answer_by = DayField(
        label=_("The day that it names"), required=False, help_text=_("Only where it names one.")
    )
    to = forms.ModelMultipleChoiceField(
        label=_("Refer to"),
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    confidentiality = forms.ChoiceField(label=_("Confidentiality"), choices=Confidentiality.choices)
    file = forms.FileField(label=_("The letter itself (PDF or picture)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = model_choice(self, "to")
        to.queryset = Department.objects.open().in_order()

    def clean_our_number(self) -> Letter | None:
        number = clean(self.cleaned_data["our_number"])
        if not number:
            return None
        theirs = Q(document_number=number) | Q(reference=number)
        match = scope.visible(Letter).filter(theirs).exclude(register=Register.INCOMING).first()
        if match is None:
            raise forms.ValidationError(_("There is no letter of ours with this number."))
        return match

    def facts(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return values | {"answers": values.pop("our_number")}


class SubstituteForm(OfficeForm):
    person = PersonField(label=_("Who is away"))
    substitute = PersonField(label=_("Who stands in"))
    valid_from = DayField(label=_("From"), initial=today)
    valid_until = DayField(label=_("Until"))
