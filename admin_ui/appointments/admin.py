"""Requests for appointments: the list with its search, and the board of what waits, by where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from admin_ui.appointments import page as appointment_page
from admin_ui.appointments.actions import STEPS
from admin_ui.appointments.times import free_days, next_morning
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.dates import weekday_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import ActionForm
from admin_ui.core.listing import Choice, Column, Dates, Tab
from admin_ui.core.parts.messages import answering, taken_back
from admin_ui.core.screen import page
from admin_ui.journal import held
from admin_ui.programme.actions import within_reach
from backend.appointments.choices import OPEN, Channel, Kind, Status
from backend.appointments.models import AppointmentRequest, RequestNotice, RequestQuerySet
from backend.appointments.moves import Verb
from backend.core import symbolic
from backend.core.words.dates import moment_meant
from backend.organization.models import User
from backend.programme.models import Principal
from permissions.appointments import applicants
from permissions.core import scope

TONES: dict[str, str] = {
    Status.NEW: "blue",
    Status.PROPOSED: "orange",
    Status.APPROVED: "green",
    Status.ON_PUBLIC_DAY: "green",
    Status.REDIRECTED: "orange",
}
SHOWN = 12
BUTTONS = (
    Verb.APPROVE,
    Verb.PROPOSE,
    Verb.DECLINE,
    Verb.REDIRECT,
    Verb.ASSIGN_TO_PUBLIC_DAY,
    Verb.CONVERT_TO_COMPLAINT,
)
MORE_BUTTONS = (
    Verb.ACCEPT,
    Verb.REFUSE,
    Verb.APPROVE,
    Verb.PROPOSE,
    Verb.COMPLETE,
    Verb.MOVE_VISIT,
    Verb.REMOVE_FROM_PUBLIC_DAY,
)
AT_HAND, FREE_TIMES = 2, 3
"""How many verbs a card shows before “…”, and how many free times."""
BEFOREHAND, AFTERWARDS = (Verb.RESCHEDULE, Verb.CANCEL), (Verb.COMPLETE, Verb.MARK_NO_SHOW)
"""What the board offers: for a new request, for one that is under way, before an appointment and after it."""


def may_see() -> bool:
    """Keepers of a programme, the office, and departments with requests."""
    viewer = scope.current_viewer()
    return bool(viewer.kept) or viewer.sees_all or bool(viewer.departments)


def status_badge(row: AppointmentRequest) -> str:
    return badge(row.get_status_display(), TONES.get(row.status, "grey"))


def subject(row: AppointmentRequest) -> str:
    who = applicants.who_asks(row)
    text = format_html('<span class="ok-subject">{}</span>', row.subject)
    return format_html('{} <span class="ok-quiet">{}</span>', text, who) if who else text


def time_or_wish(row: AppointmentRequest) -> dt.datetime | str | None:
    if row.entry is not None:
        return row.entry.starts_at
    visit = getattr(row, "visit", None)
    return visit.at if visit else row.wish


def when(row: AppointmentRequest) -> str:
    if row.entry is not None:
        return weekday_text(row.entry.starts_at)
    visit = getattr(row, "visit", None)
    return weekday_text(visit.at) if visit else or_dash(row.wish)


def _with_status(*statuses: Status) -> Any:
    return lambda rows: rows.filter(status__in=statuses)


def past_meetings(rows: RequestQuerySet) -> RequestQuerySet:
    """Appointments that have begun and have no recorded outcome."""
    return rows.filter(status=Status.APPROVED, entry__starts_at__lt=symbolic.now())


TABS = [
    Tab("new", _("To be decided"), _with_status(Status.NEW)),
    Tab("proposed", _("Waiting for an answer"), _with_status(Status.PROPOSED)),
    Tab("approved", _("Approved"), _with_status(Status.APPROVED)),
    Tab("outcome", _("Outcome missing"), past_meetings),
    Tab("public_day", _("On the public day"), _with_status(Status.ON_PUBLIC_DAY)),
    Tab("redirected", _("With a department"), _with_status(Status.REDIRECTED)),
    Tab("ended", _("Ended"), lambda rows: rows.exclude(status__in=OPEN)),
    Tab("all", _("All"), lambda rows: rows, is_everything=True),
]


def _principals() -> Iterable[tuple[str, object]]:
    rows = Principal.objects.all()
    return ((str(row.key), row.name) for row in rows.in_order())


def listed[Rows: QuerySet[AppointmentRequest]](rows: Rows) -> Rows:
    """With what a row of a list shows."""
    return rows.select_related(
        "principal", "entry", "applicant", "requested_by", "department", "visit__session"
    ).defer("body", "words")


GIVES_A_TIME = (Verb.APPROVE, Verb.ASSIGN_TO_PUBLIC_DAY)
"""After these the message says when they come, and whether they know it."""


@admin.register(AppointmentRequest)
class AppointmentRequestAdmin(ActionAdmin[AppointmentRequest]):
    gate = staticmethod(may_see)
    columns = (
        Column(_("Number"), lambda r: format_html('<span class="ok-reference">{}</span>', r.reference)),
        Column(_("Subject"), subject, css="ok-wide"),
        Column(_("With whom"), lambda r: r.principal.name),
        Column(_("Kind"), lambda r: r.get_kind_display()),
        Column(_("People"), lambda r: r.party_size, css="ok-number"),
        Column(_("Time or wish"), time_or_wish, html=when),
        Column(_("Status"), status_badge, css="ok-nowrap"),
        Column(
            _("Received"),
            lambda r: r.registered_at,
            ("registered_at",),
            "ok-nowrap",
        ),
    )
    tabs = TABS
    filters = (
        Choice("principal", _("With whom"), _principals, lambda rows, key: rows.filter(principal__key=key)),
        Choice.of("kind", _("Kind"), Kind),
        Choice.of("channel", _("Channel"), Channel),
        Dates("registered", _("Received"), "registered_at__date"),
    )
    searches = True
    is_kept = True
    search_hint = _("Number (RT-2027/15), telephone, name, or words of the subject and the institution")
    order = ("-registered_at", "-pk")
    detail_template = "admin_ui/appointment.html"
    steps = STEPS
    page_relations = ("principal", "entry", "department", "requested_by", "registered_by", "visit__session")
    preview = staticmethod(applicants.rehearsed_letter)
    no_message = _("The applicant is sent nothing.")
    done = _("%(reference)s: “%(verb)s” is done.")
    left = _("%(reference)s: “%(verb)s” is done; the request has left you.")
    empty = _(
        "Nobody has asked for an appointment yet. Requests stand here from their record on: take one"
        " with “Appointment by telephone” on the board."
    )
    search = staticmethod(applicants.find)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentRequest]:
        return listed(scope.visible(AppointmentRequest))

    def listing(self, request: HttpRequest) -> Any:
        made = super().listing(request)
        made.on_page = log_access
        return made

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        return top_buttons()

    def offered(self, row: AppointmentRequest) -> list[RowAction]:
        return within_reach(super().offered(row), Verb.HAND_OVER)

    def begin(self, form: ActionForm, request: HttpRequest) -> None:
        if "starts_at" in form.fields and (at := moment_meant(request.GET.get("at", ""))):
            form.initial["starts_at"] = at

    def summary(self, row: AppointmentRequest, step: RowAction, made: object) -> str:
        if step.verb not in GIVES_A_TIME:
            return ""
        return appointment_page.notified_of_time(self.load(row.key))

    def details(self, request: HttpRequest, row: AppointmentRequest) -> dict[str, object]:
        return {**appointment_page.details(row), **answering(self, request, row, Verb.MESSAGE)}

    def leave(
        self, request: HttpRequest, row: AppointmentRequest, step: RowAction, made: object
    ) -> HttpResponse:
        if isinstance(made, RequestNotice) and step.verb == Verb.UNSEND and isinstance(request.user, User):
            taken_back(
                request.user, self.url_of(row).removesuffix("change/"), self.step("message"), made.body
            )
        return super().leave(request, row, step, made)

    def waits(self, row: AppointmentRequest) -> str:
        return str(held.to_applicant(row).get("held", ""))


def log_access(rows: list[AppointmentRequest]) -> None:
    """Write the citizens shown to the read log."""
    shown = [row.applicant_id for row in rows if row.applicant_id and not row.organisation]
    scope.log_access([pk for pk in shown if pk is not None], "admin: appointment requests")


def top_buttons() -> list[dict[str, object]]:
    if not page_access.registrars():
        return []
    return [{"title": _("New appointment request"), "url": reverse("admin:appointment_call"), "icon": "call"}]


# -- the board -----------------------------------------------------------------------------------------------
@dataclass
class Card:
    """One request on the board with what may be done to it."""

    row: AppointmentRequest
    who: str
    steps: list[RowAction]
    when: str | Promise
    is_past: bool
    free: Sequence[Mapping[str, str]] = ()
    """The next free times, for who may give one."""

    @property
    def at_hand(self) -> list[RowAction]:
        return self.steps[:AT_HAND]

    @property
    def more(self) -> list[RowAction]:
        return self.steps[AT_HAND:]


@dataclass
class Queue:
    """The requests that stand at one point: a column of the board."""

    tab: Tab
    order: tuple[str, ...] = ("registered_at", "pk")

    @property
    def url(self) -> str:
        return f"{reverse('admin:appointments_appointmentrequest_changelist')}?tab={self.tab.name}"

    def rows(self) -> Any:
        return self.tab.apply(scope.visible(AppointmentRequest))

    def count(self) -> int:
        return int(self.rows()[:1000].count())

    def place_of(self, row: AppointmentRequest) -> list[tuple[bool, Any]]:
        """What a row is ordered by: what it has not stands last, as in the database."""
        values = (reduce(_if_any, name.split("__"), row) for name in self.order)
        return [(value is None, value) for value in values]


def _if_any(row: Any, name: str) -> Any:
    return getattr(row, name, None)


def first_of(heaps: Sequence[Queue], count: int) -> list[list[AppointmentRequest]]:
    """The first rows of each, in two statements: which they are, and what is shown of them."""
    parts = [
        heap.rows().order_by(*heap.order).values_list(Value(place), F("pk"))[:count]
        for place, heap in enumerate(heaps)
    ]
    filled = [part for part in parts if not part.query.is_empty()]
    if not filled:
        return [[] for _heap in heaps]
    found = list(filled[0].union(*filled[1:], all=True) if len(filled) > 1 else filled[0])
    visible = listed(scope.visible(AppointmentRequest)).filter(pk__in={pk for _place, pk in found})
    rows = {row.pk: row for row in scope.with_relations(visible)}
    return [
        sorted((rows[pk] for at, pk in found if at == place and pk in rows), key=heap.place_of)
        for place, heap in enumerate(heaps)
    ]


def queue(name: str, *order: str) -> Queue:
    tab = next(tab for tab in TABS if tab.name == name)
    return Queue(tab, order or ("registered_at", "pk"))


def heaps() -> list[Queue]:
    return [
        queue("new"),
        queue("proposed", "entry__hold_expires_at", "pk"),
        queue("approved", "entry__starts_at", "pk"),
        queue("public_day", "visit__at", "visit__position", "pk"),
        queue("redirected"),
    ]


def card(
    row: AppointmentRequest, now: dt.datetime, free: dict[int, list[dict[str, str]]] | None = None
) -> Card:
    """Make a card. `free`: the free times of each principal that were looked up already."""
    is_past = row.status == Status.APPROVED and row.entry is not None and row.entry.starts_at <= now
    if row.status == Status.APPROVED:
        shown: tuple[Verb, ...] = AFTERWARDS if is_past else BEFOREHAND
    else:
        shown = BUTTONS if row.status == Status.NEW else MORE_BUTTONS
    wanted = [verb for verb in scope.allowed_actions(row) if verb in shown]
    return Card(
        row,
        applicants.who_asks(row),
        [step for step in STEPS if step.verb in wanted],
        when(row) if row.entry or getattr(row, "visit", None) else "",
        is_past,
        _free(row, free) if free is not None and Verb.APPROVE in wanted and not row.entry else (),
    )


def _free(row: AppointmentRequest, known: dict[int, list[dict[str, str]]]) -> list[dict[str, str]]:
    """The next free times of the principal, looked up once for all cards; not before the day that was wished."""
    if row.principal_id not in known:
        known[row.principal_id] = free_days(row.principal, next_morning()) if row.principal.is_active else []
    first = row.wished_from or dt.date.min
    at = {one["at"]: moment_meant(one["at"]) for one in known[row.principal_id]}
    fitting = [one for one in known[row.principal_id] if (moment := at[one["at"]]) and moment.date() >= first]
    return fitting[:FREE_TIMES]


def board(request: HttpRequest) -> HttpResponse:
    """What waits, by where it stands; each with its next steps."""
    if not may_see():
        raise scope.not_found()
    now, columns, waiting = timezone.now(), [], heaps()
    free: dict[int, list[dict[str, str]]] = {}
    firsts = first_of(waiting, SHOWN)
    log_access([row for rows in firsts for row in rows])
    for heap, rows in zip(waiting, firsts, strict=True):
        count = heap.count()
        columns.append(
            {
                "heap": heap,
                "count": count,
                "cards": [card(row, now, free) for row in rows],
                "more": count > SHOWN,
            }
        )
    context = {
        "title": _("Appointment requests"),
        "columns": columns,
        "is_empty": not any(column["count"] for column in columns),
        "buttons": top_buttons(),
        "all_url": reverse("admin:appointments_appointmentrequest_changelist"),
        "is_fullwidth": "1",
    }
    return page(admin.site, request, "admin_ui/appointment_board.html", context)
