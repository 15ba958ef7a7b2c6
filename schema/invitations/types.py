"""Invitations that a principal receives, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from backend.instructions.models import Instruction
from backend.invitations import choices, models, moves, story
from backend.letters.models import Letter
from permissions.invitations.rules import INVITATIONS_TABLE
from schema.core.fields import choice, column, expression, owned, viewer_can
from schema.core.nodes import Edge, Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.organization.types import StaffMember
from schema.partners.types import Organisation
from schema.programme.types import Principal, ProgrammeEntry

InvitationOccasion = described_enum(choices.Occasion, "InvitationOccasion", "The occasion of an invitation.")
InvitationStatus = described_enum(choices.Status, "InvitationStatus", "What was decided of an invitation.")
InvitationVerb = described_enum(moves.Verb, "InvitationVerb", "What may be done to an invitation.")
InvitationEventType = described_enum(
    story.EventType, "InvitationEventType", "What happened to an invitation."
)
InvitationNoticeKind = described_enum(
    choices.NoticeKind, "InvitationNoticeKind", "The subject of a notice to the host."
)
InvitationDeliveryMethod = described_enum(
    choices.DeliveryMethod, "InvitationDeliveryMethod", "How the host was notified."
)
InvitationDeclineGround = described_enum(
    choices.DeclineGround, "InvitationDeclineGround", "Why an invitation is declined, as the host reads it."
)
InvitationGift = described_enum(choices.Gift, "InvitationGift", "What is sent to a host.")


@strawberry_django.type(
    models.InvitationLine, name="InvitationLine", description="One thing that happened to an invitation."
)
class InvitationLine(Scoped):
    verb: InvitationEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it, such as the reason of a decision.")
    old_status: InvitationStatus | None = choice(
        "Where the invitation stood before.", "from_status", name="fromStatus"
    )
    new_status: InvitationStatus | None = choice("Where it stood after.", "to_status", name="toStatus")


@node_type(models.InvitationNotice, "InvitationNotice")
class InvitationNotice(Node, Scoped):
    """A notice to the host (bildirim)."""

    kind: InvitationNoticeKind = column("What it is.")
    body: str = column("The text, without salutation.")
    means: InvitationDeliveryMethod = column("How they were notified.")
    notified_at: dt.datetime = column("When.")
    notified_by: StaffMember | None = column("Who notified them.")


@node_type(models.GiftOrder, "InvitationOrder")
class InvitationOrder(Node, Scoped):
    """Flowers, a wreath or a message (çiçek, çelenk, tebrik)."""

    gift: InvitationGift = column("What is sent.")
    text: str = column("The text on it.")
    address: str = column("To where.")
    due_at: dt.datetime = column("By when.")
    ordered_at: dt.datetime = column("When it was ordered.")
    ordered_by: StaffMember | None = column("Who ordered it.")
    done_at: dt.datetime | None = column("When it was sent; null while it is open.")
    done_by: StaffMember | None = column("Who recorded that.")


@node_type(models.InvitationAttachment, "InvitationAttachment")
class InvitationAttachment(Node, Scoped):
    """A file of an invitation (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who received it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the invitation.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.Invitation, "Invitation")
class Invitation(Node, Scoped):
    """An invitation to a principal (gelen davet), and the decision."""

    reference: str = column("Its number, such as DV-2027/4.")
    principal: Principal = column("Who is invited.")
    status: InvitationStatus = column("What was decided.")
    occasion: InvitationOccasion = column("To what.")
    title: str = column("What it is, in a line.")
    host: str = column("The host, as named in the invitation.")
    partner: Organisation | None = column("The inviting organisation's record, if the viewer sees it.")
    contact: str = column("Whom to answer.")
    phone_text: str = expression("Their telephone.", Cast("phone", TextField()), name="phone")
    email: str = column("Their e-mail address.")
    place: str = column("Where.")
    starts_at: dt.datetime = column("When it begins.")
    ends_at: dt.datetime = column("When it ends.")
    wish: str = column("What they wish of the principal, such as a speech.")
    body: str = column("The text of the invitation.")
    answer_by: dt.date | None = column("By when they wish an answer.", name="answerUntil")
    entry: ProgrammeEntry | None = column("Its entry in a programme, if the viewer sees that.")
    deputy: Principal | None = column("The principal who represents.")
    representative: StaffMember | None = column("The member of staff who represents.")
    representative_name: str = column("Who represents, where it is not a member of staff.")
    decline_ground: InvitationDeclineGround | None = choice(
        "Why it was declined, as the host read it.", "ground", name="declineGround"
    )
    reason: str = column("Why it was decided so; the host does not read it.")
    decided_at: dt.datetime | None = column("When it was decided.")
    decided_by: StaffMember | None = column("Who decided.")
    registered_at: dt.datetime = column("When it was received.")
    registered_by: StaffMember | None = column("Who recorded it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[InvitationLine] = owned("The story, the newest first.", ["-at", "-id"])
    notices: list[InvitationNotice] = owned(
        "The notices to the host, the newest first.", ["-notified_at", "-id"]
    )
    orders: list[InvitationOrder] = owned("What is sent to them, in order of time.", ["due_at", "id"])
    attachments: list[InvitationAttachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    instructions: list[Edge[Instruction]] = owned(
        "The instructions that came of it, as far as the viewer sees them.", ["due_on", "id"]
    )
    letters: list[Edge[Letter]] = owned(
        "The letters that came of it, as far as the viewer sees them.", ["-drafted_at", "-id"]
    )
    can = viewer_can(INVITATIONS_TABLE, InvitationVerb)
