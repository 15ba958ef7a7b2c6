"""Guests of an event: the list, the page of one guest, and adding guests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.contacts.picker import CitizenField
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import date_text, day_text
from admin_ui.core.display import badge
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.core.stories import StoryItem, of_lines
from admin_ui.events import forms as event_forms
from admin_ui.events.display import name_of
from admin_ui.events.guest_import import upload
from backend.contacts import actions as contacts
from backend.core.errors import DomainError
from backend.core.models import SearchableQuerySet
from backend.events import actions, links
from backend.events.choices import Answer, Call, GuestStatus, Via
from backend.events.models import Event, Guest, GuestLine
from backend.events.moves import GuestVerb, Verb, allows, guest_action
from backend.events.story import GuestEventType
from permissions.contacts import picking
from permissions.core import scope
from permissions.partners import access as partners

ANSWER_TONES = {
    Answer.WAITING: "orange",
    Answer.COMING: "green",
    Answer.REPRESENTED: "green",
    Answer.NOT_COMING: "grey",
}


def answer_badge(row: Guest) -> str:
    if row.status != GuestStatus.LISTED:
        return badge(row.get_status_display(), "grey")
    return badge(row.get_answer_display(), ANSWER_TONES[Answer(row.answer)])


def _name(row: Guest) -> str:
    title = " · ".join(part for part in (row.title, row.organisation) if part)
    vip = badge(_("protocol"), "blue") if row.is_vip else ""
    return format_html(
        '<span class="ok-subject">{}</span> {}<br><span class="ok-small">{}</span>', name_of(row), vip, title
    )


def _day(moment: Any) -> str:
    return date_text(moment, "d.m. H:i") if moment else "–"


def _called(row: Guest) -> str:
    return f"{row.calls} · {row.get_call_display()}" if row.calls else "–"


def _party(row: Guest) -> str:
    value = f"{row.companions} / {row.companions_allowed}" if row.companions_allowed else "–"
    return f"{value} · {row.representative}" if row.representative else value


def _may_list() -> bool:
    return page_access.sees_some(Guest)


def _events() -> list[tuple[str, str]]:
    rows = scope.visible(Event).exclude(status="CANCELLED").order_by("-starts_at", "-pk")[:200]
    return [(str(row.key), f"{day_text(localtime(row.starts_at))} {row.title}") for row in rows]


@admin.register(Guest)
class GuestAdmin(ActionAdmin[Guest]):
    gate = staticmethod(_may_list)
    detail_template = "admin_ui/event_guest.html"
    columns = (
        Column(gettext_lazy("Guest"), _name, css="ok-wide"),
        Column(gettext_lazy("Answer"), answer_badge, css="ok-nowrap"),
        Column(gettext_lazy("Companions"), _party),
        Column(gettext_lazy("Invitation sent"), lambda r: _day(r.messaged_at), css="ok-nowrap"),
        Column(gettext_lazy("Called"), _called),
        Column(gettext_lazy("Card printed"), lambda r: _day(r.printed_at), css="ok-nowrap"),
        Column(gettext_lazy("Came in"), lambda r: _day(r.arrived_at), css="ok-nowrap"),
    )
    tabs = (
        Tab("listed", gettext_lazy("On the list"), lambda rows: rows.listed()),
        Tab("waiting", gettext_lazy("No answer yet"), lambda rows: rows.unanswered()),
        Tab("coming", gettext_lazy("Coming"), lambda rows: rows.attending()),
        Tab(
            "declined",
            gettext_lazy("Not coming"),
            lambda rows: rows.listed().filter(answer=Answer.NOT_COMING),
        ),
        Tab("reserve", gettext_lazy("Reserve"), lambda rows: rows.filter(status=GuestStatus.RESERVE)),
        Tab("arrived", gettext_lazy("Came in"), lambda rows: rows.arrived()),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice("event", gettext_lazy("Event"), _events, lambda rows, key: rows.filter(event__key=key)),
        Choice(
            "answer", gettext_lazy("Answer"), lambda: Answer.choices, lambda rows, x: rows.filter(answer=x)
        ),
    )
    order = ("event_id", "pk")
    searches = True
    search_hint = gettext_lazy("Name or title")
    empty = gettext_lazy(
        "There are no guests yet. Plan an event and read its groups, or add a guest to its list."
    )
    page_relations = ("person", "event", "called_by")
    steps = steps_of(
        guest_action,
        {
            GuestVerb.ANSWER: event_forms.AnswerForm,
            GuestVerb.CORRECT: event_forms.CorrectGuestForm,
            GuestVerb.UNDO_ARRIVAL: event_forms.ReasonForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guest]:
        return scope.visible(Guest).select_related("person", "event")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.on_page = lambda rows: scope.log_access([row.person_id for row in rows], "admin: guests")
        if request.GET.get("tab", "") == "reserve":
            listing.order = ("reserve_position", "pk")
        return listing

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        event = _chosen(request)
        if event is None:
            return []
        items = [
            {
                "title": event.title,
                "url": reverse("admin:events_event_change", args=[event.key]),
                "icon": "event",
            },
            {
                "title": _("Perhaps twice on the list"),
                "url": self.url("twins", event.key),
                "icon": "group_remove",
            },
        ]
        # Somebody is put on a frozen list too, though its groups are not read anew.
        if scope.can(Verb.SYNC_GUESTS, event) and allows(Verb.SYNC_GUESTS, event.status):
            url = f"{self.url('add_to', event.key)}"
            file = self.url("from_file", event.key)
            items.append({"title": _("Guests from a file"), "url": file, "icon": "upload_file"})
            items.insert(0, {"title": _("Add a guest"), "url": url, "icon": "person_add"})
        return items

    def more_urls(self) -> list[URLPattern]:
        from admin_ui.events.calls import calls  # these pages show guests as this one does
        from admin_ui.events.duplicates import duplicates

        return [
            self.route("of/<uuid:key>/add/", add, "add_to"),
            self.route("of/<uuid:key>/file/", upload, "from_file"),
            self.route("of/<uuid:key>/calls/", calls, "calls"),
            self.route("of/<uuid:key>/twins/", duplicates, "twins"),
        ]

    def load(self, key: UUID) -> Guest:
        result = super().load(key)
        scope.log_access([result.person_id], "admin: guest")
        return result

    def details(self, request: HttpRequest, row: Guest) -> dict[str, object]:
        event = row.event
        guests = f"{self.url('changelist')}?event={event.key}"
        return {
            "title": name_of(row),
            "parents": [
                (event.title, reverse("admin:events_event_change", args=[event.key])),
                (_("Guests"), guests),
            ],
            "badge": answer_badge(row),
            "link": links.address_for(row) if row.status == GuestStatus.LISTED else "",
            "groups": [origin.group.title for origin in row.origins.select_related("group")],
            "story": story(row),
        }


def _chosen(request: HttpRequest) -> Event | None:
    """The event whose guests are shown, if one was chosen."""
    try:
        return scope.get(Event, request.GET.get("event", ""))
    except DomainError:
        return None


def story(row: Guest) -> list[StoryItem]:
    lines = scope.visible(GuestLine).filter(guest=row).select_related("actor").order_by("at", "id")
    return of_lines(lines, GuestEventType, _facts, by_itself=_("the guest, or by itself"))


def _facts(line: GuestLine) -> list[str]:
    details = line.details
    items = []
    if details.get("answer") in Answer.values:
        items.append(str(Answer(details["answer"]).label))
    if details.get("via") in Via.values:
        items.append(str(Via(details["via"]).label))
    if details.get("result") in Call.values:
        items.append(str(Call(details["result"]).label))
    if "people" in details:
        items.append(_("%(count)s people") % {"count": details["people"]})
    for name in [*details.get("fields", []), *details.get("before", {})]:
        field: Any = Guest._meta.get_field(name)
        before = details.get("before", {}).get(name)
        items.append(f"{field.verbose_name}: {_before(field, before)}" if before not in (None, "", 0) else "")
    return [one for one in items if one]


def _before(field: Any, value: object) -> str:
    return _("before: %(text)s") % {"text": dict(field.flatchoices).get(value, value)}


class AddGuestForm(OfficeForm):
    """Who is known already, or a person who is written down anew; whom that would repeat is asked first."""

    person = CitizenField(label=gettext_lazy("Who is it?"))
    first_name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    last_name = forms.CharField(label=gettext_lazy("Surname"), max_length=80, required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    title = forms.CharField(label=gettext_lazy("Office or title"), max_length=160, required=False)
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=160, required=False)
    delegation = forms.CharField(label=gettext_lazy("Delegation"), max_length=120, required=False)
    with_spouse = forms.BooleanField(label=gettext_lazy("With spouse"), required=False)
    companions_allowed = forms.IntegerField(
        label=gettext_lazy("Companions at most"), min_value=0, max_value=50, required=False
    )
    is_vip = forms.BooleanField(label=gettext_lazy("Received by the protocol"), required=False)
    accept_alike = forms.BooleanField(
        label=gettext_lazy("It is another person than those"), required=False, widget=forms.HiddenInput
    )
    NEW = ("first_name", "last_name", "phone", "email")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("person") or "person" in self.errors:
            return cleaned
        if not cleaned.get("first_name"):
            self.add_error("person", _("Say who it is, or write the name of a new person below."))
        elif not cleaned["accept_alike"]:
            self._ask(*(cleaned.get(name, "") for name in self.NEW[:3]))
        return cleaned

    def _ask(self, first_name: str, last_name: str, phone: str) -> None:
        rows = partners.alike(first_name, last_name, phone)
        if not rows:
            return
        self.fields["accept_alike"].widget = forms.CheckboxInput()
        self.fields["person"].widget.offered = [picking.found(row) for row in rows]
        scope.log_access([row.pk for row in rows], "admin: guest look-up")
        self.add_error(
            "person", _("There are records of this name or number. Say whether it is one of them.")
        )

    def person_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NEW]

    def more_fields(self) -> list[forms.BoundField]:
        names = ("title", "organisation", "delegation", "with_spouse", "companions_allowed", "is_vip")
        return [self[name] for name in names]


def add(request: StaffRequest, key: UUID) -> HttpResponse:
    """Add a guest: a known person, or one recorded here."""
    event = scope.get(Event, key, action=Verb.SYNC_GUESTS)
    form = AddGuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            guest = _add(request, event, form)
            messages.success(request, _("%(name)s: on the list.") % {"name": guest})
            return HttpResponseRedirect(request.path)
    context = {
        "title": _("Add a guest"),
        "parents": [
            (event.title, reverse("admin:events_event_change", args=[event.key])),
            (_("Guests"), f"{reverse('admin:events_guest_changelist')}?event={event.key}"),
        ],
        "form": form,
    }
    return page(admin.site, request, "admin_ui/event_guest_add.html", context)


def _add(request: StaffRequest, event: Event, form: AddGuestForm) -> Guest:
    cleaned = form.cleaned_data
    facts = {
        name: cleaned[name]
        for name in ("title", "organisation", "delegation", "with_spouse", "companions_allowed", "is_vip")
        if cleaned[name]
    }
    person, by = cleaned["person"], request.user
    with scope.authorized(Verb.SYNC_GUESTS, Event, event.key) as locked:
        if person is None:
            person = contacts.record(by=by, **{name: cleaned[name] for name in form.NEW})
        return actions.add_guest(locked, by=by, person=person, **facts)
