"""What the story of a destruction run tells."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    PREPARED = "prepared", _("The list was prepared")
    APPROVED = "approved", _("The list was approved")
    REJECTED = "rejected", _("The list was rejected")
    STARTED = "started", _("Carrying out began")
    STOPPED = "stopped", _("Carrying out was stopped")
    FINISHED = "finished", _("Everything on the list was settled")
