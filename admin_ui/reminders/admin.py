"""“Remind me”: one's own reminders as a list, and on the page of a case."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import date_text, day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import DayField
from admin_ui.core.forms import ActionForm, OfficeForm
from admin_ui.core.listing import Column, Dates, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.panels import PAGES, panel
from backend.complaints.models import Complaint
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.reminders.choices import Status
from backend.reminders.models import Reminder
from backend.reminders.moves import Verb, reminder_action
from permissions.core import scope
from permissions.reminders import access

DAY = dt.timedelta(days=1)
TONES = {Status.DONE: "green", Status.CANCELLED: "grey"}


class MoveForm(ActionForm):
    def starting(self, row: Reminder) -> dict[str, object]:
        return {"on": max(row.on, today() + DAY)}


def _status(row: Reminder) -> str:
    if row.status == Status.WAITING and row.on <= today():
        return badge(_("today"), "orange") if row.on == today() else badge(_("its day is over"), "red")
    return badge(row.get_status_display(), TONES.get(Status(row.status), "blue"))


def _case(row: Reminder) -> str:
    return format_html(
        '<span class="ok-reference">{}</span> <span class="ok-subject">{}</span>',
        row.complaint.reference,
        row.complaint.subject,
    )


@admin.register(Reminder)
class ReminderAdmin(ActionAdmin[Reminder]):
    gate = page_access.members
    detail_template = "admin_ui/reminder.html"
    columns = (
        Column(gettext_lazy("Remind me on"), lambda row: day_text(row.on), ("on",), "ok-nowrap"),
        Column(gettext_lazy("Application"), _case, css="ok-wide"),
        Column(gettext_lazy("What for"), lambda row: or_dash(row.note)),
        Column(gettext_lazy("Status"), _status, css="ok-nowrap"),
    )
    tabs = (
        Tab("waiting", gettext_lazy("To come"), lambda rows: rows.waiting()),
        Tab("due", gettext_lazy("Today and before"), lambda rows: rows.due()),
        Tab("ended", gettext_lazy("Ended"), lambda rows: rows.exclude(status=Status.WAITING)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (Dates("on", gettext_lazy("Remind me on"), "on"),)
    order = ("on", "pk")
    searches = True
    finds_in = ("note",)
    intro = gettext_lazy("Only you see your reminders. One goes a week after it is done.")
    empty = gettext_lazy(
        "You asked to be reminded of nothing. On the page of an application, “Remind me” brings it back on the day"
        " that you choose."
    )
    steps = steps_of(reminder_action, {Verb.MOVE: MoveForm})
    page_relations = ("complaint",)
    acts_at_once = True
    done = left = gettext_lazy("The reminder is changed.")

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return scope.visible(Reminder.objects.select_related("complaint"))

    def change_view(self, request: HttpRequest, key: UUID, *args: object, **kwargs: object) -> HttpResponse:
        """Lead to its case, unless the form of a step is asked for."""
        if "do" in request.GET:
            return super().change_view(request, key)
        return HttpResponseRedirect(case_url(self.load(key).complaint))

    def details(self, request: HttpRequest, row: Reminder) -> dict[str, object]:
        return {"title": _("Reminder"), "case_url": case_url(row.complaint)}


def case_url(complaint: Complaint) -> str:
    return f"{reverse('admin:complaints_complaint_change', args=[complaint.key])}#reminder"


# -- on the page of a case ----------------------------------------------------------------------------------------
class RemindForm(OfficeForm):
    on = DayField(label=gettext_lazy("Remind me on"))
    note = forms.CharField(label=gettext_lazy("What for"), max_length=200, required=False)


@panel("admin_ui/includes/reminder_of.html", "side", Complaint)
def reminder_of(complaint: Complaint) -> dict[str, object]:
    """The viewer's reminder of the case, and the form of a new one."""
    waiting = access.of_case(complaint)
    days = [today() + n * DAY for n in (1, 3, 7)]
    return {
        "reminder": waiting,
        "remind_form": RemindForm(prefix="remind", initial={"note": waiting.note if waiting else ""}),
        "remind_url": reverse("admin:complaints_complaint_remind", args=[complaint.key]),
        "remind_days": [(day.isoformat(), date_text(day, "d.m.Y l")) for day in days],
        "remind_steps": [(verb.value.lower(), verb.label) for verb in scope.allowed_actions(waiting)]
        if waiting
        else [],
    }


def remind(request: StaffRequest, key: UUID) -> HttpResponse:
    """Remind the viewer of the case, on the day that was chosen or pressed."""
    home = f"{reverse('admin:complaints_complaint_change', args=[key])}#reminder"
    if request.method != "POST":
        return HttpResponseRedirect(home)
    form = RemindForm(request.POST, prefix="remind")
    if pressed := request.POST.get("day"):
        form.replace(**{"remind-on": pressed})
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return HttpResponseRedirect(home)
    try:
        made = access.remind_me(key, **form.cleaned_data)
    except DomainError as error:
        if error.field != "on":
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, _("You are reminded on %(day)s.") % {"day": day_text(made.on)})
    return HttpResponseRedirect(home)


PAGES[Complaint].append(("<uuid:key>/remind/", remind, "remind"))
