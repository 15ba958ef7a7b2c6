"""The mailboxes that are read, for Bilgi İşlem: a list, and one form that adds or changes one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import DepartmentField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.screen import RegisterAdmin
from admin_ui.mailboxes import connecting
from backend.core.errors import DomainError, ErrorCode
from backend.mailboxes import actions
from backend.mailboxes.choices import Purpose, Security, SignIn
from backend.mailboxes.models import Mailbox

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SECRETS = frozenset({"secret", "client_secret"})
_STAYS = gettext_lazy("It is stored sealed and never shown. Left empty, the present one stays.")
_KNOWN = gettext_lazy("Left empty for Google and Microsoft 365, whose address is known.")


def secret_field(
    label: str | _StrPromise, help_text: str | _StrPromise = _STAYS, **attrs: str
) -> forms.CharField:
    """A field for what is stored sealed: it never shows what is there."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", **attrs})
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


def _of_provider(
    label: str | _StrPromise, help_text: str | _StrPromise = "", *, most: int = 500, when: str = ""
) -> forms.CharField:
    """A field of OAuth 2, which is shown with that alone."""
    attrs = {"data-when": when or "sign_in=OAUTH2 sign_in=CLIENT"}
    return forms.CharField(
        label=label, required=False, max_length=most, widget=forms.TextInput(attrs=attrs), help_text=help_text
    )


class MailboxForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    address = forms.EmailField(label=gettext_lazy("E-mail address"))
    department = DepartmentField(
        label=gettext_lazy("Department"),
        help_text=gettext_lazy("Its mails lie on the desk of this unit until they are passed on."),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What its mails are proposed to become"), choices=Purpose.choices
    )
    host = forms.CharField(label=gettext_lazy("IMAP server"), max_length=200)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=Security.choices)
    login = forms.CharField(label=gettext_lazy("User name"), max_length=200)
    sign_in = forms.ChoiceField(
        label=gettext_lazy("Sign-in"),
        choices=SignIn.choices,
        help_text=gettext_lazy(
            "Google and Microsoft 365 let programs in by OAuth 2 alone. A person connects the mailbox once, or, at"
            " Microsoft 365, the program has credentials of its own."
        ),
    )
    secret = secret_field(gettext_lazy("Password"), **{"data-when": "sign_in=PASSWORD"})
    client_id = _of_provider(
        gettext_lazy("Client ID"), gettext_lazy("What the provider calls this program."), most=200
    )
    client_secret = secret_field(
        gettext_lazy("Client secret"), **{"data-when": "sign_in=OAUTH2 sign_in=CLIENT"}
    )
    authorize_url = _of_provider(gettext_lazy("Address of consent"), _KNOWN, when="sign_in=OAUTH2")
    token_url = _of_provider(
        gettext_lazy("Address for tokens"),
        gettext_lazy(
            "Left empty for Google and Microsoft 365 with consent; with the program's own credentials"
            " https://login.microsoftonline.com/TENANT/oauth2/v2.0/token."
        ),
    )
    scope = _of_provider(
        gettext_lazy("Scope"),
        gettext_lazy(
            "Left empty for Google and Microsoft 365 with consent; with the program's own credentials"
            " https://outlook.office365.com/.default."
        ),
    )
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=200, initial="INBOX")
    authserv_id = forms.CharField(
        label=gettext_lazy("Name of the server that checks senders"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "With which “Authentication-Results” begins in its mails, such as mx.google.com; “-” if no name stands"
            " there. Empty: the domain of the mailbox or the name of the server."
        ),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Without this tick it is not read; the mails that came stay."),
    )


def _state(row: Mailbox) -> tuple[str, str]:
    """How it stands, and the tone of that."""
    if not row.is_active:
        return _("not in use"), "grey"
    if not row.is_connected:
        return _("not connected yet"), "orange"
    if row.fault:
        return row.get_fault_display(), "red"
    if row.not_taken:
        return _("%(count)s mails could not be fetched") % {"count": len(row.not_taken)}, "red"
    return (_("is read"), "green") if row.checked_at else (_("not read yet"), "orange")


def manages() -> bool:
    return page_access.holds(Mailbox, "CHANGE")


@admin.register(Mailbox)
class MailboxAdmin(RegisterAdmin):
    form_of, keep = MailboxForm, staticmethod(actions.save_mailbox)
    new_title, new_icon = gettext_lazy("Add a mailbox"), "alternate_email"
    gate = staticmethod(lambda: page_access.sees_some(Mailbox))
    related = ("department",)
    searches = True
    finds_in = ("name", "address")
    columns = (
        Column(gettext_lazy("Name"), lambda row: row.name, ("name",), "ok-wide"),
        Column(gettext_lazy("E-mail address"), lambda row: row.address, ("address",)),
        Column(gettext_lazy("Department"), lambda row: row.department.short_name),
        Column(gettext_lazy("Its mails become"), lambda row: row.get_purpose_display()),
        Column(
            gettext_lazy("Last read"),
            lambda row: or_dash(row.checked_at and moment_text(row.checked_at)),
            ("checked_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("Status"), lambda row: _state(row)[0], html=lambda row: badge(*_state(row))),
    )
    tabs = (
        Tab("used", gettext_lazy("In use"), lambda rows: rows.active()),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    order = ("name", "pk")
    intro = gettext_lazy(
        "Each mailbox in use is read as soon as something comes, or every minute where its server does not say so. A"
        " mail is marked as read at the server once it is stored here; nothing is moved or deleted there."
    )
    empty = gettext_lazy(
        "No mailbox is read yet. Add the one to which citizens write: its mails then lie on the desk of its unit."
    )

    def start(self, row: Mailbox | None) -> dict[str, object] | None:
        values = super().start(row)
        return values and {name: value for name, value in values.items() if name not in SECRETS}

    def more_urls(self) -> list[URLPattern]:
        return [
            *super().more_urls(),
            self.route("<uuid:key>/connect/", self.connect, "connect"),
            self.route("connected/", self.connected, "connected"),
        ]

    def below_fields(self, request: HttpRequest, row: Mailbox | None) -> dict[str, object]:
        """The button that connects it, and how it stands."""
        if row is None or row.sign_in != SignIn.OAUTH2:
            return {}
        title = _("Connect anew") if row.is_connected else _("Connect")
        if row.is_connected:
            stands = row.get_fault_display() or _("It is connected; its permission is renewed by itself.")
        else:
            asks = _("It is not connected yet: press “Connect” and consent at the provider as %(login)s.")
            stands = asks % {"login": row.login}
        registered = _("The provider must know this redirect address: %(address)s") % {
            "address": settings.PUBLIC_URL + self.url("connected")
        }
        button = {"title": title, "url": self.url("connect", row.key), "icon": "link"}
        return {"buttons": [button], "intro": f"{stands} {registered}"}

    def after(self, request: HttpRequest, row: Mailbox) -> None:
        if not row.is_connected:
            messages.warning(request, _("It is not connected yet: open it and press “Connect”."))

    def connect(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Lead to the provider, where a person consents."""
        try:
            return connecting.begin(request, key, self.url("connected"))
        except DomainError as refusal:
            if refusal.code != ErrorCode.WRONG_STATE:
                raise
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.url("change", key))

    def connected(self, request: HttpRequest) -> HttpResponse:
        """Take the provider's answer."""
        key = connecting.finish(request, self.url("connected"))
        return HttpResponseRedirect(self.url("change", key) if key else self.url("changelist"))
