"""The order of precedence that an event took: its places, and another place for an office, with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.localtime import local_date
from backend.events.models import Event
from backend.protocol import actions
from backend.protocol.models import Office, Snapshot
from permissions.core import scope
from permissions.core.filters import Action

HOW = (("before", gettext_lazy("before it")), ("beside", gettext_lazy("equal to it")))


class MoveForm(OfficeForm):
    """Another place at this event alone."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"), queryset=Office.objects.none(), to_field_name="key", empty_label="–"
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=HOW, initial="before", widget=forms.RadioSelect
    )
    other = forms.ModelChoiceField(
        label=gettext_lazy("Which other office"),
        queryset=Office.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=gettext_lazy("behind all of them"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, snapshot: Snapshot, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["office"].queryset = Office.objects.in_use().order_by("title_sort")
        there = Office.objects.filter(pk__in=snapshot.lines.values("office"))
        fields["other"].queryset = there.order_by("title_sort")

    def values(self) -> dict[str, Any]:
        """As the action wants them."""
        cleaned = self.cleaned_data
        values = {"office": cleaned["office"], "reason": cleaned["reason"]}
        return {**values, cleaned["how"]: cleaned["other"]} if cleaned["other"] else values


@admin.register(Snapshot)
class SnapshotAdmin(ScopedAdmin):
    searches = True
    finds_in = ("precedence__name",)
    gate = staticmethod(lambda: page_access.sees_all(Snapshot))
    order = ("-taken_at", "-pk")
    detail_template = "admin_ui/event_order.html"
    intro = gettext_lazy(
        "The order that each event took. A place that is changed here is changed for that event alone."
    )
    empty = gettext_lazy(
        "No event took an order yet. It does when guests are read from the offices of the order."
    )

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("precedence", "event")
        listing.columns = (
            Column(gettext_lazy("Event"), lambda row: _title(row), css="ok-wide"),
            Column(gettext_lazy("Taken"), lambda row: local_date(row.taken_at), ("taken_at",)),
            Column(gettext_lazy("Order of precedence"), lambda row: row.precedence.name),
        )
        return listing

    def more_urls(self) -> list[URLPattern]:
        return [self.route("<uuid:key>/move/", self.move, "move")]

    def details(self, request: HttpRequest, row: Snapshot, form: MoveForm | None = None) -> dict[str, object]:
        may_change = scope.can(Action.CHANGE, row)
        event = scope.visible(Event).filter(precedence=row).first()
        return {
            "title": _("Order of the event"),
            "event": event,
            "event_url": reverse("admin:events_event_change", args=[event.key]) if event else "",
            "lines": list(scope.visible(row.lines.all()).order_by("position")),
            "form": (form or MoveForm(row)) if may_change else None,
        }

    def move(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Give one office another place at this event."""
        row = self.get_object(request, str(key))
        if request.method != "POST":
            return HttpResponseRedirect(self.url_of(row))
        form = MoveForm(row, request.POST)
        if form.is_valid():
            with form.refusals():
                with scope.authorized(Action.CHANGE, Snapshot, row.key) as locked:
                    actions.move_in_snapshot(locked, by=scope.current_viewer().user, **form.values())
                messages.success(request, _("The place is changed for this event. Read its guests anew."))
                return HttpResponseRedirect(self.url_of(row))
        context = {"row": row, "parents": [self.crumb()], **self.details(request, row, form)}
        return page(self.admin_site, request, self.detail_template, context)


def _title(row: Snapshot) -> str:
    event = getattr(row, "event", None)
    return event.title if event is not None else "–"
