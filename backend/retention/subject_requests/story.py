"""What the story of an application tells."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    REGISTERED = "registered", _("Recorded in the register")
    CORRECTED = "corrected", _("The application was corrected")
    IDENTIFIED = "identified", _("The identity was checked")
    LINKED = "linked", _("The record of the person was named")
    ANSWERED = "answered", _("Answered")
    SENT = "sent", _("The answer was sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    WARNED = "warned", _("The house was warned")
