"""Meetings and visits: the list, the file of one with its next steps, and a new one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import ActionForm, AttachForm
from admin_ui.core.listing import Choice, Column, Dates, Tab
from admin_ui.core.once import once
from admin_ui.core.screen import page
from admin_ui.core.stories import StoryItem, in_order, of_files, of_lines
from admin_ui.engagements import forms
from admin_ui.instructions.wording import status_badge
from admin_ui.programme.admin import when as entry_when
from backend.core.errors import DomainError, ErrorCode
from backend.core.models import SearchableQuerySet
from backend.engagements import actions
from backend.engagements.choices import Kind, Status
from backend.engagements.models import (
    Attendee,
    Decision,
    Engagement,
    EngagementAttachment,
    EngagementLine,
)
from backend.engagements.moves import Verb, engagement_action
from backend.engagements.story import EventType
from backend.instructions.models import Instruction
from backend.organization.models import User
from backend.partners.models import Organisation
from backend.programme.models import Entry, Principal
from permissions.core import scope
from permissions.core.filters import Action

TONES = {Status.PLANNED: "blue", Status.HELD: "green", Status.CANCELLED: "grey"}


def may_see() -> bool:
    """Every signed-in member of staff, since each may be a participant."""
    viewer = scope.current_viewer()
    return viewer.user is not None and not viewer.user.is_superuser


def _title(row: Engagement) -> str:
    mark = badge(row.get_status_display(), TONES[Status(row.status)])
    return format_html('<span class="ok-subject">{}</span> {}', row.title, mark)


@admin.register(Engagement)
class EngagementAdmin(ActionAdmin[Engagement]):
    gate = staticmethod(may_see)
    detail_template = "admin_ui/engagement.html"
    columns = (
        Column(gettext_lazy("When"), lambda r: r.starts_at, ("starts_at",), "ok-nowrap"),
        Column(gettext_lazy("Heading"), _title, css="ok-wide"),
        Column(gettext_lazy("Kind"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Who represents us"), lambda r: r.principal.name),
        Column(gettext_lazy("Place"), lambda r: or_dash(r.place)),
        Column(gettext_lazy("Number"), lambda r: r.reference, css="ok-nowrap"),
    )
    tabs = (
        Tab("coming", gettext_lazy("Coming"), lambda rows: rows.coming()),
        Tab("minute", gettext_lazy("Minutes to be written"), lambda rows: rows.to_minute()),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), lambda: Kind.choices, lambda rows, x: rows.filter(kind=x)),
        Choice(
            "department",
            gettext_lazy("Department that prepares it"),
            forms.departments,
            lambda rows, code: rows.filter(department__code=code),
        ),
        Dates("when", gettext_lazy("When"), "starts_at__date"),
    )
    order = ("starts_at", "pk")
    searches = True
    is_kept = True
    search_hint = gettext_lazy("Number, title, place")
    empty = gettext_lazy(
        "No meeting and no visit has a file yet. Agenda, participants, travel, gift, minutes and decisions stand"
        " together in one: open the first."
    )
    page_relations = ("principal", "department", "minuted_by", "opened_by")
    steps = steps_of(
        engagement_action,
        {
            Verb.RECORD_MINUTES: forms.MinuteForm,
            Verb.INVITE: forms.InviteForm,
            Verb.SCHEDULE: forms.ScheduleForm,
            Verb.INSTRUCT: forms.InstructForm,
            Verb.SET_AGENDA: forms.AgendaForm,
            Verb.SET_LOGISTICS: forms.EquipForm,
            Verb.ATTACH: AttachForm,
            Verb.CORRECT: forms.CorrectForm,
            Verb.UNINVITE: forms.UninviteForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Engagement]:
        return scope.visible(Engagement).select_related("principal").defer("minutes", "purpose", "words")

    def listing(self, request: HttpRequest) -> Any:
        listing = super().listing(request)
        if request.GET.get("tab", "") in ("all", "minute"):
            listing.order = ("-starts_at", "-pk")
        return listing

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.may_record_instructions():
            return []
        return [{"title": _("Open a file"), "url": self.url("new"), "icon": "groups_2"}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", new, "new")]

    def begin(self, form: ActionForm, request: HttpRequest) -> None:
        if isinstance(form, forms.InstructForm):
            form.begin_with(request.GET.get("decision", ""))

    def details(self, request: HttpRequest, row: Engagement) -> dict[str, object]:
        attendees = list(
            scope.visible(Attendee).filter(engagement=row).select_related("user", "role__person")
        )
        roles = [attendee.role for attendee in attendees if attendee.role is not None]
        scope.log_access([role.person_id for role in roles], "admin: meeting")
        scope.log_access([role.pk for role in roles], "admin: meeting", kind="partners.role")
        entry = scope.visible(Entry).filter(pk=row.entry_id).first() if row.entry_id else None
        return {
            "title": row.reference,
            "status": badge(row.get_status_display(), TONES[Status(row.status)]),
            "organisation": scope.visible(Organisation).filter(pk=row.organisation_id).first()
            if row.organisation_id
            else None,
            "attendees": [(forms.attendee_name(attendee), attendee) for attendee in attendees],
            "agenda": list(row.agenda.all()),
            "decisions": decisions(row, self.url_of(row), Verb.INSTRUCT in scope.allowed_actions(row)),
            "entry": entry,
            "entry_when": entry_when(entry) if entry else "",
            "story": story(row),
        }


def decisions(row: Engagement, url: str, may_instruct: bool) -> list[dict[str, Any]]:
    """What was decided, each with the instruction made of it or the way to one."""
    rows = list(scope.visible(Decision).filter(engagement=row).order_by("position"))
    keys = [one.instruction_id for one in rows if one.instruction_id]
    made = {
        one.pk: one for one in scope.visible(Instruction).filter(pk__in=keys).select_related("department")
    }
    items = []
    for one in rows:
        instruction = made.get(one.instruction_id or 0)
        items.append(
            {
                "decision": one,
                "instruction": instruction,
                "status": status_badge(instruction) if instruction else "",
                "url": f"{url}?do=instruct&decision={one.key}#do"
                if may_instruct and one.instruction_id is None
                else "",
            }
        )
    return items


def story(row: Engagement) -> list[StoryItem]:
    """What happened and what was brought, the oldest first."""
    lines = scope.visible(EngagementLine).filter(engagement=row).select_related("actor")
    files = scope.visible(EngagementAttachment).filter(engagement=row).select_related("uploaded_by")
    return in_order(of_lines(lines, EventType, _facts), of_files(files))


def _facts(line: EngagementLine) -> list[str]:
    return [str(line.details[name]) for name in ("who", "reference") if line.details.get(name)]


def new(request: HttpRequest) -> HttpResponse:
    """Open a file; `?organisation=KEY` begins with whom."""
    if not page_access.may_record_instructions():
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    if request.method != "POST":
        start: dict[str, object] = {"once": uuid.uuid4(), "kind": Kind.MEETING}
        if key := request.GET.get("organisation"):
            start["organisation"] = scope.get(Organisation, key)
        return _page(request, forms.NewEngagementForm(initial=start))
    form = forms.NewEngagementForm(request.POST)
    if form.is_valid():
        with form.refusals():
            made = once(request, form, lambda: _open(request, form))
            messages.success(request, _("%(reference)s is opened.") % {"reference": made["reference"]})
            return HttpResponseRedirect(reverse("admin:engagements_engagement_change", args=[made["key"]]))
    return _page(request, form)


def _open(request: HttpRequest, form: forms.NewEngagementForm) -> dict[str, str]:
    key = form.cleaned_data["principal"].key
    with scope.authorized_to_create(Action.INSTRUCT, Principal, key, field="principal") as principal:
        row = actions.open_file(principal, by=cast(User, request.user), **form.facts())
    return {"key": str(row.key), "reference": row.reference}


def _page(request: HttpRequest, form: forms.NewEngagementForm) -> HttpResponse:
    context = {
        "title": _("Open the file of a meeting or a visit"),
        "parents": [(_("Meetings and visits"), reverse("admin:engagements_engagement_changelist"))],
        "form": form,
    }
    return page(admin.site, request, "admin_ui/engagement_new.html", context)
