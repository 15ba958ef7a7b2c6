"""Confidential instructions: visible to named readers and the addressed departments alone, overriding every other
relation. The person who marks an instruction confidential becomes a reader, so that it is never lost; readers are
removed by another reader. The database enforces the same: `permissions.policies`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.instructions.actions.step import move, require_active
from backend.instructions.choices import Status
from backend.instructions.models import Instruction, InstructionReader
from backend.instructions.moves import Verb, instruction_action
from backend.instructions.story import EventType
from backend.journal.action_table import Field
from backend.organization.models import User

CONFIDENTIAL = Q(is_confidential=True)


def put_readers(instruction: Instruction, readers: Iterable[User | None], *, by: User) -> None:
    """Write the readers of an instruction that names `by` as one already; `by` first, for each row needs a reader."""
    people = {user.pk: user for user in [by, *readers] if user is not None}
    for user in people.values():
        InstructionReader.objects.get_or_create(
            instruction=instruction, user=require_active(user, "readers"), defaults={"named_by": by}
        )


@instruction_action(
    Verb.CONCEAL,
    event=EventType.CONCEALED,
    applies=Q(is_confidential=False),
    source=Status,
    hint=_("Then only you, who gave it, the readers you name and the departments addressed see it."),
)
def conceal(
    instruction: Instruction,
    *,
    by: User,
    readers: Annotated[
        Iterable[User],
        Field(_("Who else may read it"), api="Who reads it besides the viewer and the principal."),
    ] = (),
) -> Instruction:
    """Make it confidential.

    Let only the named readers see it, `by` and who gave it among them, and the departments addressed. WRONG_STATE
    if it is so.
    """
    if instruction.is_confidential:
        raise DomainError(ErrorCode.WRONG_STATE, _("This instruction is confidential already."))
    # One write: a confidential row must name its readers from the start.
    move(instruction, Verb.CONCEAL, by=by, is_confidential=True, readers=[by.pk])
    put_readers(instruction, [instruction.principal.person, *readers], by=by)
    return instruction


@instruction_action(
    Verb.DISCLOSE,
    event=EventType.DISCLOSED,
    source=tuple(Status),
    applies=CONFIDENTIAL,
    hint=_("It is then seen like any other instruction, with its whole story."),
)
def disclose(instruction: Instruction, *, by: User | None) -> Instruction:
    """End confidentiality.

    It is seen like any other instruction, and names no readers.
    """
    _must_be_confidential(instruction)
    move(instruction, Verb.DISCLOSE, by=by, is_confidential=False, readers=[])
    InstructionReader.objects.filter(instruction=instruction).delete()
    return instruction


@instruction_action(
    Verb.NAME_READER, event=EventType.READER_NAMED, source=tuple(Status), applies=CONFIDENTIAL
)
def name_reader(
    instruction: Instruction,
    *,
    by: User | None,
    user: Annotated[User, Field(_("Who else may read it"), api="Who.")],
) -> Instruction:
    """Let one more person read it."""
    _must_be_confidential(instruction)
    if user.pk in instruction.readers:
        raise DomainError(ErrorCode.DUPLICATE, _("This person reads it already."), "user")
    InstructionReader.objects.create(instruction=instruction, user=user, named_by=by)
    move(instruction, Verb.NAME_READER, by=by, details={"who": str(user)})
    return instruction


@instruction_action(
    Verb.UNNAME_READER, event=EventType.READER_UNNAMED, source=tuple(Status), applies=CONFIDENTIAL
)
def unname_reader(
    instruction: Instruction,
    *,
    by: User | None,
    user: Annotated[User, Field(_("Who reads it no longer"), api="Who.")],
) -> Instruction:
    """Take a reader off.

    Not oneself: an instruction without readers could never be found again.
    """
    _must_be_confidential(instruction)
    if user.pk not in instruction.readers:
        raise DomainError(ErrorCode.NOT_FOUND, _("This person is no reader of it."), "user")
    if by is None or user.pk == by.pk:
        raise DomainError(
            ErrorCode.INVALID, _("You cannot take yourself off; another reader can do that."), "user"
        )
    InstructionReader.objects.filter(instruction=instruction, user=user).delete()
    move(instruction, Verb.UNNAME_READER, by=by, details={"who": str(user)})
    return instruction


def _must_be_confidential(instruction: Instruction) -> None:
    if not instruction.is_confidential:
        raise DomainError(ErrorCode.WRONG_STATE, _("This instruction is not confidential."))
