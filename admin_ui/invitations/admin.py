"""Invitations received: the list of what waits, the page of one with its decision and orders, and a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import RowAction, steps_of
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import ActionForm, AttachForm, OfficeForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.core.stories import StoryItem, in_order, of_files, of_lines
from admin_ui.instructions.wording import given_at
from admin_ui.invitations import forms as invitation_forms
from admin_ui.partners import choice as partner_choice
from admin_ui.programme.admin import when as entry_when
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import SearchableQuerySet
from backend.invitations import actions
from backend.invitations.choices import DeliveryMethod, Gift, Occasion, Status
from backend.invitations.models import (
    GiftOrder,
    Invitation,
    InvitationAttachment,
    InvitationLine,
    InvitationNotice,
)
from backend.invitations.moves import Verb, invitation_action
from backend.invitations.story import EventType
from backend.journal.action_table import Trait
from backend.programme.models import Entry
from permissions.core import scope
from permissions.core.filters import Action
from permissions.invitations import hosts
from permissions.programme.handing_over import represent

SOON = dt.timedelta(days=3)
TONES = {
    Status.NEW: "blue",
    Status.ATTENDING: "green",
    Status.REPRESENTED: "green",
    Status.LAPSED: "red",
}


def may_see() -> bool:
    """Keepers of a programme, the office and the people it serves."""
    viewer = scope.current_viewer()
    return bool(viewer.kept) or viewer.sees_all


STEPS = steps_of(
    invitation_action,
    {
        Verb.ATTEND: invitation_forms.PlannedForm,
        Verb.REPRESENT: invitation_forms.RepresentForm,
        Verb.ORDER: invitation_forms.OrderForm,
        Verb.CORRECT: invitation_forms.CorrectForm,
        Verb.ATTACH: AttachForm,
    },
    through={Verb.REPRESENT: represent},
)
OF_ORDER = (Verb.FULFIL, Verb.DROP)
"""Buttons beside their order."""


def status_badge(row: Invitation) -> str:
    return badge(row.get_status_display(), TONES.get(Status(row.status), "grey"))


def answer_by(row: Invitation) -> str:
    """Until when the host wants an answer: red from that day on, orange the days before."""
    if row.answer_by is None:
        return "–"
    text = day_text(row.answer_by)
    if row.status != Status.NEW or row.answer_by > today() + SOON:
        return text
    return badge(text, "red" if row.answer_by <= today() else "orange")


def waiting() -> Any:
    """Those that await a decision of the programmes that the viewer keeps, the earliest answer first."""
    rows = scope.visible(Invitation).filter(status=Status.NEW, principal__in=scope.current_viewer().kept)
    return rows.order_by(F("answer_by").asc(nulls_last=True), "starts_at", "pk")


@admin.register(Invitation)
class InvitationAdmin(ScopedAdmin):
    gate = staticmethod(may_see)
    columns = (
        Column(
            gettext_lazy("When"),
            lambda r: r.starts_at,
            ("starts_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("What it is"), lambda r: r.title, css="ok-wide"),
        Column(gettext_lazy("Who invites"), lambda r: r.host),
        Column(gettext_lazy("Place"), lambda r: or_dash(r.place)),
        Column(gettext_lazy("Who is invited"), lambda r: r.principal.name),
        Column(
            gettext_lazy("Answer wanted by"),
            lambda r: r.answer_by,
            ("answer_by",),
            "ok-nowrap",
            html=answer_by,
        ),
        Column(gettext_lazy("Status"), status_badge, css="ok-nowrap"),
        Column(gettext_lazy("Who represents"), lambda r: or_dash(r.who_represents)),
    )
    tabs = (
        Tab("waiting", gettext_lazy("Waiting for our answer"), lambda rows: rows.filter(status=Status.NEW)),
        Tab(
            "coming",
            gettext_lazy("Accepted, coming"),
            lambda rows: rows.filter(
                status__in=[Status.ATTENDING, Status.REPRESENTED], ends_at__gt=timezone.now()
            ),
        ),
        Tab(
            "orders",
            gettext_lazy("To be sent"),
            lambda rows: rows.filter(
                pk__in=GiftOrder.objects.filter(done_at__isnull=True).values("invitation")
            ),
        ),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "status", gettext_lazy("Status"), lambda: Status.choices, lambda rows, x: rows.filter(status=x)
        ),
        Choice(
            "occasion",
            gettext_lazy("To what"),
            lambda: Occasion.choices,
            lambda rows, x: rows.filter(occasion=x),
        ),
        Dates("when", gettext_lazy("When"), "starts_at__date"),
    )
    order = ("starts_at", "pk")
    searches = True
    search_hint = gettext_lazy("What it is, who invites, place")
    detail_template = "admin_ui/invitation.html"
    empty = gettext_lazy(
        "No invitation was recorded yet. What the mayor is invited to stands here until it is answered:"
        " record the first one."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        rows = scope.visible(Invitation).select_related("principal", "deputy", "representative")
        return rows.defer("body", "words")

    def listing(self, request: HttpRequest) -> Listing:
        found = super().listing(request)
        if request.GET.get("tab", "") == "all":
            found.order = ("-starts_at", "-pk")
        return found

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(Invitation, Action.REGISTER):
            return []
        return [{"title": _("Record an invitation"), "url": self.url("new"), "icon": "mail"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
            self.route("<uuid:key>/change/", show, "change"),
            self.route("<uuid:key>/<slug:verb>/", act, "act"),
        ]

    def get_urls(self) -> list[URLPattern]:
        return [self.route("", self.changelist_view, "changelist"), *self.more_urls()]


def load(key: UUID) -> Invitation:
    """The visible invitation with all its page shows of the row. NOT_FOUND if it is hidden or missing."""
    rows = scope.with_relations(scope.visible(Invitation)).select_related(
        "principal", "deputy", "representative", "decided_by", "registered_by"
    )
    found = rows.filter(key=key).first()
    if found is None:
        raise scope.not_found()
    return found


def address(row: Invitation) -> str:
    return reverse("admin:invitations_invitation_change", args=[row.key])


def _step(slug: str) -> RowAction | None:
    return next((one for one in STEPS if one.slug == slug), None)


def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page; `?do=VERB` opens the form of a verb in it."""
    row = load(key)
    step = _step(request.GET.get("do", ""))
    form = step.form(row) if step and step.verb in _offered(row) else None
    if form:
        partner_choice.begin_with(form, request)
    return _render(request, row, step if form else None, form)


def act(request: StaffRequest, key: UUID, verb: str) -> HttpResponse:
    """Perform one action on an invitation; a refusal is shown at its field and the input is kept."""
    step = _step(verb)
    if step is None:
        raise scope.not_found()
    if step.verb in OF_ORDER:
        return _of_order(request, key, step)
    row = load(key)
    if request.method != "POST":
        return HttpResponseRedirect(f"{address(row)}?do={step.slug}#do")
    form = step.form(row, request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, row, step, form)
    values, by, action = form.values(), request.user, invitation_action[step.verb]
    version = None if Trait.CONCURRENT in action.traits else form.cleaned_data.get("version")
    asked: dict[str, Any] = {"version": version, "named": list(values.values())}
    try:
        if "preview" in request.POST and action.notifies:
            letter = hosts.rehearsed_letter(
                step.verb,
                row.key,
                lambda locked: step.action(locked, by=by, **values),
                **asked,
            )
            return _render(request, row, step, form, letter or ("–", _("The host is sent nothing.")))
        with scope.authorized(step.verb, Invitation, row.key, **asked) as locked:
            step.action(locked, by=by, **values)
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN or (error.code == ErrorCode.NOT_FOUND and error.field == "id"):
            raise
        form.refuse(error)
        now = load(key)
        form.show(now)
        return _render(request, now, step, form)
    facts = {"reference": row.reference, "verb": step.verb.label}
    messages.success(request, _("%(reference)s: “%(verb)s” is done.") % facts)
    return HttpResponseRedirect(address(row))


def _offered(row: Invitation) -> list[Any]:
    """What may be done to it by a form of its own."""
    return [verb for verb in scope.allowed_actions(row) if verb not in OF_ORDER]


def _of_order(request: StaffRequest, key: UUID, step: RowAction) -> HttpResponse:
    """Button of an order: mark it as sent or cancelled."""
    row = load(key)
    if request.method == "POST":
        try:
            with scope.authorized(step.verb, Invitation, row.key) as locked:
                order = scope.get(GiftOrder, request.POST.get("order", ""), field="order")
                step.action(locked, by=request.user, order=order)
            messages.success(request, _("“%(verb)s” is done.") % {"verb": step.verb.label})
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN or error.field == "id":
                raise
            messages.error(request, str(error))
    return HttpResponseRedirect(address(row))


def _render(
    request: HttpRequest,
    row: Invitation,
    step: RowAction | None,
    form: ActionForm | None,
    preview: tuple[str, str] | None = None,
) -> HttpResponse:
    able = scope.allowed_actions(row)
    entry = None
    if row.entry_id is not None:
        entry = scope.visible(Entry).filter(pk=row.entry_id).select_related("principal").first()
    context = {
        "title": row.reference,
        **partner_choice.shown(row, row.host, offers=Verb.CORRECT in able),
        "parents": [(_("Invitations"), reverse("admin:invitations_invitation_changelist"))],
        "row": row,
        "status": status_badge(row),
        "entry": entry,
        "entry_when": entry_when(entry) if entry else "",
        "story": _story(row),
        "steps": [one for one in STEPS if one.verb in able and one.verb not in OF_ORDER],
        "may_send": Verb.FULFIL in able,
        "orders": list(scope.visible(GiftOrder).filter(invitation=row).select_related("done_by")),
        "alike": list(
            scope.visible(actions.alike(row.principal, row.host, row.starts_at)).exclude(pk=row.pk)
        ),
        "step": step,
        "notifies": step is not None and invitation_action[step.verb].notifies,
        "form": form,
        "preview": preview,
        **given_at(invitation=row),
    }
    return page(admin.site, request, "admin_ui/invitation.html", context)


def _story(row: Invitation) -> list[StoryItem]:
    """Events, messages to the host and files, oldest first."""
    lines = scope.visible(InvitationLine).filter(invitation=row).select_related("actor")
    notices = scope.visible(InvitationNotice).filter(invitation=row).select_related("notified_by", "message")
    files = scope.visible(InvitationAttachment).filter(invitation=row).select_related("uploaded_by")
    parts = [
        StoryItem(
            notice.notified_at,
            "citizen",
            notice.get_kind_display(),
            notice.notified_by or _("automatic"),
            notice.body,
            [
                str(DeliveryMethod(notice.means).label),
                *([str(notice.message.get_status_display())] if notice.message else []),
            ],
        )
        for notice in notices
    ]
    return in_order(of_lines(lines, EventType, _facts), parts, of_files(files))


def _facts(line: InvitationLine) -> list[str]:
    details = line.details
    found = [str(details["who"])] if "who" in details else []
    if details.get("gift") in Gift.values:
        found.append(str(Gift(details["gift"]).label))
    fields: Any = [Invitation._meta.get_field(name) for name in details.get("fields", [])]
    return [*found, *(str(field.verbose_name) for field in fields)]


# -- a new one ----------------------------------------------------------------------------------------------
def new(request: HttpRequest) -> HttpResponse:
    """Record an invitation; one of the same host on the same day is shown first."""
    page_access.require(Invitation, Action.REGISTER)
    form = invitation_forms.NewInvitationForm(request.POST or None, request.FILES or None)
    others: list[Invitation] = []
    if request.method == "POST" and form.is_valid():
        principal, facts = form.cleaned_data["principal"], form.facts()
        if not form.cleaned_data["anyway"]:
            others = list(scope.visible(actions.alike(principal, facts["host"], facts["starts_at"])))
        if others:
            form.fields["anyway"].widget = forms.CheckboxInput()
        else:
            with form.refusals():
                return HttpResponseRedirect(address(_receive(form, principal, facts)))
    context = {
        "title": _("Record an invitation"),
        "parents": [(_("Invitations"), reverse("admin:invitations_invitation_changelist"))],
        "form": form,
        "others": others,
    }
    return page(admin.site, request, "admin_ui/invitation_new.html", context)


def _receive(form: OfficeForm, principal: Any, facts: dict[str, object]) -> Invitation:
    with scope.elevated_for(Invitation, Action.REGISTER) as viewer:
        row = actions.receive(principal, by=viewer.user, **facts)
        if file := form.cleaned_data["file"]:
            actions.attach(row, by=viewer.user, file=file, name=file.name or "")
    return row
