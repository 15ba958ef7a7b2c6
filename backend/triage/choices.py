"""Where a version of the router stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    IN_FORCE = "IN_FORCE", _("In force")
    KEPT = "KEPT", _("Not in force")
    WEAK = "WEAK", _("Weaker than the words")
    WAITING = "WAITING", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    FAILED = "FAILED", _("Not completed")
    EMPTIED = "EMPTIED", _("Too old to go back to")


OPEN = (Standing.WAITING, Standing.RUNNING)
"""Of a training that a worker has before it, or in hand."""
