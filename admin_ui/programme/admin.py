"""Entries of the programme: the list in which one finds them, the page of one, and a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.dates import day_asked, day_text
from admin_ui.core.display import badge
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.programme import calendar as programme_calendar
from admin_ui.programme import calendar_import, dragging
from admin_ui.programme.actions import STEPS, within_reach
from admin_ui.programme.forms import NewEntryForm
from admin_ui.programme.reading import Line, begin, chosen
from admin_ui.programme.story import story
from backend.appointments.models import AppointmentRequest
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import SearchableQuerySet
from backend.engagements.models import Engagement
from backend.events.models import Event
from backend.invitations.models import Invitation
from backend.programme import actions
from backend.programme.choices import Frequency, Kind, OnHoliday, Status
from backend.programme.models import Entry, NamedReader, Participant, Preparation, PressItem, Principal
from backend.programme.moves import Verb
from backend.programme.slots import Span
from permissions.core import scope

TONES = {Status.HELD: "orange", Status.CONFIRMED: "green", Status.DONE: "blue"}
NEXT = {Status.HELD: Verb.CONFIRM, Status.CANCELLED: Verb.RESTORE}


def status_badge(row: Entry) -> str:
    return badge(row.get_status_display(), TONES.get(Status(row.status), "grey"))


def when(row: Entry) -> str:
    return f"{day_text(localtime(row.starts_at))} {Line(Span(row.starts_at, row.ends_at)).clock}"


@admin.register(Entry)
class EntryAdmin(ActionAdmin[Entry]):
    """Everything that ever stood in a programme, to be found by its words."""

    gate = page_access.members
    detail_template = "admin_ui/programme_entry.html"
    empty = gettext_lazy(
        "Nothing stands in a programme that you may read. Entries stand here once they are made in the"
        " calendar."
    )
    steps = STEPS
    page_relations = ("principal", "planned_by")
    order = ("-starts_at", "-pk")
    searches = True
    search_hint = gettext_lazy("Heading or place")
    columns = (
        Column(gettext_lazy("When"), when, ("starts_at",), "ok-nowrap"),
        Column(gettext_lazy("Heading"), lambda row: row.title, css="ok-wide"),
        Column(gettext_lazy("Place"), lambda row: row.place),
        Column(gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column(gettext_lazy("Status"), status_badge),
        Column(gettext_lazy("Whose programme"), lambda row: row.principal.name),
    )
    tabs = (
        Tab("coming", gettext_lazy("Coming"), lambda rows: rows.live().filter(starts_at__gte=begin(today()))),
        Tab("held", gettext_lazy("Held"), lambda rows: rows.filter(status=Status.HELD)),
        Tab(
            "to_record",
            gettext_lazy("Outcome to be recorded"),
            lambda rows: rows.filter(status=Status.CONFIRMED, ends_at__lt=begin(today())),
        ),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "status", gettext_lazy("Status"), lambda: Status.choices, lambda rows, x: rows.filter(status=x)
        ),
        Choice("kind", gettext_lazy("Kind"), lambda: Kind.choices, lambda rows, x: rows.filter(kind=x)),
        Dates("when", gettext_lazy("When"), "starts_at__date"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).select_related("principal")

    def listing(self, request: HttpRequest) -> Listing:
        """What is still to come or to do stands in the order of time; everything begins with the"
        " newest."""
        listing = super().listing(request)
        if request.GET.get("tab", "") != "all" and not request.GET.get("q"):
            listing.order = ("starts_at", "pk")
        return listing

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not calendar_import.may_import():
            return []
        return [{"title": _("Import a calendar"), "url": reverse("admin:programme_import"), "icon": "upload"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
            self.route("<uuid:key>/drag/", dragging.drag, "drag"),
        ]

    def offered(self, row: Entry) -> list[RowAction]:
        return within_reach(super().offered(row), Verb.HAND_OVER)

    def details(self, request: HttpRequest, row: Entry) -> dict[str, object]:
        on = localtime(row.starts_at).date()
        return {
            "title": when(row),
            "parents": [(_("Programme"), programme_calendar.address(row.principal, on))],
            "entry": row,
            "status": status_badge(row),
            "clock": Line(Span(row.starts_at, row.ends_at)).clock,
            "taken": Line(Span(row.blocks_from, row.blocks_until)).clock,
            "participants": list(scope.visible(Participant).filter(entry=row).select_related("user")),
            "readers": list(scope.visible(NamedReader).filter(entry=row).select_related("user")),
            "press": scope.visible(PressItem).filter(entry=row).first(),
            "series": _series(row),
            "request_url": _request_url(row),
            "engagement": scope.visible(Engagement).filter(entry=row).first(),
            "invitation": scope.visible(Invitation).filter(entry=row).first(),
            "preparation": scope.visible(Preparation).filter(entry=row).first(),
            "is_briefed": scope.visible(Entry, action=scope.Action.BRIEF).filter(pk=row.pk).exists(),
            "story": story(row),
            "next": NEXT.get(Status(row.status)),
        }


def address(entry: Entry) -> str:
    return reverse("admin:programme_entry_change", args=[entry.key])


def _series(entry: Entry) -> str:
    """How its series goes on, in words."""
    pattern = entry.series_pattern
    if not pattern:
        return ""
    until = ".".join(reversed(pattern["until"].split("-")))
    words = [str(Frequency(pattern["frequency"]).label), _("until %(day)s") % {"day": until}]
    words.append(_("on holidays: %(rule)s") % {"rule": OnHoliday(pattern["on_holiday"]).label})
    if entry.is_exception:
        words.append(_("this one differs"))
    return " · ".join(words)


def _request_url(entry: Entry) -> str:
    """The request or the event from which it came, if the viewer may see it."""
    if not entry.is_requested:
        return ""
    if (event := scope.visible(Event).filter(parts__entry=entry).first()) is not None:
        return reverse("admin:events_event_change", args=[event.key])
    match = scope.visible(AppointmentRequest).filter(entry=entry).first()
    return reverse("admin:appointments_appointmentrequest_change", args=[match.key]) if match else ""


# -- a new one ----------------------------------------------------------------------------------------------
def new(request: StaffRequest) -> HttpResponse:
    """Enter something: `?of=` into whose programme, `?start=` and `?end=` when."""
    kept = scope.visible(Principal, action=scope.Action.PLAN).filter(is_active=True)
    principals = list(kept.order_by("position", "id"))
    if not principals:
        raise scope.not_found()
    principal = chosen(request, principals)
    if request.method != "POST":
        start = {"starts_at": request.GET.get("start", ""), "ends_at": request.GET.get("end", "")}
        return _new_page(
            request, principals, principal, NewEntryForm(initial={"kind": Kind.MEETING, **start})
        )
    form = NewEntryForm(request.POST)
    if form.is_valid():
        try:
            entry = _plan(request, principal, form)
        except DomainError as error:
            if error.code in {ErrorCode.NOT_FOUND, ErrorCode.FORBIDDEN}:
                raise
            form.refuse(error)
        else:
            messages.success(request, _("It stands in the programme."))
            return HttpResponseRedirect(address(entry))
    return _new_page(request, principals, principal, form)


def _plan(request: StaffRequest, principal: Principal, form: NewEntryForm) -> Entry:
    by = request.user
    with scope.authorized_to_create(scope.Action.PLAN, Principal, principal.key, field="principal") as row:
        entry = actions.plan(row, by=by, **form.planned())
        if guests := form.named_guests():
            rows = Entry.objects.filter(series=entry.series) if entry.series else [entry]
            for one in rows:
                for guest in guests:
                    actions.invite(one, by=by, name=guest["name"], organisation=guest["organisation"])
    return entry


def _new_page(
    request: HttpRequest, principals: list[Principal], principal: Principal, form: NewEntryForm
) -> HttpResponse:
    context = {
        "title": _("New entry"),
        "parents": [(_("Programme"), programme_calendar.address(principal, day_asked(request)))],
        "principals": principals,
        "principal": principal,
        "form": form,
        "main_fields": [form[name] for name in NewEntryForm.GROUPS["what"]],
        "folded": form.opened(),
    }
    return page(admin.site, request, "admin_ui/programme_new.html", context)
