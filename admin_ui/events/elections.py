"""The periods of elections, in which nothing is opened (298 m.64): a list, and one form that adds or corrects one."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge
from admin_ui.core.fields import DayField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.screen import RegisterAdmin
from backend.core.localtime import today
from backend.events import elections
from backend.events.models import ElectionPeriod, Event
from permissions.core import scope

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
class ElectionPeriodAdmin(RegisterAdmin):
    form_of, keep = PeriodForm, staticmethod(elections.save_period)
    new_title, new_icon = gettext_lazy("Add an election"), "how_to_vote"
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

    def after(self, request: HttpRequest, row: ElectionPeriod) -> None:
        """Of the openings that are planned within it those that the viewer sees."""
        caught = scope.visible(Event).filter(pk__in=elections.caught(row).values("pk"))
        named = [f"{one.reference} {one.title}" for one in caught.order_by("starts_at", "pk")[:NAMED]]
        if named:
            text = _("Planned within it without a reason and a legal note: %(events)s.")
            messages.warning(request, text % {"events": ", ".join(named)})
