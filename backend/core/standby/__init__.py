"""Reads on hot standbys (DATABASE_READ_URL): what is asked there, how far a standby must be, what goes to the primary.

    from_standby(ask)     # `ask` on a standby that is far enough, else on the primary; it may run twice
    with on_primary():    # inside of it: what must be written, or known as it is at this moment

A request asks a standby only if it has replayed all that the requester wrote (`requests`) and all that was committed
READ_BEHIND_SECONDS ago (`positions`): so long at most a right counts there that was taken away (docs/adr/0088).
"""

from backend.core.standby.connections import is_configured, is_on_standby, on_primary, required_position
from backend.core.standby.reading import from_standby, may_pass_by, writes
from backend.core.standby.requests import note_query, note_write

__all__ = [
    "from_standby",
    "is_configured",
    "is_on_standby",
    "may_pass_by",
    "note_query",
    "note_write",
    "on_primary",
    "required_position",
    "writes",
]
