"""Telling whoever is to do something now. They name the number and the date, and nothing of what was said."""

from __future__ import annotations

from typing import Any

from backend.instructions.models import Instruction
from backend.instructions.moves import Verb
from backend.notifications import house
from backend.notifications.house import Recipient
from backend.organization.models import Department, User


def tell_department(instruction: Instruction, verb: Verb | str, **more: Any) -> None:
    """Write to whoever heads the responsible department today, and to the responsible person."""
    tell_doers(instruction, instruction.department, instruction.person, verb, **more)


def tell_doers(
    instruction: Instruction, department: Department, person: User | None, verb: Verb | str, **more: Any
) -> None:
    """The same to another department that has it too."""
    _post(instruction, doers(department, person), verb, **more)


def tell_gone(department: Department, person: User | None) -> None:
    """Tell those it was with that one is theirs no longer: not which, for they see it no more."""
    house.post(doers(department, person), "instructions/readdress", {})


def tell_office(instruction: Instruction, verb: Verb, **more: Any) -> None:
    """Write to whoever recorded it, who follows it up; where they left, to the head of the private office. What is
    confidential is the matter of its readers: of them the recorder is one, or all are written to."""
    _post(instruction, _office(instruction), verb, **more)


def tell_others(instruction: Instruction, verb: Verb, by: User | None) -> None:
    """Write to whoever carries it out and to whoever follows it up, without who says it."""
    own = house.recipients(None, by)
    everybody = dict.fromkeys([*doers(instruction.department, instruction.person), *_office(instruction)])
    _post(instruction, [one for one in everybody if one not in own], verb)


def _office(instruction: Instruction) -> list[Recipient]:
    recorder = instruction.given_by
    if instruction.is_confidential and (recorder is None or recorder.pk not in instruction.readers):
        readers = User.objects.filter(pk__in=instruction.readers).order_by("pk")
        return house.recipients(None, *readers)
    to = house.recipients(None, recorder)
    if not to and not instruction.is_confidential:
        to = house.heads(house.private_office())
    return to


def doers(department: Department, person: User | None) -> list[Recipient]:
    """Who is to carry it out: the department's head of today, and the responsible person."""
    found = house.heads(department.current()) + house.recipients(None, person)
    return list(dict.fromkeys(found))


def _post(instruction: Instruction, to: list[Recipient], verb: Verb | str, **more: Any) -> None:
    context = {
        "reference": instruction.reference,
        "due_on": instruction.due_on,
        "key": str(instruction.key),
        "urgent": instruction.priority == "URGENT",
        **more,
    }
    house.post(to, f"instructions/{str(verb).lower()}", context, instruction)
