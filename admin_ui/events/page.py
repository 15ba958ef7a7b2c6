"""Details on the page of an event: programme, tasks and costs, guests in figures, story."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.display import badge
from admin_ui.core.stories import StoryItem, in_order, of_files, of_lines
from backend.events import blueprints, elections
from backend.events.actions.parts import span_of
from backend.events.choices import Answer, Duty, GuestStatus, PartnerRole, Status, TaskStatus
from backend.events.models import (
    AgendaItem,
    Event,
    EventAttachment,
    EventLine,
    EventNote,
    EventPart,
    EventPartner,
    EventPicture,
    EventTask,
    Guest,
    GuestGroup,
    TeamMember,
)
from backend.events.partners import once
from backend.events.story import EventType
from permissions.core import scope
from permissions.events.rules import sees_whole_file

TONES = {
    Status.PLANNED: "orange",
    Status.ANNOUNCED: "blue",
    Status.HELD: "green",
    Status.CLOSED: "grey",
    Status.CANCELLED: "red",
}
TASK_TONES = {TaskStatus.OPEN: "orange", TaskStatus.DONE: "green", TaskStatus.DROPPED: "grey"}


def status_badge(row: Event) -> str:
    return badge(row.get_status_display(), TONES[Status(row.status)])


def task_badge(row: EventTask) -> str:
    return (
        badge(_("late"), "red")
        if row.is_late
        else badge(row.get_status_display(), TASK_TONES[TaskStatus(row.status)])
    )


def programme(event: Event) -> list[dict[str, object]]:
    """Each part with its steps."""
    items: dict[int, list[AgendaItem]] = {}
    for item in scope.visible(AgendaItem).filter(event=event).order_by("starts_at", "id"):
        items.setdefault(item.part_id, []).append(item)
    parts = scope.visible(EventPart).filter(event=event).order_by("starts_at", "id")
    return [{"part": part, "steps": items.get(part.pk, [])} for part in parts]


def tasks(event: Event) -> dict[str, object]:
    """The tasks that the viewer sees, and what they cost."""
    rows = (
        scope.visible(EventTask)
        .filter(event=event)
        .select_related("department", "person")
        .order_by("due_on", "id")
    )
    kept = rows.exclude(status=TaskStatus.DROPPED)
    sums = kept.aggregate(planned=Sum("planned_cost"), actual=Sum("actual_cost"))
    shown = [
        {
            "row": row,
            "badge": task_badge(row),
            "url": reverse("admin:events_eventtask_change", args=[row.key]),
        }
        for row in rows[:300]
    ]
    return {"tasks": shown, "planned": sums["planned"], "actual": sums["actual"], "over": _over(sums)}


def _over(sums: dict[str, Decimal | None]) -> Decimal | None:
    planned, actual = sums["planned"], sums["actual"]
    return actual - planned if planned is not None and actual is not None and actual > planned else None


def figures(event: Event) -> dict[str, int]:
    """The guests in figures, in one statement; all nought for who sees no guest."""
    listed = Q(status=GuestStatus.LISTED)
    counted = (
        scope.visible(Guest)
        .filter(event=event)
        .aggregate(
            listed=Count("pk", filter=listed),
            coming=Count("pk", filter=listed & Q(answer=Answer.COMING)),
            represented=Count("pk", filter=listed & Q(answer=Answer.REPRESENTED)),
            not_coming=Count("pk", filter=listed & Q(answer=Answer.NOT_COMING)),
            waiting=Count("pk", filter=listed & Q(answer=Answer.WAITING)),
            reserve=Count("pk", filter=Q(status=GuestStatus.RESERVE)),
            messaged=Count("pk", filter=listed & Q(messaged_at__isnull=False)),
            arrived=Count("pk", filter=Q(arrived_at__isnull=False)),
            places=Sum("places"),
        )
    )
    return {name: count or 0 for name, count in counted.items()}


def cards(event: Event, count: dict[str, int]) -> list[tuple[object, object, str, str]]:
    """(label, number, tone, address) of the figures."""
    guests = f"{reverse('admin:events_guest_changelist')}?event={event.key}"
    places = f"{count['places']} / {event.capacity}" if event.capacity else count["places"]
    return [
        (_("Places taken"), places, "blue", f"{guests}&tab=listed"),
        (_("Coming"), count["coming"] + count["represented"], "green", f"{guests}&tab=coming"),
        (_("No answer yet"), count["waiting"], "orange", f"{guests}&tab=waiting"),
        (_("Not coming"), count["not_coming"], "grey", f"{guests}&tab=declined"),
        (_("Reserve"), count["reserve"], "grey", f"{guests}&tab=reserve"),
        (_("Came in"), count["arrived"], "green", f"{guests}&tab=arrived"),
    ]


def story(event: Event) -> list[StoryItem]:
    """What happened and what was brought, the oldest first."""
    lines = scope.visible(EventLine).filter(event=event).select_related("actor").order_by("-at", "-id")[:200]
    files = scope.visible(EventAttachment).filter(event=event).select_related("uploaded_by")
    return in_order(of_lines(lines, EventType, _facts), of_files(files))


def _facts(line: EventLine) -> list[str]:
    details = line.details
    entries = [str(details[name]) for name in ("part", "item", "task", "group", "who") if details.get(name)]
    if "duty" in details:
        entries.append(str(Duty(details["duty"]).label))
    if "role" in details:
        entries.append(str(PartnerRole(details["role"]).label))
    if "sent" in details:
        words = {"sent": details["sent"], "without": details["without"]}
        entries.append(_("sent to %(sent)s; %(without)s without an address") % words)
    if "added" in details:
        words = {"added": details["added"], "reserve": details["reserve"], "left": details["left"]}
        entries.append(_("%(added)s added, %(reserve)s on the reserve, %(left)s taken off") % words)
    for name in details.get("fields", []):
        field: Any = next((f for f in Event._meta.get_fields() if f.name == name), None)
        entries.append(str(getattr(field, "verbose_name", "")))
    return [one for one in entries if one]


def partners(event: Event) -> object:
    """The organisations that have a part in it, as far as the viewer sees them."""
    seen = scope.visible(EventPartner)
    rows = once(seen.filter(event=event), seen).select_related("organisation")
    return rows.order_by("id")


def around(event: Event) -> dict[str, object]:
    """What stands at the side."""
    match = blueprints.templates().get(event.template)
    is_guarded = elections.periods(event.kind, span_of(event))
    return {
        "partners": partners(event),
        "pictures": scope.visible(EventPicture)
        .filter(published__event=event)
        .select_related("granted")
        .order_by("pk"),
        "team": scope.visible(TeamMember).filter(event=event).select_related("user"),
        "notes": scope.visible(EventNote).filter(event=event).select_related("changed_by"),
        "groups": scope.visible(GuestGroup).filter(event=event).select_related("contact_list"),
        "template": match,
        "faults": blueprints.faults(event) if sees_whole_file(scope.current_viewer(), event) else [],
        "election": is_guarded[0] if is_guarded else None,
    }
