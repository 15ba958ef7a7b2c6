"""The briefing sheet of a meeting, and the notes that departments are asked for."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import Model
from strawberry_django.optimizer import optimize

from backend.appointments.models import AppointmentRequest as RequestRow
from backend.appointments.models import Promise as PromiseRow
from backend.complaints.models import Complaint as ComplaintRow
from backend.contacts.models import Citizen as CitizenRow
from backend.letters.models import Letter as LetterRow
from backend.programme import actions
from backend.programme.models import DepartmentNote as Row
from backend.programme.models import Entry
from backend.programme.note_moves import NoteVerb
from permissions import briefing, scope
from schema.appointment_types import AppointmentRequest, Promise
from schema.complaint_types import Complaint
from schema.connection import Connection, Keyset, Page
from schema.contacts import Citizen
from schema.letter_types import Letter
from schema.nodes import key_of, one, row_again, rows_of
from schema.organization import After, Before, First, Last
from schema.programme import listed
from schema.programme_types import DepartmentNote, DepartmentNoteStatus, ProgrammeEntry
from schema.results import Payload
from schema.scalars import values
from schema.verbs import optional, says, told

BY_TIME = Keyset("note", "due_at", dt.datetime)
Ten = Annotated[int, strawberry.argument(description="How many at most (up to 10).")]


def _rows(model: type[Model], found: list[Any], first: int, info: strawberry.Info) -> Any:
    """Rows of the sheet in its order, with what was selected of them."""
    pks = [row.pk for row in found[: min(max(first, 0), briefing.MOST)]]
    rows = {row.pk: row for row in optimize(rows_of(model).filter(pk__in=pks), info)}
    return [rows[pk] for pk in pks if pk in rows]


@strawberry.type(
    description="What is known before a meeting, collected at the moment of reading, each part as far as the viewer"
    " may see it. Reading it is noted."
)
class ProgrammeBriefing:
    sheet: strawberry.Private[briefing.Sheet]

    @strawberry.field(
        description="The entry, with its participants, its preparation and the departments' notes."
    )
    def entry(self, info: strawberry.Info) -> ProgrammeEntry | None:
        return one(rows_of(Entry).filter(pk=self.sheet.entry.pk), info)

    @strawberry.field(
        description="The citizen who asked to be received; null if none, or not for the viewer."
    )
    def applicant(self, info: strawberry.Info) -> Citizen | None:
        if self.sheet.applicant is None:
            return None
        return one(rows_of(CitizenRow).filter(pk=self.sheet.applicant.pk), info)

    @strawberry.field(
        description="Earlier requests, appointments and places on a halk günü of the same citizen or institution, the"
        " newest first."
    )
    def earlier(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[AppointmentRequest]:
        return _rows(RequestRow, self.sheet.earlier, first, info)

    @strawberry.field(description="The citizen's open cases, the most pressing first.")
    def open_complaints(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[Complaint]:
        return _rows(ComplaintRow, self.sheet.complaints, first, info)

    @strawberry.field(description="Letters to the citizen, the newest first.")
    def letters(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[Letter]:
        return _rows(LetterRow, self.sheet.letters, first, info)

    @strawberry.field(description="What they were promised and is still open, the nearest date first.")
    def open_promises(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[Promise]:
        return _rows(PromiseRow, self.sheet.promises, first, info)


@strawberry.input(description="Which notes: all of these must hold; within a list, any.")
class DepartmentNoteFilter:
    status: list[DepartmentNoteStatus] | None = optional("Where they stand.")
    awaited: bool | None = optional("Only those that a department is still to write.")


@strawberry.type
class BriefingQueries:
    @strawberry.field(
        description="The briefing sheet of an entry. Null if the entry, or its sheet, is not for the viewer."
    )
    def programme_briefing(
        self, entry: Annotated[strawberry.ID, strawberry.argument(description="Of which entry.")]
    ) -> ProgrammeBriefing | None:
        scope.require_viewer()
        row = scope.visible(Entry).filter(key=key_of(Entry, entry, "entry")).first()
        found = briefing.sheets([row]) if row is not None else {}
        return ProgrammeBriefing(sheet=found[row.pk]) if row is not None and row.pk in found else None

    @strawberry.field(
        description="The notes that departments are asked for, as far as the viewer asks or is asked, by time."
    )
    def department_notes(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[DepartmentNoteFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[DepartmentNote]:
        scope.require_viewer()
        rows: Any = Row.objects.all()
        fields = values(filter) if filter else {}
        if fields.get("status") is not None:
            rows = rows.filter(status__in=[choice.value for choice in fields["status"]])
        if fields.get("awaited"):
            rows = rows.awaited()
        return listed(rows, BY_TIME, Page.of(first, after, last, before), info)


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
