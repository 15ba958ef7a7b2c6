"""Where a reminder stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    WAITING = "WAITING", _("Waiting for its day")
    DONE = "DONE", _("Done")
    CANCELLED = "CANCELLED", _("Cancelled")
