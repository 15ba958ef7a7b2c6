"""The words of the story: what an `InstructionLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    GIVEN = "given", _("Issued")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    REPORTED = "reported", _("Result reported")
    NOTED = "noted", _("Note")
    TIME_ASKED = "time_asked", _("More time asked for")
    REFUSED = "refused", _("Refused by the department")
    ACCEPTED = "accepted", _("Result accepted")
    SENT_BACK = "sent_back", _("Sent back")
    TIME_GRANTED = "time_granted", _("Extension granted")
    TIME_DENIED = "time_denied", _("The date was kept")
    INSISTED = "insisted", _("Insisted on")
    READDRESSED = "readdressed", _("Given to another department")
    CONFIRMED = "confirmed", _("Text confirmed by the principal")
    CORRECTED = "corrected", _("Instruction corrected")
    COLLABORATOR_ADDED = "collaborator_added", _("Collaborating department added")
    COLLABORATOR_RELEASED = "collaborator_released", _("Collaborating department released")
    ATTACHED = "attached", _("File attached")
    CONCEALED = "concealed", _("Made confidential")
    DISCLOSED = "disclosed", _("Confidentiality ended")
    READER_NAMED = "reader_named", _("Reader named")
    READER_UNNAMED = "reader_unnamed", _("Reader taken off")
    WITHDRAWN = "withdrawn", _("Instruction withdrawn")
    REOPENED = "reopened", _("Opened again")
    WARNED = "warned", _("The house was warned")
