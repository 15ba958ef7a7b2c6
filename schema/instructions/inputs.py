"""What is said of an instruction: one input a verb."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.core.verbs import optional, told
from schema.instructions.types import InstructionForm, InstructionPriority, InstructionSetting
from schema.programme.inputs import NOTE

NEW_DATE = "A new day by which it is to be done, later than the present one."


@strawberry.input(description="What a principal said is to be done.")
class InstructionGiveInput:
    principal: strawberry.ID = told("Who gave it.")
    text: str = told("What is to be done, as it was said.")
    department: strawberry.ID = told("The department that is to do it.")
    subject: str | None = optional("What it is about, in a line; default the beginning of the text.")
    collaborators: list[strawberry.ID] | None = optional("Departments that help.")
    person: strawberry.ID | None = optional("The person who is to do it.")
    due_on: dt.date | None = optional("By when; default the usual day of its priority.")
    priority: InstructionPriority | None = optional("How pressing it is; default normal.")
    form: InstructionForm | None = optional("Oral or written; default oral.")
    setting: InstructionSetting | None = optional("On what occasion; default on the telephone.")
    place: str | None = optional("Where.")
    said_at: dt.datetime | None = optional("When; without an offset local time; default now.")
    heard_by: strawberry.ID | None = optional("Who heard it; default the viewer.")
    confirmed: bool | None = optional("The text was read back to who said it, and confirmed.")
    is_confidential: bool | None = optional("Only named readers and the departments addressed see it.")
    readers: list[strawberry.ID] | None = optional(
        "Who reads it besides the viewer and the principal, where it is confidential."
    )
    entry: strawberry.ID | None = optional("The meeting in which it was given.")
    request: strawberry.ID | None = optional("The request for an appointment it comes of.")
    promise: strawberry.ID | None = optional("The promise it is to keep.")
    invitation: strawberry.ID | None = optional("The invitation it is about.")
    event: strawberry.ID | None = optional("The event it is for.")
    complaint: strawberry.ID | None = optional("The case it is about.")
    letter: strawberry.ID | None = optional("The letter it comes of.")


@strawberry.input(description="An instruction, and nothing more to say.")
class InstructionInput:
    id: strawberry.ID = told("The instruction.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )


@strawberry.input(description="An instruction, with a remark.")
class InstructionRemarkInput(InstructionInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="How it goes, or the question how it goes.")
class InstructionNoteInput(InstructionInput):
    note: str = told("The note.")


@strawberry.input(description="It is done. Files that show it are attached before.")
class InstructionReportInput(InstructionInput):
    result: str = told("What was done.")


@strawberry.input(description="The department needs more time.")
class InstructionAskTimeInput(InstructionInput):
    until: dt.date = told("Until when; later than the present day.")
    reason: str = told("Why.")


@strawberry.input(description="An instruction, with a reason.")
class InstructionReasonInput(InstructionInput):
    reason: str = told("Why.")


@strawberry.input(description="An instruction, with a reason and perhaps a later day.")
class InstructionReasonAndDateInput(InstructionReasonInput):
    due_on: dt.date | None = optional(NEW_DATE)


@strawberry.input(description="The department gets more time.")
class InstructionGrantTimeInput(InstructionRemarkInput):
    due_on: dt.date | None = optional("Until when; default the day that was asked for.")


@strawberry.input(description="Another department is to do it.")
class InstructionReaddressInput(InstructionRemarkInput):
    department: strawberry.ID = told("Which department.")
    person: strawberry.ID | None = optional("The person who is to do it.")
    due_on: dt.date | None = optional(NEW_DATE)


@strawberry.input(description="The text was read back to who said it, and confirmed.")
class InstructionConfirmInput(InstructionRemarkInput):
    text: str | None = optional("The text as it was confirmed, where it is another.")


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class InstructionCorrectInput(InstructionRemarkInput):
    text: str | None = optional("What is to be done; a new text is not confirmed any more.")
    subject: str | None = optional("What it is about, in a line.")
    person: strawberry.ID | None = optional("The person who is to do it.")
    due_on: dt.date | None = optional("By when.")
    priority: InstructionPriority | None = optional("How pressing it is.")
    form: InstructionForm | None = optional("Oral or written.")
    setting: InstructionSetting | None = optional("On what occasion.")
    place: str | None = optional("Where.")
    said_at: dt.datetime | None = optional("When it was said.")
    heard_by: strawberry.ID | None = optional("Who heard it.")


@strawberry.input(description="A department that helps, or helps no longer.")
class InstructionDepartmentInput(InstructionInput):
    department: strawberry.ID = told("Which department.")


@strawberry.input(description="Only named readers and the departments addressed are to see it.")
class InstructionConcealInput(InstructionInput):
    readers: list[strawberry.ID] | None = optional("Who reads it besides the viewer and the principal.")


@strawberry.input(description="A reader of a confidential instruction.")
class InstructionReaderInput(InstructionInput):
    user: strawberry.ID = told("Who.")
