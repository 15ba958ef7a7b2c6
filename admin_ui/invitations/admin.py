"""Invitations received: the list of what waits, the page of one with its decision and orders, and a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import AttachForm, OfficeForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.core.screen import page
from admin_ui.core.stories import StoryItem, in_order, of_files, of_lines
from admin_ui.invitations import forms as invitation_forms
from admin_ui.partners import choice as partner_choice
from admin_ui.programme.admin import when as entry_when
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
from backend.partners.models import Organisation
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
        Verb.DECLINE: invitation_forms.DeclineForm,
        Verb.ORDER: invitation_forms.OrderForm,
        Verb.FULFIL: invitation_forms.OfOrderForm,
        Verb.CORRECT: invitation_forms.CorrectForm,
        Verb.ATTACH: AttachForm,
        Verb.DROP: invitation_forms.OfOrderForm,
    },
    through={Verb.REPRESENT: represent},
)
OF_ORDER = (Verb.FULFIL, Verb.DROP)
"""Buttons in the order in which they are shown."""


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
class InvitationAdmin(ActionAdmin[Invitation]):
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
    steps = STEPS
    page_relations = ("principal", "deputy", "representative", "decided_by", "registered_by")
    preview = staticmethod(hosts.rehearsed_letter)
    no_message = gettext_lazy("The host is sent nothing.")
    done = gettext_lazy("%(reference)s: “%(verb)s” is done.")
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
        return [self.route("new/", new, "new")]

    def offered(self, row: Invitation) -> list[RowAction]:
        return [step for step in super().offered(row) if step.verb not in OF_ORDER]

    def details(self, request: HttpRequest, row: Invitation) -> dict[str, object]:
        able = scope.allowed_actions(row)
        entry = None
        if row.entry_id is not None:
            entry = scope.visible(Entry).filter(pk=row.entry_id).select_related("principal").first()
        return {
            "title": row.reference,
            "parents": [(_("Invitations"), self.url("changelist"))],
            **partner_choice.shown(row, row.host, offers=Verb.LINK_PARTNER in able),
            "status": status_badge(row),
            "entry": entry,
            "entry_when": entry_when(entry) if entry else "",
            "story": _story(row),
            "may_send": Verb.FULFIL in able,
            "orders": list(scope.visible(GiftOrder).filter(invitation=row).select_related("done_by")),
            "alike": list(
                scope.visible(actions.alike(row.principal, row.host, row.starts_at)).exclude(pk=row.pk)
            ),
        }


def address(row: Invitation) -> str:
    return reverse("admin:invitations_invitation_change", args=[row.key])


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
    start = {"host": scope.get(Organisation, key)} if (key := request.GET.get("organisation")) else {}
    form = invitation_forms.NewInvitationForm(request.POST or None, request.FILES or None, initial=start)
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
