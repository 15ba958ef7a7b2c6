"""Administrative leave (idari izin): announced late, and it is shown how many cases move with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core import page_access
from admin_ui.core.fields import DayField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.complaints import actions
from backend.organization.models import AdministrativeLeave
from permissions.core import scope
from permissions.core.filters import Action


class LeaveForm(OfficeForm):
    day = DayField(label=gettext_lazy("Day"))
    half_day = forms.BooleanField(label=gettext_lazy("From 13:00 only"), required=False)
    reason = forms.CharField(label=gettext_lazy("Reason or source"), max_length=200)


def recomputed(count: int) -> str:
    text = ngettext(
        "The dates of %(n)d open application were computed anew.",
        "The dates of %(n)d open applications were computed anew.",
        count,
    )
    return text % {"n": count}


@admin.register(AdministrativeLeave)
class LeaveAdmin(ScopedAdmin):
    searches = True
    finds_in = ("reason",)
    order = ("-day",)
    intro = gettext_lazy(
        "By default a day of leave moves the internal targets and the agenda, not the legal dates."
    )
    empty = gettext_lazy("No administrative leave has been announced. When one is, add its day.")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        token, may = get_token(request), page_access.holds(AdministrativeLeave, Action.CHANGE)

        def taking_back(row: AdministrativeLeave) -> str:
            return format_html(
                '<form method="post" data-once action="{}">'
                '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
                '<input type="hidden" name="day" value="{}">'
                '<button class="ok-button" type="submit">{}</button></form>',
                self.url("remove"),
                token,
                row.day.isoformat(),
                _("Take back"),
            )

        listing.columns = [
            Column(gettext_lazy("Day"), lambda row: row.day, ("day",), "ok-nowrap"),
            Column(
                gettext_lazy("Extent"), lambda row: _("from 13:00 only") if row.half_day else _("whole day")
            ),
            Column(gettext_lazy("Reason or source"), lambda row: row.reason, css="ok-wide"),
            *([Column("", taking_back)] if may else []),
        ]
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(AdministrativeLeave, Action.CHANGE):
            return []
        return [{"title": _("Announce a day"), "url": self.url("new"), "icon": "event_busy"}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", self.new, "new"), self.route("remove/", self.remove, "remove")]

    def new(self, request: StaffRequest) -> HttpResponse:
        page_access.require(AdministrativeLeave, Action.CHANGE)
        form = LeaveForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(AdministrativeLeave, Action.CHANGE):
                    _row, count = actions.announce_leave(by=request.user, **form.cleaned_data)
                messages.success(request, recomputed(count))
                return HttpResponseRedirect(self.url("changelist"))
        context = {
            "title": _("Announce a day"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Announce"),
            "intro": self.intro,
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def remove(self, request: StaffRequest) -> HttpResponse:
        if request.method == "POST":
            with scope.elevated_for(AdministrativeLeave, Action.CHANGE):
                row = AdministrativeLeave.objects.filter(day=request.POST.get("day") or "1900-01-01").first()
                if row:
                    messages.success(request, recomputed(actions.cancel_leave(row, by=request.user)))
        return HttpResponseRedirect(self.url("changelist"))
