"""The forms of greetings. Field names are the parameters of the actions, so that a refusal finds its field."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts.picker import CitizenField
from admin_ui.core.fields import DayField, PersonField, choice, model_choice
from admin_ui.core.forms import ActionForm, OfficeForm, text_area
from backend.greetings.choices import GREETS, Basis, Channel, Decision, KeptKind, OccasionKind, Wish
from backend.greetings.models import Batch, Occasion
from backend.greetings.wording import PLACES
from backend.letters.choices import Kind
from backend.letters.models import LetterTemplate
from backend.organization.models import Department, OutsideBody
from backend.partners.choices import ListStatus
from backend.partners.models import ContactList
from backend.protocol.models import Office
from permissions.core import scope
from permissions.core.filters import Action

LETTER_KINDS = [(kind.value, kind.label) for kind in Kind if kind in GREETS]
OWN_KINDS = [
    (kind.value, kind.label)
    for kind in OccasionKind
    if kind not in (OccasionKind.BIRTHDAY, OccasionKind.ANNIVERSARY, OccasionKind.BEREAVEMENT)
]
MONTHS = [
    (1, _("January")),
    (2, _("February")),
    (3, _("March")),
    (4, _("April")),
    (5, _("May")),
    (6, _("June")),
    (7, _("July")),
    (8, _("August")),
    (9, _("September")),
    (10, _("October")),
    (11, _("November")),
    (12, _("December")),
]


class ChannelsField(forms.MultipleChoiceField):
    """How it goes out; what stands first is tried first."""

    def __init__(self) -> None:
        super().__init__(
            label=_("How it goes out"),
            choices=Channel.choices,
            widget=forms.CheckboxSelectMultiple,
            initial=[Channel.EMAIL, Channel.PRINT],
            help_text=_("Each recipient is reached by the first of these that is possible."),
        )


class TextFields(forms.Form):
    """The text of a batch."""

    subject = forms.CharField(label=_("Subject of the e-mail"), max_length=200, required=False)
    salutation = forms.CharField(label=_("Salutation"), max_length=200, required=False)
    body = forms.CharField(label=_("Text"), widget=text_area(8), required=False)
    closing = forms.CharField(label=_("Closing"), max_length=200, required=False)
    sms_text = forms.CharField(
        label=_("Text of the SMS"), widget=text_area(2, maxlength=480), max_length=480, required=False
    )
    signatory = PersonField(label=_("Who signs"), required=False, empty_label=_("not chosen yet"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = ", ".join(f"{{{{{place}}}}}" for place in PLACES)
        self.fields["body"].help_text = _("Places that are filled in for each: %(places)s.") % {
            "places": places
        }


class NewBatchForm(TextFields, OfficeForm):
    """An occasion that is there or a new one, and the text."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    occasion = forms.ModelChoiceField(
        label=_("Occasion"),
        queryset=Occasion.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("a new one, named below"),
    )
    name = forms.CharField(label=_("Name of the new occasion"), max_length=160, required=False)
    on = DayField(label=_("Its day"), required=False)
    kind = forms.ChoiceField(label=_("Its kind"), choices=OWN_KINDS, initial=OccasionKind.OTHER)
    letter_kind = forms.ChoiceField(
        label=_("What the letters are"), choices=LETTER_KINDS, initial=Kind.CONGRATULATION
    )
    title = forms.CharField(
        label=_("Title of the batch"),
        max_length=120,
        help_text=_("For you, such as “Muhtarlar” or “Dernekler”."),
    )
    channels = ChannelsField()
    template = forms.ModelChoiceField(
        label=_("Template"),
        queryset=LetterTemplate.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("none, written below"),
    )

    OF_OCCASION = ("occasion", "name", "on", "kind", "letter_kind")
    field_order = (*OF_OCCASION, "title", "channels", "template")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        occasions = scope.visible(Occasion).filter(letter=None)
        model_choice(self, "occasion").queryset = occasions.order_by("-on", "-pk")
        templates = LetterTemplate.objects.filter(is_active=True, kind__in=GREETS)
        model_choice(self, "template").queryset = templates.order_by("kind", "name")

    def clean(self) -> dict[str, object]:
        result: dict[str, object] = super().clean() or self.cleaned_data
        if not result.get("occasion"):
            for name, message in (("name", _("Name the occasion.")), ("on", _("Choose its day."))):
                if not result.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return result

    def facts(self) -> dict[str, Any]:
        """What `prepare` is called with: what was left empty is the template's."""
        names = ("subject", "salutation", "body", "closing", "sms_text", "signatory")
        written = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
        return {name: self.cleaned_data[name] for name in ("title", "channels", "template")} | written


class WriteForm(TextFields, ActionForm):
    title = forms.CharField(label=_("Title of the batch"), max_length=120)
    channels = ChannelsField()
    field_order = ("title", "channels")

    def starting(self, batch: Batch) -> dict[str, object]:
        names = ("title", "channels", "subject", "salutation", "body", "closing", "sms_text")
        values = {name: getattr(batch, name) for name in names}
        return {**values, "signatory": batch.signatory.username if batch.signatory else None}

    def values(self) -> dict[str, object]:
        values = super().values()
        if values["signatory"] is None or "signatory" not in self.changed_data:
            del values["signatory"]
        else:
            values |= {"signatory_name": "", "signatory_title": ""}  # the signatory's own
        return values


class DecideForm(ActionForm):
    decision = forms.ChoiceField(
        label=_("Of all who are flagged"), choices=Decision.choices, widget=forms.RadioSelect
    )


class HousesForm(OfficeForm):
    """Departments and outside bodies."""

    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    bodies = forms.ModelMultipleChoiceField(
        label=_("Outside bodies"),
        queryset=OutsideBody.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_choice(self, "departments").queryset = Department.objects.open().in_order()
        model_choice(self, "bodies").queryset = OutsideBody.objects.order_by("protocol_rank", "name_sort")


class OfficesForm(OfficeForm):
    """Offices of the protocol; their holders on the day of the occasion become recipients."""

    offices = forms.ModelMultipleChoiceField(
        label=_("Offices of the protocol"),
        queryset=Office.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_choice(self, "offices").queryset = Office.objects.in_use().order_by("sphere", "title_sort")


class ListsForm(OfficeForm):
    """Partner lists; their members today become recipients."""

    lists = forms.ModelMultipleChoiceField(
        label=_("Lists of partners"),
        queryset=ContactList.objects.none(),
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = scope.visible(ContactList).filter(status=ListStatus.IN_USE)
        model_choice(self, "lists").queryset = rows.order_by("title_sort", "pk")


class FileForm(OfficeForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or Excel (.xlsx) with a row of headings: Ad, Soyad, Unvan, Kurum, Telefon, E-posta, Adres."
        ),
    )


class SelectionForm(OfficeForm):
    """A saved filter of the list of citizens."""

    selection = forms.ChoiceField(label=_("Saved filter of the citizens"))

    def __init__(self, options: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "selection").choices = options


class KeepDayForm(OfficeForm):
    """A day of a citizen, with the right by which it is kept."""

    kind = forms.ChoiceField(label=_("Which day"), choices=KeptKind.choices)
    of_what = forms.CharField(
        label=_("Of what"),
        max_length=120,
        required=False,
        help_text=_("Of an anniversary, such as “Göreve başlama”."),
    )
    day = forms.IntegerField(label=_("Day of the month"), min_value=1, max_value=31)
    month = forms.TypedChoiceField(label=_("Month"), choices=MONTHS, coerce=int)
    since = forms.IntegerField(
        label=_("Since the year"),
        required=False,
        min_value=1900,
        max_value=2200,
        help_text=_("Of an anniversary. Of a birthday no year is kept (KVKK m.4)."),
    )
    basis = forms.ChoiceField(label=_("By what right it is kept"), choices=Basis.choices)
    basis_note = forms.CharField(
        label=_("Where that is seen"),
        max_length=200,
        help_text=_("Such as the date of the form that was signed."),
    )


class WishForm(OfficeForm):
    wish = forms.ChoiceField(label=_("Their wish"), choices=Wish.choices, widget=forms.RadioSelect)
    proof = forms.CharField(label=_("How they expressed it"), max_length=200)
    notified_on = DayField(past=True, label=_("When"), required=False, help_text=_("Empty: today."))


class BereavementForm(OfficeForm):
    on = DayField(past=True, label=_("Day of death"))
    who = forms.CharField(
        label=_("Whom they lost"),
        max_length=120,
        required=False,
        help_text=_("Such as “annesi”; no cause of death."),
    )
    deceased = CitizenField(
        label=_("Record of who died"),
        action=Action.CORRECT,
        help_text=_("The day of death is kept there: no one greets or invites them any more."),
    )
    without_record = forms.BooleanField(label=_("Who died has no record here"), required=False)
