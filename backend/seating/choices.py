"""Closed lists of halls and seating plans."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LineKind(models.TextChoices):
    """How people sit together."""

    ROW = "ROW", pgettext_lazy("seating", "Row")
    TABLE = "TABLE", _("Table")


class SeatKind(models.TextChoices):
    """Whose a seat is."""

    GUEST = "GUEST", _("Guest")
    COMPANION = "COMPANION", _("Companion")
    HOST = "HOST", _("Host")
    BLOCKED = "BLOCKED", _("Kept free")
