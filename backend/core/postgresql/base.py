"""Django's backend for PostgreSQL, which asks a kept connection whether it still lives without asking the server."""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base

# Before the first connection, which takes the adapters as they are then: no key of a session is ever sent.
from backend.core.at_rest import sessions  # noqa: F401
from backend.core.operation.slow_statements import timed_execute


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection at rest has nothing to say. One that was ended from the other side has, and is asked then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(timed_execute)

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN)
        return not waiting.poll(0) or super().is_usable()
