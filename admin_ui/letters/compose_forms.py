"""The composer's form: what stands on a letter, with its addressees, references, annexes and initials as rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts.picker import ORGANISATION, PERSON, AddressedField, Picked, PickerInput
from admin_ui.core.fields import DayField, PersonField, model_choice
from admin_ui.core.forms import OfficeForm, explained, optional, text_area
from backend.contacts.models import Citizen
from backend.core.words.text import clean, tr_fold
from backend.letters.actions.writing import Enclosed, Initialling, Recipient, Referred
from backend.letters.choices import (
    AddresseeKind,
    Capacity,
    Confidentiality,
    Kind,
    Medium,
    Office,
    Purpose,
    StepRole,
    Urgency,
)
from backend.letters.law.addressing import guess_kind
from backend.letters.models import Addressee, Letter
from backend.organization.models import Department, FilePlanCode, OutsideBody
from backend.partners.models import Organisation
from backend.protocol.models import Holding
from backend.protocol.models import Office as ProtocolOffice
from permissions.contacts import picking
from permissions.core import scope
from permissions.letters.access import holder, own_departments

MOST_NAMES = 6
FACTS = (
    "kind",
    "file_code",
    "subject",
    "salutation",
    "body",
    "closing",
    "confidentiality",
    "urgency",
    "due_on",
    "signatory",
    "signatory_title",
    "office",
    "capacity",
    "medium",
    "approver",
    "approver_title",
    "approver_capacity",
)


class CodeField(forms.ModelChoiceField):
    """A code of the file plan that may be used today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=FilePlanCode.objects.none(), to_field_name="code", required=False, **kwargs)

    def __deepcopy__(self, memo: dict[int, object]) -> Any:
        copied = super().__deepcopy__(memo)
        copied.queryset = FilePlanCode.objects.valid()
        return copied


class ComposeForm(OfficeForm):
    """The parts that are single. `version` says which state of the letter the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    department = forms.ModelChoiceField(
        label=_("In the name of"),
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=None,
    )
    kind = forms.ChoiceField(label=_("Kind of letter"), choices=Kind.choices)
    file_code = explained(
        CodeField(label=_("File plan code"), empty_label=_("not chosen yet")),
        _("The third part of the number of a letter: under which subject it is filed."),
        "Resmî Yazışma Yönetmeliği m. 11",
    )
    subject = explained(
        forms.CharField(label=_("Subject (konu)"), max_length=200, required=False),
        _("In a few words, each with a capital, without a full stop."),
        "Resmî Yazışma Yönetmeliği m. 13",
    )
    salutation = forms.CharField(
        label=_("Salutation"),
        max_length=200,
        required=False,
        help_text=_("Letters of the makam only: Sayın Ad SOYAD,"),
    )
    body = forms.CharField(label=_("Text"), widget=text_area(10), required=False)
    closing = forms.CharField(label=_("Closing"), max_length=200, required=False)
    confidentiality = explained(
        forms.ChoiceField(label=_("Confidentiality"), choices=Confidentiality.choices, required=False),
        _(
            "Who may read it: the degree stands in red above and below the text, and only its readers find it here."
        ),
        "Resmî Yazışma Yönetmeliği m. 25",
    )
    urgency = explained(
        forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False),
        _(
            "By when it is to be answered: the word stands in red on the paper, and the addressee counts from it."
        ),
        "Resmî Yazışma Yönetmeliği m. 26",
    )
    due_on = DayField(label=_("Answer wanted by (GÜNLÜDÜR)"), required=False)
    signatory = PersonField(label=_("Who signs"), required=False, empty_label=_("not chosen yet"))
    signatory_title = forms.CharField(label=_("Title"), max_length=120, required=False)
    office = forms.ChoiceField(label=_("With the rank of"), choices=Office.choices, required=False)
    capacity = forms.ChoiceField(label=_("Signs"), choices=Capacity.choices, required=False)
    medium = forms.ChoiceField(label=_("Where the original lives"), choices=Medium.choices, required=False)
    approver = PersonField(
        label=_("Gives the olur"),
        required=False,
        empty_label=_("not chosen yet"),
        help_text=_("Of an olur only."),
    )
    approver_title = forms.CharField(label=_("Title under the olur"), max_length=120, required=False)
    approver_capacity = forms.ChoiceField(label=_("Gives it"), choices=Capacity.choices, required=False)

    def __init__(self, *args: Any, letter: Letter | None = None, **kwargs: Any) -> None:
        if letter is not None:
            kwargs["initial"] = {"version": letter.version, **_stored(letter), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        mine = model_choice(self, "department")
        mine.queryset = own_departments()
        if letter is not None or mine.queryset.count() < 2:
            mine.widget = forms.HiddenInput()

    def facts(self) -> dict[str, Any]:
        """What the action is called with."""
        values = {name: self.cleaned_data.get(name) for name in FACTS}
        values["signatory_name"] = ""  # the signatory's own
        return {name: value for name, value in values.items() if value is not None or name in _EMPTIED}


_EMPTIED = {"due_on", "file_code", "signatory", "approver"}


def _stored(letter: Letter) -> dict[str, object]:
    values = {name: getattr(letter, name) for name in FACTS}
    values["file_code"] = letter.file_code.code if letter.file_code else None
    for name in ("signatory", "approver"):
        person = getattr(letter, name)
        values[name] = person.username if person else None
    return values


class AddresseeForm(OfficeForm):
    """One addressee: `who` is a record that was chosen, else found among departments, bodies and offices, else what it
    looks like."""

    who = AddressedField(
        label=_("To whom"),
        help_text="",
        widget=PickerInput((PERSON, ORGANISATION), {"list": "known"}, search="admin:letters_letter_pick"),
    )
    surname = forms.CharField(label=_("Surname of a person"), max_length=80, required=False)
    title = forms.CharField(label=_("Office that a person holds"), max_length=160, required=False)
    unit = forms.CharField(label=_("Unit of the body"), max_length=160, required=False)
    purpose = forms.ChoiceField(label=_("Why"), choices=Purpose.choices, required=False)
    kind = forms.ChoiceField(
        label=_("What they are"),
        choices=lambda: optional(AddresseeKind.choices, _("as found")),
        required=False,
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class ReferenceForm(OfficeForm):
    """One reference: a number of ours is found in the registers."""

    on = DayField(label=_("Date"), required=False)
    number = forms.CharField(label=_("Number (sayı)"), max_length=60, required=False)
    author = forms.CharField(label=_("Whose; empty: the addressee's"), max_length=200, required=False)
    is_ours = forms.BooleanField(label=_("ours"), required=False)
    what = forms.CharField(label=_("What, if no letter"), max_length=60, required=False)


class AnnexForm(OfficeForm):
    title = forms.CharField(label=_("Annex"), max_length=200, required=False)
    measure = forms.CharField(label=_("Pages or pieces"), max_length=60, required=False)
    confidentiality = forms.ChoiceField(
        label=_("Confidentiality"),
        choices=[
            (one.value, _("none") if one == Confidentiality.NONE else one.label) for one in Confidentiality
        ],
        required=False,
    )


class StepForm(OfficeForm):
    person = PersonField(label=_("Who initials"), required=False, empty_label="–")
    role = forms.ChoiceField(label=_("As what"), choices=StepRole.choices, required=False)


class StepRows(BaseFormSet):
    """Who initials when: each row says its place, so that the order is changed without writing it anew."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["place"] = forms.IntegerField(
            label=_("Place in the order"),
            min_value=1,
            max_value=99,
            required=False,
            initial=None if index is None else index + 1,
        )


def _rows(form: type[forms.Form], formset: Any = BaseFormSet) -> Any:
    return formset_factory(form, formset, extra=1, max_num=60, absolute_max=60, validate_max=True)


ROWS = {
    "addressees": _rows(AddresseeForm),
    "references": _rows(ReferenceForm),
    "annexes": _rows(AnnexForm),
    "steps": _rows(StepForm, StepRows),
}


def row_sets(
    data: QueryDict | None = None, letter: Letter | None = None, initial: dict[str, object] | None = None
) -> dict[str, BaseFormSet[Any]]:
    """The rows, as they were sent (one that did not change must not count as empty) or as they stand."""
    stored = stored_rows(letter) if letter is not None else (initial or {})
    return {
        name: kind(data, prefix=name, initial=None if data else stored.get(name, []))
        for name, kind in ROWS.items()
    }


def stored_rows(letter: Letter) -> dict[str, list[dict[str, Any]]]:
    addressees = [
        {
            **_who(addressee),
            "title": addressee.title,
            "unit": addressee.unit,
            "purpose": addressee.purpose,
            "kind": addressee.kind,
            "address": addressee.address,
            "email": addressee.email,
        }
        for addressee in letter.addressees.select_related("citizen")
    ]
    references = [
        {"on": r.on, "number": r.number, "author": r.author, "is_ours": r.is_ours, "what": r.what}
        for r in letter.references.all()
    ]
    annexes = [
        {"title": a.title, "measure": a.measure, "confidentiality": a.confidentiality}
        for a in letter.annexes.all()
    ]
    steps = [{"person": s.person.username, "role": s.role} for s in letter.steps.select_related("person")]
    return {"addressees": addressees, "references": references, "annexes": annexes, "steps": steps}


def _who(addressee: Addressee) -> dict[str, Any]:
    """The name as it stands; linked with the record of the citizen whom the viewer sees."""
    citizen = picking.seen([Citizen], str(addressee.citizen.key)) if addressee.citizen else None
    if citizen is None:
        return {"who": addressee.name, "surname": addressee.surname}
    name = str(addressee)
    return {"who": Picked(name, str(citizen.key), name), "surname": ""}


def said_rows(sets: dict[str, BaseFormSet[Any]], letter: Letter | None = None) -> dict[str, list[Any]]:
    """The rows that say something, as the action takes them."""
    filled = {
        name: [form.cleaned_data for form in rows if getattr(form, "cleaned_data", None)]
        for name, rows in sets.items()
    }
    known = _Known(letter)
    return {
        "addressees": [known.recipient(one) for one in filled["addressees"] if clean(one["who"].text)],
        "references": [
            Referred(
                to=known.letters.get(one["number"]),
                is_person=bool(one["author"]) and guess_kind(one["author"]) == AddresseeKind.PERSON,
                **one,
            )
            for one in filled["references"]
            if one["on"] or one["number"] or one["what"]
        ],
        "annexes": [
            Enclosed(one["title"], one["measure"], one["confidentiality"] or Confidentiality.NONE)
            for one in filled["annexes"]
            if one["title"] or one["measure"]
        ],
        "steps": [
            Initialling(one["person"], one["role"] or StepRole.INITIALS)
            for one in sorted(filled["steps"], key=lambda values: values["place"] or 99)
            if one["person"]
        ],
    }


class _Known:
    """Departments and bodies by their names, in search form; citizens and letters that the draft names already."""

    def __init__(self, letter: Letter | None) -> None:
        self.departments = {
            tr_fold(name): row for row in Department.objects.open() for name in (row.name, row.short_name)
        }
        self.bodies = {
            tr_fold(name): row for row in OutsideBody.objects.all() for name in (row.name, row.short_name)
        }
        self.offices = {tr_fold(one.title): one for one in _held()}
        self.citizens: dict[tuple[str, str], Any] = {}
        self.letters: dict[str, Letter] = {}
        if letter is not None:
            for addressee in letter.addressees.select_related("citizen").exclude(citizen=None):
                self.citizens[addressee.name, addressee.surname] = addressee.citizen
            for reference in letter.references.select_related("to").exclude(to=None):
                self.letters[reference.number] = reference.to  # type: ignore[assignment]

    def recipient(self, row: dict[str, Any]) -> Recipient:
        name, kind = clean(row["who"].text), row["kind"]
        rest = {key: row[key] for key in ("title", "unit", "address", "email")}
        rest["purpose"] = row["purpose"] or Purpose.ACTION
        record = row["who"].row
        if isinstance(record, Citizen):
            return Recipient(citizen=record, **rest)
        if isinstance(record, Organisation):
            return _organisation(record, rest, kind)
        folded = tr_fold(name)
        if kind in ("", AddresseeKind.DEPARTMENT) and folded in self.departments:
            return Recipient(department=self.departments[folded], **rest)
        if kind in ("", AddresseeKind.BODY, AddresseeKind.COMPANY) and folded in self.bodies:
            return Recipient(body=self.bodies[folded], **rest)
        if citizen := self.citizens.get((name, row["surname"])):
            return Recipient(citizen=citizen, **rest)
        if kind in ("", AddresseeKind.PERSON) and not row["surname"] and folded in self.offices:
            held = holder(self.offices[folded])
            return replace(held, **{key: value for key, value in rest.items() if value})
        result = kind or guess_kind(f"{name} {row['surname']}")
        bare = name.removeprefix("Sayın ") if result == AddresseeKind.PERSON else name
        return Recipient(kind=result, name=bare, surname=row["surname"], **rest)


def _organisation(row: Organisation, typed: dict[str, Any], kind: str) -> Recipient:
    """The organisation as it is on record; what was written of its address comes first."""
    if row.body is not None:
        return Recipient(body=row.body, **typed)
    known = {"address": row.address, "email": row.email}
    facts = typed | {name: typed[name] or value for name, value in known.items()}
    return Recipient(kind=kind or guess_kind(row.name), name=row.name, **facts)


def _held() -> list[ProtocolOffice]:
    """The offices of the protocol whose holder the viewer may know."""
    if not scope.visible(Holding).exists():
        return []
    return list(ProtocolOffice.objects.in_use().filter(is_collective=False).order_by("title_sort", "pk"))


def names_like(text: str) -> list[str]:
    """Those of the known names in which a word begins with what was typed, at most some."""
    folded = tr_fold(clean(text))
    if len(folded) < picking.SHORTEST:
        return []
    return [name for name in known_names() if f" {folded}" in f" {tr_fold(name)}"][:MOST_NAMES]


def known_names() -> list[str]:
    """What is proposed while one types: departments, bodies and offices of the protocol."""
    names = [row.name for row in Department.objects.open().in_order()]
    return [
        *names,
        *(one.title for one in _held()),
        *OutsideBody.objects.order_by("protocol_rank", "name_sort").values_list("name", flat=True),
    ]
