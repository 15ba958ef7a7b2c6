"""The table of moves: which verb is possible for a letter in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.letters.choices import Status


class Verb(models.TextChoices):
    """Everything that may be done to a letter. The same word is the action, the mutation and the permission."""

    WRITE = "WRITE", _("Write on")
    SUBMIT = "SUBMIT", _("Put forward for signature")
    INITIAL = "INITIAL", _("Initial")
    SIGN = "SIGN", _("Sign the letter")
    APPROVE = "APPROVE", _("Give the olur")
    REFUSE = "REFUSE", _("Refuse the olur")
    REGISTER = "REGISTER", _("Register with a number")
    DISPATCH = "DISPATCH", _("Send to an addressee")
    RECALL = "RECALL", _("Take back the sending")
    CONFIRM = "CONFIRM", _("Record the delivery")
    CARRY_OUT = "CARRY_OUT", _("Record that it was carried out")
    REPLY = "REPLY", _("Write the answer")
    REFER = "REFER", _("Refer to a department")
    FILE = "FILE", _("File without an answer")
    SEND_BACK = "SEND_BACK", _("Send back to the writer")
    RECORD_NUMBER = "RECORD_NUMBER", _("Record the official number")
    REMIND = "REMIND", _("Write a reminder (tekit)")
    ATTACH = "ATTACH", _("Attach a file")
    MESSAGE = "MESSAGE", _("Write a message about it")
    UNSEND = "UNSEND", _("Take the message back")
    COMMENT = "COMMENT", _("Add an internal note")
    CANCEL = "CANCEL", _("Give the letter up")


letter_action = ActionTable(Verb, Status)

allows, require = letter_action.allows, letter_action.require
