"""Live parts of a page (`follow.js`): the subscription, and the address of its stream (`manage.py stream`)."""

from __future__ import annotations

import base64
import json
from uuid import UUID

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

INBOX = "subscription { inboxChanged { id } }"
NOTIFICATIONS = "subscription { notificationsChanged { notificationCount } }"
WAITING_ROOM = "subscription($id: ID!) { waitingRoomChanged(id: $id) { publicDay { status } } }"


def inbox() -> dict[str, object]:
    """Every case that the viewer sees."""
    return {"query": INBOX}


def bell() -> dict[str, object]:
    """What the viewer is notified of."""
    return {"query": NOTIFICATIONS}


def waiting_room(key: UUID) -> dict[str, object]:
    """The hall of a halk günü."""
    return {
        "query": WAITING_ROOM,
        "variables": {"id": base64.b64encode(f"PublicDay:{key}".encode()).decode()},
    }


def attributes(operation: dict[str, object], csrf_token: str) -> SafeString:
    """What the part says of itself. An event only says that the part is to be drawn anew: the page is its text."""
    return format_html(
        'data-live="{}" data-stream="{}" data-csrf="{}"',
        json.dumps(operation),
        settings.STREAM_URL,
        csrf_token,
    )
