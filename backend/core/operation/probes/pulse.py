"""Whether the main loop of a process still comes round."""

from __future__ import annotations

import asyncio
import time

BEAT_SECONDS, SILENT_SECONDS = 1, 30
"""A loop that waits for nothing comes round so often; silent for so long, its process hangs."""


class Pulse:
    """When the loop last came round."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def beat(self) -> None:
        """Note that it comes round now."""
        self._at = time.monotonic()

    async def go_on(self) -> None:
        """Beat as long as the event loop lets it."""
        while True:
            self.beat()
            await asyncio.sleep(BEAT_SECONDS)

    @property
    def lives(self) -> bool:
        return time.monotonic() - self._at < SILENT_SECONDS
