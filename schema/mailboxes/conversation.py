"""One conversation of a case, as it is read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
import strawberry_django

from backend.complaints.models import Complaint as ComplaintRow
from backend.mailboxes import conversation
from schema.complaints.types import Complaint, ComplaintChannel, DeliveryMethod, Notice, SocialPost
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import choice, column
from schema.core.nodes import MODELS, Scoped, decode
from schema.core.scalars import described_enum
from schema.mailboxes.types import InboundMessage
from schema.organization.types import StaffMember

OLDEST = Keyset("conversation", "at", dt.datetime)

ConversationDirection = described_enum(
    conversation.Direction, "ConversationDirection", "Which way a message of a conversation went."
)
ConversationDelivery = described_enum(
    conversation.Delivery, "ConversationDelivery", "How far a message to the citizen is."
)


@strawberry_django.type(
    conversation.ConversationMessage,
    name="ConversationMessage",
    description="A message of a conversation, in or out whatever its channel, or an internal note about it.",
)
class ConversationMessage(Scoped):
    complaint: Complaint | None = column("The case.")
    at: dt.datetime = column("When it was received, sent or written.")
    direction: ConversationDirection = column("Which way it went.")
    came_by: ComplaintChannel | None = choice("How a message of the citizen came.", "channel", name="channel")
    way: DeliveryMethod | None = choice("How the citizen was notified.", "means")
    how_far: ConversationDelivery | None = choice(
        "How far a message to the citizen is.", "delivery", name="delivery"
    )
    subject: str = column("The subject, of a mail and of the application itself; otherwise empty.")
    text: str = column("What was written, without what a mail quotes.")
    is_automatic: bool = column(
        "Whether a machine wrote it: an automatic reply, or a notice without a person."
    )
    is_shown: bool = column("Whether the citizen has it or brought it; an internal note never is.")
    author: StaffMember | None = column("Who wrote it here.")
    mail: InboundMessage | None = column("The mail, of one that came in: with its files.")
    post: SocialPost | None = column("The post on social media, of one that came so: with link and picture.")
    notice: Notice | None = column("The notice, of a message to the citizen: with its files.")


@strawberry.type
class ConversationQueries:
    @connection_field(
        description="The conversation of a case, the oldest message first, as far as the viewer sees it. A mail is seen"
        " by who may know the person of the case."
    )
    def complaint_conversation(
        self,
        info: strawberry.Info,
        complaint: Annotated[strawberry.ID, strawberry.argument(description="The case.")],
        page: Page,
    ) -> Connection[ConversationMessage]:
        rows: Any = conversation.ConversationMessage.objects.all()
        found = decode(complaint)
        if found is None or found[0] != MODELS[ComplaintRow]:
            return listed(rows.none(), OLDEST, page, info)
        return listed(rows.filter(complaint__key=found[1]), OLDEST, page, info)
