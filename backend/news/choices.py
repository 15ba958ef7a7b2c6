"""The closed list of press releases."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where it stands. What is approved is public from its moment on."""

    DRAFT = "DRAFT", _("Being written")
    APPROVED = "APPROVED", _("Approved for publication")
    WITHDRAWN = "WITHDRAWN", _("No longer published")
