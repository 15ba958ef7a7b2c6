"""The closed lists of engagements."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What it is."""

    MEETING = "MEETING", _("Meeting")
    VISIT_OUT = "VISIT_OUT", _("Visit to others")
    VISIT_IN = "VISIT_IN", _("Visit to us")


class Status(models.TextChoices):
    """Where it stands."""

    PLANNED = "PLANNED", _("In preparation")
    HELD = "HELD", _("Took place")
    CANCELLED = "CANCELLED", _("Cancelled")


NOT_CANCELLED = (Status.PLANNED, Status.HELD)
