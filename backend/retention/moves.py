"""The table of moves: which verb is possible for a destruction run in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.retention.choices import Status


class Verb(models.TextChoices):
    """Everything that may be done to a run. The same word is the action, the mutation and the permission."""

    APPROVE = "APPROVE", _("Approve the list")
    START = "START", _("Carry out")
    STOP = "STOP", _("Stop")
    REJECT = "REJECT", _("Reject the list")


destruction_action = ActionTable(Verb, Status)

allows, require = destruction_action.allows, destruction_action.require
