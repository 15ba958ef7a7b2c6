"""The table of moves: which verb may be said to a case in which state, and where it leads (handbook 4.5)."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import ENDS, OPEN, Status, Turn
from backend.core.errors import DomainError, ErrorCode


class Verb(models.TextChoices):
    """Everything that may be done to a complaint. The same word is the action, the mutation and the permission."""

    TRIAGE = "TRIAGE", _("Triage")
    CORRECT = "CORRECT", _("Correct the facts")
    ROUTE = "ROUTE", _("Route")
    ADD_COLLABORATOR = "ADD_COLLABORATOR", _("Add a collaborating department")
    RELEASE_COLLABORATOR = "RELEASE_COLLABORATOR", _("Release a collaborating department")
    ACCEPT = "ACCEPT", _("Accept")
    RETURN = "RETURN", _("Return")
    START = "START", _("Start work")
    WAIT = "WAIT", _("Put on hold")
    RESUME = "RESUME", _("Resume")
    DRAFT = "DRAFT", _("Draft the reply")
    SUBMIT = "SUBMIT", _("Submit for approval")
    SEND_BACK = "SEND_BACK", _("Send back to the department")
    APPROVE = "APPROVE", _("Approve the reply")
    SEND = "SEND", _("Send the reply")
    NOTIFY_PROGRESS = "NOTIFY_PROGRESS", _("Send a progress notice")
    MESSAGE = "MESSAGE", _("Write to the citizen")
    COMMENT = "COMMENT", _("Add an internal note")
    ATTACH = "ATTACH", _("Attach a file")
    EXTEND = "EXTEND", _("Extend the limit")
    ASK_FEE = "ASK_FEE", _("Ask for the fee")
    RECORD_FEE = "RECORD_FEE", _("Record the payment")
    FORWARD = "FORWARD", _("Forward to another body")
    INFORM_FORWARDED = "INFORM_FORWARDED", _("Tell the citizen of the forwarding")
    CLOSE = "CLOSE", _("Close")
    WITHDRAW = "WITHDRAW", _("Record the withdrawal")
    MARK_DUPLICATE = "MARK_DUPLICATE", _("Mark as duplicate")
    MARK_NOT_EXAMINABLE = "MARK_NOT_EXAMINABLE", _("Mark as not examinable")
    REJECT = "REJECT", _("Reject")
    REOPEN = "REOPEN", _("Reopen")
    TAG = "TAG", _("Tag")
    SHARE = "SHARE", _("Share with a person")
    UNSHARE = "UNSHARE", _("Stop sharing")


@dataclass(frozen=True)
class Move:
    """From these states the verb may be said; `to` is the state after it, None where it does not change."""

    sources: frozenset[str]
    to: Status | None = None


def _from(*sources: Status, to: Status | None = None) -> Move:
    return Move(frozenset(sources), to)


S = Status
_UNDECIDED = (S.NEW, S.TRIAGED, S.RETURNED)
_WORKED_ON = (S.ACCEPTED, S.IN_PROGRESS, S.WAITING)
_BEFORE_REPLY = (*_UNDECIDED, S.ASSIGNED, *_WORKED_ON, S.ANSWERED, S.APPROVED)

MOVES: dict[Verb, Move] = {
    Verb.TRIAGE: _from(*_UNDECIDED, to=S.TRIAGED),
    Verb.CORRECT: _from(*OPEN),
    Verb.ROUTE: _from(*_UNDECIDED, S.ASSIGNED, *_WORKED_ON, S.FORWARDED, to=S.ASSIGNED),
    Verb.ADD_COLLABORATOR: _from(*OPEN),
    Verb.RELEASE_COLLABORATOR: _from(*OPEN),
    Verb.ACCEPT: _from(S.ASSIGNED, to=S.ACCEPTED),
    Verb.RETURN: _from(S.ASSIGNED, *_WORKED_ON, to=S.RETURNED),
    Verb.START: _from(S.ACCEPTED, to=S.IN_PROGRESS),
    Verb.WAIT: _from(S.ACCEPTED, S.IN_PROGRESS, to=S.WAITING),
    Verb.RESUME: _from(S.WAITING, to=S.IN_PROGRESS),
    Verb.DRAFT: _from(*_UNDECIDED, *_WORKED_ON),
    Verb.SUBMIT: _from(*_UNDECIDED, *_WORKED_ON, to=S.ANSWERED),
    Verb.SEND_BACK: _from(S.ANSWERED, S.APPROVED, to=S.IN_PROGRESS),
    Verb.APPROVE: _from(S.ANSWERED, to=S.APPROVED),
    Verb.SEND: _from(S.APPROVED, to=S.REPLIED),
    Verb.NOTIFY_PROGRESS: _from(*_BEFORE_REPLY),
    Verb.MESSAGE: _from(*Status),
    Verb.COMMENT: _from(*Status),
    Verb.ATTACH: _from(*OPEN),
    Verb.EXTEND: _from(*_BEFORE_REPLY),
    Verb.ASK_FEE: _from(*_BEFORE_REPLY),
    Verb.RECORD_FEE: _from(*_BEFORE_REPLY),
    Verb.FORWARD: _from(*_UNDECIDED, S.ASSIGNED, *_WORKED_ON, to=S.FORWARDED),
    Verb.INFORM_FORWARDED: _from(S.FORWARDED),
    Verb.CLOSE: _from(S.REPLIED, S.FORWARDED, to=S.CLOSED),
    Verb.WITHDRAW: _from(*OPEN, to=S.WITHDRAWN),
    Verb.MARK_DUPLICATE: _from(*_BEFORE_REPLY, to=S.DUPLICATE),
    Verb.MARK_NOT_EXAMINABLE: _from(*_BEFORE_REPLY, to=S.NOT_EXAMINABLE),
    Verb.REJECT: _from(*_BEFORE_REPLY, to=S.REJECTED),
    Verb.REOPEN: _from(*ENDS, S.REPLIED),
    Verb.TAG: _from(*Status),
    Verb.SHARE: _from(*Status),
    Verb.UNSHARE: _from(*Status),
}
"""REOPEN leads to ASSIGNED where a responsible department still holds the case, to TRIAGED otherwise."""


_OF_THE_DEPARTMENT = (S.ASSIGNED, S.ACCEPTED, S.IN_PROGRESS)
_OF_AN_APPROVER = (S.ANSWERED, S.APPROVED)


def turn_of(status: str) -> Turn | None:
    """Whose move it is in this state, None at its end. Approving is the office's, by setting the head's."""
    if status in ENDS:
        return None
    if status == S.WAITING:
        return Turn.OTHERS
    by_head = settings.HEAD_MAY_APPROVE and status in _OF_AN_APPROVER
    return Turn.DEPARTMENT if by_head or status in _OF_THE_DEPARTMENT else Turn.OFFICE


def allows(verb: Verb, status: str) -> bool:
    return status in MOVES[verb].sources


def require(verb: Verb, status: str) -> None:
    """Raise WRONG_STATE, naming the state the case is in, unless the verb may be said now."""
    if not allows(verb, status):
        raise DomainError(
            ErrorCode.WRONG_STATE,
            _(
                "“%(verb)s” is not possible while the case is “%(status)s”. Reload the page: it may have changed."
            )
            % {"verb": verb.label, "status": Status(status).label},
        )
