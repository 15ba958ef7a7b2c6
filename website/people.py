"""Who asks, and how they are reached: a page of a journey, with the privacy notice that was shown on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from website import api, proving
from website.forms import PageForm, PhoneField

API = {"first_name": "firstName", "last_name": "lastName", "email": "email", "phone": "phone"}
"""How the API names the fields."""


def notice(request: HttpRequest, purpose: str) -> dict[str, Any] | None:
    """The text that is shown before data is taken, in the visitor's language if there is one."""
    language = "EN" if get_language() == "en" else "TR"
    found: dict[str, Any] | None = api.public(request, "notice", purpose=purpose, language=language)[
        "publicPrivacyNotice"
    ]
    return found


def sends_sms(request: HttpRequest) -> bool:
    """Whether the municipality sends text messages."""
    return bool(api.public(request, "municipality")["publicMunicipality"]["sendsSms"])


class ContactForm(PageForm):
    """A name, and an e-mail address or a telephone. `purpose` names the notice that is shown."""

    purpose = "CASE"
    first_name = forms.CharField(
        label=gettext_lazy("Your first name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Write your first name.")},
    )
    last_name = forms.CharField(
        label=gettext_lazy("Your surname"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("Write your surname.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("We send a code there. An e-mail address or a telephone number is enough."),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = PhoneField(
        help_text=gettext_lazy("Without an e-mail address we send the code as a text message.")
    )
    privacy_notice = forms.CharField(required=False, widget=forms.HiddenInput)

    without_sms: Any = gettext_lazy(
        "We send no text messages: a code reaches your e-mail address alone. Without one, please call us."
    )
    """What a telephone number alone leads to where no text messages leave."""

    def prepare(self) -> None:
        self.say_what_is_sent()
        self.notice = notice(self.asking.request, self.purpose)
        self.fields["privacy_notice"].initial = self.notice["code"] if self.notice else ""
        known = (proving.kept(self.asking.request) or {}).get("contact", {})
        for name, named in API.items():
            self.fields[name].initial = known.get(named)

    def say_what_is_sent(self) -> None:
        """Promise no text message where none leaves."""
        if not sends_sms(self.asking.request):
            self.fields["email"].help_text = _("We send a code there.")
            self.fields["phone"].help_text = self.without_sms

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if (
            not values.get("email")
            and not values.get("phone")
            and not {"email", "phone"} & self.errors.keys()
        ):
            self.add_error("email", _("Write your e-mail address or your telephone number."))
        return values

    def summary(self) -> list[tuple[str, str]]:
        return [row for row in super().summary() if row[1] != self.cleaned_data.get("privacy_notice")]


class HowManyField(forms.IntegerField):
    """How many people come, the writer among them."""

    FROM_1_TO_50 = gettext_lazy("Write a number from 1 to 50.")

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("How many people come, yourself included?"),
            min_value=1,
            max_value=50,
            initial=1,
            widget=forms.NumberInput({"class": "short", "inputmode": "numeric"}),
            error_messages={
                "required": gettext_lazy("Write how many people come."),
                "invalid": self.FROM_1_TO_50,
                "min_value": self.FROM_1_TO_50,
                "max_value": self.FROM_1_TO_50,
            },
        )


def refused_at(step: str) -> dict[str, tuple[str, str]]:
    """Where a journey asked for what the API refuses of a contact: on the step of that name."""
    fields = {f"contact.{named}": (step, name) for name, named in API.items()}
    return fields | {"privacyNotice": (step, "")}


def contact_of(values: dict[str, Any]) -> dict[str, str]:
    """The contact as the API takes it."""
    return {named: values[name] for name, named in API.items() if values.get(name)}
