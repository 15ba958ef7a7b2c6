"""Events and ceremonies: the board, a new one from its template, the file of one; and the tasks of all."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.dates import date_text, day_text
from admin_ui.core.display import or_dash
from admin_ui.core.forms import AttachForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.core.once import once
from admin_ui.core.screen import page
from admin_ui.events import check_in as event_door
from admin_ui.events import forms
from admin_ui.events import page as event_page
from admin_ui.events import papers as event_paper
from admin_ui.events.display import outcome_of
from admin_ui.seating.view import seating_url
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, midnight, today
from backend.core.models import SearchableQuerySet
from backend.events import actions, blueprints
from backend.events.actions import PlannedPart
from backend.events.choices import Kind, Status, TaskKind, TaskStatus
from backend.events.models import Event, EventTask
from backend.events.moves import TaskVerb, Verb, event_action, task_action
from backend.organization.models import Department, User
from backend.programme.models import Principal
from backend.protocol.models import Snapshot
from permissions.core import scope
from permissions.core.scope import Action
from permissions.events.rules import knows_guests, sees_whole_file
from permissions.letters.access import own_departments


def may_plan() -> bool:
    """Whether the viewer enters events into anybody's programme."""
    viewer = scope.current_viewer()
    return bool(viewer.kept) and viewer.may("WRITE")


def _when(row: Event) -> dt.datetime | str:
    """Return the beginning; for an event of several days both ends in words."""
    start, end = localtime(row.starts_at), localtime(row.ends_at)
    if start.date() == end.date():
        return start
    return f"{date_text(start, 'd.m. H:i')} – {day_text(end)}"


@admin.register(Event)
class EventAdmin(ActionAdmin[Event]):
    gate = page_access.members
    detail_template = "admin_ui/event.html"
    columns = (
        Column(gettext_lazy("When"), _when, ("starts_at",), "ok-nowrap"),
        Column(
            gettext_lazy("Event"),
            lambda r: format_html('<span class="ok-subject">{}</span>', r.title),
            css="ok-wide",
        ),
        Column(gettext_lazy("Kind"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Place"), lambda r: or_dash(r.place)),
        Column(gettext_lazy("Principal"), lambda r: r.principal.name),
        Column(gettext_lazy("Status"), event_page.status_badge, css="ok-nowrap"),
        Column(
            gettext_lazy("Number"),
            lambda r: format_html('<span class="ok-reference">{}</span>', r.reference),
            css="ok-nowrap",
        ),
    )
    tabs = (
        Tab("upcoming", gettext_lazy("To come"), lambda rows: rows.upcoming()),
        Tab("held", gettext_lazy("To be closed"), lambda rows: rows.filter(status=Status.HELD)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), lambda: Kind.choices, lambda rows, x: rows.filter(kind=x)),
        Choice(
            "status", gettext_lazy("Status"), lambda: Status.choices, lambda rows, x: rows.filter(status=x)
        ),
        Dates("when", gettext_lazy("When"), "starts_at__date"),
    )
    order = ("starts_at", "pk")
    searches = True
    is_kept = True
    search_hint = gettext_lazy("Number, title or place")
    empty = gettext_lazy(
        "No event was planned yet. National days, openings and ceremonies stand here with their programme, tasks and"
        " guests: begin the first one from its template."
    )
    page_relations = ("principal", "published", "planned_by")
    steps = tuple(
        step
        for step in steps_of(
            event_action,
            {
                Verb.INVITE: forms.InviteForm,
                Verb.SYNC_GUESTS: forms.GatherForm,
                Verb.PUT_ITEM: forms.OfEventForm,
                Verb.ADD_TASK: forms.TaskForm,
                Verb.CORRECT: forms.CorrectForm,
                Verb.PUT_PART: forms.PartForm,
                Verb.DROP_PART: forms.OfEventForm,
                Verb.DROP_ITEM: forms.OfEventForm,
                Verb.UNNAME_MEMBER: forms.OfEventForm,
                Verb.ADD_PARTNER: forms.PartnerForm,
                Verb.DROP_PARTNER: forms.OfEventForm,
                Verb.LINK_LETTER: forms.LinkLetterForm,
                Verb.UNLINK_LETTER: forms.UnlinkLetterForm,
                Verb.WRITE_NOTE: forms.NoteForm,
                Verb.ATTACH: AttachForm,
                Verb.PUT_GROUP: forms.GroupForm,
                Verb.DROP_GROUP: forms.OfEventForm,
                Verb.PUBLISH: forms.PublishForm,
                Verb.ADD_PICTURE: forms.PictureForm,
                Verb.DESCRIBE_PICTURE: forms.PictureWordsForm,
                Verb.DROP_PICTURE: forms.OfEventForm,
            },
        )
        if step.verb != Verb.CHECK_IN  # the door has a page of its own
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        rows = scope.visible(Event).select_related("principal")
        return rows.defer("words", "description", "invitation_text", "report", "legal_note")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        if request.GET.get("tab", "") in ("all", "held"):
            listing.order = ("-starts_at", "-pk")
        return listing

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        items = [
            {
                "title": _("Tasks of events"),
                "url": reverse("admin:events_eventtask_changelist"),
                "icon": "checklist",
            }
        ]
        if may_plan():
            items.insert(0, {"title": _("Plan an event"), "url": self.url("new"), "icon": "add"})
        return items

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
            self.route("door/worker.js", event_door.worker, "door_worker"),
            self.route("<uuid:key>/cards/", event_paper.cards, "cards"),
            self.route("<uuid:key>/report/", event_paper.report, "report"),
            self.route("<uuid:key>/door/", event_door.check_in, "door"),
            self.route("<uuid:key>/door/list/", event_door.guests, "door_list"),
            self.route("<uuid:key>/door/send/", event_door.send, "door_send"),
            self.route("<uuid:key>/door/undo/", event_door.undo, "door_undo"),
        ]

    def summary(self, row: Event, step: RowAction, made: object) -> str:
        return outcome_of(row, made) if isinstance(made, actions.Invited) else ""

    def leave(self, request: HttpRequest, row: Event, step: RowAction, made: object) -> HttpResponse:
        answer = super().leave(request, row, step, made)
        if step.verb == Verb.SEND_TEST:  # back to where it was asked for
            return HttpResponseRedirect(f"{self.url_of(row)}?do=invite#do")
        return answer

    def details(self, request: HttpRequest, row: Event) -> dict[str, object]:
        able = scope.allowed_actions(row)
        viewer = scope.current_viewer()
        sees_guests = knows_guests(viewer, row)
        count = event_page.figures(row) if sees_guests else {}
        return {
            "title": row.reference,
            "status": event_page.status_badge(row),
            "programme": event_page.programme(row),
            "cards": event_page.cards(row, count) if sees_guests and any(count.values()) else [],
            "guests_url": f"{reverse('admin:events_guest_changelist')}?event={row.key}"
            if sees_guests
            else "",
            "may_print": Verb.INVITE in able and bool(count.get("listed")),
            "may_report": sees_whole_file(viewer, row),
            "may_check_in": Verb.CHECK_IN in able,
            "order_url": order_url(row),
            "seating_url": seating_url(row, may_begin=Verb.CORRECT in able) if sees_guests else "",
            "story": event_page.story(row),
            **event_page.tasks(row),
            **event_page.around(row),
        }


def order_url(event: Event) -> str:
    """Where the order of precedence that the event took stands, for who sees it."""
    match = scope.visible(Snapshot).filter(event=event).first()
    return reverse("admin:protocol_snapshot_change", args=[match.key]) if match else ""


def new(request: HttpRequest) -> HttpResponse:
    """An event from a template with everything it names, or of one part."""
    if not may_plan():
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    chosen = request.POST.get("template") or request.GET.get("template", "")
    start = {"once": uuid.uuid4(), **_prefilled(chosen)}
    form = forms.NewEventForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made = once(request, form, lambda: _plan(request, form))
            messages.success(request, _("%(reference)s is planned.") % {"reference": made["reference"]})
            return HttpResponseRedirect(reverse("admin:events_event_change", args=[made["key"]]))
    context = {
        "title": _("Plan an event"),
        "parents": [(_("Events"), reverse("admin:events_event_changelist"))],
        "form": form,
        "templates": _template_cards(chosen),
        "chosen": blueprints.templates().get(chosen),
        "is_open": bool(chosen) or request.method == "POST" or "own" in request.GET,
    }
    return page(admin.site, request, "admin_ui/event_new.html", context)


def _prefilled(code: str) -> dict[str, object]:
    """What a template says, for the form."""
    known = blueprints.templates().get(code)
    if known is None:
        return {}
    return {
        "template": code,
        "title": known.title,
        "place": known.text("place"),
        "day": known.next_day(today()),
    }


def _template_cards(chosen: str) -> list[dict[str, object]]:
    """The templates with the day on which each is next, and the event that is planned for that day already."""
    cards: list[dict[str, object]] = []
    first = today()
    upcoming = scope.visible(Event).exclude(status=Status.CANCELLED).exclude(template="")
    planned: dict[str, Event] = {}
    for row in upcoming.filter(starts_at__gte=midnight(first)).order_by("-starts_at", "-pk")[:200]:
        planned[row.template] = row
    for one in blueprints.templates().values():
        day = one.next_day(first)
        there = planned.get(one.code) if day is not None else None
        cards.append(
            {
                "template": one,
                "day": day,
                "kind": Kind(one.kind).label,
                "is_chosen": one.code == chosen,
                "planned": there,
                "planned_url": reverse("admin:events_event_change", args=[there.key]) if there else "",
            }
        )
    return cards


def _plan(request: HttpRequest, form: forms.NewEventForm) -> dict[str, str]:
    cleaned = dict(form.cleaned_data)
    by, key = cast(User, request.user), cleaned["principal"].key
    common = {name: cleaned[name] for name in ("override_reason", "legal_note", "accept_unusual")}
    facts = {name: cleaned[name] for name in ("title", "kind", "place") if cleaned[name]}
    own = own_departments().first() if cleaned["letters"] else None
    with scope.authorized_to_create(Action.PLAN, Principal, key, field="principal") as principal:
        if cleaned["template"]:
            row = actions.plan_from_template(
                principal,
                by=by,
                template=cleaned["template"],
                day=cleaned["day"],
                letters_of=own,
                **common,
                **facts,
            )
        else:
            row = actions.plan(principal, by=by, parts=[_one_part(cleaned)], **common, **facts)
    return {"key": str(row.key), "reference": row.reference}


def _one_part(values: dict[str, Any]) -> PlannedPart:
    if values["day"] is None or values["starts"] is None:
        field = "day" if values["day"] is None else "starts"
        raise DomainError(ErrorCode.REQUIRED, _("Say when it is."), field)
    start = dt.datetime.combine(values["day"], values["starts"], ISTANBUL)
    length = dt.timedelta(minutes=values["minutes"] or 90)
    return PlannedPart(
        title=values["title"] or _("Ceremony"), starts_at=start, ends_at=start + length, is_main=True
    )


def _event_of(row: EventTask) -> str:
    return format_html('<span class="ok-subject">{}</span><br>{}', row.title, row.event.title)


@admin.register(EventTask)
class EventTaskAdmin(ActionAdmin[EventTask]):
    searches = True
    is_kept = True
    finds_in = ("title", "kind", "supplier", "department__short_name")
    gate = page_access.members
    detail_template = "admin_ui/event_task.html"
    columns = (
        Column(gettext_lazy("To be done by"), lambda r: r.due_on, ("due_on",), "ok-nowrap"),
        Column(gettext_lazy("What is to be done"), _event_of, css="ok-wide"),
        Column(gettext_lazy("Kind"), lambda r: r.get_kind_display()),
        Column(
            gettext_lazy("By whom"),
            lambda r: or_dash(r.department.short_name if r.department else r.person or r.supplier),
        ),
        Column(gettext_lazy("Planned cost (TL)"), lambda r: or_dash(r.planned_cost), css="ok-nowrap"),
        Column(gettext_lazy("Actual cost (TL)"), lambda r: or_dash(r.actual_cost), css="ok-nowrap"),
        Column(gettext_lazy("Status"), event_page.task_badge, css="ok-nowrap"),
    )
    tabs = (
        Tab("open", gettext_lazy("To be done"), lambda rows: rows.open()),
        Tab("late", gettext_lazy("Late"), lambda rows: rows.late()),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "department",
            gettext_lazy("Department"),
            lambda: Department.objects.open().in_order().values_list("code", "short_name"),
            lambda rows, code: rows.filter(department__code=code),
        ),
        Choice("kind", gettext_lazy("Kind"), lambda: TaskKind.choices, lambda rows, x: rows.filter(kind=x)),
        Choice(
            "status",
            gettext_lazy("Status"),
            lambda: TaskStatus.choices,
            lambda rows, x: rows.filter(status=x),
        ),
    )
    order = ("due_on", "pk")
    empty = gettext_lazy("No event has a task yet. What departments do and provide for events stands here.")
    page_relations = ("event__principal", "department", "person", "done_by")
    steps = steps_of(task_action, {TaskVerb.CORRECT: forms.CorrectTaskForm})

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventTask]:
        return scope.visible(EventTask).select_related("event", "department", "person")

    def details(self, request: HttpRequest, row: EventTask) -> dict[str, object]:
        event = scope.visible(Event).filter(pk=row.event_id).first()
        return {"title": row.title, "badge": event_page.task_badge(row), "event": event}
