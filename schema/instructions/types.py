"""Instructions of a principal, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import BooleanField, Case, Func, TextField, Value, When
from django.db.models.functions import Cast, Concat

from backend.engagements.models import Decision
from backend.events.models import Event
from backend.instructions import choices, models, moves, story
from permissions.instructions.rules import INSTRUCTIONS_TABLE
from schema.appointments.types import AppointmentRequest, Promise
from schema.complaints.types import Complaint
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, expression, owned, viewer_can
from schema.core.nodes import Edge, Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.invitations.types import Invitation
from schema.letters.types import Letter
from schema.organization.types import Department, StaffMember
from schema.programme.types import Principal, ProgrammeEntry

InstructionForm = described_enum(choices.Form, "InstructionForm", "How an instruction was issued.")
InstructionSetting = described_enum(
    choices.Setting, "InstructionSetting", "On what occasion an instruction was issued."
)
InstructionPriority = described_enum(
    choices.Priority, "InstructionPriority", "How pressing an instruction is."
)
InstructionStatus = described_enum(choices.Status, "InstructionStatus", "Where an instruction stands.")
InstructionVerb = described_enum(moves.Verb, "InstructionVerb", "What may be done to an instruction.")
InstructionEventType = described_enum(
    story.EventType, "InstructionEventType", "What happened to an instruction."
)


@strawberry_django.type(
    models.InstructionLine, name="InstructionLine", description="One thing that happened to an instruction."
)
class InstructionLine(Scoped):
    verb: InstructionEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it, such as a reason, a result or a note.")
    old_status: InstructionStatus | None = optional_choice(
        "Where the instruction stood before.", "from_status", name="fromStatus"
    )
    new_status: InstructionStatus | None = optional_choice(
        "Where it stood after.", "to_status", name="toStatus"
    )


@strawberry_django.type(
    models.Collaboration,
    name="InstructionCollaboration",
    description="A department that helps (ilgili müdürlük).",
)
class InstructionCollaboration(Scoped):
    department: Department = column("Which department.")
    added_at: dt.datetime = column("Since when.")


@strawberry_django.type(
    models.InstructionReader, name="InstructionReader", description="Who reads a confidential instruction."
)
class InstructionReader(Scoped):
    user: StaffMember = column("Who.")
    named_at: dt.datetime = column("Since when.")
    named_by: StaffMember | None = column("Who named them.")


@node_type(models.InstructionAttachment, "InstructionAttachment")
class InstructionAttachment(Node, Scoped):
    """A file of an instruction (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who brought it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the instruction.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.Instruction, "Instruction")
class Instruction(Node, Scoped):
    """What a principal instructed a department to do (talimat), and what became of it."""

    reference: str = column("Its number, such as TL-2027/4.")
    principal: Principal = column("Who gave it.")
    status: InstructionStatus = column("Where it stands.")
    form: InstructionForm = column("Oral or written.")
    setting: InstructionSetting = column("On what occasion it was issued.")
    place: str = column("Where it was issued.")
    said_at: dt.datetime = column("When it was issued.")
    heard_by: StaffMember | None = column("Who heard it.")
    subject: str = column("What it is about, in a line.")
    text: str = column("What is to be done, as it was written down.")
    confirmed_at: dt.datetime | None = column(
        "When the text was read back to the principal, and confirmed; null if it was not."
    )
    confirmed_by: StaffMember | None = column("Who read it back.")
    department: Department = column("The one department that is responsible.")
    person: StaffMember | None = column("The person who is to do it.")
    collaborations: list[InstructionCollaboration] = owned("The departments that help.", ["id"])
    due_on: dt.date = column("The day by which it is to be done.")
    has_passed: bool = expression(
        "It is still to be carried out, and its day has passed.",
        Case(
            When(
                status__in=choices.CARRIED,
                due_on__lt=Func(
                    function="app.today", output_field=models.Instruction._meta.get_field("due_on")
                ),
                then=Value(True),
            ),
            default=Value(False),
            output_field=BooleanField(),
        ),
        name="isLate",
    )
    priority: InstructionPriority = column("How pressing it is.")
    is_confidential: bool = column("Only its named readers and the departments addressed see it.")
    named_readers: list[InstructionReader] = owned("Who reads it, where it is confidential.", ["id"])
    asked_until: dt.date | None = column("Until when the department asks for more time.")
    result: str = column("What was done, in the department's words.")
    acknowledged_at: dt.datetime | None = column("When the department acknowledged it.")
    acknowledged_by: StaffMember | None = column("Who acknowledged it.")
    done_at: dt.datetime | None = column("When it was reported as done.")
    ended_at: dt.datetime | None = column("When it was accepted or withdrawn; null while it is open.")
    entry: ProgrammeEntry | None = column("The meeting in which it was issued, if the viewer sees that.")
    request: AppointmentRequest | None = column("The request for an appointment, if the viewer sees that.")
    promise: Promise | None = column("The promise it is to keep, if the viewer sees that.")
    invitation: Invitation | None = column("The invitation it is about, if the viewer sees that.")
    event: Edge[Event] | None = column("The event it is for, if the viewer sees that.")
    complaint: Complaint | None = column("The case it is about, if the viewer sees that.")
    letter: Letter | None = column("The letter it comes of, if the viewer sees that.")
    letters: list[Letter] = owned(
        "The letters that carry it out, as far as the viewer sees them.", ["-drafted_at", "-id"]
    )
    decision: Edge[Decision] | None = column(
        "The decision of a meeting of which it was made, if the viewer sees that."
    )
    given_at: dt.datetime = column("When it was recorded.")
    given_by: StaffMember | None = column("Who recorded it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[InstructionLine] = owned("The story, the newest first.", ["-at", "-id"])
    attachments: list[InstructionAttachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    can = viewer_can(INSTRUCTIONS_TABLE, InstructionVerb)
