"""Conversations for portals: the messages of what they brought in, as whom it is about sees them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.mailboxes import conversation as stored
from backend.portals.models import Scope
from permissions.mailboxes import portal as conversations
from permissions.portals import access as portals
from schema.appointments.portal import REFERENCE
from schema.complaints.portal import Code
from schema.complaints.public_lists import paged
from schema.complaints.tracking import TrackingFile
from schema.complaints.types import ComplaintChannel, DeliveryMethod
from schema.core.connection import Connection, Page, connection_field
from schema.core.scalars import cleaned
from schema.mailboxes.conversation import OLDEST, ConversationDelivery, ConversationDirection

Reference = Annotated[str, strawberry.argument(description=REFERENCE)]
NOTHING = stored.ConversationMessage.objects.none()


@strawberry.type(description="A message of a conversation, as whom it is about sees it.")
class PortalMessage:
    id: strawberry.ID = strawberry.field(description="Always the same; webhooks name the message by it.")
    at: dt.datetime = strawberry.field(description="When it was received or sent.")
    direction: ConversationDirection = strawberry.field(description="IN: from them; OUT: to them.")
    channel: ComplaintChannel | None = strawberry.field(description="How a message of theirs came.")
    means: DeliveryMethod | None = strawberry.field(description="How they were written to.")
    delivery: ConversationDelivery | None = strawberry.field(description="How far a message to them is.")
    text: str | None = strawberry.field(
        description="What was written; null of what they wrote by another way than this portal, such as an e-mail."
    )
    is_automatic: bool = strawberry.field(description="Whether a machine wrote it.")
    files: list[TrackingFile] = strawberry.field(description="The files that went to them with it.")


def portal_message(found: conversations.PortalMessage) -> PortalMessage:
    """The message as the schema says it."""
    return PortalMessage(
        id=strawberry.ID(found.id),
        at=found.at,
        direction=ConversationDirection(found.direction),
        channel=ComplaintChannel(found.channel) if found.channel else None,
        means=DeliveryMethod(found.means) if found.means else None,
        delivery=ConversationDelivery(found.delivery) if found.delivery else None,
        text=found.text,
        is_automatic=found.is_automatic,
        files=[TrackingFile(**dataclasses.asdict(file)) for file in found.files],
    )


def _page(found: conversations.Conversation | None, page: Page) -> Connection[PortalMessage]:
    def make(row: Any) -> PortalMessage:
        assert found is not None  # noqa: S101 - of none there is no row
        return portal_message(found.make(row))

    return paged(found.rows if found else NOTHING, OLDEST, page, make, found.note if found else None)


@strawberry.type
class PortalConversationQueries:
    @connection_field(
        description="For a portal (FOLLOW): the messages of a case that it brought in, the oldest first, as its"
        " citizen sees them; with TRACK of any case. Empty for any other code.",
        public=True,
    )
    def portal_complaint_conversation(self, code: Code, page: Page) -> Connection[PortalMessage]:
        return _page(conversations.of_case(cleaned(code), portals.reach()), page)

    @connection_field(
        description="For a portal (FOLLOW): the messages of a request for an appointment that it brought in, the oldest"
        " first, as the applicant sees them. Empty for any other number.",
        public=True,
    )
    def portal_appointment_conversation(self, reference: Reference, page: Page) -> Connection[PortalMessage]:
        return _page(conversations.of_request(cleaned(reference), portals.account(Scope.FOLLOW)), page)
