"""Actions on a complaint: one keyword-only function per verb, named as the verb.

Every action takes a row that the caller loaded through `permissions.core.scope`, checks the transition table, updates
the row if its version is unchanged (of concurrent callers one wins, the others get WRONG_STATE), writes one story
line, and where a notification is due a notice and an outbox message: all in one transaction. `comment`, `attach`,
`draft` and `message` return the child they created, `take_back` what it took back, all others the complaint.
"""

from backend.complaints.actions import citizens
from backend.complaints.actions.answering import (
    approve,
    approve_and_send,
    correct_reply,
    draft,
    send,
    send_back,
    submit,
)
from backend.complaints.actions.contesting import record_objection
from backend.complaints.actions.deadlines import ask_fee, extend, notify_progress, record_fee
from backend.complaints.actions.ending import (
    close,
    mark_duplicate,
    mark_not_examinable,
    reject,
    reopen,
    withdraw,
)
from backend.complaints.actions.forwarding import forward, notify_forwarding
from backend.complaints.actions.linking import (
    adopt_reply,
    answer_linked,
    link,
    set_apart,
    split,
    unlink,
    unset_apart,
)
from backend.complaints.actions.notices import citizen_message_preview
from backend.complaints.actions.registering import default_regime, register, tracking_code
from backend.complaints.actions.routing import (
    accept,
    add_collaborator,
    release_collaborator,
    return_,
    route,
)
from backend.complaints.actions.step import journal_line
from backend.complaints.actions.triage import correct, dismiss_danger, mark_urgent, tag, triage
from backend.complaints.actions.working import attach, comment, message, put_on_hold, resume, start
from backend.complaints.leave import (
    announce_leave,
    cancel_leave,
    confirm_holidays,
    correct_holiday,
    inputs_changed,
    leave_changed,
)
from backend.complaints.posts.recording import record_post, record_post_of
from backend.complaints.recalling import recall, take_back, undo
from backend.complaints.replies.cimer_entry import record_cimer_entry
from backend.complaints.teamwork.assigning import assign, release, release_who_left, take_over
