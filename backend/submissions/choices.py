"""The closed lists of submissions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a submission stands."""

    WAITING = "WAITING", _("Awaiting verification")
    CONFIRMED = "CONFIRMED", _("Confirmed by the sender")
    ACCEPTED = "ACCEPTED", _("Accepted by the office")
    REJECTED = "REJECTED", _("Rejected")
