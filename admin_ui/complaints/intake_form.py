"""The form of a call: as few fields as a complaint needs, the others one step away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts.picker import CitizenField
from admin_ui.core.fields import DayField, DepartmentField, MomentField
from admin_ui.core.forms import FOR_NEXT, OfficeForm, explained, optional, text_area
from admin_ui.retention.privacy_notices import ShownNoticeField
from backend.complaints.choices import Channel, Kind, Priority
from backend.complaints.law.deadlines import Regime
from backend.complaints.moves import Verb
from backend.complaints.posts.models import LONGEST_LINK
from backend.contacts import actions as contacts
from backend.contacts.models import Purpose
from backend.core.errors import DomainError
from backend.core.words.phones import normal_phone
from backend.organization.models import Category, Department, Neighbourhood


def _mahalle(label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=Neighbourhood.objects.order_by("name_sort"),
        to_field_name="code",
        required=False,
        empty_label=_("not known"),
    )


class NumberIs(models.TextChoices):
    """What a number is that the chosen person is not known with."""

    ELSEWHERE = "ELSEWHERE", _("it is this person, calling from another number: keep the number on record")
    NEW = "NEW", _("it is this person, with a new number: put it on record")


BELONGING = (Verb.LINK, Verb.MARK_DUPLICATE)
"""How a new application can belong to one that is open."""
OF_CIMER = "channel=CIMER regime=CIMER"
"""When a field is shown (see office.js): where one of these fields has this value."""


class CallerForm(OfficeForm):
    """Who calls. `once` is the token of this form: the same form sent twice records one case.

    `number_is` answers for the number of `number_seen` only: another number is asked about again.
    """

    once = forms.UUIDField(widget=forms.HiddenInput)
    citizen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    number_is = forms.ChoiceField(choices=optional(NumberIs.choices, ""), required=False)
    number_seen = forms.CharField(max_length=40, required=False)

    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "tel",
                "inputmode": "tel",
                "autofocus": True,
            }
        ),
        help_text=_("In any spelling, or the T.C. kimlik no; without a number go on with the name."),
    )
    first_name = forms.CharField(label=_("Name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Surname"), max_length=80, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    home = _mahalle(_("Neighbourhood of the person"))
    address = forms.CharField(label=_("Address"), max_length=300, required=False)

    PERSON = ("first_name", "last_name", "email", "home", "address")

    is_found_by_id = False
    asks_who = False
    """Whether people of this name are known, and one of them or a new one is to be chosen: the cursor stands there."""

    def focus(self, *, is_new: bool = False) -> None:
        """Put the cursor where something is wrong, and not into the number again."""
        if self.is_bound and self.errors:
            self.fields["phone"].widget.attrs.pop("autofocus", None)
            if not self.asks_who:
                super().focus(is_new=is_new)

    def clean_phone(self) -> str:
        if self.data.get("citizen") and contacts.is_national_id(self.cleaned_data["phone"]):
            self.is_found_by_id = True  # by it the person was found; it is no number to call
            return ""
        try:
            return normal_phone(self.cleaned_data["phone"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, object]:
        result = super().clean() or {}
        if result.get("number_seen", "") != self.data.get("phone", "").strip():
            result["number_is"] = ""
        if self.is_found_by_id:
            result["number_is"] = NumberIs.ELSEWHERE
        needs_name = (
            result.get("phone") or result.get("last_name") or result.get("email") or result.get("address")
        )
        if needs_name and not result.get("citizen") and not result.get("first_name"):
            self.add_error(
                "first_name",
                _("Choose who calls or ask for the name; without a person leave all their fields empty."),
            )
        return result

    def person_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PERSON]


class CallForm(CallerForm):
    """Subject of a complaint, together with the caller."""

    privacy_notice = ShownNoticeField(Purpose.CASE)

    subject = forms.CharField(label=_("What is it about?"), max_length=200)
    body = forms.CharField(
        label=_("What does the caller say?"), widget=text_area(4, **FOR_NEXT), required=False
    )
    neighbourhood = _mahalle(_("Where: neighbourhood"))
    place = forms.CharField(label=_("Where: street and number"), max_length=300, required=False)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    category = forms.ModelChoiceField(
        label=_("Category"),
        to_field_name="code",
        required=False,
        empty_label=_("not chosen"),
        queryset=Category.objects.filter(is_active=True, parent__isnull=False).order_by("name_sort", "id"),
    )
    to = DepartmentField(label=_("Route at once to"), required=False, empty_label=_("do not route yet"))
    link_to = forms.UUIDField(required=False)
    link_as = forms.ChoiceField(choices=[(verb.value, verb.label) for verb in BELONGING], required=False)
    together = forms.ModelMultipleChoiceField(
        queryset=Department.objects.open(), to_field_name="code", required=False
    )

    kind = explained(
        forms.ChoiceField(label=_("Kind"), choices=Kind.choices),
        _("A request for information has a limit and grounds of refusal of its own; the rest are petitions."),
        "3071 m. 7, 4982 m. 11",
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    priority = explained(
        forms.ChoiceField(
            label=_("Priority"),
            choices=lambda: optional(Priority.choices, _("as the text says: urgent if it tells of danger")),
            required=False,
        ),
        _("What threatens life is urgent: it stands first everywhere. It changes no legal limit."),
    )
    regime = explained(
        forms.ChoiceField(
            label=_("Legal regime"),
            required=False,
            choices=lambda: optional(Regime.choices, _("by kind and channel")),
        ),
        _(
            "The law by which the last day for the answer is computed. Left open, it follows from kind and channel."
        ),
        "3071 m. 7, 4982 m. 11",
    )
    source_number = forms.CharField(
        label=_("CİMER's number"),
        max_length=60,
        required=False,
        help_text=_("The application number that CİMER gave; required for what came through CİMER."),
    )
    cimer_due_on = DayField(
        label=_("CİMER's date"),
        required=False,
        help_text=_("The last day for the answer as CİMER shows it; it is not computed here."),
    )
    post_link = forms.CharField(
        label=_("Link of the post"),
        max_length=LONGEST_LINK,
        required=False,
        help_text=_("What stands above as the caller's words is the text of the post."),
    )
    post_author = forms.CharField(label=_("Author as named there"), max_length=100, required=False)
    post_file = forms.FileField(
        label=_("Picture of the post"),
        required=False,
        help_text=_(
            "Seen as the post is. For those who work on it, attach a picture without names to the application."
        ),
    )
    registered_at = MomentField(
        label=_("Received at"),
        past=True,
        required=False,
        help_text=_("If not now: when it reached the house. The limits count from it."),
    )
    on_behalf_of = CitizenField(label=_("On behalf of"))
    identity_hidden = explained(
        forms.BooleanField(label=_("Identity hidden (tip-off)"), required=False),
        _("The name is hidden; lists, titles and notifications have the number alone."),
    )
    signature_given = explained(
        forms.BooleanField(label=_("Signed"), required=False),
        _("Without name, signature and address a petition is registered, but not examined."),
        "3071 m. 4, 6",
    )

    POST = ("post_link", "post_author", "post_file")
    MATTER = ("subject", "body", "neighbourhood", "place", "category", "priority")
    MORE = (
        "kind",
        "channel",
        "regime",
        "source_number",
        "cimer_due_on",
        *POST,
        "registered_at",
        "on_behalf_of",
        "identity_hidden",
        "signature_given",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source_number", "cimer_due_on"):
            self.fields[name].widget.attrs["data-when"] = OF_CIMER
        for name in self.POST:
            self.fields[name].widget.attrs["data-when"] = f"channel={Channel.SOCIAL_MEDIA.value}"

    def clean(self) -> dict[str, object]:
        result = super().clean()
        if None in (result.get("latitude"), result.get("longitude")):
            result["latitude"] = result["longitude"] = None
        if result.get("channel") != Channel.SOCIAL_MEDIA:
            result |= dict.fromkeys(self.POST, "")
        elif (result.get("post_author") or result.get("post_file")) and not result.get("post_link"):
            self.add_error("post_link", _("Write the link of the post."))
        return result

    def refuse(self, error: DomainError) -> None:
        """Show what is refused of the post at its field, which has a name of its own here."""
        if (error.field or "").startswith("post."):
            error = DomainError(error.code, str(error), str(error.field).replace(".", "_"))
        super().refuse(error)

    def matter_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MATTER]

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    def opens_more(self) -> bool:
        """Whether one of those is wrong."""
        return any(name in self.errors for name in self.MORE)


def citizen_fields(values: dict[str, Any]) -> dict[str, Any]:
    """What a new person is recorded with."""
    names = ("first_name", "last_name", "phone", "email", "address")
    return {name: values[name] for name in names} | {"neighbourhood": values["home"]}


def complaint_fields(values: dict[str, Any]) -> dict[str, Any]:
    """What the case is registered with; what was left open the domain decides."""
    names = (
        "subject",
        "body",
        "neighbourhood",
        "place",
        "latitude",
        "longitude",
        "category",
        "kind",
        "channel",
        "source_number",
        "cimer_due_on",
        "identity_hidden",
        "signature_given",
        "privacy_notice",
        "registered_at",
        "on_behalf_of",
    )
    mapping = {name: values[name] for name in names}
    mapping["regime"] = values["regime"] or None
    mapping["priority"] = values["priority"] or None
    return mapping
