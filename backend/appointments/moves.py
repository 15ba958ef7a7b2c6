"""The table of moves: which verb is possible for a request in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import Status
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to a request. The same word is the action, the mutation and the permission."""

    APPROVE = "APPROVE", _("Give an appointment")
    PROPOSE = "PROPOSE", _("Propose a time")
    ACCEPT = "ACCEPT", _("Record that the proposal was accepted")
    REFUSE = "REFUSE", _("Record that another time is wished")
    CONFIRM_COMING = "CONFIRM_COMING", _("Record that they will come")
    RESCHEDULE = "RESCHEDULE", _("Give another time")
    HAND_OVER = "HAND_OVER", _("Have another principal receive them")
    CANCEL = "CANCEL", _("Cancel the appointment")
    DECLINE = "DECLINE", _("Decline")
    REDIRECT = "REDIRECT", _("Redirect")
    ASSIGN_TO_PUBLIC_DAY = "ASSIGN_TO_PUBLIC_DAY", _("Put on the public day")
    MOVE_VISIT = "MOVE_VISIT", _("Move on the public day")
    REMOVE_FROM_PUBLIC_DAY = "REMOVE_FROM_PUBLIC_DAY", _("Take off the public day")
    ARRIVE = "ARRIVE", _("Record the arrival")
    CALL_IN = "CALL_IN", _("Call in")
    COMPLETE_VISIT = "COMPLETE_VISIT", _("See out")
    COMPLETE = "COMPLETE", _("Record what came of it")
    PROMISE = "PROMISE", _("Record a promise")
    MARK_NO_SHOW = "MARK_NO_SHOW", _("Record a no-show")
    CONVERT_TO_COMPLAINT = "CONVERT_TO_COMPLAINT", _("Make a complaint of it")
    MESSAGE = "MESSAGE", _("Write to the applicant")
    UNSEND = "UNSEND", _("Take the message back")
    COMMENT = "COMMENT", _("Add an internal note")
    CORRECT = "CORRECT", _("Correct the request")
    LINK_PARTNER = "LINK_PARTNER", _("Link with the record of the institution")
    ATTACH = "ATTACH", _("Attach a file")
    WITHDRAW = "WITHDRAW", _("Record the withdrawal")
    UNDO = "UNDO", _("Take the result back")
    REOPEN = "REOPEN", _("Reopen")


appointment_action = ActionTable(Verb, Status)
"""REDIRECT leads to REDIRECTED with a department and to NEW with another principal. TURN leads to TURNED from where
nothing else was decided; what has an appointment keeps it. UNDO leads to where the result was recorded."""

allows, require = appointment_action.allows, appointment_action.require
