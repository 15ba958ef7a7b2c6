"""Webhooks of clients: endpoints, deliveries with their attempts, and resending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import moment_or_dash
from admin_ui.core.display import badge
from admin_ui.core.fields import model_choice
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import User
from backend.portals.models import Client
from backend.portals.webhooks import actions
from backend.portals.webhooks.models import (
    CHOOSABLE,
    DeliveryStatus,
    SwitchedOff,
    WebhookDelivery,
    WebhookEndpoint,
)
from backend.portals.webhooks.sending import OURS
from permissions.complaints import webhooks
from permissions.core import scope
from permissions.core.filters import Action

SHOWN = 50
AGAIN_DAYS = 30
_TONES = {
    DeliveryStatus.WAITING: "orange",
    DeliveryStatus.DELIVERED: "green",
    DeliveryStatus.FAILED: "red",
    DeliveryStatus.WITHHELD: "grey",
}


class ClientField(forms.ModelChoiceField):
    """The clients that are open."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class EndpointForm(OfficeForm):
    """Where and what."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.URLInput,
        help_text=gettext_lazy(
            "https:// with a public name. Our own network is refused, and redirects are not followed."
        ),
    )

    events = forms.MultipleChoiceField(
        label=gettext_lazy("Reported events"),
        choices=[(one.value, one.label) for one in CHOOSABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Only of what the client may know: the number of the case and where it stands."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.WEBHOOK_LOOPBACK:
            self.fields["url"].help_text = _(
                "https:// with a public name; while trying out also this machine itself, such as"
                " http://127.0.0.1:9000/. The rest of our own network is refused, and redirects are not followed."
            )


class NewEndpointForm(EndpointForm):
    client = ClientField(label=gettext_lazy("Client"), queryset=Client.objects.none())
    field_order = ("client", "url", "events")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_choice(self, "client").queryset = scope.visible(Client).filter(closed_at=None).order_by("name")


class RotateForm(OfficeForm):
    overlap_days = forms.IntegerField(
        label=gettext_lazy("Days of overlap"),
        min_value=0,
        max_value=actions.LONGEST_OVERLAP,
        initial=1,
        help_text=gettext_lazy(
            "So long each message bears the former secret's signature too. 0: from now on the new one only."
        ),
    )


def state(endpoint: WebhookEndpoint) -> str:
    if not endpoint.is_on:
        return badge(_("Switched off"), "grey")
    return badge(_("Failing"), "red") if endpoint.failing_since else badge(_("Switched on"), "green")


_FAULTS = {
    "FORBIDDEN_ADDRESS": gettext_lazy(
        "The name of its server is not known, or leads to an address that is not public. Ask the client for an address"
        " that is reached from outside."
    ),
    "NO_CONNECTION": gettext_lazy(
        "No connection came about. Ask the client whether its server runs and lets messages in."
    ),
    "TLS": gettext_lazy(
        "The certificate of its server is not valid for this name, or has run out. Ask the client to renew it."
    ),
    "TIMEOUT": gettext_lazy(
        "It did not answer within ten seconds. Ask the client to answer first and to do the work afterwards."
    ),
    OURS: gettext_lazy(
        "The message could not be made ready here; it is no fault of the client's. Where the keys of the installation"
        " were changed, make a new secret; otherwise look into the log of the server."
    ),
}
"""What each fault means, and what to do."""


def _events(endpoint: WebhookEndpoint) -> str:
    labels = {one.value: str(one.label) for one in CHOOSABLE}
    return ", ".join(labels.get(value, value) for value in endpoint.events)


@admin.register(WebhookEndpoint)
class WebhookAdmin(ScopedAdmin):
    searches = True
    finds_in = ("url",)
    gate = page_access.managers
    can_be_exported = False
    tabs = (
        Tab("on", gettext_lazy("Switched on"), lambda rows: rows.filter(off_at=None)),
        Tab("off", gettext_lazy("Switched off"), lambda rows: rows.filter(off_at__isnull=False)),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    order = ("-created_at", "-pk")
    intro = gettext_lazy(
        "A client's own server is notified by a signed message (Standard Webhooks) when its cases go on. What is not"
        " taken is sent again for three days."
    )
    empty = gettext_lazy(
        "No client has a webhook yet. A client with a server of its own is notified there of what happens to its cases;"
        " add one with “Add a webhook”."
    )
    columns = (
        Column(gettext_lazy("Client"), lambda row: row.client.name),
        Column(gettext_lazy("Address"), lambda row: row.url, ("url",), "ok-wide"),
        Column(gettext_lazy("Reported events"), _events),
        Column(
            gettext_lazy("Added"), lambda row: moment_or_dash(row.created_at), ("created_at",), "ok-nowrap"
        ),
        Column(gettext_lazy("State"), state, css="ok-nowrap"),
    )
    detail_template = "admin_ui/webhook.html"

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("client")
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        return [{"title": _("Add a webhook"), "url": self.url("add_one"), "icon": "add_link"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("add/", self.add_one, "add_one"),
            self.route("<uuid:key>/edit/", self.edit, "edit"),
            self.route("<uuid:key>/rotate/", self.rotate, "rotate"),
            self.route("<uuid:key>/say/", self.say, "say"),
            self.route("<uuid:key>/deliveries/<uuid:delivery>/", self.delivery, "delivery"),
        ]

    def details(self, request: HttpRequest, row: WebhookEndpoint) -> dict[str, object]:
        deliveries = row.deliveries.order_by("-created_at", "-pk")[: SHOWN + 1]
        return {
            "state": state(row),
            "events": _events(row),
            "made": moment_or_dash(row.created_at),
            "failing": moment_or_dash(row.failing_since) if row.failing_since else "",
            "missed_since": moment_or_dash(row.missed_since) if row.missed_since else "",
            "missed_until": moment_or_dash(row.missed_until) if row.missed_until else "",
            "off": moment_or_dash(row.off_at) if row.off_at else "",
            "because": SwitchedOff(row.off_because).label if row.off_because else "",
            "overlap": moment_or_dash(row.former_until)
            if row.former_until and row.former_until > timezone.now()
            else "",
            "deliveries": [self._shown(delivery) for delivery in list(deliveries)[:SHOWN]],
            "more": len(deliveries) > SHOWN,
            "again_days": AGAIN_DAYS,
        }

    def _shown(self, one: WebhookDelivery) -> dict[str, object]:
        status = DeliveryStatus(one.status)
        return {
            "event": one.get_event_display(),
            "at": moment_or_dash(one.created_at),
            "status": badge(status.label, _TONES[status]),
            "attempts": one.attempts,
            "next": moment_or_dash(one.next_at) if status is DeliveryStatus.WAITING else "–",
            "url": self.url("delivery", one.endpoint.key, one.key),
        }

    # -- forms ---------------------------------------------------------------------------------------------
    def add_one(self, request: StaffRequest) -> HttpResponse:
        asked = request.GET.get("client", "")
        initial = {"events": [one.value for one in CHOOSABLE], "client": asked if asked.isdecimal() else None}
        form = NewEndpointForm(request.POST or None, initial=initial)
        context = {"title": _("Add a webhook"), "parents": [self.crumb()], "submit": _("Add")}

        def act(values: dict[str, Any]) -> str:
            with scope.authorized_to_create(
                Action.CHANGE, Client, values.pop("client").key, field="client"
            ) as client:
                return actions.add_endpoint(client, by=request.user, **values)[1]

        return self._secret(request, form, context, act)

    def rotate(self, request: StaffRequest, key: UUID) -> HttpResponse:
        row = scope.get(WebhookEndpoint, key)
        form = RotateForm(request.POST or None)
        context = {"title": _("New secret"), "parents": self._parents(row), "submit": _("Make a new secret")}

        def act(values: dict[str, Any]) -> str:
            with scope.authorized(Action.CHANGE, WebhookEndpoint, key) as locked:
                return actions.rotate_webhook_secret(locked, by=request.user, **values)

        return self._secret(request, form, context, act)

    def _secret(
        self,
        request: HttpRequest,
        form: OfficeForm,
        context: dict[str, Any],
        act: Callable[[dict[str, Any]], str],
    ) -> HttpResponse:
        """A form that ends in a secret, shown this once."""
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                secret = act(dict(form.cleaned_data))
                context |= {
                    "secret": secret,
                    "secret_title": _("The secret of the webhook"),
                    "secret_hint": _("Copy it now: it is shown this once and cannot be read again."),
                }
        return page(self.admin_site, request, "admin_ui/form.html", context | {"form": form})

    def edit(self, request: StaffRequest, key: UUID) -> HttpResponse:
        row = scope.get(WebhookEndpoint, key)
        form = EndpointForm(request.POST or None, initial={"url": row.url, "events": row.events})
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.authorized(Action.CHANGE, WebhookEndpoint, key) as locked:
                    actions.change_endpoint(locked, by=request.user, **form.cleaned_data)
                messages.success(request, _("The webhook was changed."))
                return HttpResponseRedirect(self.url("change", key))
        context = {"title": _("Change"), "parents": self._parents(row), "submit": _("Save"), "form": form}
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def _parents(self, row: WebhookEndpoint) -> list[tuple[str, str]]:
        return [self.crumb(), (str(row), self.url("change", row.key))]

    # -- one press -----------------------------------------------------------------------------------------
    def say(self, request: StaffRequest, key: UUID) -> HttpResponse:
        act = {
            "test": self._test,
            "off": self._off,
            "on": self._on,
            "replay_failed": self._replay_failed,
        }.get(request.POST.get("verb", ""))
        if act is None:
            raise scope.not_found()
        try:
            with scope.authorized(Action.CHANGE, WebhookEndpoint, key) as row:
                value = act(row, request.user)
        except DomainError as error:
            if error.code in {ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND}:
                raise
            messages.warning(request, str(error))
        else:
            messages.success(request, value)
        return HttpResponseRedirect(self.url("change", key))

    def _test(self, row: WebhookEndpoint, by: User) -> str:
        actions.send_test(row, by=by)
        webhooks.soon()
        return _("A test is on its way. Reload the page in a moment to see what was answered.")

    def _off(self, row: WebhookEndpoint, by: User) -> str:
        actions.switch_off(row, by=by)
        return _("The webhook is off. What waits is kept.")

    def _on(self, row: WebhookEndpoint, by: User) -> str:
        actions.switch_on(row, by=by)
        webhooks.soon()
        return _("The webhook is on, and is notified of what happens from now on.")

    def _replay_failed(self, row: WebhookEndpoint, by: User) -> str:
        since = timezone.now() - dt.timedelta(days=AGAIN_DAYS)
        count = actions.replay_failed(row, by=by, since=since)
        webhooks.soon()
        return _("Sent again: %(count)s") % {"count": count}

    def delivery(self, request: StaffRequest, key: UUID, delivery: Any) -> HttpResponse:
        """One message and its attempts; by POST it is sent again."""
        row = scope.get(WebhookEndpoint, key)
        one = scope.get(WebhookDelivery, delivery)
        if one.endpoint_id != row.pk:
            raise scope.not_found()
        here = self.url("delivery", key, delivery)
        if request.method == "POST":
            try:
                with scope.authorized(Action.CHANGE, WebhookDelivery, delivery) as locked:
                    actions.replay(locked, by=request.user)
                    webhooks.soon()
            except DomainError as error:
                if error.code == ErrorCode.FORBIDDEN:
                    raise
                messages.warning(request, str(error))
            else:
                messages.success(request, _("It is on its way again."))
            return HttpResponseRedirect(here)
        context = {
            "title": one.get_event_display(),
            "parents": self._parents(row),
            "endpoint": row,
            "delivery": one,
            "shown": self._shown(one),
            "message_id": f"msg_{one.key.hex}",
            "tries": [
                {
                    "at": moment_or_dash(each.at),
                    "status": each.status or "–",
                    "fault": _FAULTS.get(each.fault, each.fault),
                    "milliseconds": each.milliseconds,
                    "text": each.text,
                }
                for each in one.tries.order_by("-at", "-pk")[:SHOWN]
            ],
        }
        return page(self.admin_site, request, "admin_ui/webhook_delivery.html", context)
