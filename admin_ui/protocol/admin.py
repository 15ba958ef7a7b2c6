"""Offices of the protocol: the list, the page of one with its holders through time, changing it and filling it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.contacts.picker import CitizenField
from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash, yes_no
from admin_ui.core.fields import DayField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Listing, Tab
from admin_ui.core.screen import ScopedAdmin, page
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.models import SearchableQuerySet
from backend.protocol import actions
from backend.protocol.choices import Capacity, Sphere
from backend.protocol.holders import VACANT, Incumbency, incumbents
from backend.protocol.models import Holding, Office
from permissions.core import scope
from permissions.core.filters import Action

READ_LOG = "admin: office of the protocol"


def may_change() -> bool:
    return page_access.holds(Office, Action.CHANGE)


def sees_holders() -> bool:
    return page_access.sees_all(Holding)


class OfficeOfProtocolForm(OfficeForm):
    title = forms.CharField(label=gettext_lazy("Full title"), max_length=200)
    institution = forms.CharField(label=gettext_lazy("Institution"), max_length=200, required=False)
    short_title = forms.CharField(
        label=gettext_lazy("Short title"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For seat labels and lists; empty: the full title."),
    )
    address_form = forms.CharField(
        label=gettext_lazy("Form of address"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("As a letter begins: Sayın Kaymakamım,"),
    )
    sphere = forms.ChoiceField(label=gettext_lazy("Belongs to"), choices=Sphere.choices, initial=Sphere.OTHER)
    is_collective = forms.BooleanField(
        label=gettext_lazy("Several hold it at a time (such as members of parliament)"), required=False
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)


class AppointForm(OfficeForm):
    """Appointment of an office holder from a day on."""

    person = CitizenField(label=gettext_lazy("Who holds it?"), required=True)
    capacity = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=Capacity.choices,
        initial=Capacity.SUBSTANTIVE,
        widget=forms.RadioSelect,
    )
    valid_from = DayField(label=gettext_lazy("From day"), initial=today)
    valid_until = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: without an end. Whoever held it until now is succeeded."),
    )
    basis = forms.CharField(
        label=gettext_lazy("Basis"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The decree, the letter or the election."),
    )


class EndForm(OfficeForm):
    last_day = DayField(
        label=gettext_lazy("Last day"),
        initial=today,
        help_text=gettext_lazy("A day before the first removes the entry: it was never so."),
    )


def persons_of(rows: list[Incumbency], purpose: str = READ_LOG) -> dict[int, Citizen]:
    """Who stands behind these, as far as the viewer may know persons; noted in the read log."""
    wanted = {one.person_id for row in rows for one in (*row.holders, row.acting) if one}
    values = {row.pk: row for row in scope.visible(Citizen).filter(pk__in=wanted)}
    scope.log_access(values, purpose)
    return values


def holder_text(row: Incumbency, persons: dict[int, Citizen]) -> str:
    """“Ali KAYA”, “Veli CAN (acting)”, “vacant”, or how many hold it."""
    if row.is_vacant:
        return badge(_("vacant"), "orange")
    if len(row.holders) > 1:
        return _("%(n)d persons") % {"n": len(row.holders)}
    who = row.speaks
    if who is None:
        return "–"
    name = persons[who.person_id].full_name if who.person_id in persons else _("held")
    return f"{name} ({_('acting')})" if who.capacity == Capacity.ACTING else name


@admin.register(Office)
class OfficeAdmin(ScopedAdmin):
    gate = staticmethod(page_access.members)
    tabs = (
        Tab("used", gettext_lazy("In use"), lambda rows: rows.in_use()),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (Choice.of("sphere", gettext_lazy("Belongs to"), Sphere),)
    order = ("title_sort", "pk")
    searches = True
    search_hint = gettext_lazy("Title or institution")
    detail_template = "admin_ui/protocol_office.html"
    intro = gettext_lazy(
        "A rank belongs to the office, never to the person. In which order offices stand is kept in the orders of"
        " precedence."
    )
    empty = gettext_lazy(
        "No office is recorded yet. Bring an order of precedence from a file: its offices are made along with it."
    )

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        today_by: dict[int, Incumbency] = {}
        persons: dict[int, Citizen] = {}

        def learn(rows: list[Any]) -> None:
            today_by.update(incumbents(rows, rows=scope.visible(Holding)))  # type: ignore[arg-type]
            persons.update(persons_of(list(today_by.values())))

        columns = [
            Column(gettext_lazy("Full title"), lambda row: row.title, ("title_sort",), "ok-wide"),
            Column(gettext_lazy("Institution"), lambda row: or_dash(row.institution)),
            Column(gettext_lazy("Belongs to"), lambda row: row.get_sphere_display()),
        ]
        if sees_holders():
            listing.on_page = learn
            columns.append(
                Column(gettext_lazy("Today"), lambda row: holder_text(today_by.get(row.pk, VACANT), persons))
            )
        listing.columns = columns
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not may_change():
            return []
        return [{"title": _("New office"), "url": self.url("new"), "icon": "add"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", self.edit, "new"),
            self.route("<uuid:key>/edit/", self.edit, "edit"),
            self.route("<uuid:key>/appoint/", self.appoint, "appoint"),
            self.route("<uuid:key>/end/<uuid:holding>/", self.end, "end"),
        ]

    def details(self, request: HttpRequest, row: Office) -> dict[str, object]:
        context = {"may_change": may_change(), "sees_holders": sees_holders(), "yes_no": yes_no}
        if not sees_holders():
            return context
        held = list(scope.visible(row.holdings.all()).order_by("-valid_from", "-pk")[:100])
        names = persons_of([Incumbency(tuple(held))])
        now = today()
        rows = [
            {
                "row": one,
                "name": names[one.person_id].full_name if one.person_id in names else _("held"),
                "is_now": one.is_of(now),
                "is_to_come": one.valid_from > now,
                "ends": one.valid_until is None or one.valid_until >= now,
            }
            for one in held
        ]
        return {**context, "holdings": rows, "is_vacant": not any(one["is_now"] for one in rows)}

    def edit(self, request: HttpRequest, key: UUID | None = None) -> HttpResponse:
        """A new office, or other facts of one."""
        page_access.require(Office, Action.CHANGE)
        office = self.get_object(request, str(key)) if key else None
        initial = (
            {name: getattr(office, name) for name in OfficeOfProtocolForm.base_fields} if office else None
        )
        form = OfficeOfProtocolForm(request.POST or None, initial=initial)

        def act() -> Office:
            with scope.elevated_for(Office, Action.CHANGE) as viewer:
                return actions.save_office(office, by=viewer.user, **form.cleaned_data)

        title = office.title if office else _("New office")
        return self.formed(request, form, act, title, _("Keep"), _("The office is kept."), office)

    def appoint(self, request: HttpRequest, key: UUID) -> HttpResponse:
        page_access.require(Office, Action.CHANGE)
        office = self.get_object(request, str(key))
        form = AppointForm(request.POST or None)

        def act() -> Office:
            with scope.authorized(Action.CHANGE, Office, office.key) as locked:
                actions.appoint(locked, by=scope.require_user(), **form.cleaned_data)
            return office

        title = _("Who holds the office")
        return self.formed(request, form, act, title, _("Record"), _("The holder is recorded."), office)

    def end(self, request: HttpRequest, key: UUID, holding: Any) -> HttpResponse:
        page_access.require(Office, Action.CHANGE)
        office = self.get_object(request, str(key))
        row = scope.get(Holding, holding)
        form = EndForm(request.POST or None)

        def act() -> Office:
            with scope.authorized(Action.CHANGE, Holding, row.key) as locked:
                actions.end_holding(locked, by=scope.current_viewer().user, **form.cleaned_data)
            return office

        title = _("Holds the office no longer")
        return self.formed(request, form, act, title, _("Record"), _("The end is recorded."), office)

    def formed(
        self,
        request: HttpRequest,
        form: OfficeForm,
        act: Callable[[], Office],
        title: str,
        submit: str,
        done: str,
        office: Office | None,
    ) -> HttpResponse:
        """The page of a form; where it was kept, the page of the office."""
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                row = act()
                messages.success(request, done)
                return HttpResponseRedirect(self.url_of(row))
        parents = [self.crumb(), *([(office.title, self.url_of(office))] if office else [])]
        context = {"title": title, "parents": parents, "form": form, "submit": submit}
        return page(self.admin_site, request, "admin_ui/form.html", context)
