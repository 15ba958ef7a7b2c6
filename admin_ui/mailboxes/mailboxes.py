"""The mailboxes that are read, for Bilgi İşlem: a list, and one form that adds or changes one."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import DepartmentField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.screen import RegisterAdmin
from backend.mailboxes import actions
from backend.mailboxes.choices import Purpose, Security
from backend.mailboxes.models import Mailbox


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
    secret = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("It is stored sealed and never shown. Left empty, the present one stays."),
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
        "Each mailbox in use is read every minute. A mail is marked as read at the server once it is stored here;"
        " nothing is moved or deleted there."
    )
    empty = gettext_lazy(
        "No mailbox is read yet. Add the one to which citizens write: its mails then lie on the desk of its unit."
    )

    def start(self, row: Mailbox | None) -> dict[str, object] | None:
        if row is None:
            return None
        names = (name for name in self.form_of.base_fields if name != "secret")
        values = {name: getattr(row, name) for name in names}
        return {name: getattr(value, "code", value) for name, value in values.items()}
