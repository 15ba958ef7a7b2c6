"""Letters, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, TextField, Value, When
from django.db.models.functions import Cast, Concat

from backend.appointments.models import AppointmentRequest
from backend.events.models import Event
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters import choices, models, moves, story
from backend.mailboxes.conversation import ConversationMessage
from backend.organization.models import FilePlanCode as FilePlanCodeRow
from permissions.letters.rules import LETTERS_TABLE
from schema.complaints.types import Complaint
from schema.contacts.types import Citizen
from schema.core.fields import choice, column, expression, owned, personal, viewer_can
from schema.core.nodes import Edge, Everybody, Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Department, OutsideBody, StaffMember
from schema.programme.types import ProgrammeEntry

LetterRegister = described_enum(choices.Register, "LetterRegister", "The book that a letter stands in.")
LetterKind = described_enum(choices.Kind, "LetterKind", "What a letter is.")
LetterStatus = described_enum(choices.Status, "LetterStatus", "Where a letter is on its way.")
LetterVerb = described_enum(moves.Verb, "LetterVerb", "What may be done to a letter.")
LetterEventType = described_enum(story.EventType, "LetterEventType", "What happened to a letter.")
LetterConfidentiality = described_enum(
    choices.Confidentiality, "LetterConfidentiality", "How confidential a letter is."
)
LetterUrgency = described_enum(choices.Urgency, "LetterUrgency", "How urgent a letter is.")
LetterMedium = described_enum(choices.Medium, "LetterMedium", "Where the original of a letter lives.")
LetterOffice = described_enum(
    choices.Office, "LetterOffice", "The office whose rank a letter is signed with."
)
LetterCapacity = described_enum(choices.Capacity, "LetterCapacity", "The capacity of a signatory.")
AddresseeKind = described_enum(choices.AddresseeKind, "LetterAddresseeKind", "To whom a letter goes.")
AddresseePurpose = described_enum(choices.Purpose, "LetterPurpose", "Why an addressee gets a letter.")
LetterDeliveryMethod = described_enum(
    choices.DeliveryMethod, "LetterDeliveryMethod", "How a letter reaches its addressee."
)
LetterAnswerKind = described_enum(choices.AnswerKind, "LetterAnswerKind", "What an incoming letter asks for.")
LetterStepRole = described_enum(choices.StepRole, "LetterStepRole", "Whose initials a letter bears.")


@node_type(FilePlanCodeRow, "FilePlanCode")
class FilePlanCode(Node, Everybody):
    """A code of the standard file plan (SDP), with the days on which it may be used."""

    code: str = column("The code, such as 041.02.")
    name: str = column("What it stands for.")
    source: str = column("Where it comes from.")
    checked_on: dt.date | None = column(
        "When it was compared with its source; null: not verified, and no letter is put forward with it."
    )
    valid_from: dt.date = column("The first day on which it may be used.")
    valid_to: dt.date | None = column("The last day; null while it is in use.")


@strawberry_django.type(
    models.LetterLine, name="LetterLine", description="One thing that happened to a letter."
)
class LetterLine(Scoped):
    verb: LetterEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it, such as the reason for sending it back.")
    old_status: LetterStatus | None = choice(
        "Where the letter stood before.", "from_status", name="fromStatus"
    )
    new_status: LetterStatus | None = choice("Where it stood after.", "to_status", name="toStatus")


CITIZEN = F("citizen")


@node_type(models.Addressee, "LetterAddressee")
class LetterAddressee(Node, Scoped):
    """To whom a letter goes (muhatap), and how it got there."""

    kind: AddresseeKind = column("What they are.")
    purpose: AddresseePurpose = column("Why they get it: gereği or bilgi.")
    name: str = personal("The name, as it stood when the letter was written.", "name", CITIZEN)
    surname: str = personal("The surname of a person.", "surname", CITIZEN)
    title: str = personal("The office that a person holds.", "title", CITIZEN)
    unit: str = column("The unit of an outside body.")
    address: str = personal("Where it is sent.", "address", CITIZEN)
    email: str = personal("The e-mail address.", "email", CITIZEN)
    department: Department | None = column("The department, if it is one.")
    body: OutsideBody | None = column("The outside body, if it is on record.")
    citizen: Citizen | None = column("The citizen, if the viewer may know them.")
    sent_by_means: LetterDeliveryMethod | None = choice("How it was sent; null before.", "means")
    sent_at: dt.datetime | None = column("When it was sent.")
    leaves_at: dt.datetime | None = column(
        "When the e-mail leaves, or left: until then it can be taken back.", "held_until"
    )
    sent_by: StaffMember | None = column("Who sent it.")
    failed_at: dt.datetime | None = column(
        "When it was known that the last e-mail did not arrive: it is to be sent anew."
    )
    delivered_on: dt.date | None = column("The day on which it arrived.")
    proof: str = personal(
        "What proves it: zimmet, number of the post or of the KEP message.", "proof", CITIZEN
    )


@strawberry_django.type(
    models.LetterReference, name="LetterReference", description="A letter that is referred to (ilgi)."
)
class LetterReference(Scoped):
    on: dt.date | None = column("Its date.", name="writtenOn")
    number: str = column("Its full number.")
    author: str = column("Who wrote it; empty for the addressee or for us.")
    is_ours: bool = column("Whether it is ours.")
    what: str = column("What it is, where it is no letter: dilekçe.")


@strawberry_django.type(models.Annex, name="LetterAnnex", description="What goes along with a letter (ek).")
class LetterAnnex(Scoped):
    title: str = column("What it is.")
    measure: str = column("How many pages or pieces.")
    confidentiality: LetterConfidentiality = column("How confidential it is.")


@strawberry_django.type(
    models.Step, name="LetterInitials", description="Whose initials a letter needs (paraf, koordinasyon)."
)
class LetterInitials(Scoped):
    person: StaffMember = column("Who.")
    role: LetterStepRole = column("As what.")
    done_at: dt.datetime | None = column("When they initialled it; null while it waits.")
    done_by: StaffMember | None = column("Who did, if a substitute acted.")


@node_type(models.LetterAttachment, "LetterAttachment")
class LetterAttachment(Node, Scoped):
    """A file of a letter (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who received it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the letter.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


PAPER = Case(
    When(paper="", then=Value(None, output_field=TextField())),
    default=Concat(
        Value("/files/letters/"), Cast("key", TextField()), Value("/paper/"), output_field=TextField()
    ),
    output_field=TextField(),
)


CITIZENS = ArraySubquery(
    models.Addressee.objects.filter(letter=OuterRef("pk"), citizen__isnull=False).values("citizen")
)
"""The citizens to whom a letter goes, as the read log remembers whose letter was shown."""


@node_type(models.Letter, "Letter")
class Letter(Node, Scoped):
    """A letter (yazı): outgoing, internal or incoming."""

    register: LetterRegister = column("The book that it stands in.")
    kind: LetterKind = column("What it is.")
    status: LetterStatus = column("Where it is on its way.")
    department: Department = column("Whose letter it is.")
    register_number: str | None = choice(
        "Its number in the register, such as GD-2027/4; null before.", "reference"
    )
    document_number: str = column(
        "The full number on the paper (sayı); empty until the EBYS, or for a paper the registration, gave it."
    )
    document_on: dt.date | None = column("The date of that number, which the paper bears.")
    registered_on: dt.date | None = column("The local day of registration.")
    subject: str = column("What it is about (konu).")
    salutation: str = personal("The greeting of a letter of the makam.", "salutation", CITIZENS)
    body: str = personal("The text.", "body", CITIZENS)
    closing: str = column("The closing.")
    file_code: FilePlanCode | None = column("The code of the file plan.")
    confidentiality: LetterConfidentiality = column("How confidential it is.")
    urgency: LetterUrgency = column("How urgent it is.")
    due_on: dt.date | None = column("The day that a GÜNLÜDÜR letter names.")
    medium: LetterMedium = column("Where the original lives.")
    to_names: str = personal("The addressees in a line.", "to_names", CITIZENS, name="addresseeNames")
    signatory: StaffMember | None = column("Who signs.")
    signatory_name: str = column("The name under it.")
    signatory_title: str = column("The title under it.")
    office: LetterOffice = column("The office whose rank it bears.")
    capacity: LetterCapacity = column("As what they sign.")
    turn_of: StaffMember | None = column("Whose turn it is: to initial or to sign.")
    signed_at: dt.datetime | None = column("When it was signed.")
    signed_by: StaffMember | None = column("Who signed it.")
    approver: StaffMember | None = column("Who is to give the olur (m.20).")
    approver_name: str = column("The name under the olur; empty until it is approved.")
    approver_title: str = column("The title under the olur.")
    approver_capacity: LetterCapacity = column("As what they give the olur.")
    approved_at: dt.datetime | None = column("When the olur was approved.")
    approved_by: StaffMember | None = column("Who gave the olur.")
    carried_out_on: dt.date | None = column("The day on which what the olur allows was carried out.")
    paper_sha256: str = column("The SHA-256 of its paper, in hexadecimal.")
    sealed_by: str = column("Whose electronic seal the paper bears; empty without one.")
    seal_is_trusted: bool = column("Whether the certificate of the seal is trusted; otherwise it is invalid.")
    paper_url: str | None = expression(
        "Where its frozen paper (PDF) is fetched; null before registration.", PAPER
    )
    sender: str = column("Who wrote an incoming one.")
    body_of_sender: OutsideBody | None = column("The body that wrote it, if it is on record.")
    sender_number: str = column("The sender's number.")
    sent_on: dt.date | None = column("The sender's date.")
    answer_kind: LetterAnswerKind = column("What it asks for.")
    answer_by: dt.date | None = column("The last day for an answer (m.33).", name="answerUntil")
    answers: Letter | None = column("The letter that it answers.")
    complaint: Complaint | None = column("The case that it answers, if the viewer sees that.")
    entry: ProgrammeEntry | None = column("The meeting that it came of, if the viewer sees that.")
    request: Edge[AppointmentRequest] | None = column(
        "The request for an appointment that it came of, if the viewer sees that."
    )
    invitation: Edge[Invitation] | None = column("The invitation that it came of, if the viewer sees that.")
    instruction: Edge[Instruction] | None = column(
        "The instruction that it carries out, if the viewer sees that."
    )
    event: Edge[Event] | None = column("The event that it belongs to, if the viewer sees that.")
    instructions: list[Edge[Instruction]] = owned(
        "The instructions that came of it, as far as the viewer sees them.", ["due_on", "id"]
    )
    replies: list[Letter] = owned(
        "The letters that answer it, as far as the viewer sees them.", ["-drafted_at", "-id"]
    )
    drafted_at: dt.datetime = column("When it was begun, or recorded.")
    drafted_by: StaffMember | None = column("Who wrote or recorded it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    addressees: list[LetterAddressee] = owned("To whom, in order.", ["position", "id"])
    references: list[LetterReference] = owned("What it refers to, the oldest first.", ["on", "id"])
    annexes: list[LetterAnnex] = owned("What goes along, in order.", ["position", "id"])
    steps: list[LetterInitials] = owned(
        "Whose initials it needs, in order.", ["position", "id"], name="initials"
    )
    lines: list[LetterLine] = owned("The story, the newest first.", ["-at", "-id"])
    attachments: list[LetterAttachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    conversation: list[Edge[ConversationMessage]] = owned(
        "Every message in and out and the internal notes, the newest first, as far as the viewer sees them. For pages"
        " of it ask `letterConversation`.",
        ["-at", "-id"],
    )
    can = viewer_can(LETTERS_TABLE, LetterVerb)
