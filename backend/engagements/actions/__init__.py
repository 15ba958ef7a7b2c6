"""What may happen to an engagement: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.engagements.actions.holding import decide, hold, instruct, record_minutes, reopen
from backend.engagements.actions.preparing import (
    attach,
    cancel,
    correct,
    invite,
    open_file,
    schedule,
    set_agenda,
    set_logistics,
    uninvite,
)
