"""The closed lists of instructions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """Form of the instruction."""

    ORAL = "ORAL", _("Oral")
    WRITTEN = "WRITTEN", _("In writing")


class Setting(models.TextChoices):
    """Occasion of the instruction."""

    PHONE = "PHONE", _("On the telephone")
    PASSING = "PASSING", _("In passing")
    MEETING = "MEETING", _("In a meeting")
    APPOINTMENT = "APPOINTMENT", _("At an appointment")
    INVITATION = "INVITATION", _("On an invitation")
    EVENT = "EVENT", _("For an event")
    COMPLAINT = "COMPLAINT", _("On an application")
    VISIT = "VISIT", _("On a tour of the district")
    LETTER = "LETTER", _("By letter or e-mail")


class Priority(models.TextChoices):
    """How pressing it is."""

    NORMAL = "NORMAL", _("Normal")
    HIGH = "HIGH", _("High")
    URGENT = "URGENT", _("Urgent")


class Status(models.TextChoices):
    """Where it stands."""

    GIVEN = "GIVEN", _("Waiting for acknowledgement")
    ACKNOWLEDGED = "ACKNOWLEDGED", _("Being carried out")
    TIME_ASKED = "TIME_ASKED", _("More time asked for")
    REFUSED = "REFUSED", _("Refused by the department")
    DONE = "DONE", _("Reported as done")
    ACCEPTED = "ACCEPTED", _("Done and accepted")
    WITHDRAWN = "WITHDRAWN", _("Instruction withdrawn")


OPEN = (Status.GIVEN, Status.ACKNOWLEDGED, Status.TIME_ASKED, Status.REFUSED, Status.DONE)
CARRIED = (Status.GIVEN, Status.ACKNOWLEDGED, Status.TIME_ASKED)
"""What the department still has to do: only these are late."""
TO_DECIDE = (Status.TIME_ASKED, Status.REFUSED, Status.DONE)
"""What the office has to decide."""


class Warned(models.IntegerChoices):
    """What the house was warned of already; bits, for they come in any order."""

    NEAR = 1, _("The date is near")
    LATE = 2, _("The date has passed")
    UNSEEN = 4, _("Not acknowledged yet")
