"""The table of moves: which verb is possible for an invitation in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.invitations.choices import Status
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to an invitation. The same word is the action, the mutation and the permission."""

    ATTEND = "ATTEND", _("Attend")
    REPRESENT = "REPRESENT", _("Send a representative")
    DECLINE = "DECLINE", _("Decline with courtesy")
    ORDER = "ORDER", _("Order flowers or a message")
    FULFIL = "FULFIL", _("Record that it was sent")
    DROP = "DROP", _("Take the order back")
    CORRECT = "CORRECT", _("Correct the invitation")
    LINK_PARTNER = "LINK_PARTNER", _("Link with the record of the host")
    ATTACH = "ATTACH", _("Attach a file")
    CANCEL = "CANCEL", _("Record that the host cancelled")
    REOPEN = "REOPEN", _("Decide anew")


invitation_action = ActionTable(Verb, Status)

allows, require = invitation_action.allows, invitation_action.require
