"""Retention and destruction, as they are read. The office's alone."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
import strawberry_django

from backend.retention import choices, models, moves, story
from permissions.retention import subjects
from permissions.retention.rules import DESTRUCTIONS_TABLE
from schema.appointments.types import AppointmentRequest
from schema.complaints.types import Complaint, ComplaintRegime
from schema.contacts.types import Citizen
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, owned, viewer_can
from schema.core.nodes import Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.events.types import Event
from schema.organization.types import StaffMember
from schema.retention.subject_request_types import SubjectRequest

RetentionKind = described_enum(choices.Kind, "RetentionKind", "What is kept for a time, and from when.")
DestructionMethod = described_enum(choices.Method, "DestructionMethod", "How it ends (KVKK m.7).")
DestructionStatus = described_enum(choices.Status, "DestructionStatus", "Where a destruction run stands.")
DestructionItemStatus = described_enum(
    choices.ItemStatus, "DestructionItemStatus", "What became of a line of a list."
)
DestructionSkipped = described_enum(choices.Skipped, "DestructionSkipped", "Why a line was left out.")
DestructionVerb = described_enum(moves.Verb, "DestructionVerb", "What may be done to a destruction run.")
DestructionEventType = described_enum(
    story.EventType, "DestructionEventType", "What happened to a destruction run."
)
ErasureJobStatus = described_enum(
    choices.ErasureJobStatus, "ErasureJobStatus", "Where the anonymising of a person stands."
)
SubjectPart = described_enum(choices.Part, "SubjectPart", "The parts of a report about a person.")


@node_type(models.RetentionRule, "RetentionRule")
class RetentionRule(Node, Scoped):
    """How long a kind of record is kept, and what happens then (saklama kuralı)."""

    code: str = column("Its name in files.")
    kind: RetentionKind = column("Of what.")
    law: ComplaintRegime | None = optional_choice(
        "The law it runs under, of complaints; null: all that have no rule of their own.",
        "regime",
        name="regime",
    )
    years: int = column("Kept for so many years.")
    method: DestructionMethod = column("How it ends.")
    source: str = column("The law or decision that says so.")
    is_active: bool = column("Whether it is in force.")


@node_type(models.LegalHold, "LegalHold")
class LegalHold(Node, Scoped):
    """Nothing of this is destroyed until it is lifted (hukuki saklama)."""

    kind: RetentionKind = column("Of what.")
    complaint: Complaint | None = column("On which case.")
    request: AppointmentRequest | None = column("On which request.")
    event: Event | None = column("On which event.")
    citizen: Citizen | None = column("On which person, with all that is theirs.")
    reason: str = column("Why.")
    placed_at: dt.datetime = column("When.")
    placed_by: StaffMember | None = column("By whom.")
    lifted_at: dt.datetime | None = column("When it was lifted; null while it stands.")
    lifted_by: StaffMember | None = column("By whom it was lifted.")
    lift_reason: str = column("Why it was lifted.")


@node_type(models.DestructionItem, "DestructionItem")
class DestructionItem(Node, Scoped):
    """A row of a destruction list (no personal data)."""

    kind: RetentionKind = column("What.")
    method: DestructionMethod = column("How.")
    label: str = column("What the house calls the record, such as 2026/12.")
    day: dt.date | None = column("Of a log: the day.")
    ground: str = column("The law or decision.")
    due_on: dt.date = column("Since when it is due.")
    status: DestructionItemStatus = column("What became of it.")
    why_left_out: DestructionSkipped | None = optional_choice(
        "Why it was left out.", "skipped", name="skipped"
    )
    rows: int = column("How many records it was.")
    settled_at: dt.datetime | None = column("When.")


@strawberry_django.type(
    models.DestructionLine,
    name="DestructionLine",
    description="One thing that happened to a destruction run.",
)
class DestructionLine(Scoped):
    verb: DestructionEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")


@node_type(models.DestructionRun, "DestructionRun")
class DestructionRun(Node, Scoped):
    """A periodic destruction (periyodik imha): its list, who prepared and who approved it, what came of it."""

    reference: str = column("Its number, such as İMHA-2026/1.")
    status: DestructionStatus = column("Where it stands.")
    prepared_at: dt.datetime = column("When the list was frozen.")
    prepared_by: StaffMember | None = column("Who prepared it.")
    approved_at: dt.datetime | None = column("When it was approved.")
    approved_by: StaffMember | None = column("Who approved it: never who prepared it.")
    started_at: dt.datetime | None = column("When carrying out began.")
    ended_at: dt.datetime | None = column("When it ended.")
    items: int = column("How many lines the list has.")
    settled: int = column("How many of them are settled.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    list: list[DestructionItem] = owned("The list, in its order.", ["id"])
    lines: list[DestructionLine] = owned("The story, the newest first.", ["-at", "-id"])
    can = viewer_can(DESTRUCTIONS_TABLE, DestructionVerb)


@node_type(models.ErasureJob, "ErasureJob")
class ErasureJob(Node, Scoped):
    """A person is anonymised by the worker (anonim hâle getirme): how far it is, what came of it. Names no person."""

    status: ErasureJobStatus = column("Where it stands.")
    reason: str = column("Why; afterwards without the person's name.")
    request: SubjectRequest | None = column("The application under KVKK m.11 because of which it is done.")
    asked_at: dt.datetime = column("When it was asked for.")
    asked_by: StaffMember | None = column("By whom.")
    started_at: dt.datetime | None = column("When it began.")
    ended_at: dt.datetime | None = column("When it ended.")
    searched: int = column("How many tables were searched for texts that name the person.")
    tables: int = column("Of how many.")
    struck: int = column("How many texts lost a name, number or address.")
    left: int = column("In how many texts it was left because others bear it: to be looked at.")
    files: int = column("How many kept files of imports are to be looked at.")
    fault: str = column("Why it was not carried out.")


@strawberry.type(description="One thing that is kept about a person.")
class SubjectEntry:
    part: SubjectPart = strawberry.field(description="In which part.")
    kept_on: dt.date | None = strawberry.field(description="Of which local day.")
    reference: str = strawberry.field(description="What the house calls it.")
    text: str = strawberry.field(description="What is kept.")
    privacy_notice: str = strawberry.field(
        description="The code of the privacy notice that was shown, or empty."
    )


@strawberry.type(description="An access of a member of staff to the person's data.")
class SubjectReading:
    at: dt.datetime = strawberry.field(description="When.")
    reader: str = strawberry.field(description="Who.")
    purpose: str = strawberry.field(description="Where: on which page or by which question.")


@strawberry.type(description="A kind of record that names the person, counted over the whole database.")
class SubjectNamed:
    kind: str = strawberry.field(description="What the house calls such records.")
    count: int = strawberry.field(description="How many name the person.")
    withheld: int = strawberry.field(
        description="How many of them the viewer may not see: a user who may must complete the answer."
    )


Thousand = Annotated[int, strawberry.argument(description="How many at most.")]


@strawberry.type(description="Everything about a person (KVKK m.11), and who looked.")
class SubjectReport:
    found: strawberry.Private[Any]

    @strawberry.field(description="What all services hold, part by part, the newest first.")
    def entries(self, first: Thousand = subjects.MOST) -> list[SubjectEntry]:
        return [
            SubjectEntry(
                part=SubjectPart(fact.part),
                kept_on=fact.on,
                reference=fact.reference,
                text=fact.text,
                privacy_notice=fact.notice,
            )
            for fact in self.found.facts[: max(first, 0)]
        ]

    @strawberry.field(
        description="Where the person is named, kind by kind, also where the viewer's own sight ends."
    )
    def named(self) -> list[SubjectNamed]:
        return [
            SubjectNamed(kind=str(one.kind), count=one.count, withheld=one.withheld)
            for one in self.found.named
        ]

    @strawberry.field(description="Who looked, the newest first.")
    def readings(self, first: Thousand = subjects.MOST) -> list[SubjectReading]:
        return [
            SubjectReading(at=one.at, reader=str(one.reader or ""), purpose=one.purpose)
            for one in self.found.looked[: max(first, 0)]
        ]
