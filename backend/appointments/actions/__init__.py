"""What may happen to a request for an appointment and to the halk günü: one keyword-only function a verb.

Every action takes a row that the caller loaded through `permissions.core.scope`, checks the table of moves, changes the
row where it still is as the caller knows it, writes one line of the story, what becomes of it in the programme, and
what the applicant is told: all in one transaction.
"""

from backend.appointments.actions.choosing import choose, times_to_choose
from backend.appointments.actions.deciding import decline, redirect, reopen, settle, turn, undo, withdraw
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
    call_in,
    cancel_public_day,
    close_public_day,
    generate_public_days,
    miss,
    move_visit,
    order_visits,
    put_on_public_day,
    see_out,
    take_off,
)
from backend.appointments.actions.receiving import attach, correct, message, receive
from backend.appointments.actions.reminding import remind_applicants, reminders_of
from backend.appointments.actions.telling import message_preview
from backend.appointments.actions.timing import (
    accept,
    approve,
    cancel,
    hand_over,
    lapse_proposals,
    propose,
    refuse,
    reschedule,
)

__all__ = [
    "accept",
    "approve",
    "arrive",
    "attach",
    "break_promise",
    "call_in",
    "cancel",
    "cancel_public_day",
    "choose",
    "close_public_day",
    "correct",
    "correct_promise",
    "decline",
    "generate_public_days",
    "hand_over",
    "keep_promise",
    "lapse_proposals",
    "message",
    "message_preview",
    "miss",
    "move_visit",
    "order_visits",
    "promise",
    "promise_at",
    "propose",
    "put_on_public_day",
    "receive",
    "redirect",
    "refuse",
    "remind_applicants",
    "reminders_of",
    "reopen",
    "reopen_promise",
    "reschedule",
    "see_out",
    "settle",
    "take_off",
    "times_to_choose",
    "turn",
    "undo",
    "withdraw",
    "withdraw_promise",
]
