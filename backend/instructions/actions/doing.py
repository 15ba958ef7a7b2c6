"""What the department says: acknowledged, noted, done, more time, refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import clean
from backend.instructions import moves
from backend.instructions.actions.giving import keep_file
from backend.instructions.actions.notifications import notify_office, notify_others
from backend.instructions.actions.parameters import Note, Reason
from backend.instructions.actions.step import move
from backend.instructions.choices import CARRIED, OPEN, Status
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb, instruction_action
from backend.instructions.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User


def _seen(instruction: Instruction, by: User) -> dict[str, Any]:
    """Acknowledge implicitly: an answer proves that the instruction was read."""
    if instruction.acknowledged_at is not None:
        return {}
    return {"acknowledged_at": timezone.now(), "acknowledged_by": by}


@instruction_action(
    Verb.ACKNOWLEDGE,
    event=EventType.ACKNOWLEDGED,
    source=Status.GIVEN,
    target=Status.ACKNOWLEDGED,
    traits=Trait.PRIMARY,
)
def acknowledge(instruction: Instruction, *, by: User, note: Note = "") -> Instruction:
    """The department has it and carries it out.

    Of two who say so at once one wins.
    """
    move(instruction, Verb.ACKNOWLEDGE, by=by, note=clean(note), **_seen(instruction, by))
    return instruction


@instruction_action(Verb.NOTE, event=EventType.NOTED, source=OPEN, traits=Trait.PRIMARY)
def note(
    instruction: Instruction,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Note"), api="The note.", rows=3)],
) -> Instruction:
    """Write how it goes, or ask."""
    text = required(note, "note", _("Write the note."))
    move(instruction, Verb.NOTE, by=by, note=text)
    notify_others(instruction, Verb.NOTE, by)
    return instruction


@instruction_action(
    Verb.REPORT, event=EventType.REPORTED, source=CARRIED, target=Status.DONE, traits=Trait.PRIMARY
)
def report(
    instruction: Instruction,
    *,
    by: User,
    result: Annotated[
        str,
        Field(
            _("What was done"),
            api="What was done.",
            help=_("The office accepts the result, or sends it back with a reason."),
            rows=4,
        ),
    ],
    evidence: Annotated[
        Iterable[Any], Field(_("Files that show it"), help=_("Photographs, minutes, lists: several at once."))
    ] = (),
) -> Instruction:
    """It is done.

    The result in words, with what shows it; the office accepts it or sends it back. Raises REQUIRED, and for a file
    TOO_LARGE, UNSUPPORTED or INVALID: then nothing is reported.
    """
    moves.require(Verb.REPORT, instruction.status)
    text = required(result, "result", _("Write what was done."))
    kept = [keep_file(instruction, by=by, file=file, name=file.name or "") for file in evidence]
    move(
        instruction,
        Verb.REPORT,
        by=by,
        note=text,
        details={"files": len(kept)} if kept else {},
        result=text,
        done_at=timezone.now(),
        **_seen(instruction, by),
    )
    notify_office(instruction, Verb.REPORT)
    return instruction


@instruction_action(
    Verb.REQUEST_EXTENSION,
    event=EventType.TIME_ASKED,
    source=(Status.GIVEN, Status.ACKNOWLEDGED),
    target=Status.TIME_ASKED,
    traits=Trait.PRIMARY,
)
def request_extension(
    instruction: Instruction,
    *,
    by: User,
    until: Annotated[
        dt.date,
        Field(
            _("Until when"),
            api="Until when; later than the present day.",
            why=_("The day that stands goes on to count until the office has decided."),
        ),
    ],
    reason: Annotated[str, Field(_("Reason"), api="Why.", rows=2)],
) -> Instruction:
    """Ask the office for a later day.

    INVALID unless it is later than the date that stands, and to come.
    """
    moves.require(Verb.REQUEST_EXTENSION, instruction.status)
    reason = required(reason, "reason", _("Write why more time is needed."))
    later_than(instruction, until, "until")
    move(
        instruction,
        Verb.REQUEST_EXTENSION,
        by=by,
        note=reason,
        details={"until": until.isoformat()},
        asked_until=until,
        **_seen(instruction, by),
    )
    notify_office(instruction, Verb.REQUEST_EXTENSION)
    return instruction


def later_than(instruction: Instruction, until: dt.date, field: str) -> None:
    """INVALID unless the day is later than the date that stands, and not over."""
    if until <= instruction.due_on or until < timezone.localdate():
        message = _("Name a day after %(date)s that is still to come.")
        raise DomainError(ErrorCode.INVALID, message % {"date": f"{instruction.due_on:%d.%m.%Y}"}, field)


@instruction_action(
    Verb.REFUSE, event=EventType.REFUSED, source=CARRIED, target=Status.REFUSED, traits=Trait.DESTRUCTIVE
)
def refuse(instruction: Instruction, *, by: User, reason: Reason) -> Instruction:
    """The department cannot do it; the office decides."""
    moves.require(Verb.REFUSE, instruction.status)
    reason = required(reason, "reason", _("Write why it cannot be done."))
    move(instruction, Verb.REFUSE, by=by, note=reason, **_seen(instruction, by))
    notify_office(instruction, Verb.REFUSE)
    return instruction
