"""The numbers to which citizens write by SMS and WhatsApp, for Bilgi İşlem: a list, and one form."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import DepartmentField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.screen import RegisterAdmin
from admin_ui.mailboxes.mailboxes import secret_field
from backend.mailboxes import actions
from backend.mailboxes.choices import Channel, Purpose
from backend.mailboxes.models import MessageLine

CHANNELS = [(one.value, one.label) for one in Channel if one != Channel.MAIL]
SECRETS = frozenset({"secret", "token"})


class MessageLineForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=CHANNELS)
    number = forms.CharField(
        label=gettext_lazy("Number of the line"),
        max_length=40,
        help_text=gettext_lazy("A telephone number, or of SMS a short code such as 3050."),
    )
    department = DepartmentField(
        label=gettext_lazy("Department"),
        help_text=gettext_lazy("Its messages lie on the desk of this unit until they are passed on."),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What its messages are proposed to become"), choices=Purpose.choices
    )
    secret = secret_field(
        gettext_lazy("Secret of the gateway"),
        gettext_lazy(
            "Of SMS the token with which the gateway calls us, of WhatsApp the app secret. It is stored sealed and"
            " never shown. Left empty, the present one stays."
        ),
    )
    account = forms.CharField(
        label=gettext_lazy("Phone number ID"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Of WhatsApp alone: the digits by which Meta names the number."),
    )
    token = secret_field(gettext_lazy("Access token of WhatsApp"))
    template = forms.CharField(
        label=gettext_lazy("Template of WhatsApp"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "The name of the approved template with one parameter, by which we write when the person's last message is"
            " older than a day. Without one nothing leaves then."
        ),
    )
    sends = forms.BooleanField(
        label=gettext_lazy("Our SMS leave by its gateway"),
        required=False,
        help_text=gettext_lazy(
            "Of SMS alone, and of one number: only what this gateway reports of our SMS is believed. Ticked here, it is"
            " taken from the other one."
        ),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Without this tick nothing is taken by it; the messages that came stay."),
    )


def _state(row: MessageLine) -> tuple[str, str]:
    if not row.is_active:
        return _("not in use"), "grey"
    return (_("in use"), "green") if row.heard_at else (_("nothing heard yet"), "orange")


@admin.register(MessageLine)
class MessageLineAdmin(RegisterAdmin):
    form_of, keep = MessageLineForm, staticmethod(actions.save_line)
    form_template = "admin_ui/message_line.html"
    new_title, new_icon = gettext_lazy("Add a number"), "add_call"
    gate = staticmethod(lambda: page_access.sees_some(MessageLine))
    related = ("department",)
    searches = True
    finds_in = ("name", "number")
    columns = (
        Column(gettext_lazy("Name"), lambda row: row.name, ("name",), "ok-wide"),
        Column(gettext_lazy("Channel"), lambda row: row.get_channel_display(), ("channel",)),
        Column(gettext_lazy("Number of the line"), lambda row: row.number, ("number",), "ok-nowrap"),
        Column(gettext_lazy("Department"), lambda row: row.department.short_name),
        Column(gettext_lazy("Its messages become"), lambda row: row.get_purpose_display()),
        Column(
            gettext_lazy("Last heard from"),
            lambda row: or_dash(row.heard_at and moment_text(row.heard_at)),
            ("heard_at",),
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
        "What is written to these numbers by SMS or WhatsApp lies on the desk of the unit. The gateway or WhatsApp"
        " calls the address that stands at each."
    )
    empty = gettext_lazy(
        "No number is connected yet. Add the one to which citizens write: its messages then lie on the desk of its"
        " unit."
    )

    def start(self, row: MessageLine | None) -> dict[str, object] | None:
        if row is None:  # the first number for SMS
            return {"sends": not MessageLine.objects.filter(channel=Channel.SMS, sends=True).exists()}
        values = super().start(row)
        return values and {name: value for name, value in values.items() if name not in SECRETS}

    def below_fields(self, request: HttpRequest, row: MessageLine | None) -> dict[str, object]:
        if row is None:
            return {}
        address = settings.PUBLIC_URL.rstrip("/") + reverse("message_line", args=[row.key])
        return {
            "address": address,
            "verification": row.verification if row.channel == Channel.WHATSAPP else "",
        }
