"""What may happen to a complaint: one keyword-only function a verb, named as the verb.

Every action takes a row that the caller loaded through `permissions.core.scope`, checks the table of moves,
changes the row where it still is as the caller knows it (one of many at once wins, the others get
WRONG_STATE), writes one line of the story, and where somebody must be told a notice and a message in the
outbox: all in one transaction. `comment`, `attach`, `draft` and `message` return the child they made,
everything else the complaint.
"""

from backend.complaints.actions import citizens
from backend.complaints.actions.answering import approve, draft, message, send, send_back, submit
from backend.complaints.actions.clocking import ask_fee, extend, notify_progress, record_fee
from backend.complaints.actions.contesting import contest
from backend.complaints.actions.ending import (
    close,
    mark_duplicate,
    mark_not_examinable,
    reject,
    reopen,
    withdraw,
)
from backend.complaints.actions.forwarding import forward, inform_forwarded
from backend.complaints.actions.registering import default_regime, register, tracking_code
from backend.complaints.actions.routing import (
    accept,
    add_collaborator,
    release_collaborator,
    return_,
    route,
)
from backend.complaints.actions.sorting import correct, tag, triage
from backend.complaints.actions.splitting import split
from backend.complaints.actions.step import journal_line
from backend.complaints.actions.telling import citizen_message_preview
from backend.complaints.actions.working import attach, comment, resume, start, wait
from backend.complaints.leave import announce_leave, cancel_leave, inputs_changed, leave_changed

__all__ = [
    "accept",
    "add_collaborator",
    "announce_leave",
    "approve",
    "ask_fee",
    "attach",
    "cancel_leave",
    "citizen_message_preview",
    "citizens",
    "close",
    "comment",
    "contest",
    "correct",
    "default_regime",
    "draft",
    "extend",
    "forward",
    "inform_forwarded",
    "inputs_changed",
    "journal_line",
    "leave_changed",
    "mark_duplicate",
    "mark_not_examinable",
    "message",
    "notify_progress",
    "record_fee",
    "register",
    "reject",
    "release_collaborator",
    "reopen",
    "resume",
    "return_",
    "route",
    "send",
    "send_back",
    "split",
    "start",
    "submit",
    "tag",
    "tracking_code",
    "triage",
    "wait",
    "withdraw",
]
