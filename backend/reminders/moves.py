"""The table of moves of a reminder: which verb is possible for it in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.reminders.choices import Status


class Verb(models.TextChoices):
    """Everything that may be done to a reminder. The same word is the action, the mutation and the permission."""

    DONE = "DONE", _("Done with it")
    MOVE = "MOVE", _("Another day")
    CANCEL = "CANCEL", _("Do not remind me")


reminder_action = ActionTable(Verb, Status)
