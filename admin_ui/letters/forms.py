"""The forms of the verbs of a letter. Field names are the parameters of the actions: a refusal finds its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admin_ui.core.fields import DayField, DepartmentField, PersonField
from admin_ui.core.forms import OfficeForm, text_area
from backend.core.localtime import today
from backend.core.words.text import clean
from backend.letters.actions.delivering import INSIDE
from backend.letters.choices import AnswerKind, Confidentiality, Means, Register
from backend.letters.models import Letter
from backend.organization.models import Department, OutsideBody
from permissions.core import scope


class LetterForm(OfficeForm):
    """`version` says which state of the letter the user saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, row: Letter, *args: Any, **kwargs: Any) -> None:
        self.row = row
        kwargs["initial"] = {"version": row.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.prepare(row)

    def prepare(self, row: Letter) -> None: ...

    def show(self, row: Letter) -> None:
        """Shown again beside the letter as it now is: sent again, it is about this state of it."""
        self.replace(version=str(row.version))

    def values(self) -> dict[str, Any]:
        """What the action is called with."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReasonForm(LetterForm):
    reason = forms.CharField(label=_("Reason"), widget=text_area(3))


class InitialForm(LetterForm):
    note = forms.CharField(label=_("Note"), widget=text_area(2), required=False)


class FileForm(LetterForm):
    note = forms.CharField(label=_("Why it needs no answer"), widget=text_area(2))


class RecordNumberForm(LetterForm):
    number = forms.CharField(label=_("Number in the document system (EBYS)"), max_length=60)
    on = DayField(label=_("Its date there"), initial=today)


class ReferForm(LetterForm):
    to = DepartmentField(label=_("To which department"))
    note = forms.CharField(label=_("Note"), widget=text_area(2), required=False)


class AttachForm(LetterForm):
    file = forms.FileField(label=_("File"))


class _OfAddressee(LetterForm):
    addressee = forms.ChoiceField(label=_("Which addressee"))

    def prepare(self, row: Letter) -> None:
        waiting = self.waiting(row)
        field: Any = self.fields["addressee"]
        field.choices = [(str(one.key), str(one)) for one in waiting]

    def waiting(self, row: Letter) -> Any:
        raise NotImplementedError


class DispatchForm(_OfAddressee):
    means = forms.ChoiceField(label=_("How"), choices=Means.choices)
    proof = forms.CharField(
        label=_("Proof"),
        max_length=200,
        required=False,
        help_text=_("Zimmet page, number of the registered post, number of the KEP message."),
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Only where none is on record.")
    )
    field_order = ("addressee", "means", "proof", "email")

    def waiting(self, row: Letter) -> Any:
        return row.addressees.filter(sent_at__isnull=True)

    def prepare(self, row: Letter) -> None:
        super().prepare(row)
        waiting, field = list(self.waiting(row)), self.fields["addressee"]
        inside = [one for one in waiting if one.kind in INSIDE]
        if len(inside) > 1:
            field.choices = [("", _("all departments, in this system")), *field.choices]  # type: ignore[attr-defined]
            field.required = False
        if len(inside) == len(waiting):
            self.fields["means"].initial = Means.SYSTEM


class ConfirmForm(_OfAddressee):
    delivered_on = DayField(label=_("Delivered on"), initial=today)
    proof = forms.CharField(label=_("Proof"), max_length=200, required=False)
    field_order = ("addressee", "delivered_on", "proof")

    def waiting(self, row: Letter) -> Any:
        return row.addressees.filter(sent_at__isnull=False, delivered_on__isnull=True)


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
    sent_on = DayField(label=_("Its date"), required=False)
    received_on = DayField(label=_("Received on"), initial=today)
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
        to: Any = self.fields["to"]
        to.queryset = Department.objects.open().in_order()

    def clean_our_number(self) -> Letter | None:
        number = clean(self.cleaned_data["our_number"])
        if not number:
            return None
        theirs = Q(document_number=number) | Q(official_number=number) | Q(reference=number)
        found = scope.visible(Letter).filter(theirs).exclude(register=Register.INCOMING).first()
        if found is None:
            raise forms.ValidationError(_("There is no letter of ours with this number."))
        return found

    def facts(self) -> dict[str, Any]:
        found = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return found | {"answers": found.pop("our_number")}


class SubstituteForm(OfficeForm):
    person = PersonField(label=_("Who is away"))
    substitute = PersonField(label=_("Who stands in"))
    valid_from = DayField(label=_("From"), initial=today)
    valid_until = DayField(label=_("Until"))
