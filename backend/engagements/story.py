"""The words of the story: what an `EngagementLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    OPENED = "opened", _("File opened")
    CORRECTED = "corrected", _("File corrected")
    INVITED = "invited", _("Participant added")
    UNINVITED = "uninvited", _("Participant taken off")
    AGENDA_SET = "agenda_set", _("Agenda written")
    EQUIPPED = "equipped", _("Travel, vehicle and gift noted")
    SCHEDULED = "scheduled", _("Entered into the programme")
    HELD = "held", _("It took place")
    MINUTED = "minuted", _("Minutes written")
    DECIDED = "decided", _("Decision recorded")
    INSTRUCTED = "instructed", _("An instruction was made of a decision")
    ATTACHED = "attached", _("File attached")
    CANCELLED = "cancelled", _("Cancelled")
    REOPENED = "reopened", _("Prepared again")
