"""The words of the story: what a `BatchLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    PREPARED = "prepared", _("Batch prepared")
    STARTED = "started", _("Sending begun")
    TESTED = "tested", _("Test sent")
    STOPPED = "stopped", _("Sending stopped")
    WRITTEN = "written", _("Text changed")
    ADDED = "added", _("Recipients added")
    REMOVED = "removed", _("Recipient taken off")
    DECIDED = "decided", _("Decided on the bereaved")
    CANCELLED = "cancelled", _("Given up")
    PRINTED = "printed", _("Print run made")
    FINISHED = "finished", _("Sending finished")
    FAILED = "failed", _("Sending failed")
