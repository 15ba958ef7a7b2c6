"""The complaint as it is read, and all that hangs on it. Lists are bounded, guarded edges nullable."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry_django
from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Concat
from strawberry.scalars import JSON

from backend.appointments.models import AppointmentRequest
from backend.complaints import choices, models, moves, story
from backend.complaints.law import deadlines
from backend.complaints.posts.models import Network
from backend.complaints.teamwork import checklist
from backend.complaints.teamwork.models import ItemStatus
from backend.instructions.models import Instruction
from backend.letters.models import Letter
from backend.mailboxes.conversation import ConversationMessage
from backend.places.choices import ACCURACY
from permissions.complaints.rules import CHECKLISTS, COMPLAINTS, known_persons
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING
from schema.contacts.privacy_types import PrivacyNotice
from schema.contacts.types import Citizen
from schema.core.fields import choice, column, expression, guarded_person, owned, viewer_can
from schema.core.nodes import Edge, Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Category, Department, Neighbourhood, OutsideBody, StaffMember
from schema.places.types import PointSource
from schema.stickers.types import Sticker

ComplaintKind = described_enum(choices.Kind, "ComplaintKind", "What the citizen brings.")
ComplaintChannel = described_enum(choices.Channel, "ComplaintChannel", "How it came.")
ComplaintRegime = described_enum(
    deadlines.Regime, "ComplaintRegime", "The law it runs under, which decides the clock."
)
ComplaintMatter = described_enum(
    deadlines.Matter, "ComplaintMatter", "What is asked for, where a law has two limits."
)
ComplaintPriority = described_enum(choices.Priority, "ComplaintPriority", "How urgent it is.")
ComplaintStatus = described_enum(choices.Status, "ComplaintStatus", "Where a case stands.")
ComplaintOutcome = described_enum(choices.Outcome, "ComplaintOutcome", "How a case ended.")
ComplaintWaitingFor = described_enum(
    choices.WaitingFor, "ComplaintWaitingFor", "What a case on hold waits for."
)
InformationRefusalGround = described_enum(
    choices.RefusalGround, "InformationRefusalGround", "Why access was refused (4982 m.7, m.8, m.15–27)."
)
InformationContestedAt = described_enum(
    choices.ContestedAt, "InformationContestedAt", "Where an objection was made (4982 m.13)."
)
InformationContestResult = described_enum(
    choices.ContestResult, "InformationContestResult", "What was decided on an objection."
)
NotExaminableReason = described_enum(choices.NotExaminable, "NotExaminableReason", "The reasons of 3071 m.6.")
RoutingRole = described_enum(choices.RoutingRole, "RoutingRole", "What a department does with a case.")
RoutingEnd = described_enum(choices.RoutingEnd, "RoutingEnd", "Why a routing ended.")
NoticeKind = described_enum(choices.NoticeKind, "NoticeKind", "The subject of a notice to the citizen.")
NoticeStatus = described_enum(choices.NoticeStatus, "NoticeStatus", "How far a notice is.")
DeliveryMethod = described_enum(choices.DeliveryMethod, "DeliveryMethod", "How the citizen was notified.")
SocialNetwork = described_enum(Network, "SocialNetwork", "The network on which a post stands.")
ComplaintVerb = described_enum(moves.Verb, "ComplaintVerb", "What may be done to a case.")
ChecklistItemStatus = described_enum(ItemStatus, "ChecklistItemStatus", "Where a thing to be done stands.")
ChecklistVerb = described_enum(checklist.ChecklistVerb, "ChecklistVerb", "What may be done to an item.")
EventType = described_enum(story.EventType, "ComplaintEventType", "What happened to a case.")


@strawberry_django.type(models.Routing, name="Routing", description="A case lies with a department (havale).")
class Routing(Scoped):
    department: Department = column("The department.")
    role: RoutingRole = column("What it does with the case.")
    routed_at: dt.datetime = column("Since when.")
    routed_by: StaffMember | None = column("Who routed it.")
    note: str = column("The remark made with it.")
    accepted_at: dt.datetime | None = column("When the department accepted.")
    accepted_by: StaffMember | None = column("Who accepted.")
    ended_at: dt.datetime | None = column("Until when; null while it lies there.")
    why_it_ended: RoutingEnd | None = choice("Why it ended.", "end")
    reason: str = column("The reason for the end.")


@strawberry_django.type(
    models.ComplaintLine, name="ComplaintLine", description="One thing that happened to a case."
)
class ComplaintLine(Scoped):
    verb: EventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")
    old_status: ComplaintStatus | None = choice(
        "Where the case stood before.", "from_status", name="fromStatus"
    )
    new_status: ComplaintStatus | None = choice("Where the case stood after.", "to_status", name="toStatus")
    department: Department | None = column("The department it is about.")
    changed_fields: JSON | None = expression(
        "The names of the facts that were corrected.", KeyTransform("fields", "details")
    )
    changed_values: JSON | None = expression(
        "Old and new values of those without personal data.", KeyTransform("values", "details")
    )
    changed_dates: JSON | None = expression(
        "Old and new dates, by their names.", KeyTransform("dates", "details")
    )
    reply_before: str | None = expression(
        "The reply as it was handed in, where the approver corrected it.", KeyTextTransform("was", "details")
    )
    reply_after: str | None = expression(
        "The reply as the approver corrected it.", KeyTextTransform("now", "details")
    )


@strawberry_django.type(
    models.Comment, name="ComplaintComment", description="An internal note. No citizen reads it."
)
class ComplaintComment(Scoped):
    at: dt.datetime = column("When.")
    author: StaffMember = column("Who wrote it.")
    body: str = column("The note.")


def _proof(info: Any) -> Any:
    """The proof of a notice may contain names: only for viewers who may know the citizen from this case."""
    rule = known_persons(scope.current_viewer())
    if rule == EVERYTHING:
        return F("proof")
    if rule == NOTHING:
        return Value("", output_field=CharField())
    known = Exists(models.Complaint.objects.filter(rule, pk=OuterRef("complaint")))
    return Case(When(known, then=F("proof")), default=Value(""), output_field=CharField())


def _current(rows: Any) -> Any:
    return rows.filter(removed_at__isnull=True)


@node_type(models.Notice, "Notice")
class Notice(Node, Scoped):
    """A notice to the citizen, from draft to proof (bildirim)."""

    kind: NoticeKind = column("What it is.")
    status: NoticeStatus = column("How far it is.")
    body: str = column("The text, without salutation.")
    is_refusal: bool = column("A reply that refuses, wholly or in part: as sent, its text names the remedy.")
    drafted_at: dt.datetime = column("When it was drafted.")
    drafted_by: StaffMember | None = column("Who drafted it.")
    approved_at: dt.datetime | None = column("When it was approved.")
    approved_by: StaffMember | None = column("Who approved it.")
    way: DeliveryMethod | None = choice("How the citizen was notified.", "means")
    notified_at: dt.datetime | None = column("When the citizen was notified.")
    leaves_at: dt.datetime | None = column(
        "When its message leaves, or left: until then it can be taken back.", "held_until"
    )
    notified_by: StaffMember | None = column("Who notified them.")
    shown_proof: str = expression(
        "What proves it: who was notified, or the number of the delivery.", _proof, name="proof"
    )
    files: list[NoticeFile] = owned("The files that go with it.", ["id"], narrow=_current)


@strawberry_django.type(
    models.Extension, name="Extension", description="The one extension of the limit (4982 m.11)."
)
class Extension(Scoped):
    granted_on: dt.date = column("The day on which the applicant was notified.")
    reason: str = column("The reason.")
    granted_by: StaffMember | None = column("Who granted it.")


@strawberry_django.type(models.FeeNotice, name="FeeNotice", description="A fee was asked for (4982 m.10).")
class FeeNotice(Scoped):
    notified_on: dt.date = column("The day on which the applicant was notified; the clock stops.")
    amount: Decimal = column("In lira.")
    due_on: dt.date = column("The last day to pay.")
    paid_on: dt.date | None = column("The day of payment; the clock runs again.")
    lapsed_on: dt.date | None = column("The day on which it lapsed unpaid.")


@strawberry_django.type(
    models.Forwarding, name="Forwarding", description="Sent on to another body (3071 m.5, 4982 m.7/3)."
)
class Forwarding(Scoped):
    body: OutsideBody = column("The body.")
    forwarded_on: dt.date = column("The day.")
    number: str = column("The number of the letter to the body.")
    forwarded_by: StaffMember | None = column("Who forwarded it.")
    notice: Notice | None = column("The notice to the citizen; null until there is one.")


@strawberry_django.type(
    models.NoticeFile, name="NoticeFile", description="A file that goes with a notice to the citizen (ek)."
)
class NoticeFile(Scoped):
    attachment: Attachment | None = column("The file.")
    added_at: dt.datetime = column("When it was chosen.")


@node_type(models.Attachment, "Attachment")
class Attachment(Node, Scoped):
    """A file of a case (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    stage: str = column("Of a photo of a crew: BEFORE or AFTER the work; empty for any other file.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who received it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the case.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.SocialPost, "SocialPost")
class SocialPost(Node, Scoped):
    """A post on social media that a case is about (sosyal medya gönderisi)."""

    complaint: Complaint | None = column("The case.")
    network: SocialNetwork = column("Where it stands, read from its link.")
    link: str = column("Its address.")
    author: str = column("Who wrote it, as the network names them.")
    text: str = column("What it says.")
    posted_at: dt.datetime | None = column("When it was posted, if that was recorded.")
    picture: Attachment | None = column("The file of the case that is its picture.")
    recorded_at: dt.datetime = column("When it was recorded here.")
    recorded_by: StaffMember | None = column("Who recorded it; null where a portal did.")


def _not_dropped(rows: Any) -> Any:
    return rows.exclude(status=ItemStatus.DROPPED)


@node_type(models.ChecklistItem, "ChecklistItem")
class ChecklistItem(Node, Scoped):
    """Something that is to be done on a case (yapılacak iş), as its category asks."""

    text: str = column("What is to be done.")
    is_required: bool = column("Whether it has to be done before the reply is submitted.")
    status: ChecklistItemStatus = column("Where it stands.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    done_at: dt.datetime | None = column("When it was ticked off.")
    done_by: StaffMember | None = column("Who ticked it off.")
    can = viewer_can(CHECKLISTS, ChecklistVerb)


def _code(info: Any) -> Any:
    """The code is the citizen's and the office's: it would outlive a department's sight of the case."""
    return F("tracking_code") if scope.current_viewer().sees_all else Value(None, output_field=CharField())


ACCURACY_OF_POINT = Case(
    *(
        When(point_source=source, latitude__isnull=False, then=Value(metres))
        for source, metres in ACCURACY.items()
    ),
    default=None,
    output_field=IntegerField(),
)


@node_type(models.Complaint, "Complaint")
class Complaint(Node, Scoped):
    """One case, from the first call to the answer (başvuru)."""

    reference: str = column("The number people use, such as 2027/15.")
    shown_code: str | None = expression(
        "The citizen's own key to the public page; null unless the viewer sees every case.",
        _code,
        name="trackingCode",
    )
    kind: ComplaintKind = column("What the citizen brings.")
    channel: ComplaintChannel = column("How it came.")
    regime: ComplaintRegime = column("The law it runs under.")
    matter: ComplaintMatter = column("What is asked for, where the law has two limits.")
    priority: ComplaintPriority = column("How urgent it is.")
    danger: str = column("The danger that proposes urgency, until somebody decides; otherwise empty.")
    category: Category | None = column("What it is about (konu).")
    tags: list[str] = column("Its tags; at most twenty.")
    subject: str = column("What it is about, in a line.")
    body: str = column("The words of the complaint.")
    neighbourhood: Neighbourhood | None = column("The neighbourhood (mahalle).")
    place: str = column("The street part of the address.")
    latitude: float | None = column("Latitude in degrees (WGS 84).")
    longitude: float | None = column("Longitude in degrees (WGS 84).")
    whence: PointSource | None = choice(
        "Where the point comes from; null while its place was not looked for yet.",
        "point_source",
        name="pointSource",
    )
    point_accuracy: int | None = expression(
        "So many metres off the point may usually be; null without one.", ACCURACY_OF_POINT
    )
    sticker: Sticker | None = column("The place with a QR code at which it was reported; null: elsewhere.")
    affected: int = column("How many others it affects, as they stated.")
    applicant: Citizen | None = guarded_person("Who brings it; null if unknown or not for the viewer's eyes.")
    on_behalf_of: Citizen | None = guarded_person(
        "For whom it is brought; null for a case of one's own, or if the viewer may not see it."
    )
    privacy_notice: PrivacyNotice | None = column(
        "Which version of the privacy notice was shown when the data was taken; null if none was shown here."
    )
    identity_hidden: bool = column("The citizen's identity is kept from the departments.")
    signature_given: bool = column("The petition is signed.")
    origin: str = column("The system it was taken over from, or empty.", "source", name="source")
    source_number: str = column("Its number there.")
    cimer_due_on: dt.date | None = column("The date that CİMER shows.")
    registered_at: dt.datetime = column("When it was received.")
    registered_on: dt.date = column("The local day of receipt.")
    registered_by: StaffMember | None = column("Who recorded it.")
    status: ComplaintStatus = column("Where it stands.")
    on_hold_for: ComplaintWaitingFor | None = choice("What it waits for.", "waiting_for", name="waitingFor")
    waiting_since: dt.date | None = column(
        "The local day on which it was put on hold: the target of a service request stands still since then."
    )
    responsible_department: Department | None = column("The one department that is responsible.")
    assignee: StaffMember | None = column("The person of its unit who is responsible; null: the whole unit.")
    return_count: int = column("How often departments gave it back.")
    reopened: int = column("How often it was opened again.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    raw_due_on: dt.date | None = column("The limit as the article counts it; null where no law sets one.")
    legal_due_on: dt.date | None = column("The limit rolled to the next working day (2577 m.8).")
    target_on: dt.date = column("The date to work to: the last working day on or before the limit.")
    deadline_inputs: JSON = column(
        "What made the dates: article, start, days, holidays and the version of their table, leave, extension, fee."
    )
    result_owed: bool = column("Only progress has been reported so far: the result is still owed (3071 m.7).")
    replied_at: dt.datetime | None = column("When the reply was sent.")
    closed_at: dt.datetime | None = column("When it was closed; null while it is open.")
    how_it_ended: ComplaintOutcome | None = choice("How it ended.", "outcome")
    m6_reason: NotExaminableReason | None = choice(
        "Why it could not be examined.", "not_examinable_reason", name="notExaminableReason"
    )
    rating: int | None = column("How content the citizen is with the answer, 1 to 5; null until they say so.")
    rating_remark: str = column("What the citizen says to it. It is not published.")
    rated_at: dt.datetime | None = column("When the rating was submitted.")
    is_partial: bool = column("Of an application under Law 4982: given after parts were taken out (m.9).")
    refusal_grounds: list[InformationRefusalGround] = column(
        "Of an application under Law 4982: why access was refused, wholly or in part."
    )
    contested_on: dt.date | None = column("The local day of an objection (4982 m.13).")
    contested_before: InformationContestedAt | None = choice(
        "Where it was made.", "contested_at", name="contestedAt"
    )
    contest_outcome: InformationContestResult | None = choice(
        "What was decided there; null while it is open.", "contest_result", name="contestResult"
    )
    contest_ended_on: dt.date | None = column("The local day of that decision.")
    duplicate_of: Complaint | None = column("The case it repeats, if the viewer may see that one.")
    duplicates: list[Complaint] = owned("Cases that repeat this one, as far as the viewer sees them.", ["id"])
    linked_to: Complaint | None = column(
        "Another person's case about the same matter that it is linked to, if the viewer may see that one."
    )
    linked: list[Complaint] = owned("Cases that are linked to it, as far as the viewer sees them.", ["id"])
    split_from: Complaint | None = column(
        "The application it was separated from, if the viewer may see that one."
    )
    parts: list[Complaint] = owned(
        "Cases that were separated from it, as far as the viewer sees them.", ["id"]
    )
    extension: Extension | None = column("The extension of the limit.")
    lines: list[ComplaintLine] = owned("The story, the newest first.", ["-at", "-id"])
    routings: list[Routing] = owned("Where it lay and lies, the newest first.", ["-routed_at", "-id"])
    comments: list[ComplaintComment] = owned("Internal notes, the newest first.", ["-at", "-id"])
    notices: list[Notice] = owned(
        "The notices to the citizen, sent or drafted, the newest first.", ["-drafted_at", "-id"]
    )
    attachments: list[Attachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    forwardings: list[Forwarding] = owned("To whom it was forwarded, the newest first.", ["-id"])
    fee_notices: list[FeeNotice] = owned("Fees asked for, the newest first.", ["-id"])

    posts: list[SocialPost] = owned(
        "Posts on social media that it is about, the newest first, as far as the viewer may know its person.",
        ["-recorded_at", "-id"],
    )
    checklist: list[ChecklistItem] = owned(
        "What is to be done on it, as its category asks.", ["position", "id"], narrow=_not_dropped
    )

    appointment_requests: list[Edge[AppointmentRequest]] = owned(
        "The request for an appointment of which it was made, if the viewer sees that.", ["id"]
    )
    instructions: list[Edge[Instruction]] = owned(
        "The instructions that came of it, as far as the viewer sees them.", ["due_on", "id"]
    )
    letters: list[Edge[Letter]] = owned(
        "The letters that came of it, as far as the viewer sees them.", ["-drafted_at", "-id"]
    )
    conversation: list[Edge[ConversationMessage]] = owned(
        "Every message in and out and the internal notes, the newest first, as far as the viewer sees them. For pages"
        " of it ask `complaintConversation`.",
        ["-at", "-id"],
    )
    can = viewer_can(COMPLAINTS, ComplaintVerb)
