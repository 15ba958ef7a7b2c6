"""The programme as it is read: principals, entries and what hangs on them, the press view."""

from __future__ import annotations

import datetime as dt
import enum

import strawberry
import strawberry_django
from django.db.models import BooleanField, Case, F, TextField, Value, When
from django.db.models.functions import Cast, Now
from strawberry.scalars import JSON

from backend.appointments.models import AppointmentRequest, Promise, PublicDaySession
from backend.engagements.models import Engagement
from backend.events.models import EventPart
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.programme import choices, models, moves, note_moves, story
from permissions.core.filters import Action
from permissions.programme.rules import ENTRIES, NOTES
from schema.core.fields import choice, column, expression, owned, viewer_can, viewer_may
from schema.core.nodes import Edge, Everybody, Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Department, StaffMember

PrincipalOffice = described_enum(choices.Office, "PrincipalOffice", "Whose programme it is.")
ProgrammeKind = described_enum(choices.Kind, "ProgrammeKind", "What an entry of the programme is.")
ProgrammeStatus = described_enum(choices.Status, "ProgrammeStatus", "Where an entry stands.")
ProgrammeVerb = described_enum(moves.Verb, "ProgrammeVerb", "What may be done to an entry.")
ProgrammeEventType = described_enum(story.EventType, "ProgrammeEventType", "What happened to an entry.")
DepartmentNoteStatus = described_enum(
    choices.NoteStatus, "DepartmentNoteStatus", "Where a department's note stands."
)
DepartmentNoteVerb = described_enum(
    note_moves.NoteVerb, "DepartmentNoteVerb", "What may be done to a department's note."
)
SeriesReach = described_enum(choices.Reach, "SeriesReach", "How much of a series a change is meant for.")
SeriesFrequency = described_enum(choices.Frequency, "SeriesFrequency", "How a series goes on.")
SeriesOnHoliday = described_enum(
    choices.OnHoliday, "SeriesOnHoliday", "What becomes of an occurrence on a holiday."
)


@strawberry_django.type(
    models.WorkingHours, name="WorkingHours", description="From when to when a principal works on a weekday."
)
class WorkingHours(Everybody):
    weekday: int = column("0 is Monday.")
    begins: dt.time = column("From.", "starts")
    ends: dt.time = column("Until.")


@node_type(models.PublicDayRule, "PublicDayRule")
class PublicDayRule(Node, Everybody):
    """When a principal's halk günü takes place: every week, between these dates, except on holidays."""

    weekday: int = column("0 is Monday.")
    begins: dt.time = column("From.", "starts")
    ends: dt.time = column("Until.")
    slot_minutes: int = column("Minutes for each visitor.")
    capacity: int = column("People at most.")
    place: str = column("Where.")
    valid_from: dt.date = column("The first day of the rule.")
    valid_until: dt.date | None = column("The last day; null for good.")


@node_type(models.StandIn, "StandIn")
class StandIn(Node, Everybody):
    """From which to which day another principal stands in for one (vekâlet)."""

    deputy: Principal = column("Who stands in.")
    valid_from: dt.date = column("The first day.")
    valid_until: dt.date = column("The last day.")
    appointed_at: dt.datetime = column("When it was recorded.")
    appointed_by: StaffMember | None = column("Who recorded it.")


@strawberry.enum(description="What may be done to a principal.")
class PrincipalAction(enum.Enum):
    PLAN = strawberry.enum_value(
        Action.PLAN.value, description="Enter into the programme (tr: program yapar)."
    )
    CHANGE = strawberry.enum_value(
        Action.CHANGE.value, description="Change hours, rules, stand-ins (tr: düzenler)."
    )


@node_type(models.Principal, "Principal")
class Principal(Node, Everybody):
    """A person whose programme is kept (makam sahibi): the mayor, a deputy mayor, a council member acting as mayor."""

    office: PrincipalOffice = column("Whose programme it is.")
    name: str = column("As it is shown.")
    person: StaffMember | None = column("The account of the person.")
    is_active: bool = column("In office.")
    slot_minutes: int = column("How long an appointment usually lasts.")
    preparation_minutes: int = column("Usual preparation of appointments and meetings.")
    follow_up_minutes: int = column("Usual time after them.")
    daily_maximum: int | None = column("Appointments and meetings a day at most; more must be meant.")
    applicants_move: bool = column(
        "Whether an applicant who chooses a free time by their link has it at once; else the office confirms."
    )
    publishes_busy: bool = column("Whether anybody may ask when they are busy (`publicFreeBusy`).")
    working_hours: list[WorkingHours] = owned("The week.", ["weekday", "starts", "id"])
    public_day_rules: list[PublicDayRule] = owned("The rules of the halk günü, the newest first.", ["-id"])
    stand_ins: list[StandIn] = owned("Who stands in and stood in, the newest first.", ["-valid_from", "-id"])
    can = viewer_may(models.Principal, PrincipalAction)


@node_type(models.Participant, "ProgrammeParticipant")
class ProgrammeParticipant(Node, Scoped):
    """Who takes part (katılımcı): a member of staff, or a guest by name."""

    user: StaffMember | None = column("The member of staff; null for a guest.")
    name: str = column("The name of a guest.")
    organisation: str = column("Where a guest comes from.")
    role: str = column("As what they take part.")


@strawberry_django.type(
    models.NamedReader, name="ProgrammeReader", description="Who reads a confidential entry."
)
class ProgrammeReader(Scoped):
    user: StaffMember = column("The member of staff.")
    named_at: dt.datetime = column("Since when.")
    named_by: StaffMember | None = column("By whom they were named.")


@strawberry_django.type(
    models.EntryLine, name="ProgrammeLine", description="One thing that happened to an entry."
)
class ProgrammeLine(Scoped):
    verb: ProgrammeEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")
    old_status: ProgrammeStatus | None = choice(
        "Where the entry stood before.", "from_status", name="fromStatus"
    )
    new_status: ProgrammeStatus | None = choice("Where it stood after.", "to_status", name="toStatus")
    details: JSON = column("Old and new values: `from` and `to` of times, `values` of facts.")


@strawberry_django.type(
    models.Preparation,
    name="ProgrammePreparation",
    description="What is prepared for an entry; not for those who only take part.",
)
class ProgrammePreparation(Scoped):
    talking_points: str = column("Points to make in the conversation.")
    logistics: str = column("What is to be arranged.")
    prepared_at: dt.datetime = column("When it was written last.")
    prepared_by: StaffMember | None = column("By whom.")


@node_type(models.DepartmentNote, "DepartmentNote")
class DepartmentNote(Node, Scoped):
    """The note that a department is asked for before a meeting (bilgi notu)."""

    entry: ProgrammeEntry | None = column("For which entry; null for the department, which does not see it.")
    principal: Principal = column("For whom.")
    department: Department = column("Which department is asked.")
    question: str = column("What the note is to say.")
    due_at: dt.datetime = column("By when.")
    status: DepartmentNoteStatus = column("Where it stands.")
    time_has_passed: bool = expression(
        "It is awaited, and its time has passed.",
        Case(
            When(status__in=choices.AWAITED, due_at__lte=Now(), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        name="isLate",
    )
    text: str = column("What the department says.")
    former: str = column("The text before it was rewritten.")
    remark: str = column("The remark made when it was returned or withdrawn.")
    asked_at: dt.datetime = column("When it was asked for.")
    asked_by: StaffMember | None = column("By whom.")
    written_at: dt.datetime | None = column("When it was written.")
    written_by: StaffMember | None = column("By whom.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    can = viewer_can(NOTES, DepartmentNoteVerb)


@node_type(models.PressItem, "PressItem")
class PressItem(Node, Scoped):
    """What the press unit may know of an entry (basın görünümü)."""

    principal: Principal = column("Whose programme it is of.")
    title: str = column("What it is, in words for the press.")
    place: str = column("Where.")
    note: str = column("A note for the press unit.")
    starts_at: dt.datetime = column("When it begins.")
    ends_at: dt.datetime = column("When it ends.")


@node_type(models.Entry, "ProgrammeEntry")
class ProgrammeEntry(Node, Scoped):
    """One entry of a programme (program kaydı): from when to when, with what before and after it."""

    principal: Principal = column("Whose programme it is in.")
    kind: ProgrammeKind = column("What it is.")
    status: ProgrammeStatus = column("Where it stands.")
    title: str = column("What it is, in a line.")
    place: str = column("Where.")
    description: str = column("What else is to be known.")
    starts_at: dt.datetime = column("When it begins.")
    ends_at: dt.datetime = column("When it ends.")
    preparation_minutes: int = column("Preparation before it.")
    travel_minutes: int = column("The way there.")
    follow_up_minutes: int = column("The time after it, the way back included.")
    blocked_from_at: dt.datetime = column("From when it takes up time, buffers included.", "blocks_from")
    blocked_until_at: dt.datetime = column("Until when it takes up time.", "blocks_until")
    hold_expires_at: dt.datetime | None = column("Until when the time is held; null unless it is on hold.")
    series_key: str | None = expression(
        "The same for all of a series; null outside of one.", Cast("series", TextField()), name="series"
    )
    series_pattern: JSON | None = column("How the series goes on.")
    series_on: dt.date | None = column("Its day in the series.")
    is_exception: bool = column("It was changed by itself and no longer follows its series.")
    is_requested: bool = column("It comes of a request: it is changed there.")
    is_confidential: bool = column("Only its named readers see it.")
    result: str = expression("What came of it.", F("outcome"), name="outcome")
    planned_at: dt.datetime = column("When it was entered.")
    planned_by: StaffMember | None = column("Who entered it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    participants: list[ProgrammeParticipant] = owned("Who takes part.", ["id"])
    named_readers: list[ProgrammeReader] = owned("Who reads it, where it is confidential.", ["id"])
    lines: list[ProgrammeLine] = owned("The story, the newest first.", ["-at", "-id"])
    preparation: ProgrammePreparation | None = column("What is prepared for it.")
    department_notes: list[DepartmentNote] = owned(
        "The notes that departments are asked for.", ["due_at", "id"]
    )
    promises: list[Edge[Promise]] = owned(
        "What was promised in it, the nearest date first; of a request it stands there.", ["due_on", "id"]
    )
    press_item: PressItem | None = column("What the press unit sees of it.")
    request: Edge[AppointmentRequest] | None = column("The request for which it was approved.")
    engagement: Edge[Engagement] | None = column(
        "The file of the meeting or visit that it stands for, if the viewer sees that."
    )
    invitation: Edge[Invitation] | None = column("The invitation that is attended, if the viewer sees that.")
    event_part: Edge[EventPart] | None = column(
        "The part of an event that it stands for, if the viewer sees that."
    )
    public_day: Edge[PublicDaySession] | None = column(
        "The halk günü that it stands for, if the viewer sees that."
    )
    instructions: list[Edge[Instruction]] = owned(
        "The instructions that came of it, as far as the viewer sees them.", ["due_on", "id"]
    )
    letters: list[Edge[Letter]] = owned(
        "The letters that came of it, as far as the viewer sees them.", ["-drafted_at", "-id"]
    )
    can = viewer_can(ENTRIES, ProgrammeVerb)
