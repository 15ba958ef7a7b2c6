"""Notifications to assignees. They contain the number and the date, and nothing of the content."""

from __future__ import annotations

from typing import Any

from backend.instructions.models import Instruction
from backend.instructions.moves import Verb
from backend.notifications import staff
from backend.notifications.staff import Recipient
from backend.organization.models import Department, User


def notify_department(instruction: Instruction, verb: Verb | str, **more: Any) -> None:
    """Notify the head of the responsible department and the responsible person."""
    notify_assignees(instruction, instruction.department, instruction.person, verb, **more)


def notify_assignees(
    instruction: Instruction, department: Department, person: User | None, verb: Verb | str, **more: Any
) -> None:
    """The same to another department that has it too."""
    _post(instruction, doers(department, person), verb, **more)


def notify_unassigned(department: Department, person: User | None) -> None:
    """Tell those it was with that one is theirs no longer: not which, for they see it no more."""
    staff.post(doers(department, person), "instructions/reassign", {})


def notify_office(instruction: Instruction, verb: Verb, **more: Any) -> None:
    """Notify the recorder, who follows it up; if they left, the head of the private office. For a confidential
    instruction the recorder if they are a reader, otherwise all readers."""
    _post(instruction, _office(instruction), verb, **more)


def notify_others(instruction: Instruction, verb: Verb, by: User | None) -> None:
    """Notify assignees and office, except the person who acts."""
    own = staff.recipients(None, by)
    everybody = dict.fromkeys([*doers(instruction.department, instruction.person), *_office(instruction)])
    _post(instruction, [one for one in everybody if one not in own], verb)


def _office(instruction: Instruction) -> list[Recipient]:
    recorder = instruction.given_by
    if instruction.is_confidential and (recorder is None or recorder.pk not in instruction.readers):
        readers = User.objects.filter(pk__in=instruction.readers).order_by("pk")
        return staff.recipients(None, *readers)
    to = staff.recipients(None, recorder)
    if not to and not instruction.is_confidential:
        to = staff.heads(staff.private_office())
    return to


def doers(department: Department, person: User | None) -> list[Recipient]:
    """Who is to carry it out: the department's head of today, and the responsible person."""
    result = staff.heads(department.current()) + staff.recipients(None, person)
    return list(dict.fromkeys(result))


def _post(instruction: Instruction, to: list[Recipient], verb: Verb | str, **more: Any) -> None:
    context = {
        "reference": instruction.reference,
        "due_on": instruction.due_on,
        "key": str(instruction.key),
        "urgent": instruction.priority == "URGENT",
        **more,
    }
    staff.post(to, f"instructions/{str(verb).lower()}", context, instruction)
