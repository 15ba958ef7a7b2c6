"""Clients of third parties: who they are, what they may ask, their secrets, documents and use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import moment_or_dash
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import PersonField, model_choice
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.portals import client_use, webhooks
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import User
from backend.portals import clients, trusted
from backend.portals.models import Client, ClientSecret, Scope, TrustedDocument
from backend.portals.webhooks.models import WebhookEndpoint
from permissions.core import scope
from permissions.core.filters import Action

SHOWN = 10
"""Rows of the log and former secrets on a client's page."""
DOCUMENTS = 50


class ClientForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    contact_name = forms.CharField(
        label=gettext_lazy("Contact"), max_length=120, help_text=gettext_lazy("Whom we call about it.")
    )
    contact_email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254)
    contact_phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What its tokens may reach at most; the rights of its account decide which rows."
        ),
    )
    requests_per_minute = forms.IntegerField(
        label=gettext_lazy("Requests a minute"), min_value=1, max_value=clients.LARGEST
    )
    cost_per_minute = forms.IntegerField(
        label=gettext_lazy("Cost a minute"),
        min_value=1,
        max_value=clients.LARGEST,
        help_text=gettext_lazy("A field costs 1, a list its fields times its rows, a root field 500."),
    )
    cost_per_document = forms.IntegerField(label=gettext_lazy("Cost of one document"), min_value=1)
    documents_only = forms.BooleanField(
        label=gettext_lazy("Trusted documents only"),
        required=False,
        help_text=gettext_lazy(
            "It may ask nothing but what was registered for it beforehand, and send files only for cases that one of"
            " those documents brings in or adds to."
        ),
    )
    open311 = forms.BooleanField(
        label=gettext_lazy("Open311 as well"),
        required=False,
        help_text=gettext_lazy(
            "For a client of trusted documents only: it may report and read its requests by Open311 besides them."
            " Any other client may anyway."
        ),
    )


class NewClientForm(ClientForm):
    account = PersonField(
        label=gettext_lazy("Account"),
        programs=True,
        help_text=gettext_lazy("The account of the program. Open one under Members of staff if it has none."),
    )
    field_order = ("account",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = User.objects.filter(is_staff=False, is_superuser=False, is_active=True, client__isnull=True)
        model_choice(self, "account").queryset = free.order_by("first_name", "last_name", "username")


class RotateForm(OfficeForm):
    overlap_days = forms.IntegerField(
        label=gettext_lazy("Days that the former secret still works"),
        min_value=0,
        max_value=clients.LONGEST_OVERLAP,
        help_text=gettext_lazy(
            "The program is changed over within these days. With 0 the former one ends now."
        ),
    )


class DocumentsForm(OfficeForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "persisted-documents.json of graphql-codegen (hashAlgorithm: sha256), as it is."
        ),
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, max_length=trusted.LARGEST_FILE)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if file := cleaned.get("file"):
            if file.size > trusted.LARGEST_FILE:
                raise forms.ValidationError({"file": _("The file is larger than 1 MB. Split it.")})
            try:
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError({"file": _("The file is not in UTF-8.")}) from None
        elif not cleaned.get("text"):
            raise forms.ValidationError({"file": _("Choose a file.")})
        return cleaned


def _state(client: Client) -> str:
    return badge(_("closed"), "grey") if client.closed_at else badge(_("open"), "green")


def _scopes(values: list[str]) -> str:
    labels = dict(Scope.choices)
    return ", ".join(str(labels.get(value, value)) for value in values)


@admin.register(Client)
class ClientAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "contact_name")
    gate = staticmethod(page_access.clients)
    tabs = (
        Tab("open", gettext_lazy("Open"), lambda rows: rows.open()),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    order = ("-created_at", "-pk")
    intro = gettext_lazy(
        "Programs of third parties, such as the e-Belediye portal: each with a contact, limits and a secret."
    )
    empty = gettext_lazy(
        "No program of a third party was registered yet. Open an account for the program, then register the"
        " client here: its secret is shown once."
    )
    columns = (
        Column(gettext_lazy("Name"), lambda c: c.name, ("name",), "ok-wide"),
        Column(gettext_lazy("Account"), lambda c: c.account),
        Column(gettext_lazy("Contact"), lambda c: c.contact_name),
        Column(gettext_lazy("Scopes"), lambda c: _scopes(c.scopes)),
        Column(gettext_lazy("Requests a minute"), lambda c: c.requests_per_minute, css="ok-number"),
        Column(gettext_lazy("State"), _state, css="ok-nowrap"),
    )
    detail_template = "admin_ui/client.html"

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("account")
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        return [{"title": _("Register a client"), "url": self.url("new"), "icon": "add_link"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", self.new, "new"),
            self.route("<uuid:key>/correct/", self.correct, "correct"),
            self.route("<uuid:key>/rotate/", self.rotate, "rotate"),
            self.route("<uuid:key>/documents/", self.documents, "documents"),
            self.route("<uuid:key>/<slug:deed>/<uuid:part>/", self.act_on, "act_on"),
            self.route("<uuid:key>/<slug:deed>/now/", self.act, "act"),
        ]

    def details(self, request: HttpRequest, row: Client) -> dict[str, object]:
        secrets = scope.visible(ClientSecret).filter(client=row).order_by("-created_at", "-pk")[:SHOWN]
        documents = scope.visible(TrustedDocument).filter(client=row).order_by("-registered_at", "-pk")
        live = row.tokens.live()
        uncounted = row.account.api_tokens.live().filter(client__isnull=True).count()
        shown = list(documents[: DOCUMENTS + 1])
        return {
            "state": _state(row),
            "client_id": str(row.key),
            "scopes": _scopes(row.scopes),
            "made": moment_or_dash(row.created_at),
            "phone": or_dash(row.contact_phone.as_national if row.contact_phone else ""),
            "secrets": [_secret(secret) for secret in secrets],
            "tokens": live.count(),
            "uncounted": uncounted,
            "documents": [_shown_document(one) for one in shown[:DOCUMENTS]],
            "more_documents": len(shown) > DOCUMENTS,
            "log": [
                {
                    "at": moment_or_dash(attempt.at),
                    "outcome": attempt.get_outcome_display(),
                    "address": or_dash(attempt.address),
                }
                for attempt in client_use.attempts(row)[:SHOWN]
            ],
            "use": client_use.of(row),
            "webhooks": [
                {"row": one, "state": webhooks.state(one)}
                for one in scope.visible(WebhookEndpoint).filter(client=row).order_by("created_at", "pk")
            ],
        }

    # -- forms -------------------------------------------------------------------------------------
    def new(self, request: HttpRequest) -> HttpResponse:
        page_access.require(Client, Action.REGISTER)
        usual = {name: getattr(Client(), name) for name in clients.LIMITS}
        form = NewClientForm(request.POST or None, initial={"scopes": [Scope.READ], **usual})
        context = self._form(_("Register a client"), form, _("Register it"))
        if request.method == "POST" and form.is_valid():
            with form.refusals(), scope.elevated_for(Client, Action.REGISTER) as viewer:
                client, secret = clients.register_client(by=viewer.user, **form.cleaned_data)
                context |= _shown_once(client, secret)
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def correct(self, request: StaffRequest, key: UUID) -> HttpResponse:
        row = scope.get(Client, str(key), action=Action.CHANGE)
        initial = {name: getattr(row, name) for name in ClientForm.base_fields}
        initial["contact_phone"] = row.contact_phone.as_national if row.contact_phone else ""
        form = ClientForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            with form.refusals(), scope.authorized(Action.CHANGE, Client, row.key) as client:
                clients.change_client(client, by=request.user, **form.cleaned_data)
            if form.is_valid():
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(self.url("change", key))
        context = self._form(_("Change the client"), form, _("Save"), row)
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def rotate(self, request: StaffRequest, key: UUID) -> HttpResponse:
        row = scope.get(Client, str(key), action=Action.CHANGE)
        form = RotateForm(request.POST or None, initial={"overlap_days": 7})
        context = self._form(_("Make a new secret"), form, _("Make"), row)
        if request.method == "POST" and form.is_valid():
            with form.refusals(), scope.authorized(Action.CHANGE, Client, row.key) as client:
                _made, secret = clients.rotate_secret(client, by=request.user, **form.cleaned_data)
                context |= _shown_once(client, secret)
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def documents(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """First what registering the file would do, then the same file for good."""
        row = scope.get(Client, str(key), action=Action.CHANGE)
        form = DocumentsForm(request.POST or None, request.FILES or None)
        context = self._form(_("Register documents"), form, _("Look through"), row)
        context["found"] = []
        if request.method == "POST" and form.is_valid():
            text, is_meant = form.cleaned_data["text"], "register" in request.POST
            with form.refusals():
                if is_meant:
                    with scope.authorized(Action.CHANGE, Client, row.key) as client:
                        result = trusted.register_documents(client, text, by=request.user)
                    number = sum(one.state != trusted.State.KNOWN for one in result)
                    messages.success(request, _("%(number)s documents were registered.") % {"number": number})
                    return HttpResponseRedirect(self.url("change", key))
                looked = [_looked(one) for one in trusted.looked_through(row, text)]
                context |= {"found": looked, "text": text, "may": not any(one["invalid"] for one in looked)}
        return page(self.admin_site, request, "admin_ui/client_documents.html", context)

    def _form(
        self, title: str, form: OfficeForm, submit: str, row: Client | None = None
    ) -> dict[str, object]:
        parents = [self.crumb(), *([(row.name, self.url("change", row.key))] if row else [])]
        return {"title": title, "parents": parents, "form": form, "submit": submit}

    # -- deeds without a form ----------------------------------------------------------------------
    def act(self, request: StaffRequest, key: UUID, deed: str) -> HttpResponse:
        """Close the client, or open it again with a new secret."""
        if request.method != "POST" or deed not in {"close", "reopen"}:
            return HttpResponseRedirect(self.url("change", key))
        try:
            with scope.authorized(Action.CHANGE, Client, key) as client:
                if deed == "close":
                    clients.close_client(client, by=request.user)
                    messages.success(
                        request, _("The client is closed: its secrets and tokens no longer work.")
                    )
                else:
                    secret = clients.reopen_client(client, by=request.user)
                    context = self._form(_("Reopen"), OfficeForm(), "", client) | _shown_once(client, secret)
                    return page(self.admin_site, request, "admin_ui/form.html", context)
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN:
                raise
            messages.error(request, str(error))
        return HttpResponseRedirect(self.url("change", key))

    def act_on(self, request: StaffRequest, key: UUID, deed: str, part: Any) -> HttpResponse:
        """Revoke a secret, or retire a document."""
        if request.method == "POST" and deed == "revoke":
            with scope.authorized(Action.CHANGE, ClientSecret, part) as secret:
                clients.revoke_secret(secret, by=request.user)
            messages.success(request, _("The secret and the tokens of the client no longer work."))
        elif request.method == "POST" and deed == "retire":
            with scope.authorized(Action.CHANGE, TrustedDocument, part) as document:
                trusted.retire_document(document, by=request.user)
            messages.success(request, _("The document is trusted no more."))
        return HttpResponseRedirect(self.url("change", key))


def _shown_once(client: Client, secret: str) -> dict[str, object]:
    return {
        "secret": secret,
        "secret_title": format_html("{} · client_id <code>{}</code>", client.name, client.key),
        "secret_hint": _(
            "This is the client_secret. Copy it now: it is shown this once and cannot be read again."
            " The program asks POST /oauth/token with it."
        ),
    }


def _secret(one: ClientSecret) -> dict[str, object]:
    ended = one.expires_at is not None and one.expires_at <= timezone.now()
    state = badge(_("live"), "green")
    if one.revoked_at:
        state = badge(_("revoked"), "grey")
    elif ended:
        state = badge(_("ended"), "grey")
    elif one.expires_at:
        state = badge(_("ends %(when)s") % {"when": moment_or_dash(one.expires_at)}, "orange")
    return {
        "key": one.key,
        "prefix": one.prefix,
        "made": moment_or_dash(one.created_at),
        "used": moment_or_dash(one.last_used_at),
        "state": state,
        "is_live": not (one.revoked_at or ended),
    }


def _shown_document(one: TrustedDocument) -> dict[str, object]:
    return {
        "key": one.key,
        "name": or_dash(one.name),
        "sha256": one.sha256,
        "at": moment_or_dash(one.registered_at),
        "is_live": one.retired_at is None,
        "state": badge(_("retired"), "grey") if one.retired_at else badge(_("trusted"), "green"),
    }


def _looked(one: trusted.Document) -> dict[str, object]:
    colours = {"NEW": "green", "BACK": "green", "KNOWN": "grey", "INVALID": "red"}
    return {
        "line": one.line,
        "name": or_dash(one.name),
        "sha256": one.sha256[:12],
        "state": badge(str(trusted.State(one.state).label), colours[one.state]),
        "reason": one.reason,
        "invalid": one.state == trusted.State.INVALID,
    }
