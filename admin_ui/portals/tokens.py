"""Bearer tokens of programs: issued once, shown once, revoked at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import moment_or_dash
from admin_ui.core.display import badge
from admin_ui.core.fields import DayField, PersonField, model_choice
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.localtime import ISTANBUL, today
from backend.organization.models import User
from backend.portals import actions
from backend.portals.models import ApiToken, Scope
from permissions.core import scope
from permissions.core.filters import Action


class IssueForm(OfficeForm):
    user = PersonField(
        label=gettext_lazy("Account"),
        help_text=gettext_lazy(
            "A program's account, or your own. The token sees what this account sees, and never more."
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("Which program it is for.")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_at = DayField(label=gettext_lazy("Last day"))

    def __init__(self, *args: Any, holder: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = User.objects.filter(Q(is_staff=False) | Q(pk=holder.pk), is_active=True)
        model_choice(self, "user").queryset = accounts.order_by(
            "is_staff", "first_name", "last_name", "username"
        )


def _state(token: ApiToken) -> str:
    if token.revoked_at:
        return badge(_("revoked"), "grey")
    return badge(_("expired"), "grey") if token.expires_at <= timezone.now() else badge(_("live"), "green")


def _scopes(token: ApiToken) -> str:
    return ", ".join(str(Scope(value).label) for value in token.scopes)


@admin.register(ApiToken)
class TokenAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name",)
    tabs = (
        Tab("live", gettext_lazy("Live"), lambda rows: rows.live()),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    order = ("-created_at", "-pk")
    intro = gettext_lazy("A program asks through GraphQL with a token. A lost secret cannot be shown again.")
    empty = gettext_lazy(
        "No token was issued yet. The tokens of programs stand here with their last use; Bilgi İşlem or"
        " the head of the office issues one."
    )
    columns = (
        Column(gettext_lazy("Name"), lambda t: t.name, ("name",), "ok-wide"),
        Column(
            gettext_lazy("Begins with"), lambda t: format_html("<code>{}…</code>", t.prefix), css="ok-nowrap"
        ),
        Column(gettext_lazy("Account"), lambda t: t.user),
        Column(gettext_lazy("Scopes"), _scopes),
        Column(gettext_lazy("Expires"), lambda t: moment_or_dash(t.expires_at), ("expires_at",), "ok-nowrap"),
        Column(gettext_lazy("Last used"), lambda t: moment_or_dash(t.last_used_at), css="ok-nowrap"),
        Column(gettext_lazy("State"), _state, css="ok-nowrap"),
    )
    detail_template = "admin_ui/token.html"

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("user")
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(ApiToken, Action.REVOKE):
            return []
        return [{"title": _("Issue a token"), "url": self.url("issue"), "icon": "key"}]

    def get_urls(self) -> list[URLPattern]:
        return [
            *super().get_urls(),
            self.route("issue/", self.issue, "issue"),
            self.route("<uuid:key>/revoke/", self.revoke, "revoke"),
        ]

    def details(self, request: HttpRequest, row: ApiToken) -> dict[str, object]:
        return {
            "title": row.name,
            "state": _state(row),
            "scopes": _scopes(row),
            "expires": moment_or_dash(row.expires_at),
            "used": moment_or_dash(row.last_used_at),
            "issued": moment_or_dash(row.created_at),
            "can_revoke": row.revoked_at is None,
        }

    def issue(self, request: StaffRequest) -> HttpResponse:
        page_access.require(ApiToken, Action.REVOKE)
        holder = request.user
        initial = {"expires_at": today() + dt.timedelta(days=365), "scopes": [Scope.READ]}
        form = IssueForm(request.POST or None, holder=holder, initial=initial)
        context: dict[str, object] = {
            "title": _("Issue a token"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Issue"),
        }
        if request.method == "POST" and form.is_valid():
            values = dict(form.cleaned_data)
            values["expires_at"] = dt.datetime.combine(values["expires_at"], dt.time(23, 59, 59), ISTANBUL)
            with form.refusals():
                with scope.elevated_for(ApiToken, Action.REVOKE):
                    token, secret = actions.issue_token(by=request.user, **values)
                context |= {
                    "secret": secret,
                    "secret_title": token.name,
                    "secret_hint": _("Copy it now: it is shown this once and cannot be read again."),
                }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def revoke(self, request: StaffRequest, key: UUID) -> HttpResponse:
        if request.method == "POST":
            with scope.authorized(Action.REVOKE, ApiToken, key) as token:
                actions.revoke_token(token, by=request.user)
            messages.success(request, _("The token no longer works."))
        return HttpResponseRedirect(self.url("change", key))
