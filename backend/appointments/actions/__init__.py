"""Actions on appointment requests and the halk günü: one keyword-only function per verb.

Every action takes a row that the caller loaded through `permissions.core.scope`, checks the transition table, updates
the row if its version is unchanged, and writes the story line, the programme entry and the message to the applicant
in one transaction.
"""

from backend.appointments.actions.booking import book, free_times, left_online, offer_places
from backend.appointments.actions.choosing import choose, times_to_choose
from backend.appointments.actions.deciding import (
    complete,
    convert_to_complaint,
    decline,
    redirect,
    reopen,
    undo,
    withdraw,
)
from backend.appointments.actions.hearing import report_undelivered, wrote
from backend.appointments.actions.notices import message_preview
from backend.appointments.actions.promising import (
    break_promise,
    correct_promise,
    keep_promise,
    promise,
    promise_at,
    reopen_promise,
    withdraw_promise,
)
from backend.appointments.actions.public_days import (
    arrive,
    assign_to_public_day,
    call_in,
    cancel_public_day,
    close_public_day,
    complete_visit,
    generate_public_days,
    mark_no_show,
    move_visit,
    order_visits,
    remove_from_public_day,
)
from backend.appointments.actions.receiving import attach, correct, link_partner, message, receive, take_back
from backend.appointments.actions.reminding import remind_applicants, reminders_of
from backend.appointments.actions.timing import (
    accept,
    approve,
    cancel,
    confirm_coming,
    hand_over,
    lapse_proposals,
    propose,
    refuse,
    reschedule,
)
