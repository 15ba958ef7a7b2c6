"""The forms of the verbs of an invitation. Field names are the parameters of the actions, so that a refusal finds its
field.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts.picker import NamedOrganisationField
from admin_ui.core.fields import DayField, MinutesField, MomentField, PrincipalField, model_choice
from admin_ui.core.forms import ActionForm, OfficeForm, text_area
from admin_ui.partners import choice as partner_choice
from backend.core.errors import DomainError, ErrorCode
from backend.invitations.choices import DECIDED, DeclineGround, Occasion
from backend.invitations.models import GiftOrder, Invitation
from backend.programme.models import Principal
from permissions.core import scope

FACTS = (
    "occasion",
    "title",
    "host",
    "starts_at",
    "ends_at",
    "place",
    "answer_by",
    "wish",
    "contact",
    "phone",
    "email",
    "body",
)


class FactsFields(forms.Form):
    """Who invites, to what, when and where."""

    occasion = forms.ChoiceField(label=_("To what?"), choices=Occasion.choices, initial=Occasion.OPENING)
    title = forms.CharField(label=_("What is it?"), max_length=200)
    host = NamedOrganisationField(label=_("Who invites?"), required=True)
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"), required=False, help_text=_("Empty: two hours later."))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    answer_by = DayField(label=_("Answer wanted by"), required=False)
    wish = forms.CharField(
        label=_("What do they wish?"),
        max_length=300,
        required=False,
        help_text=_("For example: a speech of five minutes, the ribbon."),
    )
    contact = forms.CharField(label=_("Whom to answer"), max_length=160, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    body = forms.CharField(label=_("Text of the invitation"), widget=text_area(3), required=False)


class NewInvitationForm(FactsFields, OfficeForm):
    """An invitation that arrived. `anyway`: it was seen that there is one of this host on this day."""

    principal = PrincipalField(label=_("Who is invited?"))
    file = forms.FileField(label=_("The invitation itself (PDF or picture)"), required=False)
    anyway = forms.BooleanField(label=_("It is another invitation"), required=False, widget=forms.HiddenInput)
    field_order = ("principal", *FACTS, "file", "anyway")

    def facts(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in FACTS}
        return partner_choice.written(values, "host", "host", None)


class CorrectForm(FactsFields, ActionForm):
    field_order = FACTS

    def starting(self, row: Invitation) -> dict[str, object]:
        values = {name: getattr(row, name) for name in FACTS}
        host = partner_choice.seen(row.partner_id) or row.host
        return values | {"phone": str(row.phone or ""), "host": host}

    def values(self) -> dict[str, Any]:
        result = partner_choice.written(super().values(), "host", "host", self.row.partner_id)
        return {name: value for name, value in result.items() if value is not None or name != "ends_at"}


class PlannedForm(ActionForm):
    """A decision by which it enters a programme; an unusual time asks once whether it is meant."""

    field_order: tuple[str, ...] = ("travel_minutes", "accept_unusual", "reason", "means", "body")
    travel_minutes = MinutesField(label=_("Travel in minutes"), help_text=_("There and back, each."))
    accept_unusual = forms.BooleanField(
        label=_("I know; at this time all the same"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("accept_unusual") not in (None, "", "False"):
            self.fields["accept_unusual"].widget = forms.CheckboxInput()

    def refuse(self, error: DomainError) -> None:
        if error.code == ErrorCode.UNUSUAL:
            self.fields["accept_unusual"].widget = forms.CheckboxInput()
        super().refuse(error)

    def prepare(self, invitation: Invitation) -> None:
        self.fields["reason"].required = invitation.status in DECIDED


class DeclineForm(ActionForm):
    ground = forms.ChoiceField(
        label=_("Reason that the host reads"), choices=DeclineGround.choices, widget=forms.RadioSelect
    )
    field_order = ("ground", "body", "reason", "means")

    def prepare(self, invitation: Invitation) -> None:
        self.fields["reason"].required = invitation.status in DECIDED


class RepresentForm(PlannedForm):
    deputy = forms.ModelChoiceField(
        label=_("A principal"),
        queryset=Principal.objects.none(),
        to_field_name="key",
        required=False,
        empty_label="–",
        help_text=_("It enters their programme, if they are free."),
    )
    field_order = ("deputy", "representative", "name", "note", *PlannedForm.field_order)

    def prepare(self, invitation: Invitation) -> None:
        super().prepare(invitation)
        kept: Any = scope.visible(Principal, action=scope.Action.PLAN).filter(is_active=True)
        field = model_choice(self, "deputy")
        field.queryset = kept.exclude(pk=invitation.principal_id).order_by("position", "id")


class OrderForm(ActionForm):
    def starting(self, row: Invitation) -> dict[str, object]:
        due_at = row.starts_at - dt.timedelta(hours=1)
        return {"address": row.place, "due_at": due_at, "text": row.principal.name}


class OfOrderForm(ActionForm):
    """The form of a button at an order."""

    order = forms.ModelChoiceField(
        queryset=GiftOrder.objects.none(), to_field_name="key", widget=forms.HiddenInput
    )

    def prepare(self, invitation: Invitation) -> None:
        model_choice(self, "order").queryset = scope.visible(GiftOrder).filter(invitation=invitation)
