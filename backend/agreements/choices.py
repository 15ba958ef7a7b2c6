"""The closed lists of agreements."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What it is."""

    PROTOCOL = "PROTOCOL", _("Co-operation protocol")
    PROJECT = "PROJECT", _("Joint project")
    TWINNING = "TWINNING", _("Sister municipality protocol")


class Status(models.TextChoices):
    """Where it stands."""

    DRAFT = "DRAFT", _("Being prepared")
    IN_FORCE = "IN_FORCE", _("In force")
    ENDED = "ENDED", _("No longer in force")


class Side(models.TextChoices):
    """Whose obligation it is."""

    OURS = "OURS", _("Ours")
    THEIRS = "THEIRS", _("The partner's")


class Warned(models.IntegerChoices):
    """What the house was warned of already; bits, for they come in any order."""

    RENEWAL = 1, _("It ends soon")
    ENDED = 2, _("It has ended")
