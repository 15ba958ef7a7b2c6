"""Webhooks of messages: that one came, left, arrived or failed, and nothing of what it says.

A portal (FOLLOW) hears of the messages of cases that its account brought in, as far as their citizens have them; a
client with READ of those in conversations that its account sees, by the table and by row security. Internal notes are
no messages to anybody.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db.models import Model

from backend.complaints.models import Complaint, ComplaintLine, Notice
from backend.core.session import system
from backend.journal.change_feed import News
from backend.journal.messages import PARTS, Part
from backend.mailboxes.conversation import ConversationMessage, name_of
from backend.mailboxes.models import InboundMessage
from backend.portals.webhooks.actions import Outgoing
from backend.portals.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from permissions.complaints import webhooks
from permissions.core import scope
from permissions.mailboxes.portal import shown_of_cases

PREFIX = "message."
TABLES: dict[Part, type[Model]] = {
    Part.NOTICE: Notice,
    Part.INBOUND: InboundMessage,
    Part.ADDED: ComplaintLine,
}
"""Where messages of cases stand that are announced."""


class Messages:
    """What clients may know of messages; see `permissions.complaints.webhooks.MessageSource`."""

    def write(self, endpoint: WebhookEndpoint, news: list[News]) -> list[Outgoing]:
        """What this client may know of these happenings, in their order; the same of a message once."""
        wanted = [each for each in news if f"{PREFIX}{each.verb}" in endpoint.events]
        rows = _seen(endpoint, {each.subject_id for each in wanted})
        cases = Complaint.objects.only("key", "reference", "source_number", "registered_by").in_bulk(
            row.complaint_id for row in rows.values()
        )
        result, before = [], set[tuple[int, str]]()
        for each in wanted:
            row = rows.get(each.subject_id)
            if row is None or (row.pk, each.verb) in before:
                continue
            before.add((row.pk, each.verb))
            case = cases[row.complaint_id]
            event = WebhookEvent(f"{PREFIX}{each.verb}")
            result.append(Outgoing(event, _said(endpoint, case, row), each.id, case.pk))
        return result

    def may_be_sent(self, delivery: WebhookDelivery) -> bool:
        """Whether the message still stands in the conversation that the client sees."""
        if delivery.case_id is None or not delivery.event.startswith(PREFIX):
            return True
        named = json.loads(delivery.body)["data"]["message"]["id"]
        with system():
            case = Complaint.objects.filter(pk=delivery.case_id).first()
            if case is None:
                return False
            rows = ConversationMessage.objects.filter(complaint=case, is_shown=True)
            numbers = {pk for pk in rows.values_list("pk", flat=True) if name_of(case.key, pk) == named}
            return bool(_seen(delivery.endpoint, numbers))


def _said(endpoint: WebhookEndpoint, case: Complaint, row: ConversationMessage) -> dict[str, Any]:
    message = {
        "id": name_of(case.key, row.pk),
        "at": row.at.isoformat(timespec="seconds"),
        "direction": row.direction,
        "way": row.channel or row.means,
        "isAutomatic": row.is_automatic,
    }
    own = webhooks.brought(endpoint, case) and case.source_number
    number = {"sourceNumber": case.source_number} if own else {}
    return {"reference": case.reference, **number, "message": message}


def _seen(endpoint: WebhookEndpoint, numbers: Collection[int]) -> dict[int, Any]:
    """Those of the messages of cases that the client may know of; under the role of the house. As many statements for
    one as for a thousand."""
    cases = Complaint.objects.only("key", "registered_by").in_bulk(_cases_of(numbers))
    own = {pk for pk, case in cases.items() if webhooks.brought(endpoint, case)}
    rows = {row.pk: row for row in shown_of_cases(own).filter(pk__in=numbers)} if own else {}
    if others := cases.keys() - own:
        with scope.session(endpoint.client.account, endpoint.client.scopes):
            seen = scope.visible(ConversationMessage).filter(complaint__in=others, is_shown=True)
            rows |= {row.pk: row for row in seen.filter(pk__in=numbers)}
    return rows


def _cases_of(numbers: Collection[int]) -> set[int]:
    """The cases of messages, by the tables in which they stand: the view has no index of numbers."""
    found = set[int]()
    for part, table in TABLES.items():
        rows: Any = table._default_manager.filter(
            pk__in=[each // PARTS for each in numbers if each % PARTS == part], complaint__isnull=False
        )
        found |= set(rows.values_list("complaint_id", flat=True))
    return found


def register() -> None:
    """Let webhooks tell of messages."""
    if not any(isinstance(one, Messages) for one in webhooks.SOURCES):
        webhooks.SOURCES.append(Messages())
