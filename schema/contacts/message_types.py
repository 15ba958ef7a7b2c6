"""How a message about a letter or to a partner goes: the inputs of both services name it."""

from __future__ import annotations

from backend.mailboxes import choices
from schema.core.scalars import described_enum

MessageMethod = described_enum(
    choices.MessageMethod, "MessageMethod", "How a message about a letter or to a partner goes."
)
