"""The table of moves: which verb is possible for an instruction in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.instructions.choices import Status
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to an instruction. The same word is the action, the mutation and the permission."""

    ACKNOWLEDGE = "ACKNOWLEDGE", _("Acknowledge")
    ACCEPT = "ACCEPT", _("Accept the result")
    GRANT_EXTENSION = "GRANT_EXTENSION", _("Give more time")
    REJECT_EXTENSION = "REJECT_EXTENSION", _("Keep the date")
    SEND_BACK = "SEND_BACK", _("Send back")
    INSIST = "INSIST", _("Insist")
    REPORT = "REPORT", _("Report the result")
    CONFIRM = "CONFIRM", _("Record that the text was confirmed")
    NOTE = "NOTE", _("Write a note")
    REQUEST_EXTENSION = "REQUEST_EXTENSION", _("Ask for more time")
    REASSIGN = "REASSIGN", _("Give to another department")
    REFUSE = "REFUSE", _("Refuse with a reason")
    ATTACH = "ATTACH", _("Attach a file")
    ADD_COLLABORATOR = "ADD_COLLABORATOR", _("Add a collaborating department")
    RELEASE_COLLABORATOR = "RELEASE_COLLABORATOR", _("Release a collaborating department")
    CORRECT = "CORRECT", _("Correct the instruction")
    CONCEAL = "CONCEAL", _("Make confidential")
    NAME_READER = "NAME_READER", _("Name a reader")
    UNNAME_READER = "UNNAME_READER", _("Take a reader off")
    DISCLOSE = "DISCLOSE", _("End confidentiality")
    REOPEN = "REOPEN", _("Open again")
    WITHDRAW = "WITHDRAW", _("Withdraw the instruction")


instruction_action = ActionTable(Verb, Status)

allows, require = instruction_action.allows, instruction_action.require
