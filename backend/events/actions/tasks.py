"""Tasks and provisions: who does or supplies what, by when and at what cost; the team; notes and files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.documents.intake import accept as accept_file
from backend.events import moves
from backend.events.actions.parameters import (
    ActualCost,
    Minded,
    Note,
    PlannedCost,
    Quantity,
    Supplier,
    TaskDepartment,
    TaskPerson,
)
from backend.events.actions.step import move, move_task, require_active, require_open, row_of, write_line
from backend.events.choices import OPEN, Audience, Duty, Status, TaskKind, TaskStatus
from backend.events.models import Event, EventAttachment, EventNote, EventTask, TeamMember
from backend.events.moves import TaskVerb, Verb, event_action, task_action
from backend.events.story import EventType
from backend.journal.action_table import Field, Trait
from backend.notifications import staff
from backend.notifications.staff import Recipient
from backend.organization.models import User

MOST_TASKS = 300
FACTS = frozenset(
    {
        "kind",
        "title",
        "department",
        "person",
        "supplier",
        "due_on",
        "quantity",
        "planned_cost",
        "actual_cost",
        "note",
    }
)


class CorrectTaskFields(TypedDict, total=False):
    kind: Annotated[TaskKind | None, Field(_("Kind"), api="What it is.")]
    title: Annotated[str | None, Field(_("What is to be done"), api="What is to be done.", max_length=200)]
    department: TaskDepartment
    person: TaskPerson
    supplier: Supplier
    due_on: Annotated[
        dt.date | None, Field(_("To be done by"), api="By when.", help=_("Empty: the day before the event."))
    ]
    quantity: Quantity
    planned_cost: PlannedCost
    note: Minded
    actual_cost: ActualCost


def checked_task(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a task as they are kept. TypeError for what is none."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"not facts of a task: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    if "kind" in checked:
        checked["kind"] = choice(TaskKind, checked["kind"], "kind")
    if "title" in checked:
        checked["title"] = required(checked["title"], "title", _("Write what is to be done."), 200)
    for name, longest in (("supplier", 160), ("note", 300)):
        if name in checked:
            checked[name] = short(checked[name], name, longest)
    for name in ("planned_cost", "actual_cost"):
        if name in checked:
            checked[name] = _amount(checked[name], name)
    if checked.get("quantity") is not None and not 1 <= checked["quantity"] <= 1_000_000:
        raise DomainError(ErrorCode.INVALID, _("At least one, at most 1,000,000."), "quantity")
    require_open(checked.get("department"))
    require_active(checked.get("person"))
    return checked


def _amount(value: Any, field: str) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        amount = Decimal(value).quantize(Decimal("0.01"))
    except (InvalidOperation, TypeError, ValueError):
        raise DomainError(ErrorCode.INVALID, _("Write the amount in Turkish lira."), field) from None
    if not 0 <= amount < 10**10:
        raise DomainError(ErrorCode.INVALID, _("Write the amount in Turkish lira."), field)
    return amount


@event_action(Verb.ADD_TASK, event=EventType.TASK_ADDED, source=OPEN, traits=Trait.PRIMARY)
def add_task(
    event: Event,
    *,
    by: User | None,
    kind: Annotated[TaskKind, Field(_("Kind"), api="What it is.")] = TaskKind.TASK,
    title: Annotated[str, Field(_("What is to be done"), api="What is to be done.", max_length=200)],
    department: TaskDepartment = None,
    person: TaskPerson = None,
    supplier: Supplier = None,
    due_on: Annotated[
        dt.date | None,
        Field(
            _("To be done by"),
            api="By when; default the day before.",
            help=_("Empty: the day before the event."),
        ),
    ] = None,
    quantity: Quantity = None,
    planned_cost: PlannedCost = None,
    note: Minded = None,
) -> EventTask:
    """Add a task or a provision.

    Without a day it is due the day before the event. The department is written to.
    """
    moves.require(Verb.ADD_TASK, event.status)
    if event.tasks.count() >= MOST_TASKS:
        message = _("At most %(count)s tasks are possible.") % {"count": MOST_TASKS}
        raise DomainError(ErrorCode.OVER_LIMIT, message, "title")
    values = checked_task(
        {
            "kind": kind,
            "title": title,
            "department": department,
            "person": person,
            "supplier": supplier or "",
            "due_on": due_on or timezone.localdate(event.starts_at) - dt.timedelta(days=1),
            "quantity": quantity,
            "planned_cost": planned_cost,
            "note": note or "",
        }
    )
    task = EventTask.objects.create(event=event, **values)
    move(event, Verb.ADD_TASK, by=by, details={"task": task.title})
    notify(event, [task])
    return task


def notify(event: Event, tasks: Iterable[EventTask], what: str = "task") -> None:
    """Notify the responsible people, once each: the number of the event, how many tasks, and the first day."""
    mapping: dict[Recipient, list[dt.date]] = {}
    for task in tasks:
        head = staff.heads(task.department.current()) if task.department else []
        for one in dict.fromkeys(head + staff.recipients(None, task.person)):
            mapping.setdefault(one, []).append(task.due_on)
    for one, days in mapping.items():
        context = {
            "reference": event.reference,
            "count": len(days),
            "due_on": min(days),
            "key": str(event.key),
        }
        staff.post([one], f"events/{what}", context, event)


@task_action(TaskVerb.CORRECT, event=EventType.TASK_CORRECTED, source=(TaskStatus.OPEN, TaskStatus.DONE))
def correct_task(task: EventTask, *, by: User | None, **facts: Unpack[CorrectTaskFields]) -> EventTask:
    """Set facts right.

    A new department or person is written to.
    """
    task_action.require(TaskVerb.CORRECT, task.status)
    if facts.get("due_on", task.due_on) is None:
        del facts["due_on"]
    changed = {
        name: value for name, value in checked_task(dict(facts)).items() if getattr(task, name) != value
    }
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    move_task(task, TaskVerb.CORRECT, by=by, **changed)
    if {"department", "person"} & set(changed):
        notify(task.event, [task])
    return task


@task_action(
    TaskVerb.FINISH,
    event=EventType.TASK_FINISHED,
    source=TaskStatus.OPEN,
    target=TaskStatus.DONE,
    traits=Trait.PRIMARY,
)
def finish_task(
    task: EventTask,
    *,
    by: User | None,
    actual_cost: ActualCost = None,
    note: Note = "",
) -> EventTask:
    """It is done or provided."""
    task_action.require(TaskVerb.FINISH, task.status)
    amount = _amount(actual_cost, "actual_cost")
    cost = {} if amount is None else {"actual_cost": amount}
    move_task(task, TaskVerb.FINISH, by=by, line_note=clean(note), done_at=timezone.now(), done_by=by, **cost)
    return task


@task_action(
    TaskVerb.RESUME,
    event=EventType.TASK_RESUMED,
    source=(TaskStatus.DONE, TaskStatus.DROPPED),
    target=TaskStatus.OPEN,
    traits=Trait.PRIMARY,
)
def resume_task(task: EventTask, *, by: User | None, note: Note = "") -> EventTask:
    """It is to be done after all."""
    move_task(task, TaskVerb.RESUME, by=by, line_note=clean(note), done_at=None, done_by=None)
    return task


@task_action(
    TaskVerb.DROP,
    event=EventType.TASK_DROPPED,
    source=TaskStatus.OPEN,
    target=TaskStatus.DROPPED,
    traits=Trait.DESTRUCTIVE,
)
def drop_task(task: EventTask, *, by: User | None, note: Note = "") -> EventTask:
    """It is not needed."""
    move_task(task, TaskVerb.DROP, by=by, line_note=clean(note))
    return task


@event_action(Verb.NAME_MEMBER, event=EventType.MEMBER_NAMED, source=OPEN)
def name_member(
    event: Event,
    *,
    by: User | None,
    user: Annotated[User, Field(_("Who?"), api="Who.")],
    duty: Annotated[Duty, Field(_("Duty"), api="What they do.")],
    note: Annotated[str, Field(_("Note"), api="What is to be minded.", max_length=200)] = "",
) -> TeamMember:
    """Assign a duty to a member of the team.

    They see the event and its guests. DUPLICATE where they have it.
    """
    moves.require(Verb.NAME_MEMBER, event.status)
    result = choice(Duty, duty, "duty")
    require_active(user, "user")
    if TeamMember.objects.filter(event=event, user=user, duty=result).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This person has this duty already."), "user")
    member = TeamMember.objects.create(event=event, user=user, duty=result, note=short(note, "note"))
    move(event, Verb.NAME_MEMBER, by=by, details={"who": str(user), "duty": result.value})
    return member


@event_action(Verb.UNNAME_MEMBER, event=EventType.MEMBER_UNNAMED, source=OPEN)
def unname_member(
    event: Event, *, by: User | None, member: Annotated[TeamMember, Field(_("Duty"), api="The duty.")]
) -> Event:
    """Take a duty off.

    Without any they no longer see the event.
    """
    moves.require(Verb.UNNAME_MEMBER, event.status)
    row = row_of(event, TeamMember.objects.select_related("user"), member, "member")
    row.delete()
    move(event, Verb.UNNAME_MEMBER, by=by, details={"who": str(row.user), "duty": row.duty})
    return event


@event_action(Verb.WRITE_NOTE, event=EventType.NOTE_WRITTEN, source=OPEN)
def write_note(
    event: Event,
    *,
    by: User | None,
    audience: Annotated[Audience, Field(_("For whom?"), api="For whom.")],
    text: Annotated[str, Field(_("Text"), api="The note.", help=_("Empty: the note is taken away."), rows=5)],
) -> Event:
    """Write the information for one audience.

    An empty text takes the note away.
    """
    moves.require(Verb.WRITE_NOTE, event.status)
    result, words = choice(Audience, audience, "audience"), short(text, "text", 20_000)
    notes = EventNote.objects.filter(event=event, audience=result)
    if words:
        defaults = {"text": words, "changed_at": timezone.now(), "changed_by": by}
        EventNote.objects.update_or_create(event=event, audience=result, defaults=defaults)
    else:
        notes.delete()
    move(event, Verb.WRITE_NOTE, by=by, details={"audience": result.value})
    return event


@event_action(Verb.ATTACH, event=EventType.ATTACHED, source=Status)
def attach(
    event: Event, *, by: User | None, file: Annotated[IO[bytes], Field(_("File"))], name: str = ""
) -> EventAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, event.status)
    attachment = EventAttachment.keep(accept_file(file, name), by=by, event=event)
    write_line(event, EventType.ATTACHED, by=by, details={"size": attachment.size})
    return attachment
