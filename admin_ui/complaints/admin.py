"""The list of cases: saved filters as tabs, a Turkish search, columns that matter, and pages that cost a
page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from admin_ui.complaints import bulk, receipt
from admin_ui.complaints import page as complaint_page
from admin_ui.complaints.actions import STEPS, next_verb
from admin_ui.complaints.teamwork import mentioning
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.display import badge, or_dash, reference, status_badge, target
from admin_ui.core.listing import TAB_COUNTED, Choice, Column, Dates, Listing, Tab
from admin_ui.core.lists.filters import LocalDays
from admin_ui.core.lists.neighbourhoods import neighbourhoods
from admin_ui.core.parts.messages import answering, taken_back
from admin_ui.journal import held
from admin_ui.map import cases as case_map
from admin_ui.map import listing as list_map
from admin_ui.stickers.filters import AtSticker, at_sticker, sticker_options
from backend.complaints.choices import AwaitingParty, Channel, Kind, Outcome, Priority, Status
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import PENDING_REPLY, Complaint, ComplaintQuerySet, Notice
from backend.complaints.moves import Verb, awaiting_party
from backend.configuration.office import configured
from backend.organization.models import Category, Department, User
from permissions.complaints import access as complaint_access
from permissions.complaints import cimer, persons
from permissions.complaints.rules import known_persons
from permissions.core import scope
from permissions.core.filters import NOTHING
from permissions.core.viewer import Viewer
from permissions.plans import querysets as plans
from permissions.search import case_search


def subject(complaint: Complaint) -> str:
    marks = []
    if complaint.danger:
        marks.append(badge(_("urgent? %(danger)s") % {"danger": complaint.danger}, "red"))
    elif complaint.priority != Priority.NORMAL:
        tone = "red" if complaint.priority == Priority.URGENT else "orange"
        marks.append(badge(complaint.get_priority_display(), tone))
    if complaint.result_owed:
        marks.append(badge(_("result owed"), "orange"))
    text = format_html('<span class="ok-subject">{}</span>', complaint.subject)
    return format_html("{}{}", text, format_html(" {}" * len(marks), *marks) if marks else "")


def returns(complaint: Complaint) -> str:
    if not complaint.return_count:
        return ""
    tone = "red" if complaint.return_count >= configured.RETURNS_BEFORE_OFFICE else "orange"
    return badge(complaint.return_count, tone)


def department_name(complaint: Complaint) -> str:
    department = complaint.responsible_department
    return (
        department.short_name
        if department
        else format_html('<span class="ok-quiet">{}</span>', _("not routed"))
    )


COLUMNS = [
    Column(_("Reference"), reference, ("year", "number"), "ok-nowrap"),
    Column(_("Subject"), subject, css="ok-wide"),
    Column(_("Neighbourhood"), lambda c: or_dash(c.neighbourhood and c.neighbourhood.name)),
    Column(_("Category"), lambda c: or_dash(c.category and c.category.name)),
    Column(_("Department"), department_name),
    Column(_("Responsible person"), lambda c: or_dash(c.assignee and str(c.assignee))),
    Column(_("Status"), lambda c: _status(c), ("status", "target_on")),
    Column(_("Target date"), lambda c: c.target_on, ("target_on",), "ok-nowrap", html=target),
    Column(_("Channel"), lambda c: c.get_channel_display(), on_wish=True),
    Column(_("Returns"), lambda c: c.return_count or None, css="ok-number", html=returns, on_wish=True),
    Column(_("Others affected"), lambda c: c.affected or None, css="ok-number", on_wish=True),
]


def mine(rows: ComplaintQuerySet) -> ComplaintQuerySet:
    return rows.open().filter(registered_by=scope.current_viewer().user_id)


def on_me(rows: ComplaintQuerySet) -> ComplaintQuerySet:
    return rows.assigned_to(scope.current_viewer().user_id)


def _in_department() -> bool:
    return bool(scope.current_viewer().staffs) and not page_access.office()


def _not_office() -> bool:
    return not page_access.office()


def _not_in_department() -> bool:
    return not _in_department()


def our_move(rows: ComplaintQuerySet) -> ComplaintQuerySet:
    """Where the next step is the viewer's own: the office's, or of a department in which they work."""
    if page_access.office():
        return rows.awaiting(AwaitingParty.OFFICE)
    return rows.awaiting(AwaitingParty.DEPARTMENT).filter(
        responsible_department__in=scope.current_viewer().staffs
    )


def to_enter(rows: ComplaintQuerySet) -> ComplaintQuerySet:
    """Approved replies to be entered in CİMER, with since when they wait."""
    reply = scope.visible(Notice).filter(PENDING_REPLY, complaint=OuterRef("pk"))
    return rows.to_enter().annotate(approved_at=Subquery(reply.values("approved_at")[:1]))


def is_our_move(complaint: Complaint) -> bool:
    """The same of one case."""
    turn, viewer = awaiting_party(complaint.status), scope.current_viewer()
    if page_access.office():
        return turn == AwaitingParty.OFFICE
    return turn == AwaitingParty.DEPARTMENT and complaint.responsible_department_id in viewer.staffs


def _status(complaint: Complaint) -> str:
    if not is_our_move(complaint):
        return status_badge(complaint)
    mark = format_html(
        '<span class="ok-ours" title="{0}"><span class="ok-hidden">{0}</span></span>', _("our move")
    )
    return format_html('<span class="ok-badges">{}{}</span>', mark, status_badge(complaint))


SEARCHED = "admin: search"
"""Purpose in the read log, for list and palette search alike."""

LISTED = "admin: list of applications"
TABS = [
    Tab("ours", _("Our move"), our_move, lambda: page_access.office() or _in_department()),
    Tab("assigned_to_me", _("On me"), on_me, lambda: bool(scope.current_viewer().staffs)),
    Tab("urgent", _("Urgent"), lambda rows: rows.pressing()),
    Tab("new", _("New"), lambda rows: rows.open().filter(status=Status.NEW), page_access.office),
    Tab("late", _("Late"), lambda rows: rows.late()),
    Tab("today", _("Due today"), lambda rows: rows.due()),
    Tab(
        "assigned",
        _("To be accepted"),
        lambda rows: rows.open().filter(status=Status.ASSIGNED),
        _not_office,
    ),
    Tab("unrouted", _("To be routed"), lambda rows: rows.unrouted(), page_access.office),
    Tab("returned_often", _("Bouncing"), lambda rows: rows.returned_often(), page_access.office),
    Tab(
        "approval",
        _("To be approved"),
        lambda rows: rows.open().filter(status=Status.ANSWERED),
        page_access.office,
    ),
    Tab("approved", _("To be sent"), lambda rows: rows.to_send(), page_access.office),
    Tab("to_enter", _("To be entered in CİMER"), to_enter, page_access.office),
    Tab(
        "departments",
        _("With the departments"),
        lambda rows: rows.awaiting(AwaitingParty.DEPARTMENT),
        _not_in_department,
    ),
    Tab(
        "office", _("With the private office"), lambda rows: rows.awaiting(AwaitingParty.OFFICE), _not_office
    ),
    Tab("waiting", _("On hold"), lambda rows: rows.awaiting(AwaitingParty.OTHERS)),
    Tab("open", _("Open"), lambda rows: rows.open()),
    Tab("mine", _("Recorded by me"), mine, page_access.office),
    Tab("closed", _("Closed ones"), lambda rows: rows.closed(), is_counted=False),
    Tab("all", _("All"), lambda rows: rows, is_everything=True),
]


NONE = "-"
"""In an address: those that have none."""


def _departments() -> Iterable[tuple[str, object]]:
    rows = Department.objects.in_order()
    return [(NONE, _("Not routed")), *((d.code, d.short_name) for d in rows)]


def _categories() -> Iterable[tuple[str, object]]:
    rows = Category.objects.filter(parent__isnull=False).order_by("name_sort", "id")
    return [(NONE, _("Without a subject")), *((c.code, c.name) for c in rows)]


def _neighbourhoods() -> Iterable[tuple[str, Any]]:
    return [(NONE, _("Without a neighbourhood")), *neighbourhoods()]


def _by(edge: str) -> Callable[[Any, str], Any]:
    """Those with the row of this code behind an edge, or with none there."""

    def narrow(rows: Any, code: str) -> Any:
        return rows.filter(**({f"{edge}__isnull": True} if code == NONE else {f"{edge}__code": code}))

    return narrow


FILTERS: list[Choice | Dates] = [
    Choice("category", _("Category"), _categories, _by("category")),
    Choice("neighbourhood", _("Neighbourhood"), _neighbourhoods, _by("neighbourhood")),
    Choice("department", _("Department"), _departments, _by("responsible_department")),
    Choice.of("status", _("Status"), Status),
    Choice.of("regime", _("Legal regime"), Regime),
    Choice.of("kind", _("Kind"), Kind),
    Choice.of("channel", _("Channel"), Channel),
    Choice.of("outcome", _("Outcome"), Outcome),
    AtSticker("sticker", _("Place with a QR code"), sticker_options, at_sticker),
    Dates("registered", _("Registered"), "registered_on"),
    Dates("target", _("Target date"), "target_on"),
    LocalDays("closed", _("Day of closing"), "closed_at"),
]


class ComplaintListing(Listing):
    """Reads its pages through `complaints.access.first_page`: each department's first rows from one index."""

    def counted_rows(self, rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
        return scope.visible(rows.order_by())[: self.limit + 1]

    @cached_property
    def has_rows(self) -> bool:
        return bool(scope.visible(self.rows.order_by())[:1].exists())

    def counting_values(self) -> list[object]:
        return [plans.padded(complaint_access.elsewhere())]

    def some_of(self, tab: Tab, *values: Any) -> list[QuerySet[Any]]:
        rows = tab.apply(Complaint.objects.all())
        if rows.is_open:
            return list(complaint_access.some_of(rows, TAB_COUNTED + 1, *values))
        return [complaint_access.first_page(rows, self.order, TAB_COUNTED + 1)]

    @cached_property
    def bulk_verbs(self) -> list[Verb]:
        """What may be done to many cases at once, as far as the viewer may do it to some."""
        return [verb for verb in bulk.FORMS if page_access.may_some(Complaint, verb)]


APPLICANT = 2
"""The place of the column of names."""


def _name_applicants(found: ComplaintListing) -> None:
    """Add the applicants, each where the viewer may know them on that case; whom a page shows, the read log keeps."""
    names: dict[int, str] = {}

    def learn(rows: list[Complaint]) -> None:
        if APPLICANT not in found.hidden:
            names.update(persons.names_on(rows, SEARCHED if found.query else LISTED))

    found.on_page, found.withholds = learn, persons.withheld_since
    column = Column(_("Applicant"), lambda c: names.get(c.pk))
    found.columns = [*COLUMNS[:APPLICANT], column, *COLUMNS[APPLICANT:]]


def listed[Rows: QuerySet[Complaint]](rows: Rows) -> Rows:
    """With what a row of the list shows, and nothing of the applicant."""
    return rows.select_related("category", "neighbourhood", "responsible_department", "assignee").defer(
        "body", "words"
    )


@admin.register(Complaint)
class ComplaintAdmin(ActionAdmin[Complaint]):
    gate = staticmethod(page_access.members)
    columns = COLUMNS
    tabs = TABS
    filters = FILTERS
    searches = True
    search_hint = _("Number (2027/15), telephone, name, or words of the subject, text and place")
    order = ("rises_on", "pk")
    detail_template = "admin_ui/complaint.html"
    steps = STEPS
    page_relations = (
        "category__body",
        "neighbourhood",
        "sticker",
        "responsible_department",
        "registered_by",
        "assignee",
    )
    preview = staticmethod(persons.rehearsed_letter)
    no_message = _("The citizen is sent nothing.")
    done = _("%(reference)s: “%(verb)s” is done.")
    left = _("%(reference)s: “%(verb)s” is done; the case has left you.")
    empty = _(
        "No application is before you yet. What is routed to your department stands here. What you record"
        " with “New call” goes to the private office, which routes it."
    )

    def waits(self, row: Complaint) -> str:
        return str(held.to_citizen(row).get("held", ""))

    def leave(self, request: HttpRequest, row: Complaint, step: RowAction, made: object) -> HttpResponse:
        if isinstance(made, Notice) and step.verb == Verb.UNSEND and isinstance(request.user, User):
            text = made.body
            taken_back(request.user, self.url_of(row).removesuffix("change/"), self.step("message"), text)
        return super().leave(request, row, step, made)

    def listing(self, request: HttpRequest) -> Listing:
        found = ComplaintListing(
            request=request,
            build=lambda: listed(Complaint.objects.all()),
            columns=self.columns,
            url_of=self.url_of,
            tabs=self.tabs,
            filters=self.filters,
            search=case_search.find,
            search_hint=self.search_hint,
            order=self.order,
            search_order=case_search.ORDER,
            search_limit=case_search.CANDIDATES,
            empty=self.empty,
            take=complaint_access.first_page,
            kept_as="complaints",
        )
        if known_persons(scope.current_viewer()) != NOTHING:
            _name_applicants(found)
        return found

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        buttons: list[Mapping[str, object]] = []
        if page_access.registrars():
            buttons.append({"title": _("New call"), "url": reverse("admin:intake"), "icon": "call"})
        buttons.append(
            {"title": _("Map"), "url": self.url("map") + self.listing(request).address(), "icon": "map"}
        )
        if request.GET.get("tab") == "to_enter" and cimer.may_work():
            buttons.append({"title": _("CİMER desk"), "url": reverse("admin:cimer"), "icon": "outbox"})
        return buttons

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("bulk/", bulk.bulk, "bulk"),
            self.route("map/", self.map, "map"),
            self.route("map/cells/", self.map_cells, "map_cells"),
            self.route("<uuid:key>/near/", case_map.near, "near"),
            self.route("<uuid:key>/files/", complaint_page.add_files, "files"),
            self.route("<uuid:key>/mentions/", mentioning.mentions, "mentions"),
            self.route("<uuid:key>/receipt/", receipt.receipt, "receipt"),
        ]

    def map(self, request: HttpRequest) -> HttpResponse:
        return list_map.show(request, self.listing(request), [self.crumb()], self.url("map_cells"))

    def map_cells(self, request: HttpRequest) -> HttpResponse:
        return list_map.answer(request, self.listing(request), self.url_of)

    def offered(self, row: Complaint) -> list[RowAction]:
        following = next_verb(row)
        second = Verb.DISMISS_DANGER if row.danger else None
        return sorted(
            super().offered(row), key=lambda step: (step.verb is not following, step.verb is not second)
        )

    def stands_out(self, row: Complaint, step: RowAction) -> bool:
        is_answer = bool(row.danger) and step.verb in (Verb.MARK_URGENT, Verb.DISMISS_DANGER)
        return is_answer or super().stands_out(row, step)

    def following(self, row: Complaint) -> RowAction | None:
        return self.step(wanted.value) if (wanted := next_verb(row)) else None

    def compared(self, row: Complaint, other: Complaint) -> dict[str, object]:
        return complaint_page.compared(row, other)

    def details(self, request: HttpRequest, row: Complaint) -> dict[str, object]:
        return {**complaint_page.details(request, row), **answering(self, request, row, Verb.MESSAGE)}


def works_anywhere(viewer: Viewer) -> bool:
    """Whether the viewer has a department at all."""
    return bool(viewer.departments)
