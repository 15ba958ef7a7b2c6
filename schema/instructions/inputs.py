"""Inputs of the instruction mutations."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.core.verbs import optional, required
from schema.instructions.types import InstructionForm, InstructionPriority, InstructionSetting

NEW_DATE = "A new day by which it is to be done, later than the present one."


@strawberry.input(description="An oral instruction of a principal.")
class InstructionGiveInput:
    principal: strawberry.ID = required("Who gave it.")
    text: str = required("What is to be done, in the principal's words.")
    department: strawberry.ID = required("The department that is to do it.")
    subject: str | None = optional("What it is about, in a line; default the beginning of the text.")
    collaborators: list[strawberry.ID] | None = optional("Departments that help.")
    person: strawberry.ID | None = optional("The person who is to do it.")
    due_on: dt.date | None = optional(
        "By when; default the day the text names, else the usual day of its priority."
    )
    priority: InstructionPriority | None = optional("How pressing it is; default normal.")
    form: InstructionForm | None = optional("Oral or written; default oral.")
    setting: InstructionSetting | None = optional("On what occasion; default on the telephone.")
    place: str | None = optional("Where.")
    said_at: dt.datetime | None = optional("When; without an offset local time; default now.")
    heard_by: strawberry.ID | None = optional("Who heard it; default the viewer.")
    confirmed: bool | None = optional("The text was read back to the principal, and confirmed.")
    is_confidential: bool | None = optional("Only named readers and the departments addressed see it.")
    readers: list[strawberry.ID] | None = optional(
        "Who reads it besides the viewer and the principal, where it is confidential."
    )
    entry: strawberry.ID | None = optional("The meeting in which it was issued.")
    request: strawberry.ID | None = optional("The request for an appointment it comes of.")
    promise: strawberry.ID | None = optional("The promise it is to keep.")
    invitation: strawberry.ID | None = optional("The invitation it is about.")
    event: strawberry.ID | None = optional("The event it is for.")
    complaint: strawberry.ID | None = optional("The case it is about.")
    letter: strawberry.ID | None = optional("The letter it comes of.")
