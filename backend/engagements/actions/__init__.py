"""What may happen to an engagement: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.engagements.actions.holding import decide, hold, instruct, minute, reopen
from backend.engagements.actions.preparing import (
    attach,
    cancel,
    correct,
    equip,
    invite,
    open_file,
    schedule,
    set_agenda,
    uninvite,
)

__all__ = [
    "attach",
    "cancel",
    "correct",
    "decide",
    "equip",
    "hold",
    "instruct",
    "invite",
    "minute",
    "open_file",
    "reopen",
    "schedule",
    "set_agenda",
    "uninvite",
]
