"""Orders of precedence: the versions, the page of one on which its whole order is set, and one brought from a file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge
from admin_ui.core.fields import DayField, whole_number
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.core.signed_upload import held, hold
from admin_ui.protocol.admin import holder_text, persons_of, sees_holders
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.protocol import actions, importing
from backend.protocol.choices import ListKind
from backend.protocol.holders import incumbents
from backend.protocol.models import Holding, Office, PrecedenceList
from permissions.core import scope
from permissions.core.filters import Action

SALT = "precedence.import"
MOST_BYTES = 2_000_000
HIGHEST = 30_000


def may_change() -> bool:
    return page_access.holds(PrecedenceList, Action.CHANGE)


class FileForm(OfficeForm):
    kind = forms.ChoiceField(label=gettext_lazy("For"), choices=ListKind.choices, initial=ListKind.DISTRICT)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=400,
        help_text=gettext_lazy("The letter of the kaymakamlık with its date and number, or the text of law."),
    )
    valid_from = DayField(label=gettext_lazy("Holds from"), initial=today)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or Excel (.xlsx) with the columns Sıra, Makam, Kurum; equal numbers are a tie. Kısa unvan, Hitap and"
            " Alan may be there too."
        ),
    )


def _in_force() -> set[int]:
    """The versions that hold today."""
    rows = [PrecedenceList.objects.in_force(kind) for kind in ListKind]
    return {row.pk for row in rows if row}


@admin.register(PrecedenceList)
class PrecedenceAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "kind", "source")
    gate = staticmethod(page_access.members)
    order = ("-valid_from", "-pk")
    tabs = (
        Tab("all", gettext_lazy("All"), lambda rows: rows),
        *(
            Tab(kind.value.lower(), kind.label, lambda rows, kind=kind: rows.filter(kind=kind))  # type: ignore[misc]
            for kind in ListKind
        ),
    )
    detail_template = "admin_ui/precedence.html"
    intro = gettext_lazy(
        "For a ceremony of the district the kaymakamlık sends the order. A version holds until the next one of its"
        " kind begins; an event keeps the order that it took."
    )
    empty = gettext_lazy(
        "No order is recorded yet. Bring one from a file, or load those that come with the program."
    )

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        now = _in_force()
        listing.rows = listing.rows.annotate(offices=Count("entries"))
        listing.columns = (
            Column(gettext_lazy("Name"), lambda row: row.name, css="ok-wide"),
            Column(gettext_lazy("For"), lambda row: row.get_kind_display()),
            Column(gettext_lazy("Holds from"), lambda row: row.valid_from, ("valid_from",)),
            Column(
                gettext_lazy("Today"),
                lambda row: badge(_("in force"), "green") if row.pk in now else "",
                css="ok-nowrap",
            ),
            Column(gettext_lazy("Offices"), lambda row: row.offices, css="ok-number"),
            Column(gettext_lazy("Source"), lambda row: row.source, css="ok-wide"),
        )
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not may_change():
            return []
        return [{"title": _("Bring an order from a file"), "url": self.url("import"), "icon": "upload_file"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("import/", self.bring, "import"),
            self.route("<uuid:key>/order/", self.reorder, "order"),
            self.route("<uuid:key>/withdraw/", self.withdraw, "withdraw"),
        ]

    def details(self, request: HttpRequest, row: PrecedenceList) -> dict[str, object]:
        return {**self.ranks(row), "now": row.pk in _in_force(), "may_change": may_change()}

    def ranks(self, row: PrecedenceList, typed: dict[str, str] | None = None) -> dict[str, object]:
        """The offices in order, with who holds them today; `typed` are the places of a form that was refused."""
        entries = list(row.entries.select_related("office").order_by("position"))
        context: dict[str, object] = {"version": row.version, "sees_holders": sees_holders()}
        by_office, persons = {}, {}
        if sees_holders():
            by_office = incumbents([e.office for e in entries], rows=scope.visible(Holding))  # type: ignore[arg-type]
            persons = persons_of(list(by_office.values()))
        context["ranks"] = [
            {
                "office": entry.office,
                "place": (typed or {}).get(str(entry.office.key), entry.place),
                "holder": holder_text(by_office[entry.office_id], persons) if by_office else "",
            }
            for entry in entries
        ]
        known = [entry.office_id for entry in entries]
        context["others"] = Office.objects.in_use().exclude(pk__in=known).order_by("title_sort")[:500]
        return context

    def reorder(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Set the whole order: every office's place as it was typed or dragged; an empty place leaves the list."""
        page_access.require(PrecedenceList, Action.CHANGE)
        row = self.get_object(request, str(key))
        if request.method != "POST":
            return HttpResponseRedirect(self.url_of(row))
        typed = {
            name.removeprefix("place_"): str(text)
            for name, text in request.POST.items()
            if name.startswith("place_")
        }
        try:
            order = _order(request.POST.getlist("office"), typed)
            _add(order, request.POST.get("add", ""), request.POST.get("add_place", ""))
            looked_at = whole_number(request.POST.get("version", ""))
            with scope.authorized(Action.CHANGE, PrecedenceList, row.key, version=looked_at) as locked:
                by, note = scope.current_viewer().user, request.POST.get("note", "")
                actions.rewrite(locked, by=by, order=order, note=note)
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN:
                raise
            values = {**self.details(request, row), **self.ranks(row, typed), "refusal": str(error)}
            context = {"title": str(row), "row": row, "parents": [self.crumb()], **values}
            return page(self.admin_site, request, self.detail_template, context)
        messages.success(request, _("The order is kept. Events that took it keep theirs."))
        return HttpResponseRedirect(self.url_of(row))

    def withdraw(self, request: HttpRequest, key: UUID) -> HttpResponse:
        page_access.require(PrecedenceList, Action.CHANGE)
        row = self.get_object(request, str(key))
        if request.method == "POST":
            try:
                with scope.authorized(Action.CHANGE, PrecedenceList, row.key) as locked:
                    actions.withdraw_list(locked, by=scope.current_viewer().user)
            except DomainError as error:
                if error.code == ErrorCode.FORBIDDEN:
                    raise
                messages.error(request, str(error))
                return HttpResponseRedirect(self.url_of(row))
            messages.success(request, _("The version is taken back."))
        return HttpResponseRedirect(self.url("changelist"))

    # -- from a file -------------------------------------------------------------------------------------------
    def bring(self, request: StaffRequest) -> HttpResponse:
        """Upload: what would happen, and nothing of it. Confirm: the same file for good."""
        page_access.require(PrecedenceList, Action.CHANGE)
        form = FileForm(request.POST or None, request.FILES or None)
        context: dict[str, object] = {
            "title": _("Bring an order from a file"),
            "parents": [self.crumb()],
            "form": form,
            "ships": _ships(),
        }
        if request.POST.get("shipped"):
            with scope.elevated_for(PrecedenceList, Action.CHANGE) as viewer:
                importing.load_shipped(by=viewer.user)
            messages.success(request, _("The orders that come with the program are loaded."))
            return HttpResponseRedirect(self.url("changelist"))
        if ticket := request.POST.get("ticket"):
            if isinstance(done := self.confirm(request, ticket), HttpResponse):
                return done
            context |= done
        elif request.method == "POST" and form.is_valid():
            context |= self.look(request, form)
        return page(self.admin_site, request, "admin_ui/precedence_import.html", context)

    def look(self, request: StaffRequest, form: FileForm) -> dict[str, object]:
        facts = {name: form.cleaned_data[name] for name in ("kind", "name", "source", "valid_from")}
        try:
            data = form.cleaned_data["file"].read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise DomainError(ErrorCode.TOO_LARGE, _("The file is too large."), "file")
            report = _bring(data, dry_run=True, **facts)
            items = [facts["kind"], facts["name"], facts["source"], facts["valid_from"].isoformat()]
            ticket = "" if report.problems else hold(SALT, request.user, data, *items)
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN:
                raise
            form.refuse(error)
            return {}
        return {"report": report, "ticket": ticket}

    def confirm(self, request: StaffRequest, ticket: str) -> dict[str, object] | HttpResponse:
        if (result := held(SALT, request.user, ticket)) is None:
            return {"gone": True}
        data, (kind, name, source, day) = result
        valid_from = forms.DateField().to_python(day)
        try:
            report = _bring(data, kind=kind, name=name, source=source, valid_from=valid_from)
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN:
                raise
            return {"refusal": str(error)}
        if report.written is None:
            return {"report": report}
        messages.success(request, _("The order is recorded."))
        return HttpResponseRedirect(self.url_of(report.written))


def _bring(data: bytes, **facts: Any) -> importing.Report:
    with scope.elevated_for(PrecedenceList, Action.CHANGE) as viewer:
        return importing.bring(io.BytesIO(data), by=viewer.user, **facts)


def _ships() -> bool:
    """Whether a shipped order of precedence has no newer one of its kind."""
    there = set(PrecedenceList.objects.values_list("kind", flat=True).distinct())
    return any(kind not in there for kind in ListKind.values)


def _place(text: str) -> int | None:
    """The number of a place, None for none. INVALID for what is no place."""
    if not (text := text.strip()):
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 0 < int(text) <= HIGHEST:
        message = _("A place is a whole number: 1 for the highest. Equal numbers are equal offices.")
        raise DomainError(ErrorCode.INVALID, message, "order")
    return int(text)


def _add(order: list[list[Office]], key: str, text: str) -> None:
    """Put another office in: equal to those of that place, or last."""
    if not key:
        return
    office, place = scope.get(Office, key, field="order"), _place(text)
    if place is None or place > len(order):
        order.append([office])
    else:
        order[place - 1].append(office)


def _order(keys: list[str], typed: dict[str, str]) -> list[list[Office]]:
    """The offices ordered by the entered numbers; equal numbers share a rank and keep their order."""
    places: dict[int, list[str]] = {}
    for key in dict.fromkeys(keys):
        if (place := _place(typed.get(key, ""))) is not None:
            places.setdefault(place, []).append(key)
    wanted = [key for group in places.values() for key in group]
    try:
        mapping = {str(row.key): row for row in Office.objects.filter(key__in=wanted)}
        return [[mapping[key] for key in places[place]] for place in sorted(places)]
    except (KeyError, ValueError, forms.ValidationError):
        raise scope.not_found("order") from None
