"""Django's backend for PostgreSQL, which asks a kept connection whether it still lives without asking the server."""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base

# Before the first connection, which takes the adapters as they are then: no key of a session is ever sent.
from backend.core.at_rest import sessions  # noqa: F401
from backend.core.operation.slow_statements import timed_execute
from backend.database import READING


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection at rest has nothing to say. One that was ended from the other side has, and is asked then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(timed_execute)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if self.alias == READING:
            # Also where its address leads to a primary: after a failover, or by mistake.
            self.connection.read_only = True

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed or self._has_become_standby():
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN)
        return not waiting.poll(0) or super().is_usable()

    def _has_become_standby(self) -> bool:
        """Whether the server takes no writes any more, as it says by itself: then another one is the primary."""
        return self.alias != READING and self.connection.info.parameter_status("in_hot_standby") == "on"
