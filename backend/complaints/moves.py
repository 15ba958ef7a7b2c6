"""The table of moves: which verb is possible for a case in which state, and where it leads (handbook 4.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import ENDS, AwaitingParty, Status
from backend.configuration.office import configured
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to a complaint. The same word is the action, the mutation and the permission."""

    ROUTE = "ROUTE", _("Route")
    ACCEPT = "ACCEPT", _("Accept")
    RETURN = "RETURN", _("Return")
    TAKE_OVER = "TAKE_OVER", _("Take it over")
    ASSIGN = "ASSIGN", _("Assign to a person")
    RELEASE = "RELEASE", _("Release it")
    START = "START", _("Start work")
    RESUME = "RESUME", _("Resume")
    DRAFT = "DRAFT", _("Draft the reply")
    SUBMIT = "SUBMIT", _("Submit for approval")
    APPROVE_AND_SEND = "APPROVE_AND_SEND", _("Approve and send")
    CORRECT_REPLY = "CORRECT_REPLY", _("Correct and approve")
    APPROVE = "APPROVE", _("Approve the reply")
    SEND_BACK = "SEND_BACK", _("Send back to the department")
    SEND = "SEND", _("Send the reply")
    RECALL = "RECALL", _("Take back the sending")
    UNDO = "UNDO", _("Take back the last step")
    ANSWER_LINKED = "ANSWER_LINKED", _("Answer the linked applications")
    RECORD_CIMER_ENTRY = "RECORD_CIMER_ENTRY", _("Record the entry in CİMER")
    NOTIFY_FORWARDING = "NOTIFY_FORWARDING", _("Tell the citizen of the forwarding")
    CLOSE = "CLOSE", _("Close")
    REOPEN = "REOPEN", _("Reopen")
    MESSAGE = "MESSAGE", _("Write to the citizen")
    UNSEND = "UNSEND", _("Take the message back")
    COMMENT = "COMMENT", _("Add an internal note")
    TRIAGE = "TRIAGE", _("Triage")
    MARK_URGENT = "MARK_URGENT", _("Treat as urgent")
    DISMISS_DANGER = "DISMISS_DANGER", _("Not urgent")
    CORRECT = "CORRECT", _("Correct the facts")
    ADD_COLLABORATOR = "ADD_COLLABORATOR", _("Add a collaborating department")
    RELEASE_COLLABORATOR = "RELEASE_COLLABORATOR", _("Release a collaborating department")
    PUT_ON_HOLD = "PUT_ON_HOLD", _("Put on hold")
    NOTIFY_PROGRESS = "NOTIFY_PROGRESS", _("Send a progress notice")
    ATTACH = "ATTACH", _("Attach a file")
    RECORD_POST = "RECORD_POST", _("Record a post on social media")
    EXTEND = "EXTEND", _("Extend the limit")
    ASK_FEE = "ASK_FEE", _("Ask for the fee")
    RECORD_FEE = "RECORD_FEE", _("Record the payment")
    FORWARD = "FORWARD", _("Forward to another body")
    WITHDRAW = "WITHDRAW", _("Record the withdrawal")
    MARK_DUPLICATE = "MARK_DUPLICATE", _("Mark as duplicate")
    LINK = "LINK", _("Link to another application")
    UNLINK = "UNLINK", _("Take the link off")
    SET_APART = "SET_APART", _("Not the same matter")
    UNSET_APART = "UNSET_APART", _("It may be the same matter again")
    ADOPT_REPLY = "ADOPT_REPLY", _("Take over the reply of the linked application")
    SPLIT = "SPLIT", _("Separate a matter")
    MARK_NOT_EXAMINABLE = "MARK_NOT_EXAMINABLE", _("Mark as not examinable")
    REJECT = "REJECT", _("Reject")
    RECORD_OBJECTION = "RECORD_OBJECTION", _("Record an objection (4982)")
    TAG = "TAG", _("Tag")
    SHARE = "SHARE", _("Share with a person")
    UNSHARE = "UNSHARE", _("Stop sharing")


complaint_action = ActionTable(Verb, Status)
"""REOPEN leads to ASSIGNED where a responsible department still holds the case, to TRIAGED otherwise."""


_OF_THE_DEPARTMENT = (Status.ASSIGNED, Status.ACCEPTED, Status.IN_PROGRESS)
_OF_AN_APPROVER = (Status.ANSWERED, Status.APPROVED)


def awaiting_party(status: str) -> AwaitingParty | None:
    """Whose move it is in this state, None at its end. Approving is the office's, by setting the head's."""
    if status in ENDS:
        return None
    if status == Status.WAITING:
        return AwaitingParty.OTHERS
    by_head = configured.HEAD_MAY_APPROVE and status in _OF_AN_APPROVER
    return AwaitingParty.DEPARTMENT if by_head or status in _OF_THE_DEPARTMENT else AwaitingParty.OFFICE


allows, require = complaint_action.allows, complaint_action.require
