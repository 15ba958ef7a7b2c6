"""Ways by which a message leaves that belong to services above: they say how it is sent, and whom it may reach."""

from __future__ import annotations

from typing import Protocol

from backend.outbox.models import Message


class Carrier(Protocol):
    """A way to send messages of one channel."""

    @property
    def is_configured(self) -> bool:
        """Whether messages can leave at all."""

    def may_reach(self, address: str) -> bool:
        """Whether the person at this address agreed to this way."""

    def send(self, message: Message) -> str:
        """Hand one message over, and return how the provider names it. Raises Undeliverable or TryAgain."""


CARRIERS: dict[str, Carrier] = {}
"""Channel -> who carries it; e-mail and SMS are the outbox's own."""


def carrier(channel: str) -> Carrier | None:
    """Who carries a channel, where that is configured."""
    found = CARRIERS.get(channel)
    return found if found is not None and found.is_configured else None
