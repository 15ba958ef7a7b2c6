"""Occasions, recorded days of persons with their legal basis, and preferences about greetings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.contacts.admin import CITIZEN_ACTIONS
from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.listing import Choice, Column, Dates, Listing
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.panels import panel
from admin_ui.core.screen import ScopedAdmin
from admin_ui.greetings.forms import BereavementForm, KeepDayForm, WishForm
from backend.contacts.actions import record_bereavement
from backend.contacts.models import Bereavement, Citizen
from backend.core.models import containing
from backend.greetings import actions
from backend.greetings.choices import KeptKind, OccasionKind, Wish
from backend.greetings.models import KeptDay, Occasion, Preference
from backend.organization.models import User
from permissions.core import scope
from permissions.core.scope import Action


def _person(row: Any) -> str:
    url = reverse("admin:contacts_citizen_change", args=[row.citizen.key])
    return format_html('<a class="ok-link" href="{}">{}</a>', url, row.citizen.full_name)


def knows_everybody() -> bool:
    return page_access.sees_all(KeptDay)


class _OfPeople(ScopedAdmin):
    """List of personal facts; views are written to the read log."""

    gate = staticmethod(knows_everybody)
    searches = True
    search_hint = gettext_lazy("Name of the person")

    def search(self, rows: Any, text: str) -> Any:
        named = Q(citizen__in=scope.visible(Citizen.objects.search(text)).values("pk"))
        return rows.filter(named | containing(rows, self.finds_in, text))

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("citizen")
        listing.on_page = lambda rows: scope.log_access(
            [row.citizen_id for row in rows], f"admin: {self.opts.model_name}"
        )
        return listing


@admin.register(Occasion)
class OccasionAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "kind")
    gate = staticmethod(lambda: page_access.sees_all(Occasion))
    columns = (
        Column(gettext_lazy("Occasion"), lambda r: r.name, css="ok-wide"),
        Column(gettext_lazy("Kind"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Day"), lambda r: r.on, ("on",), "ok-nowrap"),
        Column(gettext_lazy("Letter"), lambda r: r.get_letter_kind_display()),
    )
    filters = (
        Choice.of("kind", gettext_lazy("Kind"), OccasionKind),
        Dates("on", gettext_lazy("Day"), "on"),
    )
    order = ("-on", "-pk")
    empty = gettext_lazy("No occasion yet. One is made with a batch or by a press on a suggestion.")


@admin.register(KeptDay)
class KeptDayAdmin(_OfPeople):
    finds_in = ("kind", "of_what")
    columns = (
        Column(gettext_lazy("Citizen"), _person, css="ok-wide"),
        Column(gettext_lazy("Day"), lambda r: f"{r.day:02}.{r.month:02}", ("month", "day"), "ok-nowrap"),
        Column(gettext_lazy("Kind"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Of what"), lambda r: or_dash(r.of_what)),
        Column(gettext_lazy("Since the year"), lambda r: or_dash(r.since)),
        Column(gettext_lazy("Basis"), lambda r: f"{r.get_basis_display()} · {r.basis_note}", css="ok-wide"),
    )
    filters = (Choice.of("kind", gettext_lazy("Kind"), KeptKind),)
    order = ("month", "day", "pk")
    empty = gettext_lazy(
        "No day of a person is kept. With a recorded basis (KVKK m.5) it is kept on the page of the citizen."
    )

    def more_urls(self) -> list[URLPattern]:
        return [self.route("<uuid:key>/forget/", require_POST(self.forget), "forget")]

    def forget(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Keep it no longer; back to whose it was."""
        with scope.authorized(Action.CHANGE, KeptDay, key) as row:
            citizen = row.citizen
            actions.forget_day(row, by=request.user)
        messages.success(request, _("The day is kept no longer."))
        return HttpResponseRedirect(reverse("admin:contacts_citizen_change", args=[citizen.key]))


@admin.register(Preference)
class PreferenceAdmin(_OfPeople):
    finds_in = ("wish", "proof")
    columns = (
        Column(gettext_lazy("Citizen"), _person, css="ok-wide"),
        Column(
            gettext_lazy("Wish"),
            lambda r: badge(r.get_wish_display(), "red" if r.wish == Wish.OBJECTION else "green"),
        ),
        Column(gettext_lazy("Notified on"), lambda r: r.notified_on, ("notified_on",), "ok-nowrap"),
        Column(gettext_lazy("Proof"), lambda r: r.proof, css="ok-wide"),
    )
    filters = (Choice.of("wish", gettext_lazy("Wish"), Wish),)
    order = ("-recorded_at", "-pk")
    empty = gettext_lazy(
        "No wish about greetings is recorded yet. It is recorded on the page of the citizen."
    )


# -- on the page of a citizen ------------------------------------------------------------------------------
@panel("admin_ui/includes/greeting_of.html", "forms", Citizen)
def greeting_of(row: Citizen) -> dict[str, object]:
    """What the office knows of this person for greetings; empty without the right to know it."""
    if not knows_everybody():
        return {}
    known = {
        "kept_days": list(scope.visible(KeptDay).filter(citizen=row).order_by("month", "day")),
        "wish": scope.visible(Preference).filter(citizen=row).first(),
        "bereavements": list(scope.visible(Bereavement).filter(citizen=row).order_by("-on")[:10]),
    }
    return {"greeting": known}


def _keep_day(citizen: Citizen, values: dict[str, Any], by: User) -> None:
    actions.keep_day(citizen, by=by, **values)


def _prefer(citizen: Citizen, values: dict[str, Any], by: User) -> None:
    actions.prefer(citizen, by=by, **values)


def _bereave(citizen: Citizen, values: dict[str, Any], by: User) -> None:
    record_bereavement(citizen, by=by, **values)


CITIZEN_ACTIONS.update(
    {
        "keep-day": (KeepDayForm, Action.CORRECT, _keep_day),
        "wish": (WishForm, Action.CORRECT, _prefer),
        "bereavement": (BereavementForm, Action.CORRECT, _bereave),
    }
)
