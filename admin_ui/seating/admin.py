"""The seating plan of an event: begun, seated by rule, changed by drag or by choice, printed, frozen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge
from admin_ui.core.fields import model_choice, whole_number
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Listing
from admin_ui.core.screen import ScopedAdmin, page, pdf_answer
from admin_ui.seating.venues import row_fields, rows_of, typed_rows
from admin_ui.seating.view import READ_LOG, drawn
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.models import containing
from backend.events.blueprints import civil_authority_presides
from backend.events.models import Event, Guest
from backend.events.moves import Verb as EventVerb
from backend.organization.models import User
from backend.protocol.choices import Representation
from backend.seating import actions, paper
from backend.seating.choices import LineKind
from backend.seating.models import Hall, PlanRow, PlanSeat, SeatingPlan
from backend.seating.people import guests_of
from backend.seating.rows import specs_of
from permissions.core import scope
from permissions.core.filters import Action


class PlanForm(OfficeForm):
    hosts = forms.BooleanField(
        label=gettext_lazy("The principal sits as the host"),
        required=False,
        help_text=gettext_lazy(
            "At a national day the mülki amir presides (5442 m.31; 2012/3073): the mayor sits at the place of"
            " their office, as a guest on the list."
        ),
    )
    host_guest = forms.ModelChoiceField(
        label=gettext_lazy("Who the host is on the list"),
        queryset=Guest.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=gettext_lazy("not on the list"),
    )
    includes_unanswered = forms.BooleanField(
        label=gettext_lazy("Also those who did not answer yet"), required=False
    )
    representation = forms.ChoiceField(
        label=gettext_lazy("Representatives sit"), choices=Representation.choices, widget=forms.RadioSelect
    )

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guests = scope.visible(Guest.objects.filter(event=event)).listed()
        field = model_choice(self, "host_guest")
        field.queryset = guests.select_related("person").order_by("rank", "pk")


class BeginForm(PlanForm):
    hall = forms.ModelChoiceField(
        label=gettext_lazy("Hall"),
        queryset=Hall.objects.filter(is_active=True).order_by("name_sort"),
        to_field_name="key",
        empty_label=None,
    )
    field_order = ("hall",)


WRITES = EventVerb.CORRECT
"""Who may change an event may seat its guests."""


def may_see() -> bool:
    return page_access.sees_some(SeatingPlan)


@admin.register(SeatingPlan)
class SeatingPlanAdmin(ScopedAdmin):
    gate = staticmethod(may_see)
    order = ("-event__starts_at", "-pk")
    detail_template = "admin_ui/seating_plan.html"
    intro = gettext_lazy("Who sits where at an event. A plan is begun at the page of its event.")
    empty = gettext_lazy(
        "There is no seating plan yet. Begin one at the page of an event, with the rows of a hall."
    )

    searches = True
    search_hint = gettext_lazy("Event or hall")

    def search(self, rows: Any, text: str) -> Any:
        events = scope.visible(Event.objects.search(text)).values("pk")
        return rows.filter(Q(event__in=events) | containing(rows, ("hall__name",), text))

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("event", "hall")
        listing.columns = (
            Column(gettext_lazy("Event"), lambda row: row.event.title, css="ok-wide"),
            Column(gettext_lazy("When"), lambda row: local_date(row.event.starts_at), ("event__starts_at",)),
            Column(gettext_lazy("Hall"), lambda row: row.hall or "–"),
            Column(
                gettext_lazy("Status"),
                lambda row: badge(_("frozen"), "green") if row.frozen_at else badge(_("draft"), "orange"),
            ),
        )
        return listing

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("begin/<uuid:event>/", self.begin, "begin"),
            self.route("<uuid:key>/edit/", self.edit, "edit"),
            self.route("<uuid:key>/paper/<slug:kind>/", self.paper, "paper"),
            self.route("<uuid:key>/do/<slug:deed>/", self.act, "do"),
        ]

    def details(self, request: HttpRequest, row: SeatingPlan, refusal: str = "") -> dict[str, object]:
        may_change = scope.can(Action.CHANGE, row)
        event_url = reverse("admin:events_event_change", args=[row.event.key])
        return {
            "title": _("Seating plan"),
            "plan": row,
            "refusal": refusal,
            "may_change": may_change,
            "event_url": event_url,
            "papers": [(name, paper.TITLES[name]) for name in paper.PAPERS],
            **drawn(row),
        }

    # -- beginning and settings --------------------------------------------------------------------------------
    def begin(self, request: HttpRequest, event: Any) -> HttpResponse:
        row = scope.get(Event, event)
        if (there := scope.visible(SeatingPlan).filter(event=row).first()) is not None:
            return HttpResponseRedirect(self.url_of(there))
        initial = {
            "representation": Representation.AFTER_EQUALS,
            "hosts": not civil_authority_presides(row),
        }
        form = BeginForm(row, request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.authorized_to_create(WRITES, Event, row.key, field="event") as event:
                    plan = actions.begin(event, by=scope.current_viewer().user, **form.cleaned_data)
                messages.success(request, _("The plan is begun. Seat the guests by precedence."))
                return HttpResponseRedirect(self.url_of(plan))
        elif not scope.can(WRITES, row):
            raise scope.not_found()
        context = {
            "title": _("Begin a seating plan"),
            "parents": [(row.title, reverse("admin:events_event_change", args=[row.key]))],
            "form": form,
            "submit": _("Begin"),
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def edit(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """The rows that are put up for this event, and who is seated how."""
        plan = self.get_object(request, str(key))
        scope.get(SeatingPlan, plan.key, action=Action.CHANGE)
        initial = {name: getattr(plan, name) for name in PlanForm.base_fields}
        initial["host_guest"] = plan.host_guest.key if plan.host_guest else None
        form = PlanForm(plan.event, request.POST or None, initial=initial)
        refusal = ""
        if request.method == "POST" and form.is_valid():
            try:
                rows = rows_of(request.POST)
                with scope.authorized(Action.CHANGE, SeatingPlan, plan.key) as locked:
                    by = scope.current_viewer().user
                    actions.change(locked, by=by, **form.cleaned_data)
                    actions.set_rows(locked, by=by, rows=rows)
            except DomainError as error:
                if error.code == ErrorCode.FORBIDDEN:
                    raise
                refusal = str(error)
            else:
                messages.success(request, _("The plan is kept. Seat by precedence again for it to count."))
                return HttpResponseRedirect(self.url_of(plan))
        typed = typed_rows(request.POST) if request.method == "POST" else None
        context = {
            "title": _("Rows and settings"),
            "parents": [self.crumb(), (plan.event.title, self.url_of(plan))],
            "form": form,
            "refusal": refusal,
            "rows": row_fields(specs_of(plan.rows.all()), typed),
            "kinds": LineKind.choices,
        }
        return page(self.admin_site, request, "admin_ui/hall.html", context)

    def paper(self, request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
        """One of the papers of a plan as PDF. What it names is noted in the read log."""
        plan = self.get_object(request, str(key))
        if kind not in paper.PAPERS:
            raise scope.not_found()
        scope.log_access([guest.person_id for guest in guests_of(plan)], READ_LOG)
        return pdf_answer(paper.pdf(plan, kind), f"{paper.name_of(kind)} {plan.event.reference}")

    # -- verbs -------------------------------------------------------------------------------------------------
    def act(self, request: HttpRequest, key: UUID, deed: str) -> HttpResponse:
        """Perform one action on the plan and redraw it; a refusal is shown above it."""
        plan = self.get_object(request, str(key))
        run = ROW_ACTIONS.get(deed)
        if run is None:
            raise scope.not_found()
        if request.method != "POST":
            return HttpResponseRedirect(self.url_of(plan))
        looked_at = whole_number(request.POST.get("version", ""))
        try:
            with scope.authorized(Action.CHANGE, SeatingPlan, plan.key, version=looked_at) as locked:
                data = run(locked, request.POST, scope.current_viewer().user)
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN or (error.code, error.field) == (ErrorCode.NOT_FOUND, "id"):
                raise
            plan = self.get_object(request, str(key))
            context = {"row": plan, "parents": [self.crumb()], **self.details(request, plan, str(error))}
            return page(self.admin_site, request, self.detail_template, context)
        if data:
            messages.success(request, data)
        return HttpResponseRedirect(self.url_of(plan))


def _seat(plan: SeatingPlan, data: QueryDict, by: User) -> str:
    outcome = actions.seat_by_rule(plan, by=by, keep_by_hand=data.get("keep") != "no")
    if outcome.standing:
        return _("%(seated)s are seated; for %(standing)s there is no seat.") % {
            "seated": outcome.seated,
            "standing": len(outcome.standing),
        }
    return _("%(seated)s are seated.") % {"seated": outcome.seated}


def _place(plan: SeatingPlan, data: QueryDict) -> tuple[PlanRow, int]:
    row = plan.rows.filter(key=_key(data.get("row", ""))).first()
    text = data.get("number", "").strip()
    if row is None or not (text.isascii() and text.isdigit() and len(text) < 4):
        raise DomainError(ErrorCode.INVALID, _("Say the row and the number of the seat."), "number")
    return row, int(text)


def _key(text: str) -> Any:
    try:
        return forms.UUIDField().clean(text)
    except forms.ValidationError:
        raise DomainError(ErrorCode.INVALID, _("Say the row and the number of the seat."), "row") from None


def _who(plan: SeatingPlan, data: QueryDict) -> tuple[Guest | None, int]:
    """“host”, or the key of a guest, with :1 for the first who comes along."""
    text, _colon, number = str(data.get("who", "")).partition(":")
    if text == "host":
        return None, 0
    guest = Guest.objects.filter(event=plan.event_id, key=_key(text)).first()
    if guest is None:
        raise DomainError(ErrorCode.INVALID, _("Say who is to sit there."), "guest")
    return guest, int(number) if number.isdecimal() and len(number) < 3 else 0


def _move(plan: SeatingPlan, data: QueryDict, by: User) -> str:
    guest, companion = _who(plan, data)
    row, number = _place(plan, data)
    actions.move(plan, by=by, row=row, number=number, guest=guest, companion=companion)
    return ""


def _unseat(plan: SeatingPlan, data: QueryDict, by: User) -> str:
    guest, companion = _who(plan, data)
    seat = plan.seats.filter(guest=guest, companion=companion).exclude(kind="BLOCKED").first()
    if seat is None:
        raise DomainError(ErrorCode.INVALID, _("This person has no seat."), "guest")
    actions.unseat(plan, by=by, seat=seat)
    return ""


def _block(plan: SeatingPlan, data: QueryDict, by: User) -> str:
    row, number = _place(plan, data)
    there = PlanSeat.objects.filter(row=row, number=number, kind="BLOCKED").first()
    if there is not None:
        actions.unseat(plan, by=by, seat=there)
    else:
        actions.keep_free(plan, by=by, row=row, number=number)
    return ""


def _freeze(plan: SeatingPlan, data: QueryDict, by: User) -> str:
    digest = actions.freeze(plan, by=by)
    return _("The plan is frozen; what is printed now bears %(digest)s…") % {"digest": digest[:16]}


def _reopen(plan: SeatingPlan, data: QueryDict, by: User) -> str:
    actions.reopen(plan, by=by, reason=data.get("reason", ""))
    return _("The plan is open again.")


ROW_ACTIONS: dict[str, Callable[[SeatingPlan, Any, Any], str]] = {
    "seat": _seat,
    "move": _move,
    "unseat": _unseat,
    "block": _block,
    "freeze": _freeze,
    "reopen": _reopen,
}
