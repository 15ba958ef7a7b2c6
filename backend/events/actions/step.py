"""What all actions are made of: the conditional move of the row, and the line of its story."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.events.choices import TaskStatus
from backend.events.models import Event, EventLine, EventTask, GuestLine
from backend.events.moves import TaskVerb, event_action, guest_action, task_action
from backend.journal.state_machine import StateMachine, change
from backend.organization.models import Department, User

_saying = StateMachine(line=EventLine, of="event", moves=event_action)
write_line, move = _saying.write_line, _saying.move

_guests = StateMachine(line=GuestLine, of="guest", moves=guest_action)
write_guest_line, move_guest = _guests.write_line, _guests.move


def move_task(
    task: EventTask, verb: TaskVerb, *, by: User | None, line_note: str = "", **changes: Any
) -> None:
    """Perform a verb on a task; the line, with its details, belongs to the story of its event."""
    task_action.require(verb, task.status)
    change(task, task_action.after(verb, TaskStatus(task.status)), **changes)
    details = {"task": task.title, **({"fields": sorted(changes)} if verb == TaskVerb.CORRECT else {})}
    write_line(task.event, task_action[verb].event, by=by, note=line_note, details=details)


def require_open(department: Department | None, field: str = "department") -> Department | None:
    """The department, or INVALID where it is closed."""
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), field)
    return department


def require_active(person: User | None, field: str = "person") -> User | None:
    """The person, or INVALID where their account is closed."""
    if person is not None and not person.is_active:
        raise DomainError(ErrorCode.INVALID, _("This account is closed."), field)
    return person


def row_of(event: Event, rows: Any, named: Model, field: str) -> Any:
    """The named row of this event, read anew and locked; NOT_FOUND for that of another event."""
    row = rows.filter(event=event, pk=named.pk).select_for_update(of=("self",)).first()
    if row is None:
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such record at this event."), field)
    return row
