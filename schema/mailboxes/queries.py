"""Asking for mails that came in, and for the mailboxes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.mailboxes import models
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed
from schema.mailboxes.types import InboundMessage, InboundMessageStatus, Mailbox

OLDEST = Keyset("inbound_message", "received_at", dt.datetime)
MADE = Keyset("mailbox", "created_at", dt.datetime)


@strawberry.type
class MailboxQueries:
    @connection_field(description="The mails that came in and that the viewer sees, the oldest first.")
    def inbound_messages(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        status: Annotated[
            list[InboundMessageStatus] | None, strawberry.argument(description="Where they stand.")
        ] = None,
    ) -> Connection[InboundMessage]:
        rows: Any = models.InboundMessage.objects.all()
        if search is not None:
            rows = rows.search(search)
        if status is not None:
            asked: Any = status
            rows = rows.filter(status__in=[choice.value for choice in asked])
        return listed(rows, OLDEST, page, info)

    @connection_field(description="The mailboxes that the viewer sees, the oldest first.")
    def mailboxes(self, info: strawberry.Info, page: Page) -> Connection[Mailbox]:
        return listed(models.Mailbox.objects.all(), MADE, page, info)
