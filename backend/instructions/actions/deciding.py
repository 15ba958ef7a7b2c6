"""What the office decides: the result, the date, a refusal, to whom it is addressed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import clean
from backend.instructions import moves
from backend.instructions.actions.doing import later_than
from backend.instructions.actions.notifications import notify_assignees, notify_department, notify_unassigned
from backend.instructions.actions.parameters import DueOn, Note, Reason
from backend.instructions.actions.step import move, require_active, require_open
from backend.instructions.choices import CARRIED, OPEN, Status
from backend.instructions.models import Collaboration, Instruction
from backend.instructions.moves import Verb, instruction_action
from backend.instructions.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import Department, User


def _anew() -> dict[str, Any]:
    """Of one that waits for acknowledgement again."""
    return {"acknowledged_at": None, "acknowledged_by": None, "warned": 0, "addressed_at": timezone.now()}


@instruction_action(
    Verb.ACCEPT, event=EventType.ACCEPTED, source=Status.DONE, target=Status.ACCEPTED, traits=Trait.PRIMARY
)
def accept(instruction: Instruction, *, by: User | None, note: Note = "") -> Instruction:
    """The result is accepted."""
    move(instruction, Verb.ACCEPT, by=by, note=clean(note), ended_at=timezone.now())
    notify_department(instruction, Verb.ACCEPT)
    return instruction


@instruction_action(
    Verb.SEND_BACK,
    event=EventType.SENT_BACK,
    source=Status.DONE,
    target=Status.ACKNOWLEDGED,
    traits=Trait.PRIMARY,
)
def send_back(
    instruction: Instruction, *, by: User | None, reason: Reason, due_on: DueOn = None
) -> Instruction:
    """The result is not as it was meant.

    Perhaps with a later date. The result stays readable in the story.
    """
    moves.require(Verb.SEND_BACK, instruction.status)
    reason = required(reason, "reason", _("Write what is missing."))
    changes, details = _new_date(instruction, due_on)
    move(instruction, Verb.SEND_BACK, by=by, note=reason, details=details, done_at=None, **changes)
    notify_department(instruction, Verb.SEND_BACK)
    return instruction


def _new_date(instruction: Instruction, due_on: dt.date | None) -> tuple[dict[str, Any], dict[str, str]]:
    if due_on is None or due_on == instruction.due_on:
        return {}, {}
    later_than(instruction, due_on, "due_on")
    details = {"due_before": instruction.due_on.isoformat(), "due_on": due_on.isoformat()}
    return {"due_on": due_on, "warned": 0}, details


@instruction_action(
    Verb.GRANT_EXTENSION,
    event=EventType.TIME_GRANTED,
    source=Status.TIME_ASKED,
    target=Status.ACKNOWLEDGED,
    traits=Trait.PRIMARY,
)
def grant_extension(
    instruction: Instruction,
    *,
    by: User | None,
    due_on: Annotated[
        dt.date | None, Field(_("New last day"), api="Until when; default the day that was asked for.")
    ] = None,
    note: Note = "",
) -> Instruction:
    """Give the department more time."""
    moves.require(Verb.GRANT_EXTENSION, instruction.status)
    changes, details = _new_date(instruction, due_on or instruction.asked_until)
    move(instruction, Verb.GRANT_EXTENSION, by=by, note=clean(note), details=details, **changes)
    notify_department(instruction, Verb.GRANT_EXTENSION)
    return instruction


@instruction_action(
    Verb.REJECT_EXTENSION,
    event=EventType.TIME_DENIED,
    source=Status.TIME_ASKED,
    target=Status.ACKNOWLEDGED,
    traits=Trait.PRIMARY,
)
def reject_extension(instruction: Instruction, *, by: User | None, reason: Reason) -> Instruction:
    """The day stands."""
    moves.require(Verb.REJECT_EXTENSION, instruction.status)
    reason = required(reason, "reason", _("Write why the date stands."))
    move(instruction, Verb.REJECT_EXTENSION, by=by, note=reason)
    notify_department(instruction, Verb.REJECT_EXTENSION)
    return instruction


@instruction_action(
    Verb.INSIST, event=EventType.INSISTED, source=Status.REFUSED, target=Status.GIVEN, traits=Trait.PRIMARY
)
def insist(instruction: Instruction, *, by: User | None, reason: Reason, due_on: DueOn = None) -> Instruction:
    """The department is to do it all the same."""
    moves.require(Verb.INSIST, instruction.status)
    reason = required(reason, "reason", _("Write why it is to be done all the same."))
    changes, details = _new_date(instruction, due_on)
    move(instruction, Verb.INSIST, by=by, note=reason, details=details, **(_anew() | changes))
    notify_department(instruction, Verb.INSIST)
    return instruction


@instruction_action(
    Verb.REASSIGN,
    event=EventType.READDRESSED,
    source=(*CARRIED, Status.REFUSED),
    target=Status.GIVEN,
    traits=Trait.PRIMARY,
)
def reassign(
    instruction: Instruction,
    *,
    by: User | None,
    department: Annotated[Department, Field(_("To which department?"), api="Which department.")],
    person: Annotated[
        User | None, Field(_("Responsible person"), api="The person who is to do it.", empty=_("none"))
    ] = None,
    due_on: DueOn = None,
    note: Note = "",
) -> Instruction:
    """Another department is to do it; the former one no longer sees it."""
    moves.require(Verb.REASSIGN, instruction.status)
    if department.pk == instruction.department_id:
        raise DomainError(ErrorCode.INVALID, _("It lies with this department already."), "department")
    require_open(department)
    require_active(person)
    changes, details = _new_date(instruction, due_on)
    former, their_person = instruction.department, instruction.person
    # A helper that becomes the responsible one helps no longer.
    Collaboration.objects.filter(instruction=instruction, department=department).delete()
    move(
        instruction,
        Verb.REASSIGN,
        by=by,
        note=clean(note),
        details={"from": former.short_name, "department": department.short_name, **details},
        department=department,
        person=person,
        **(_anew() | changes),
    )
    notify_unassigned(former, their_person)
    notify_department(instruction, "GIVE")
    return instruction


@instruction_action(Verb.ADD_COLLABORATOR, event=EventType.COLLABORATOR_ADDED, source=OPEN)
def add_collaborator(
    instruction: Instruction,
    *,
    by: User | None,
    department: Annotated[Department, Field(_("Collaborating department"), api="Which department.")],
) -> Instruction:
    """Another department helps.

    It sees the instruction and writes notes.
    """
    moves.require(Verb.ADD_COLLABORATOR, instruction.status)
    require_open(department)
    if department.pk == instruction.department_id or department.pk in instruction.collaborators:
        raise DomainError(ErrorCode.DUPLICATE, _("This department works on it already."), "department")
    Collaboration.objects.create(instruction=instruction, department=department)
    move(instruction, Verb.ADD_COLLABORATOR, by=by, details={"department": department.short_name})
    notify_assignees(instruction, department, None, Verb.ADD_COLLABORATOR)
    return instruction


@instruction_action(
    Verb.RELEASE_COLLABORATOR,
    event=EventType.COLLABORATOR_RELEASED,
    source=OPEN,
    applies=~Q(collaborators=[]),
)
def release_collaborator(
    instruction: Instruction,
    *,
    by: User | None,
    department: Annotated[Department, Field(_("Collaborating department"), api="Which department.")],
) -> Instruction:
    """A department helps no longer, and no longer sees it."""
    moves.require(Verb.RELEASE_COLLABORATOR, instruction.status)
    if department.pk not in instruction.collaborators:
        raise DomainError(ErrorCode.NOT_FOUND, _("This department does not work on it."), "department")
    Collaboration.objects.filter(instruction=instruction, department=department).delete()
    move(instruction, Verb.RELEASE_COLLABORATOR, by=by, details={"department": department.short_name})
    return instruction


@instruction_action(
    Verb.WITHDRAW, event=EventType.WITHDRAWN, source=OPEN, target=Status.WITHDRAWN, traits=Trait.DESTRUCTIVE
)
def withdraw(instruction: Instruction, *, by: User | None, reason: Reason) -> Instruction:
    """It is not to be done after all."""
    moves.require(Verb.WITHDRAW, instruction.status)
    reason = required(reason, "reason", _("Write why it is withdrawn."))
    move(instruction, Verb.WITHDRAW, by=by, note=reason, ended_at=timezone.now())
    notify_department(instruction, Verb.WITHDRAW)
    return instruction


@instruction_action(
    Verb.REOPEN, event=EventType.REOPENED, source=(Status.ACCEPTED, Status.WITHDRAWN), target=Status.GIVEN
)
def reopen(instruction: Instruction, *, by: User | None, reason: Reason, due_on: DueOn = None) -> Instruction:
    """It is to be done after all, or anew.

    A date that has passed needs a new one.
    """
    moves.require(Verb.REOPEN, instruction.status)
    reason = required(reason, "reason", _("Write why it is opened again."))
    if due_on is None and instruction.due_on < timezone.localdate():
        raise DomainError(ErrorCode.REQUIRED, _("The date has passed: name a new one."), "due_on")
    changes, details = _new_date(instruction, due_on)
    anew = _anew() | {"done_at": None, "ended_at": None}
    move(instruction, Verb.REOPEN, by=by, note=reason, details=details, **(anew | changes))
    notify_department(instruction, Verb.REOPEN)
    return instruction
