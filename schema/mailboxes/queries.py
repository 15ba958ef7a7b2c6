"""Asking for messages that came in, and for the mailboxes and lines."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.mailboxes import models
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed
from schema.mailboxes.types import (
    InboundMessage,
    InboundMessageChannel,
    InboundMessageStatus,
    Mailbox,
    MessageLine,
)

OLDEST = Keyset("inbound_message", "received_at", dt.datetime)
MADE = Keyset("mailbox", "created_at", dt.datetime)
LINES_MADE = Keyset("message_line", "created_at", dt.datetime)


@strawberry.type
class MailboxQueries:
    @connection_field(description="The messages that came in and that the viewer sees, the oldest first.")
    def inbound_messages(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        status: Annotated[
            list[InboundMessageStatus] | None, strawberry.argument(description="Where they stand.")
        ] = None,
        channel: Annotated[
            list[InboundMessageChannel] | None, strawberry.argument(description="By which way they came.")
        ] = None,
    ) -> Connection[InboundMessage]:
        rows: Any = models.InboundMessage.objects.all()
        if search is not None:
            rows = rows.search(search)
        if status is not None:
            asked: Any = status
            rows = rows.filter(status__in=[choice.value for choice in asked])
        if channel is not None:
            ways: Any = channel
            rows = rows.filter(channel__in=[choice.value for choice in ways])
        return listed(rows, OLDEST, page, info)

    @connection_field(description="The mailboxes that the viewer sees, the oldest first.")
    def mailboxes(self, info: strawberry.Info, page: Page) -> Connection[Mailbox]:
        return listed(models.Mailbox.objects.all(), MADE, page, info)

    @connection_field(description="The numbers for SMS and WhatsApp that the viewer sees, the oldest first.")
    def message_lines(self, info: strawberry.Info, page: Page) -> Connection[MessageLine]:
        return listed(models.MessageLine.objects.all(), LINES_MADE, page, info)
