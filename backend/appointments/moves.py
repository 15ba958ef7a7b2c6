"""The table of moves: which verb may be said to a request in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import OPEN, Status
from backend.journal.moves import Moves, leaving


class Verb(models.TextChoices):
    """Everything that may be done to a request. The same word is the action, the mutation and the permission."""

    CORRECT = "CORRECT", _("Correct the request")
    APPROVE = "APPROVE", _("Give an appointment")
    PROPOSE = "PROPOSE", _("Propose a time")
    ACCEPT = "ACCEPT", _("Record that the proposal was accepted")
    REFUSE = "REFUSE", _("Record that another time is wished")
    RESCHEDULE = "RESCHEDULE", _("Give another time")
    HAND_OVER = "HAND_OVER", _("Have another principal receive them")
    CANCEL = "CANCEL", _("Cancel the appointment")
    DECLINE = "DECLINE", _("Decline")
    REDIRECT = "REDIRECT", _("Redirect")
    TURN = "TURN", _("Make a complaint of it")
    PUT_ON_PUBLIC_DAY = "PUT_ON_PUBLIC_DAY", _("Put on the public day")
    MOVE_VISIT = "MOVE_VISIT", _("Move on the public day")
    TAKE_OFF = "TAKE_OFF", _("Take off the public day")
    ARRIVE = "ARRIVE", _("Record the arrival")
    CALL_IN = "CALL_IN", _("Call in")
    SEE_OUT = "SEE_OUT", _("See out")
    MISS = "MISS", _("Record that nobody came")
    SETTLE = "SETTLE", _("Record what came of it")
    PROMISE = "PROMISE", _("Record a promise")
    WITHDRAW = "WITHDRAW", _("Record the withdrawal")
    UNDO = "UNDO", _("Take the result back")
    REOPEN = "REOPEN", _("Reopen")
    MESSAGE = "MESSAGE", _("Write to the applicant")
    ATTACH = "ATTACH", _("Attach a file")


S = Status
_UNDECIDED = (S.NEW, S.PROPOSED)

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while the request is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.CORRECT: leaving(*OPEN),
        Verb.APPROVE: leaving(*_UNDECIDED, to=S.APPROVED),
        Verb.PROPOSE: leaving(*_UNDECIDED, to=S.PROPOSED),
        Verb.ACCEPT: leaving(S.PROPOSED, to=S.APPROVED),
        Verb.REFUSE: leaving(S.PROPOSED, S.APPROVED, to=S.NEW),
        Verb.RESCHEDULE: leaving(S.APPROVED),
        Verb.HAND_OVER: leaving(S.APPROVED),
        Verb.CANCEL: leaving(S.APPROVED, to=S.CANCELLED),
        Verb.DECLINE: leaving(*_UNDECIDED, to=S.DECLINED),
        Verb.REDIRECT: leaving(*_UNDECIDED),
        Verb.TURN: leaving(*OPEN, S.SETTLED),
        Verb.PUT_ON_PUBLIC_DAY: leaving(*_UNDECIDED, to=S.ON_PUBLIC_DAY),
        Verb.MOVE_VISIT: leaving(S.ON_PUBLIC_DAY),
        Verb.TAKE_OFF: leaving(S.ON_PUBLIC_DAY, to=S.NEW),
        Verb.ARRIVE: leaving(S.ON_PUBLIC_DAY),
        Verb.CALL_IN: leaving(S.ON_PUBLIC_DAY),
        Verb.SEE_OUT: leaving(S.ON_PUBLIC_DAY, to=S.SETTLED),
        Verb.MISS: leaving(S.APPROVED, S.ON_PUBLIC_DAY, to=S.NO_SHOW),
        Verb.SETTLE: leaving(S.APPROVED, S.REDIRECTED, to=S.SETTLED),
        Verb.PROMISE: leaving(S.APPROVED, S.ON_PUBLIC_DAY, S.REDIRECTED, S.TURNED, S.SETTLED),
        Verb.WITHDRAW: leaving(*OPEN, to=S.WITHDRAWN),
        Verb.UNDO: leaving(S.SETTLED, S.NO_SHOW),
        Verb.REOPEN: leaving(S.DECLINED, S.WITHDRAWN, S.CANCELLED, S.NO_SHOW, S.REDIRECTED, to=S.NEW),
        Verb.MESSAGE: leaving(*Status),
        Verb.ATTACH: leaving(*Status),
    },
)
"""REDIRECT leads to REDIRECTED with a department and to NEW with another principal. TURN leads to TURNED from where
nothing else was decided; what was given an appointment keeps it. UNDO leads to where the result was recorded."""

allows, require = MOVES.allows, MOVES.require
