"""What all actions are made of: the conditional move of the row and the line of the story."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.instructions.choices import Status
from backend.instructions.models import Instruction, InstructionLine
from backend.instructions.moves import Verb, instruction_action
from backend.journal.state_machine import StateMachine
from backend.organization.models import Department, User

_saying = StateMachine(line=InstructionLine, of="instruction", moves=instruction_action)
write_line = _saying.write_line


def move(instruction: Instruction, verb: Verb, *, by: User | None, **more: Any) -> None:
    """Say the verb, as `StateMachine.move` does. What was asked for ends with any change of state."""
    if (
        instruction.status == Status.TIME_ASKED
        and instruction_action.after(verb, instruction.status) != Status.TIME_ASKED
    ):
        more.setdefault("asked_until", None)
    _saying.move(instruction, verb, by=by, **more)


def require_open(department: Department, field: str = "department") -> Department:
    """The department, or INVALID where it is closed."""
    if not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), field)
    return department


def require_active(person: User | None, field: str = "person") -> User | None:
    """The person, or INVALID where their account is closed."""
    if person is not None and not person.is_active:
        raise DomainError(ErrorCode.INVALID, _("This account is closed."), field)
    return person
