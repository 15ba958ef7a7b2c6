"""One conversation of a matter, as it is read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
import strawberry_django
from django.db.models import Model

from backend.appointments.models import AppointmentRequest as RequestRow
from backend.complaints.models import Complaint as ComplaintRow
from backend.letters.models import Letter as LetterRow
from backend.mailboxes import conversation
from backend.outbox.delivery import Delivery
from backend.partners.models import Organisation as OrganisationRow
from schema.appointments.types import AppointmentNotice, AppointmentRequest
from schema.complaints.types import Complaint, ComplaintChannel, DeliveryMethod, Notice, SocialPost
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import choice, column, expression
from schema.core.nodes import MODELS, Scoped, decode
from schema.core.scalars import described_enum
from schema.letters.types import Letter
from schema.mailboxes.types import InboundMessage, WrittenMessage
from schema.organization.types import StaffMember
from schema.partners.types import Organisation

OLDEST = Keyset("conversation", "at", dt.datetime)

ConversationDirection = described_enum(
    conversation.Direction, "ConversationDirection", "Which way a message of a conversation went."
)
ConversationDelivery = described_enum(
    Delivery, "ConversationDelivery", "How far a message to the other side is."
)


@strawberry_django.type(
    conversation.ConversationMessage,
    name="ConversationMessage",
    description="A message of a conversation, in or out whatever its channel, or an internal note about it.",
)
class ConversationMessage(Scoped):
    name: strawberry.ID = expression(
        "Always the same; what follows the conversation, and webhooks, name the message by it.",
        conversation.NAME,
        name="id",
    )
    complaint: Complaint | None = column("The case, of its conversation.")
    appointment_request: AppointmentRequest | None = column("The request, of its conversation.")
    letter: Letter | None = column("The letter, of its conversation.")
    organisation: Organisation | None = column("The partner, of its conversation.")
    at: dt.datetime = column("When it was received, sent or written.")
    direction: ConversationDirection = column("Which way it went.")
    came_by: ComplaintChannel | None = choice(
        "How a message of the other side came.", "channel", name="channel"
    )
    way: DeliveryMethod | None = choice("How the other side was written to.", "means")
    how_far: ConversationDelivery | None = choice(
        "How far a message to the other side is.", "delivery", name="delivery"
    )
    delivery_at: dt.datetime | None = column(
        "Since when it is so far: when it left, arrived, was read, or was known not to arrive; null while it waits,"
        " and of what was recorded by hand."
    )
    subject: str = column("The subject, of a mail and of the application itself; otherwise empty.")
    text: str = column("What was written, without what a mail quotes; of a letter empty: read `ofLetter`.")
    is_automatic: bool = column(
        "Whether a machine wrote it: an automatic reply, or a notice without a person."
    )
    is_shown: bool = column("Whether the other side has it or brought it; an internal note never is.")
    author: StaffMember | None = column("Who wrote it here.")
    mail: InboundMessage | None = column("The mail, of one that came in: with its files.")
    post: SocialPost | None = column("The post on social media, of one that came so: with link and picture.")
    notice: Notice | None = column("The notice, of a message to the citizen: with its files.")
    request_notice: AppointmentNotice | None = column(
        "The notice, of a message to an applicant: with its files."
    )
    written: WrittenMessage | None = column("What was written here, with its files; or the internal note.")
    of_letter: Letter | None = column(
        "The letter that it is, in the conversations of that and of the partner."
    )


def _of(
    model: type[Model], edge: str, id: strawberry.ID, page: Page, info: strawberry.Info
) -> Connection[ConversationMessage]:
    found = decode(id)
    if found is None or found[0] != MODELS[model]:
        return listed(conversation.ConversationMessage.objects.none(), OLDEST, page, info)
    return listed(conversation.of_matter(edge, key=found[1]), OLDEST, page, info)


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
        return _of(ComplaintRow, "complaint", complaint, page, info)

    @connection_field(
        description="The conversation of a request for an appointment, the oldest message first, as far as the viewer"
        " sees it. A mail is seen by who may know the applicant."
    )
    def appointment_request_conversation(
        self,
        info: strawberry.Info,
        request: Annotated[strawberry.ID, strawberry.argument(description="The request.")],
        page: Page,
    ) -> Connection[ConversationMessage]:
        return _of(RequestRow, "appointment_request", request, page, info)

    @connection_field(
        description="The conversation of a letter, the oldest message first: the letter as it came or went to each"
        " addressee, and what was written about it, as far as the viewer sees it."
    )
    def letter_conversation(
        self,
        info: strawberry.Info,
        letter: Annotated[strawberry.ID, strawberry.argument(description="The letter.")],
        page: Page,
    ) -> Connection[ConversationMessage]:
        return _of(LetterRow, "letter", letter, page, info)

    @connection_field(
        description="The conversation with a partner, the oldest message first: messages, and the letters of the body"
        " that it is, of all records that were merged. Messages are seen by who may know the people there, letters by"
        " who sees them."
    )
    def organisation_conversation(
        self,
        info: strawberry.Info,
        organisation: Annotated[strawberry.ID, strawberry.argument(description="The organisation.")],
        page: Page,
    ) -> Connection[ConversationMessage]:
        return _of(OrganisationRow, "organisation", organisation, page, info)
