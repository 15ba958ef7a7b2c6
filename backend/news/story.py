"""The words of the story: what a `ReleaseLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    DRAFTED = "drafted", _("Begun")
    EDITED = "edited", _("Text changed")
    ATTACHED = "attached", _("Photograph added")
    DESCRIBED = "described", _("What a photograph says was changed")
    DETACHED = "detached", _("Photograph taken out")
    PUBLISHED = "published", _("Approved for publication")
    SENT = "sent", _("Sent to the press")
    TESTED = "tested", _("Test sent to oneself")
    RECALLED = "recalled", _("Taken back before it left")
    CORRECTED = "corrected", _("Correction published")
    WITHDRAWN = "withdrawn", _("Taken back from publication")
    REWRITTEN = "rewritten", _("Made a draft again")
