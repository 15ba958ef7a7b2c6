"""The periods of elections, in which nothing is opened (298 m.64): a list, and one form that adds or corrects one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge
from admin_ui.core.fields import DayField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.localtime import today
from backend.events import elections
from backend.events.models import ElectionPeriod, Event
from permissions.core import scope
from permissions.core.filters import Action

NAMED = 5


class PeriodForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Election"), max_length=160)
    begins_on = DayField(
        label=gettext_lazy("Propaganda begins"),
        help_text=gettext_lazy("The tenth day before the vote (298 m.49), as the calendar of the YSK says."),
    )
    ends_on = DayField(
        label=gettext_lazy("Day after the vote"), help_text=gettext_lazy("The last day of the period.")
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("The decision or the calendar of the YSK, with date and number."),
    )


def _when(row: ElectionPeriod) -> str:
    day = today()
    if row.ends_on < day:
        return badge(_("over"), "grey")
    return badge(_("to come"), "orange") if row.begins_on > day else badge(_("in force"), "red")


@admin.register(ElectionPeriod)
class ElectionPeriodAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "source")
    gate = page_access.members
    columns = (
        Column(gettext_lazy("Election"), lambda row: row.name, css="ok-wide"),
        Column(
            gettext_lazy("Propaganda begins"),
            lambda row: row.begins_on,
            ("begins_on",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("Day after the vote"), lambda row: row.ends_on, css="ok-nowrap"),
        Column(gettext_lazy("Status"), _when, css="ok-nowrap"),
        Column(gettext_lazy("Source"), lambda row: row.source),
    )
    tabs = (
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
        Tab("open", gettext_lazy("Not over"), lambda rows: rows.to_come()),
    )
    order = ("-begins_on", "-pk")
    intro = gettext_lazy(
        "From the beginning of propaganda to the day after the vote nothing is opened and no ground is broken (298"
        " m.64): such an event then asks for a reason and a legal note. National days are exempt."
    )
    empty = gettext_lazy(
        "No election period is recorded. Without one nothing warns of openings: add the next election as soon as the"
        " YSK announces its calendar."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ElectionPeriod]:
        return scope.visible(ElectionPeriod)

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.url_of = self.url_of if page_access.holds(ElectionPeriod, Action.CHANGE) else None
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(ElectionPeriod, Action.CHANGE):
            return []
        return [{"title": _("Add an election"), "url": self.url("new"), "icon": "how_to_vote"}]

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("", self.changelist_view, "changelist"),
            self.route("new/", self.edit, "new"),
            self.route("<uuid:key>/change/", self.edit, "change"),
        ]

    def edit(self, request: HttpRequest, key: UUID | None = None) -> HttpResponse:
        """Add one or correct one; openings that are planned within it are named."""
        page_access.require(ElectionPeriod, Action.CHANGE)
        row = scope.get(ElectionPeriod, key) if key else None
        initial = {name: getattr(row, name) for name in PeriodForm.base_fields} if row else None
        form = PeriodForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(ElectionPeriod, Action.CHANGE) as viewer:
                    kept = elections.save_period(row, by=viewer.user, **form.cleaned_data)
                messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
                self.warn(request, kept)
                return HttpResponseRedirect(self.url("changelist"))
        context = {
            "title": row.name if row else _("Add an election"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Keep"),
            "intro": self.intro,
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def warn(self, request: HttpRequest, period: ElectionPeriod) -> None:
        """Of the openings that are planned within it those that the viewer sees."""
        caught = scope.visible(Event).filter(pk__in=elections.caught(period).values("pk"))
        named = [f"{one.reference} {one.title}" for one in caught.order_by("starts_at", "pk")[:NAMED]]
        if named:
            text = _("Planned within it without a reason and a legal note: %(events)s.")
            messages.warning(request, text % {"events": ", ".join(named)})
