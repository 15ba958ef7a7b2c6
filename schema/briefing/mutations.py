"""What may be done to notes for meetings: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.programme import actions
from backend.programme.models import DepartmentNote as Row
from backend.programme.note_moves import NoteVerb
from schema.core.nodes import row_again
from schema.core.results import Payload
from schema.core.verbs import optional, says, told
from schema.programme.types import DepartmentNote


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The note, as the viewer sees it afterwards.")
class DepartmentNotePayload(Payload):
    note: DepartmentNote | None = row_again(
        Row, "The note; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.input(description="A department's note.")
class DepartmentNoteInput:
    id: strawberry.ID = told("The note.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )


@strawberry.input(description="What the department says.")
class DepartmentNoteWriteInput(DepartmentNoteInput):
    text: str = told("The note.")


@strawberry.input(description="Give it back with a question.")
class DepartmentNoteReturnInput(DepartmentNoteInput):
    remark: str = told("What is missing.")
    due_at: dt.datetime = told("By when it is to be written anew; without an offset local time.")


@strawberry.input(description="Ask once more.")
class DepartmentNoteAskAgainInput(DepartmentNoteInput):
    due_at: dt.datetime = told("By when; without an offset local time.")
    question: str | None = optional("Another question; default the same.")


@strawberry.input(description="It is asked for no longer.")
class DepartmentNoteWithdrawInput(DepartmentNoteInput):
    remark: str | None = optional("What is said along with it.")


def _said(verb: NoteVerb, act: Any, input_type: type, description: str) -> Any:
    return says(verb, act, Row, DepartmentNotePayload, input_type, description)


@strawberry.type
class BriefingMutations:
    department_note_write = _said(
        NoteVerb.WRITE, actions.write_note, DepartmentNoteWriteInput, "Write the note."
    )
    department_note_return = _said(
        NoteVerb.RETURN, actions.return_note, DepartmentNoteReturnInput, "Return it with a question."
    )
    department_note_ask_again = _said(
        NoteVerb.ASK_AGAIN, actions.ask_note_again, DepartmentNoteAskAgainInput, "Ask for it once more."
    )
    department_note_withdraw = _said(
        NoteVerb.WITHDRAW, actions.withdraw_note, DepartmentNoteWithdrawInput, "Ask for it no longer."
    )
