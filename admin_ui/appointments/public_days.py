"""The halk günü: its sessions, who is on them and in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.appointments.admin import log_access
from admin_ui.appointments.page import notified_of_time
from admin_ui.appointments.public_day_rows import session_of, sessions, visitors, waits_for_call
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import DayField, PrincipalField, choice, model_choice
from admin_ui.core.forms import OfficeForm, optional
from admin_ui.core.listing import Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.appointments import actions
from backend.appointments.actions.parameters import BY_ITSELF
from backend.appointments.choices import DeliveryMethod, SessionStatus, Status, VisitStatus
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.appointments.moves import Verb
from backend.core.errors import DomainError
from backend.core.localtime import clock_text, today
from backend.programme.models import Principal
from permissions.appointments import applicants
from permissions.core import scope

POOL = 50
TONES = {SessionStatus.PLANNED: "blue", SessionStatus.CLOSED: "green", SessionStatus.CANCELLED: "grey"}


def may_see() -> bool:
    """The office, and keepers of a programme."""
    viewer = scope.current_viewer()
    return bool(viewer.kept) or viewer.sees_all


def _hours(row: PublicDaySession) -> str:
    return f"{clock_text(row.starts_at)}–{clock_text(row.ends_at)}"


@admin.register(PublicDaySession)
class PublicDayAdmin(ScopedAdmin):
    searches = True
    finds_in = ("place", "status")
    gate = staticmethod(may_see)
    columns = (
        Column(gettext_lazy("Day"), lambda r: r.day, ("starts_at",), "ok-nowrap"),
        Column(gettext_lazy("Hours"), _hours, css="ok-nowrap"),
        Column(gettext_lazy("With whom"), lambda r: r.principal.name),
        Column(gettext_lazy("Place"), lambda r: or_dash(r.place)),
        Column(gettext_lazy("Places booked"), lambda r: f"{r.taken} / {r.capacity}", css="ok-nowrap"),
        Column(gettext_lazy("Status"), lambda r: badge(r.get_status_display(), TONES[r.status])),
    )
    tabs = (
        Tab(
            "coming",
            gettext_lazy("To come"),
            lambda rows: rows.filter(day__gte=today(), status=SessionStatus.PLANNED),
        ),
        Tab("past", gettext_lazy("Past and cancelled"), lambda rows: rows.filter(_is_past())),
    )
    order = ("starts_at", "pk")
    detail_template = "admin_ui/public_day.html"
    empty = gettext_lazy("There is no public day yet. Sessions are made from the rule of the programme.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublicDaySession]:
        return sessions()

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        from admin_ui.programme import public_day_rules

        items = []
        if scope.current_viewer().kept:
            items.append({"title": _("Make sessions"), "url": self.url("generate"), "icon": "event_repeat"})
        if public_day_rules.may_change():
            items.append({"title": _("Rules"), "url": self.url("rules"), "icon": "rule"})
        return items

    def more_urls(self) -> list[URLPattern]:
        from admin_ui.appointments import waiting_room
        from admin_ui.programme import public_day_rules

        return [
            self.route("generate/", self.generate_view, "generate"),
            self.route("rules/", public_day_rules.rules, "rules"),
            self.route("<uuid:key>/put/", require_POST(self.put_view), "put"),
            self.route("<uuid:key>/order/", require_POST(self.order_view), "order"),
            self.route("<uuid:key>/offer/", require_POST(self.offer_view), "offer"),
            self.route("<uuid:key>/end/", require_POST(self.end_view), "end"),
            self.route("<uuid:key>/hall/", waiting_room.waiting_room, "hall"),
            self.route("<uuid:key>/hall/say/", require_POST(waiting_room.say), "say"),
        ]

    # -- making sessions ---------------------------------------------------------------------------
    def generate_view(self, request: StaffRequest) -> HttpResponse:
        """From the rule; the days that were left out are named with the reason."""
        if not scope.current_viewer().kept:
            raise scope.not_found()
        form, made = GenerateForm(request.POST or None), None
        if request.method == "POST" and form.is_valid():
            cleaned = form.cleaned_data
            try:
                with scope.authorized_to_create(
                    scope.Action.PLAN, Principal, cleaned["principal"].key, field="principal"
                ) as principal:
                    made = actions.generate_public_days(
                        principal,
                        by=request.user,
                        from_=cleaned["from_"],
                        until=cleaned["until"],
                    )
            except DomainError as error:
                form.refuse(error)
        context = {"title": _("Make sessions"), "parents": [self.crumb()], "form": form, "made": made}
        return page(self.admin_site, request, "admin_ui/public_day_generate.html", context)

    # -- one session -------------------------------------------------------------------------------
    def change_view(
        self,
        request: HttpRequest,
        key: UUID,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        return self._show(request, session_of(key))

    def _show(
        self,
        request: HttpRequest,
        session: PublicDaySession,
        form: PlaceForm | None = None,
        offer: OfferForm | None = None,
        **looked_at: object,
    ) -> HttpResponse:
        """`looked_at`: preview of the messages, before a place is assigned or all places are cancelled."""
        rows, is_open = visitors(session), _is_open(session)
        pool = _pool(session) if is_open else []
        expected = [row for row in rows if row.visit.status == VisitStatus.EXPECTED]
        context = {
            "title": f"{_('Public day')} {day_text(session.day)}",
            "parents": [self.crumb()],
            "session": session,
            "hours": _hours(session),
            "rows": [_line(row) for row in rows],
            "expected": [str(row.key) for row in expected],
            "left": max(0, session.capacity - len(rows)),
            "to_call": sum(waits_for_call(row) for row in rows) if is_open else 0,
            "is_open": is_open,
            "can_order": is_open
            and len(expected) > 1
            and Verb.MOVE_VISIT in scope.allowed_actions(expected[0]),
            "can_end": session.status == SessionStatus.PLANNED and scope.can(scope.Action.PLAN, session),
            "offer": offer or OfferForm(initial={"places": session.places_online}),
            "booked": sum(row.visit.is_booked for row in rows),
            "is_due": session.day <= today(),
            "pool": pool,
            "form": form or PlaceForm(session, rows),
            **looked_at,
        }
        return page(self.admin_site, request, "admin_ui/public_day.html", context)

    def put_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Assign a place, or preview its message; a refusal (full, taken) is shown, and nothing is changed."""
        session = session_of(key)
        form = PlaceForm(session, visitors(session), request.POST)
        if not form.is_valid():
            return self._show(request, session, form)

        def put(row: AppointmentRequest) -> AppointmentRequest:
            return actions.assign_to_public_day(row, by=request.user, session=session, **form.values())

        try:
            if wanted := request.POST.get("preview"):
                letter = applicants.rehearsed_letter(Verb.ASSIGN_TO_PUBLIC_DAY, wanted, put)
                row = scope.get(AppointmentRequest, wanted)
                shown = letter or ("–", _("The applicant is sent nothing."))
                return self._show(request, session_of(key), form, preview=shown, chosen=row)
            with scope.authorized(
                Verb.ASSIGN_TO_PUBLIC_DAY, AppointmentRequest, request.POST.get("request", "")
            ) as row:
                put(row)
        except DomainError as error:
            form.refuse(error)
            return self._show(request, session_of(key), form)
        messages.success(request, notified_of_time(row))
        return HttpResponseRedirect(self.url("change", key))

    def order_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """One up or down: the whole order is written, and only if it still is the one that was looked at."""
        session, seen = session_of(key), request.POST.getlist("order")
        wanted = _moved(seen, request.POST.get("up"), request.POST.get("down"))
        keys = [row.key for row in visitors(session)]
        try:
            with scope.authorized_many(Verb.MOVE_VISIT, AppointmentRequest, keys) as rows:
                by_key = {str(row.key): row for row in rows}
                moved = actions.order_visits(
                    session,
                    [by_key[one] for one in wanted if one in by_key],
                    by=request.user,
                    seen=[by_key[one] for one in seen if one in by_key],
                )
        except DomainError as error:
            messages.warning(request, str(error))
        else:
            if moved:
                text = _("The order is changed. Tell those whose time has changed: %(who)s.")
                messages.success(request, text % {"who": ", ".join(row.reference for row in moved)})
        return HttpResponseRedirect(self.url("change", key))

    def offer_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Say how many places citizens may take themselves on the web site."""
        session = session_of(key)
        form = OfferForm(request.POST)
        if not form.is_valid():
            return self._show(request, session, offer=form)
        try:
            with scope.authorized_to_create(
                scope.Action.PLAN, PublicDaySession, session.key, field="id"
            ) as row:
                taken = actions.offer_places(row, by=request.user, places=form.cleaned_data["places"])
        except DomainError as error:
            form.refuse(error)
            return self._show(request, session, offer=form)
        if form.cleaned_data["places"]:
            text = _("Citizens may take %(places)s places on the web site; %(taken)s are taken.")
        else:
            text = _("Citizens take no places on the web site any more; %(taken)s are taken.")
        messages.success(request, text % {"places": form.cleaned_data["places"], "taken": taken})
        return HttpResponseRedirect(self.url("change", key))

    def end_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Close or cancel the day; a cancellation shows a preview of the messages first."""
        session = session_of(key)
        try:
            # Not locked here: the action takes its locks in everybody's order, requests first.
            with scope.authorized_to_create(
                scope.Action.PLAN, PublicDaySession, session.key, field="id"
            ) as row:
                if request.POST.get("what") == "close":
                    came = actions.close_public_day(row, by=request.user)
                    text = _("The public day is closed: %(count)s came.") % {"count": came}
                elif "cancelled" not in request.POST:
                    reason = request.POST.get("reason", "")
                    result = applicants.rehearsed_cancelling(session.key, by=request.user, reason=reason)
                    return self._show(request, session, cancelling=_cancelling(result), reason=reason)
                else:
                    count = actions.cancel_public_day(
                        row,
                        by=request.user,
                        reason=request.POST.get("reason", ""),
                    )
                    text = _("The public day is cancelled; %(count)s requests wait again.") % {"count": count}
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, text)
        return HttpResponseRedirect(self.url("change", key))


def _cancelling(cancelled: applicants.Cancelled) -> dict[str, object]:
    """Who is sent what, and who is to be called, by the names that the viewer may know."""
    return {
        "letters": [
            {"row": row, "who": applicants.who_asks(row), "subject": subject, "body": body}
            for row, subject, body in cancelled.letters
        ],
        "to_call": [
            {"row": row, "who": applicants.who_asks(row), "phone": applicants.phone_of(row)}
            for row in cancelled.to_call
        ],
    }


def _is_past() -> Q:
    return Q(day__lt=today()) | ~Q(status=SessionStatus.PLANNED)


def _is_open(session: PublicDaySession) -> bool:
    return session.status == SessionStatus.PLANNED and session.day >= today()


def _line(row: AppointmentRequest) -> dict[str, object]:
    able = scope.allowed_actions(row) if row.visit.status == VisitStatus.EXPECTED else []
    calls = waits_for_call(row)
    return {
        "calls": calls,
        "phone": applicants.phone_of(row) if calls else "",
        "confirms": calls and Verb.CONFIRM_COMING in able,
        "row": row,
        "visit": row.visit,
        "who": applicants.who_asks(row),
        "moves": Verb.MOVE_VISIT in able,
        "leaves": Verb.REMOVE_FROM_PUBLIC_DAY in able,
    }


def _pool(session: PublicDaySession) -> list[dict[str, object]]:
    """Who may be put on it: the undecided requests of the same programme, the longest waiting first."""
    rows = scope.with_relations(scope.visible(AppointmentRequest)).filter(
        principal=session.principal_id, status__in=[Status.NEW, Status.PROPOSED]
    )
    matches = list(
        rows.select_related("applicant", "requested_by", "principal").order_by("registered_at", "pk")[:POOL]
    )
    log_access(matches)
    return [
        {"row": row, "who": applicants.who_asks(row)}
        for row in matches
        if Verb.ASSIGN_TO_PUBLIC_DAY in scope.allowed_actions(row)
    ]


def _moved(seen: list[str], up: str | None, down: str | None) -> list[str]:
    """The order with one key a place earlier or later."""
    outcome, step = list(seen), -1 if up else 1
    key = up or down
    if key in outcome:
        at = outcome.index(key)
        to = min(max(at + step, 0), len(outcome) - 1)
        outcome.insert(to, outcome.pop(at))
    return outcome


# -- forms ---------------------------------------------------------------------------------------------------
class GenerateForm(OfficeForm):
    principal = PrincipalField(label=gettext_lazy("Whose public day?"))
    from_ = DayField(label=gettext_lazy("From"), initial=today)
    until = DayField(label=gettext_lazy("Until"), initial=lambda: today() + dt.timedelta(days=92))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Principal.objects.filter(is_active=True, pk__in=scope.current_viewer().kept)
        model_choice(self, "principal").queryset = rows.in_order()


class OfferForm(OfficeForm):
    places = forms.IntegerField(
        label=gettext_lazy("Places on the web site"),
        help_text=gettext_lazy("Citizens take them themselves, without a decision of the office. 0: none."),
        min_value=0,
        max_value=999,
    )


class PlaceForm(OfficeForm):
    """Time and delivery method of a place; the pressed button identifies the visitor."""

    at = forms.ChoiceField(label=gettext_lazy("At"), required=False)
    means = forms.ChoiceField(
        label=gettext_lazy("How they are notified"),
        choices=lambda: optional(DeliveryMethod.choices, BY_ITSELF),
        required=False,
    )

    def __init__(
        self, session: PublicDaySession, rows: list[AppointmentRequest], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        taken = [row.visit.at for row in rows]
        free = [slot for slot in session.slots() if taken.count(slot) < session.visits_a_slot]
        texts = [(slot.isoformat(), clock_text(slot)) for slot in free]
        choice(self, "at").choices = optional(texts, gettext_lazy("first free time"))

    def values(self) -> dict[str, Any]:
        at = self.cleaned_data["at"]
        return {
            "at": dt.datetime.fromisoformat(at) if at else None,
            "means": self.cleaned_data["means"],
        }
