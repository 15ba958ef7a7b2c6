"""The user's own calendar feeds and reminders: create, list, revoke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.dates import moment_or_dash
from admin_ui.core.display import badge
from admin_ui.core.fields import model_choice
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.calendars import actions
from backend.calendars.models import Feed, ReminderChoice, View
from backend.calendars.reminding import USUAL, preview
from backend.programme.models import Principal
from backend.programme.reminders import Moment
from permissions.core import scope
from permissions.core.filters import Action


class FeedForm(OfficeForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("What it is for: my telephone, for example."),
    )
    view = forms.ChoiceField(
        label=gettext_lazy("What it shows"), choices=View.choices, widget=forms.RadioSelect
    )
    principal = forms.ModelChoiceField(
        label=gettext_lazy("Whose programme"),
        queryset=Principal.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=gettext_lazy("all that I may see"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Principal.objects.filter(is_active=True)
        model_choice(self, "principal").queryset = rows.in_order()


class ReminderForm(OfficeForm):
    moments = forms.MultipleChoiceField(
        label=gettext_lazy("Remind me by e-mail"),
        choices=Moment.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "The day before and in the morning you get the programme of the day in one mail; an hour before, one"
            " mail for each entry. Confidential entries are in none of them."
        ),
    )


def _state(feed: Feed) -> str:
    return badge(_("revoked"), "grey") if feed.revoked_at else badge(_("live"), "green")


@admin.register(Feed)
class FeedAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "view")
    tabs = (
        Tab("live", gettext_lazy("Live"), lambda rows: rows.live()),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    order = ("-created_at", "-pk")
    intro = gettext_lazy(
        "A calendar program reads the programme from a secret address. It shows what you may see on the day, and of"
        " what is confidential only that the time is taken."
    )
    empty = gettext_lazy("You have no calendar feed. Make one for your telephone or your computer.")
    columns = (
        Column(gettext_lazy("Name"), lambda f: f.name, ("name",), "ok-wide"),
        Column(gettext_lazy("What it shows"), lambda f: f.get_view_display()),
        Column(
            gettext_lazy("Whose programme"),
            lambda f: f.principal.name if f.principal else _("all that I may see"),
        ),
        Column(gettext_lazy("Made"), lambda f: moment_or_dash(f.created_at), css="ok-nowrap"),
        Column(gettext_lazy("Last read"), lambda f: moment_or_dash(f.last_used_at), css="ok-nowrap"),
        Column(gettext_lazy("State"), _state, css="ok-nowrap"),
    )
    detail_template = "admin_ui/feed.html"

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("principal")
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        return [
            {"title": _("Reminders"), "url": self.url("reminders"), "icon": "notifications"},
            {"title": _("Make a feed"), "url": self.url("make"), "icon": "add_link"},
        ]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("make/", self.make, "make"),
            self.route("reminders/", self.reminders, "reminders"),
            self.route("<uuid:key>/revoke/", self.revoke, "revoke"),
        ]

    def details(self, request: HttpRequest, row: Feed) -> dict[str, object]:
        return {
            "state": _state(row),
            "made": moment_or_dash(row.created_at),
            "used": moment_or_dash(row.last_used_at),
        }

    def make(self, request: StaffRequest) -> HttpResponse:
        form = FeedForm(request.POST or None, initial={"view": View.FULL})
        context: dict[str, object] = {
            "title": _("Make a feed"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Make"),
        }
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(Feed, Action.REGISTER):
                    feed, secret = actions.make_feed(by=request.user, **form.cleaned_data)
                context |= {
                    "secret": settings.PUBLIC_URL.rstrip("/") + reverse("calendar_feed", args=[secret]),
                    "secret_title": feed.name,
                    "secret_hint": _(
                        "Put this address into your calendar program (“subscribe by address”). It is shown this once;"
                        " anyone with it can read the feed, so do not pass it on."
                    ),
                }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def revoke(self, request: StaffRequest, key: UUID) -> HttpResponse:
        if request.method == "POST":
            with scope.authorized(Action.REVOKE, Feed, key) as feed:
                actions.revoke_feed(feed, by=request.user)
            messages.success(request, _("The address no longer works."))
        return HttpResponseRedirect(self.url("change", key))

    def reminders(self, request: StaffRequest) -> HttpResponse:
        """When one is reminded, and how the next mail would read."""
        own = scope.visible(ReminderChoice).first()
        form = ReminderForm(
            request.POST or None,
            initial={"moments": own.moments if own else [moment.value for moment in USUAL]},
        )
        if request.method == "POST" and form.is_valid():
            with scope.elevated_for(ReminderChoice, Action.REGISTER):
                actions.choose_reminders(by=request.user, moments=form.cleaned_data["moments"])
            messages.success(request, _("Your reminders are saved."))
            return HttpResponseRedirect(self.url("reminders"))
        kept = scope.current_viewer().kept
        context = {
            "title": _("Reminders"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Save"),
            "keeps": bool(kept),
            "letter": preview(kept),
        }
        return page(self.admin_site, request, "admin_ui/reminders.html", context)
