"""The table of moves: which verb may be said to a request in which state, and where it leads."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import OPEN, Status
from backend.core.errors import DomainError, ErrorCode


class Verb(models.TextChoices):
    """Everything that may be done to a request. The same word is the action, the mutation and the permission."""

    CORRECT = "CORRECT", _("Correct the request")
    APPROVE = "APPROVE", _("Give an appointment")
    PROPOSE = "PROPOSE", _("Propose a time")
    ACCEPT = "ACCEPT", _("Record that the proposal was accepted")
    REFUSE = "REFUSE", _("Record that another time is wished")
    RESCHEDULE = "RESCHEDULE", _("Give another time")
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
    WITHDRAW = "WITHDRAW", _("Record the withdrawal")
    REOPEN = "REOPEN", _("Reopen")
    MESSAGE = "MESSAGE", _("Write to the applicant")
    ATTACH = "ATTACH", _("Attach a file")


@dataclass(frozen=True)
class Move:
    """From these states the verb may be said; `to` is the state after it, None where it does not change."""

    sources: frozenset[str]
    to: Status | None = None


def _from(*sources: Status, to: Status | None = None) -> Move:
    return Move(frozenset(sources), to)


S = Status
_UNDECIDED = (S.NEW, S.PROPOSED)

MOVES: dict[Verb, Move] = {
    Verb.CORRECT: _from(*OPEN),
    Verb.APPROVE: _from(*_UNDECIDED, to=S.APPROVED),
    Verb.PROPOSE: _from(*_UNDECIDED, to=S.PROPOSED),
    Verb.ACCEPT: _from(S.PROPOSED, to=S.APPROVED),
    Verb.REFUSE: _from(S.PROPOSED, S.APPROVED, to=S.NEW),
    Verb.RESCHEDULE: _from(S.APPROVED),
    Verb.CANCEL: _from(S.APPROVED, to=S.CANCELLED),
    Verb.DECLINE: _from(*_UNDECIDED, to=S.DECLINED),
    Verb.REDIRECT: _from(*_UNDECIDED),
    Verb.TURN: _from(*OPEN, S.SETTLED),
    Verb.PUT_ON_PUBLIC_DAY: _from(*_UNDECIDED, to=S.ON_PUBLIC_DAY),
    Verb.MOVE_VISIT: _from(S.ON_PUBLIC_DAY),
    Verb.TAKE_OFF: _from(S.ON_PUBLIC_DAY, to=S.NEW),
    Verb.ARRIVE: _from(S.ON_PUBLIC_DAY),
    Verb.CALL_IN: _from(S.ON_PUBLIC_DAY),
    Verb.SEE_OUT: _from(S.ON_PUBLIC_DAY, to=S.SETTLED),
    Verb.MISS: _from(S.APPROVED, S.ON_PUBLIC_DAY, to=S.NO_SHOW),
    Verb.SETTLE: _from(S.APPROVED, S.REDIRECTED, to=S.SETTLED),
    Verb.WITHDRAW: _from(*OPEN, to=S.WITHDRAWN),
    Verb.REOPEN: _from(S.DECLINED, S.WITHDRAWN, S.CANCELLED, S.NO_SHOW, S.REDIRECTED, to=S.NEW),
    Verb.MESSAGE: _from(*Status),
    Verb.ATTACH: _from(*Status),
}
"""REDIRECT leads to REDIRECTED with a department and to NEW with another principal. TURN leads to TURNED from where
nothing else was decided; what was given an appointment keeps it."""


def allows(verb: Verb, status: str) -> bool:
    return status in MOVES[verb].sources


def require(verb: Verb, status: str) -> None:
    """Raise WRONG_STATE, naming the state the request is in, unless the verb may be said now."""
    if not allows(verb, status):
        raise DomainError(
            ErrorCode.WRONG_STATE,
            _(
                "“%(verb)s” is not possible while the request is “%(status)s”. Reload the page: it may have"
                " changed."
            )
            % {"verb": verb.label, "status": Status(status).label},
        )
