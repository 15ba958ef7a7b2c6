"""Public holidays: the corrections over the calculated table, with their source and the applications they moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.fields import DayField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.organization.leave import recomputed
from backend.complaints import actions
from backend.core.calendar import DayKind, WorkingCalendar, is_estimated
from backend.core.localtime import today
from backend.core.session import dry_run
from backend.organization.actions import HOLIDAY_YEARS
from backend.organization.calendar import working_calendar
from backend.organization.models import HolidayCorrection, User
from permissions.complaints.access import changed_cases
from permissions.core import scope
from permissions.core.filters import Action

SOURCE = gettext_lazy("Number and date of the Resmî Gazete, or the decision")


class HolidayForm(OfficeForm):
    day = DayField(label=gettext_lazy("Day"))
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=DayKind)
    name = forms.CharField(label=gettext_lazy("Name of the holiday"), max_length=120, required=False)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=200, help_text=SOURCE)
    yearly = forms.BooleanField(label=gettext_lazy("Every year from then on"), required=False)
    valid_to = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Only of what comes every year."),
    )


class ConfirmForm(OfficeForm):
    year = forms.IntegerField(label=gettext_lazy("Year"))
    source = forms.CharField(label=gettext_lazy("Source"), max_length=200, help_text=SOURCE)


@admin.register(HolidayCorrection)
class HolidayAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "kind", "source")
    order = ("-version",)
    intro = gettext_lazy(
        "Public holidays are calculated (Law 2429). What is entered here stands over that; every line raises the"
        " version of the table, and dates keep by which version they were computed."
    )
    detail_template = "admin_ui/holiday_changes.html"
    empty = gettext_lazy(
        "Nothing was corrected: all holidays are as calculated. When the Resmî Gazete says otherwise, enter the day."
    )
    columns = [
        Column(gettext_lazy("Version"), lambda row: row.version, ("version",)),
        Column(gettext_lazy("Day"), lambda row: row.day, ("day",), "ok-nowrap"),
        Column(gettext_lazy("What it is"), lambda row: row.get_kind_display()),
        Column(gettext_lazy("Name of the holiday"), lambda row: row.name or None, css="ok-wide"),
        Column(gettext_lazy("Every year until"), lambda row: _until(row) or None),
        Column(gettext_lazy("Source"), lambda row: row.source, css="ok-wide"),
        Column(gettext_lazy("Recorded by"), lambda row: str(row.recorded_by or "–")),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("recorded_by")

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        year = {"title": _("Holidays of the year"), "url": self.url("year"), "icon": "calendar_month"}
        if not page_access.holds(HolidayCorrection, Action.CHANGE):
            return [year]
        return [
            year,
            {"title": _("Correct a day"), "url": self.url("new"), "icon": "edit_calendar"},
            {"title": _("Confirm estimated days"), "url": self.url("confirm"), "icon": "event_available"},
        ]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("year/", self.year, "year"),
            self.route("new/", self.new, "new"),
            self.route("confirm/", self.confirm, "confirm"),
        ]

    def new(self, request: StaffRequest) -> HttpResponse:
        starting = {"day": request.GET.get("day"), "name": request.GET.get("name")}
        form = HolidayForm(request.POST or None, initial=starting)
        return self._form(request, form, _("Correct a day"), actions.correct_holiday)

    def confirm(self, request: StaffRequest) -> HttpResponse:
        form = ConfirmForm(request.POST or None, initial={"year": request.GET.get("year")})
        return self._form(request, form, _("Confirm estimated days"), actions.confirm_holidays)

    def _form(
        self,
        request: StaffRequest,
        form: OfficeForm,
        title: str,
        act: Callable[..., HolidayCorrection],
    ) -> HttpResponse:
        """Ask, show on request what would change, and do it."""
        page_access.require(HolidayCorrection, Action.CHANGE)
        context: dict[str, object] = {"title": title, "parents": [self.crumb()], "form": form}
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                if "preview" in request.POST:
                    context |= _foreseen(act, request.user, form.cleaned_data)
                else:
                    with scope.elevated_for(HolidayCorrection, Action.CHANGE):
                        row = act(by=request.user, **form.cleaned_data)
                    messages.success(request, recomputed(len(row.recomputed)))
                    return HttpResponseRedirect(self.url("change", row.key))
        return page(self.admin_site, request, "admin_ui/holiday_form.html", context)

    def details(self, request: HttpRequest, row: HolidayCorrection) -> dict[str, object]:
        """The line, and the applications that it moved: those that the viewer sees."""
        title = _("Version %(version)s of the table of holidays") % {"version": row.version}
        return {"title": title, "until": _until(row), "changed": _changed(row)}

    def year(self, request: HttpRequest) -> HttpResponse:
        """Every public holiday of a year, and where it comes from."""
        asked = request.GET.get("year", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today().year
        number = min(max(number, HOLIDAY_YEARS[0]), HOLIDAY_YEARS[1])
        days = _days(number)
        context = {
            "title": _("Holidays of %(year)s") % {"year": number},
            "parents": [self.crumb()],
            "year": number,
            "before": number - 1 if number > HOLIDAY_YEARS[0] else None,
            "after": number + 1 if number < HOLIDAY_YEARS[1] else None,
            "days": days,
            "is_estimated": any(day["is_estimated"] for day in days),
            "may": page_access.holds(HolidayCorrection, Action.CHANGE),
        }
        return page(self.admin_site, request, "admin_ui/holiday_year.html", context)


def _until(row: HolidayCorrection) -> str:
    if not row.yearly:
        return ""
    return f"{row.valid_to:%d.%m.%Y}" if row.valid_to else str(_("no end"))


def _foreseen(
    act: Callable[..., HolidayCorrection], by: User, values: dict[str, object]
) -> dict[str, object]:
    with scope.elevated_for(HolidayCorrection, Action.CHANGE), dry_run():
        row = act(by=by, **values)
        return {"foreseen": recomputed(len(row.recomputed)), "changed": _changed(row)}


def _changed(row: HolidayCorrection) -> list[dict[str, str]]:
    return [
        {
            "reference": one.reference,
            "url": reverse("admin:complaints_complaint_change", args=[one.key]),
            "target": _moved(dates.get("target_on")),
            "legal": _moved(dates.get("legal_due_on")),
        }
        for one, dates in changed_cases(row)
    ]


def _moved(days: list[str | None] | None) -> str:
    old, new = ("–" if day is None else day_text(dt.date.fromisoformat(day)) for day in days or (None, None))
    return new if old == new else f"{old} → {new}"


def _days(year: int) -> list[dict[str, object]]:
    holidays = working_calendar().holidays(year)
    calculated = WorkingCalendar().holidays(year)
    found = []
    for table, before, kind in (
        (holidays.full, calculated.full, DayKind.HOLIDAY),
        (holidays.half, calculated.half, DayKind.HALF_DAY),
    ):
        for day, names in table.items():
            found.append(
                {
                    "day": day,
                    "names": ", ".join(names),
                    "kind": kind.label,
                    "is_estimated": any(map(is_estimated, names)),
                    "is_corrected": before.get(day) != names,
                }
            )
    gone = {*calculated.full, *calculated.half} - {*holidays.full, *holidays.half}
    for day in gone:
        names = calculated.full.get(day, ()) + calculated.half.get(day, ())
        found.append(
            {
                "day": day,
                "names": ", ".join(names),
                "kind": DayKind.WORKED.label,
                "is_estimated": False,
                "is_corrected": True,
            }
        )
    return sorted(found, key=itemgetter("day"))
