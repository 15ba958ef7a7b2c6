"""The forms of the verbs of an instruction. Field names are the parameters of the actions, so that a refusal finds its
field.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_ui.core.fields import DayField, FilesField, MomentField, PersonField, model_choice
from admin_ui.core.forms import ActionForm, text_area
from backend.instructions.choices import Form, Priority, Setting
from backend.instructions.models import Instruction
from backend.organization.models import Department, User


class ReportForm(ActionForm):
    evidence = FilesField(
        label=_("Files that show it"), help_text=_("Photographs, minutes, lists: several at once.")
    )


class DatedReasonForm(ActionForm):
    def prepare(self, instruction: Instruction) -> None:
        field = self.fields["due_on"]
        if instruction.ended_at is not None and instruction.days_left < 0:
            field.required, field.help_text = True, _("The former date has passed.")


class GrantTimeForm(ActionForm):
    due_on = DayField(label=_("New last day"))

    def starting(self, instruction: Instruction) -> dict[str, object]:
        return {"due_on": instruction.asked_until}


class ConfirmForm(ActionForm):
    """An empty text is no confirmation, though a program may leave it out."""

    def prepare(self, instruction: Instruction) -> None:
        self.fields["text"].required = True

    def starting(self, instruction: Instruction) -> dict[str, object]:
        return {"text": instruction.text}


class FactsFields(forms.Form):
    """Time, place and form of the instruction, and its principal."""

    setting = forms.ChoiceField(label=_("On what occasion?"), choices=Setting.choices, initial=Setting.PHONE)
    said_at = MomentField(
        past=True, label=_("When was it issued?"), required=False, help_text=_("Empty: just now.")
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    form = forms.ChoiceField(label=_("Oral or in writing?"), choices=Form.choices, initial=Form.ORAL)
    heard_by = PersonField(label=_("Who heard it?"), required=False, empty_label=_("I myself"))
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        required=False,
        help_text=_("Empty: the beginning of the text."),
    )
    person = PersonField(label=_("Responsible person"), required=False, empty_label=_("none"))


class CorrectForm(FactsFields, ActionForm):
    text = forms.CharField(
        label=_("What is to be done"),
        widget=text_area(4),
        help_text=_("A new text has to be confirmed again; the department is notified."),
    )
    due_on = DayField(label=_("Last day"))
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    note = forms.CharField(label=_("Why it is corrected"), widget=text_area(2), required=False)
    field_order = (
        *("text", "due_on", "priority", "person", "subject"),
        *("setting", "said_at", "place", "form", "heard_by", "note"),
    )

    def starting(self, row: Instruction) -> dict[str, object]:
        names = ("text", "due_on", "priority", "subject", "setting", "said_at", "place", "form")
        return {name: getattr(row, name) for name in names} | {
            "person": row.person.username if row.person else None,
            "heard_by": row.heard_by.username if row.heard_by else None,
        }

    def prepare(self, instruction: Instruction) -> None:
        model_choice(self, "heard_by").empty_label = _("no one")
        self.fields["said_at"].help_text = ""
        self.fields["said_at"].required = True

    def values(self) -> dict[str, object]:
        """The browser tells minutes: the same minute is no new moment."""
        values = super().values()
        if values["said_at"] == self.row.said_at.replace(second=0, microsecond=0):
            del values["said_at"]
        return values


class ReleaseCollaboratorForm(ActionForm):
    department = forms.ModelChoiceField(
        label=_("Collaborating department"), queryset=Department.objects.none(), to_field_name="code"
    )

    def prepare(self, instruction: Instruction) -> None:
        field = model_choice(self, "department")
        field.queryset = Department.objects.filter(pk__in=instruction.collaborators).in_order()


class UnnameReaderForm(ActionForm):
    user = forms.ModelChoiceField(
        label=_("Who reads it no longer"), queryset=User.objects.none(), to_field_name="username"
    )

    def prepare(self, instruction: Instruction) -> None:
        field = model_choice(self, "user")
        field.queryset = User.objects.filter(pk__in=instruction.readers).order_by("first_name", "last_name")
