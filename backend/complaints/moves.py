"""The table of moves: which verb may be said to a case in which state, and where it leads (handbook 4.5)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import ENDS, OPEN, Status, Turn
from backend.journal.moves import Moves, leaving


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
    SPLIT = "SPLIT", _("Separate a matter")
    MARK_NOT_EXAMINABLE = "MARK_NOT_EXAMINABLE", _("Mark as not examinable")
    REJECT = "REJECT", _("Reject")
    REOPEN = "REOPEN", _("Reopen")
    CONTEST = "CONTEST", _("Record an objection (4982)")
    TAG = "TAG", _("Tag")
    SHARE = "SHARE", _("Share with a person")
    UNSHARE = "UNSHARE", _("Stop sharing")


S = Status
_UNDECIDED = (S.NEW, S.TRIAGED, S.RETURNED)
_WORKED_ON = (S.ACCEPTED, S.IN_PROGRESS, S.WAITING)
_BEFORE_REPLY = (*_UNDECIDED, S.ASSIGNED, *_WORKED_ON, S.ANSWERED, S.APPROVED)

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while the case is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.TRIAGE: leaving(*_UNDECIDED, to=S.TRIAGED),
        Verb.CORRECT: leaving(*OPEN),
        Verb.ROUTE: leaving(*_UNDECIDED, S.ASSIGNED, *_WORKED_ON, S.FORWARDED, to=S.ASSIGNED),
        Verb.ADD_COLLABORATOR: leaving(*OPEN),
        Verb.RELEASE_COLLABORATOR: leaving(*OPEN),
        Verb.ACCEPT: leaving(S.ASSIGNED, to=S.ACCEPTED),
        Verb.RETURN: leaving(S.ASSIGNED, *_WORKED_ON, to=S.RETURNED),
        Verb.START: leaving(S.ACCEPTED, to=S.IN_PROGRESS),
        Verb.WAIT: leaving(S.ACCEPTED, S.IN_PROGRESS, to=S.WAITING),
        Verb.RESUME: leaving(S.WAITING, to=S.IN_PROGRESS),
        Verb.DRAFT: leaving(*_UNDECIDED, *_WORKED_ON),
        Verb.SUBMIT: leaving(*_UNDECIDED, *_WORKED_ON, to=S.ANSWERED),
        Verb.SEND_BACK: leaving(S.ANSWERED, S.APPROVED, to=S.IN_PROGRESS),
        Verb.APPROVE: leaving(S.ANSWERED, to=S.APPROVED),
        Verb.SEND: leaving(S.APPROVED, to=S.REPLIED),
        Verb.NOTIFY_PROGRESS: leaving(*_BEFORE_REPLY),
        Verb.MESSAGE: leaving(*Status),
        Verb.COMMENT: leaving(*Status),
        Verb.ATTACH: leaving(*OPEN),
        Verb.EXTEND: leaving(*_BEFORE_REPLY),
        Verb.ASK_FEE: leaving(*_BEFORE_REPLY),
        Verb.RECORD_FEE: leaving(*_BEFORE_REPLY),
        Verb.FORWARD: leaving(*_UNDECIDED, S.ASSIGNED, *_WORKED_ON, to=S.FORWARDED),
        Verb.INFORM_FORWARDED: leaving(S.FORWARDED),
        Verb.CLOSE: leaving(S.REPLIED, S.FORWARDED, to=S.CLOSED),
        Verb.WITHDRAW: leaving(*OPEN, to=S.WITHDRAWN),
        Verb.MARK_DUPLICATE: leaving(*_BEFORE_REPLY, to=S.DUPLICATE),
        Verb.SPLIT: leaving(*_BEFORE_REPLY),
        Verb.MARK_NOT_EXAMINABLE: leaving(*_BEFORE_REPLY, to=S.NOT_EXAMINABLE),
        Verb.REJECT: leaving(*_BEFORE_REPLY, to=S.REJECTED),
        Verb.REOPEN: leaving(*ENDS, S.REPLIED),
        Verb.CONTEST: leaving(S.REPLIED, S.CLOSED, S.NOT_EXAMINABLE, S.REJECTED),
        Verb.TAG: leaving(*Status),
        Verb.SHARE: leaving(*Status),
        Verb.UNSHARE: leaving(*Status),
    },
)
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


allows, require = MOVES.allows, MOVES.require
