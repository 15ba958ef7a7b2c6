"""What the department says: acknowledged, noted, done, more time, refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.given import required
from backend.core.words.text import clean
from backend.instructions import moves
from backend.instructions.actions.giving import keep_file
from backend.instructions.actions.step import move
from backend.instructions.actions.telling import tell_office, tell_others
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb
from backend.organization.models import User


def _seen(instruction: Instruction, by: User) -> dict[str, Any]:
    """Whoever answers has acknowledged it."""
    if instruction.acknowledged_at is not None:
        return {}
    return {"acknowledged_at": timezone.now(), "acknowledged_by": by}


@transaction.atomic
def acknowledge(instruction: Instruction, *, by: User, note: str = "") -> Instruction:
    """The department has it and carries it out. Of two who say so at once one wins."""
    move(instruction, Verb.ACKNOWLEDGE, by=by, note=clean(note), **_seen(instruction, by))
    return instruction


@transaction.atomic
def note(instruction: Instruction, *, by: User | None, note: str) -> Instruction:
    """Write how it goes, or ask how it goes."""
    text = required(note, "note", _("Write the note."))
    move(instruction, Verb.NOTE, by=by, note=text)
    tell_others(instruction, Verb.NOTE, by)
    return instruction


@transaction.atomic
def report(instruction: Instruction, *, by: User, result: str, evidence: Iterable[Any] = ()) -> Instruction:
    """It is done: the result in words, with what shows it; the office accepts it or sends it back. Raises REQUIRED,
    and for a file TOO_LARGE, UNSUPPORTED or INVALID: then nothing is reported."""
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
    tell_office(instruction, Verb.REPORT)
    return instruction


@transaction.atomic
def ask_time(instruction: Instruction, *, by: User, until: dt.date, reason: str) -> Instruction:
    """Ask the office for a later date. INVALID unless it is later than the date that stands, and to come."""
    moves.require(Verb.ASK_TIME, instruction.status)
    reason = required(reason, "reason", _("Write why more time is needed."))
    later_than(instruction, until, "until")
    move(
        instruction,
        Verb.ASK_TIME,
        by=by,
        note=reason,
        details={"until": until.isoformat()},
        asked_until=until,
        **_seen(instruction, by),
    )
    tell_office(instruction, Verb.ASK_TIME)
    return instruction


def later_than(instruction: Instruction, until: dt.date, field: str) -> None:
    """INVALID unless the day is later than the date that stands, and not over."""
    if until <= instruction.due_on or until < timezone.localdate():
        message = _("Name a day after %(date)s that is still to come.")
        raise DomainError(ErrorCode.INVALID, message % {"date": f"{instruction.due_on:%d.%m.%Y}"}, field)


@transaction.atomic
def refuse(instruction: Instruction, *, by: User, reason: str) -> Instruction:
    """The department cannot or may not do it; the office decides what becomes of it."""
    moves.require(Verb.REFUSE, instruction.status)
    reason = required(reason, "reason", _("Write why it cannot be done."))
    move(instruction, Verb.REFUSE, by=by, note=reason, **_seen(instruction, by))
    tell_office(instruction, Verb.REFUSE)
    return instruction
