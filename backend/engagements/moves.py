"""The table of moves: which verb is possible for an engagement in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.engagements.choices import Status
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to an engagement. The same word is the action, the mutation and the permission."""

    RECORD_MINUTES = "RECORD_MINUTES", _("Write the minutes")
    DECIDE = "DECIDE", _("Record a decision")
    INVITE = "INVITE", _("Add a participant")
    SCHEDULE = "SCHEDULE", _("Enter into the programme")
    INSTRUCT = "INSTRUCT", _("Make an instruction of a decision")
    SET_AGENDA = "SET_AGENDA", _("Write the agenda")
    SET_LOGISTICS = "SET_LOGISTICS", _("Travel, vehicle and gift")
    ATTACH = "ATTACH", _("Attach a file")
    CORRECT = "CORRECT", _("Correct the file")
    UNINVITE = "UNINVITE", _("Take a participant off")
    HOLD = "HOLD", _("It took place")
    REOPEN = "REOPEN", _("Prepare it again")
    CANCEL = "CANCEL", _("Cancel it")


engagement_action = ActionTable(Verb, Status)

allows, require = engagement_action.allows, engagement_action.require
