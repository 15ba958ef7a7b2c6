"""Happenings of messages: one number names a message of a conversation, whichever table its row stands in."""

from __future__ import annotations

import enum

from backend.journal import change_feed

KIND = "message"
"""The kind of these happenings in the change feed."""
FARED = "fared"
"""What the feed says of a matter when one of its messages left, arrived or failed. It is no line of its story."""
PARTS = 16


class Part(enum.IntEnum):
    """Where the row of a message stands (`backend.mailboxes.conversation`)."""

    CASE = 0
    NOTICE = 1
    INBOUND = 2
    ADDED = 3
    COMMENT = 4
    REQUEST = 5
    REQUEST_NOTICE = 6
    WRITTEN = 7
    LETTER_RECEIVED = 8
    LETTER_FROM_PARTNER = 9
    LETTER_SENT = 10
    LETTER_TO_PARTNER = 11
    POST = 12


class MessageEvent(enum.StrEnum):
    """What happened to a message."""

    RECEIVED = "received"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


def number(part: Part, row: int) -> int:
    """The number of a message in the view of conversations."""
    return row * PARTS + part


def announce(part: Part, row: int, happened: MessageEvent) -> None:
    """Add a happening of one message to the change feed."""
    change_feed.announce(KIND, number(part, row), happened)
