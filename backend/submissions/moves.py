"""The table of moves: which verb is possible for a submission in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.submissions.choices import Status


class Verb(models.TextChoices):
    """Everything that the office may do to a submission."""

    ACCEPT = "ACCEPT", _("Accept and register")
    REJECT = "REJECT", _("Reject")


submission_action = ActionTable(Verb, Status)

allows, require = submission_action.allows, submission_action.require
